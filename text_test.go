package ovhrenew_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// What is printed whole is words too.
func TestTextsOfResults(t *testing.T) {
	t.Parallel()
	_, client := guideAccount(t, ovhrenewtest.Behaviour{})
	req := renewVPS(newJournal(t))
	proposal, err := ovhrenew.Preview(t.Context(), client, req)
	if err != nil {
		t.Fatal(err)
	}
	req.Limit = ovhrenew.MustMoney("1 EUR")
	blocked, err := ovhrenew.Preview(t.Context(), client, req)
	if err != nil {
		t.Fatal(err)
	}
	req.Rules = []ovhrenew.Rule{ovhrenew.For("P2Y")}
	none, err := ovhrenew.Preview(t.Context(), client, req)
	if !errors.Is(err, ovhrenew.ErrNoStrategy) {
		t.Fatal(err)
	}
	receipt, err := ovhrenew.Renew(t.Context(), client, renewVPS(newJournal(t)))
	if err != nil {
		t.Fatal(err)
	}
	from, to := receipt.Services[0].From.String(), receipt.Services[0].To.String()
	for _, test := range []struct{ got, want string }{
		{fmt.Sprint(proposal), "P3M of vps112233.ovh.net (11223344) for 17.97 EUR before tax; 21.56 EUR with tax; vps112233.ovh.net (11223344): FROM -> TO"},
		{fmt.Sprint(*blocked), "P3M of vps112233.ovh.net (11223344) for 17.97 EUR before tax; 21.56 EUR with tax; vps112233.ovh.net (11223344): FROM -> TO; " +
			"refused: over the limit: 21.56 EUR, tax included, is more than 1.00 EUR"},
		{fmt.Sprint(none), "vps112233.ovh.net (11223344): no offer is chosen of 4"},
		{fmt.Sprint(proposal.Refusals[0]), "P1M of vps112233.ovh.net (11223344) for 5.99 EUR before tax: is for P1M, not P3M"},
		{fmt.Sprint(receipt), "vps112233.ovh.net (11223344): FROM -> TO; order 123456789, 21.56 EUR paid by payment method 5678901"},
		{fmt.Sprint(ovhrenew.Target{}), "no service"},
		{fmt.Sprint(ovhrenew.Renewed{ServiceID: 5}), "service 5: none -> none"},
		{fmt.Sprint(ovhrenew.Proposal{
			Offer: ovhrenew.Offer{Period: ovhrenew.P1M, Strategy: ovhrenew.RenewStrategy{
				Services: []ovhrenew.ServiceID{5}, ServicesDetails: []ovhrenew.RenewService{{ServiceID: 5, ServiceName: "a\x1b[2J"}},
			}},
			Blockers: []error{&ovhrenew.GuardError{Guard: ovhrenew.ErrNotDue, Service: 5, Name: "a\x1b[2J", Saw: "it ends later"}},
		}), `P1M of "a\x1b[2J" (5) for no money before tax; refused: "a\x1b[2J" (5): not due: it ends later`},
	} {
		want := strings.NewReplacer("FROM", from, "TO", to).Replace(test.want)
		if test.got != want {
			t.Errorf("printed %q, want %q", test.got, want)
		}
	}
}

var (
	guideNumber = regexp.MustCompile(`(/service/|\()?\b(11223344|12345|67890)\b`)
	nameBefore  = regexp.MustCompile(`(vps112233\.ovh\.net|example\.ovh) \($`)
)

// unnamed are the ids of the guide's services that a text has without their names: neither
// behind them nor in a path.
func unnamed(text string) (bare []string) {
	for _, at := range guideNumber.FindAllStringIndex(text, -1) {
		found := text[at[0]:at[1]]
		if !strings.HasPrefix(found, "/") && !(found[0] == '(' && nameBefore.MatchString(text[:at[0]+1])) {
			bare = append(bare, found)
		}
	}
	return bare
}

// A tellingJournal refuses in words of its own.
type tellingJournal struct {
	ovhrenew.Journal
	claim, keep string // what it says, if anything
}

func (j tellingJournal) Claim(ctx context.Context, account string, ids ...ovhrenew.ServiceID) (ovhrenew.Claim, error) {
	if j.claim != "" {
		return nil, fmt.Errorf("%s: %w", j.claim, ovhrenew.ErrBusy)
	}
	claim, err := j.Journal.Claim(ctx, account, ids...)
	return tellingClaim{claim, j}, err
}

type tellingClaim struct {
	ovhrenew.Claim
	j tellingJournal
}

func (c tellingClaim) Append(ctx context.Context, s ovhrenew.State) error {
	if c.j.keep != "" {
		return errors.New(c.j.keep)
	}
	return c.Claim.Append(ctx, s)
}

// A journal knows ids alone. Errors have the names, whatever the journal and its words, and
// however the service was asked for.
func TestErrorsNameServices(t *testing.T) {
	t.Parallel()
	_, client := guideAccount(t, ovhrenewtest.Behaviour{})
	account, err := client.Account(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, journal := range map[string]ovhrenew.Journal{
		"a directory":       newJournal(t),
		"memory":            ovhrenewtest.NewMemory(ovhrenew.OnlyJournal),
		"one with numbers":  tellingJournal{Journal: newJournal(t), claim: "67890 is locked"},
		"one without words": tellingJournal{Journal: newJournal(t), claim: "busy"},
		"one that is full":  tellingJournal{Journal: newJournal(t), keep: "service 12345, 67890: full"},
	} {
		runner, err := ovhrenew.NewRunner(client, ovhrenew.NoJournal)
		if err != nil {
			t.Fatal(err)
		}
		task, err := runner.Propose(t.Context(), renewBundle(ovhrenew.NoJournal, "EUR"))
		if err != nil {
			t.Fatal(err)
		}
		if runner, err = ovhrenew.NewRunner(client, journal); err != nil {
			t.Fatal(err)
		}
		if _, telling := journal.(tellingJournal); !telling {
			claim, err := journal.Claim(t.Context(), account, 67890)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = claim.Release() }()
		}
		_, err = runner.Advance(t.Context(), task)
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		text := err.Error()
		if bare := unnamed(text); len(bare) > 0 && !strings.Contains(text, "example.ovh (12345): example.ovh (67890): ") || !strings.HasPrefix(text, "renewing example.ovh (12345): ") {
			t.Errorf("%s: %s: %v stand without their names", name, text, bare)
		}
		if !errors.Is(err, ovhrenew.ErrBusy) && !errors.Is(err, ovhrenew.ErrJournal) {
			t.Errorf("%s: %v is neither %v nor %v", name, err, ovhrenew.ErrBusy, ovhrenew.ErrJournal)
		}
	}
	for _, target := range []ovhrenew.Target{ovhrenew.ID(vps), ovhrenew.Name("VPS112233.ovh.net"), ovhrenew.Route("/vps/vps112233.ovh.net")} {
		req := renewVPS(newJournal(t))
		req.Service, req.Limit = target, ovhrenew.MustMoney("1 EUR")
		_, err := ovhrenew.Renew(t.Context(), client, req)
		failed, ok := errors.AsType[*ovhrenew.StepError](err)
		if !ok || !strings.HasPrefix(err.Error(), "renewing vps112233.ovh.net (11223344): quote: ") {
			t.Errorf("Renew(%v) = %v, want it to name the service", target, err)
			continue
		}
		text, err := failed.Service.MarshalText()
		var back ovhrenew.Target
		if err == nil {
			err = back.UnmarshalText(text)
		}
		if err != nil || back != ovhrenew.ID(vps) {
			t.Errorf("the error's service is written as %q, %v, and read as %v", text, err, back)
		}
	}
}

// Progress prints as what was done, and not as a struct.
func TestTextOfProgress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, client, req := renewalCase{}.inBubble(t)
		var got []string
		req.Progress = func(p ovhrenew.Progress) { got = append(got, fmt.Sprint(p)) }
		if _, err := ovhrenew.Renew(t.Context(), client, req); err != nil {
			t.Fatal(err)
		}
		want := []string{
			"guard", "offers: 4", "select: P3M of vps112233.ovh.net (11223344) for 17.97 EUR before tax", "guard", "quote: 21.56 EUR with tax", "guard",
			"order: order 123456789 of 21.56 EUR", "pay: order 123456789 of 21.56 EUR",
			"verify: vps112233.ovh.net (11223344): 2000-01-11 -> 2000-04-11",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("progress (-want +got):\n%s", diff)
		}
	})
}
