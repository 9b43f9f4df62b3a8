package ovhrenew_test

import (
	"errors"
	"fmt"
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
		{fmt.Sprint(proposal), "P3M of vps112233.ovh.net for 17.97 EUR before tax; 21.56 EUR with tax; vps112233.ovh.net (11223344): FROM -> TO"},
		{fmt.Sprint(*blocked), "P3M of vps112233.ovh.net for 17.97 EUR before tax; 21.56 EUR with tax; vps112233.ovh.net (11223344): FROM -> TO; " +
			"refused: over the limit: 21.56 EUR, tax included, is more than 1.00 EUR"},
		{fmt.Sprint(none), "service 11223344: no offer is chosen of 4"},
		{fmt.Sprint(proposal.Refusals[0]), "P1M of vps112233.ovh.net for 5.99 EUR before tax: is for P1M, not P3M"},
		{fmt.Sprint(receipt), "vps112233.ovh.net (11223344): FROM -> TO; order 123456789, 21.56 EUR paid by payment method 5678901"},
		{fmt.Sprint(ovhrenew.Target{}), "no service"},
		{fmt.Sprint(ovhrenew.Renewed{ServiceID: 5}), "service 5: none -> none"},
		{fmt.Sprint(ovhrenew.Proposal{
			Offer: ovhrenew.Offer{Period: ovhrenew.P1M, Strategy: ovhrenew.RenewStrategy{
				Services: []ovhrenew.ServiceID{5}, ServicesDetails: []ovhrenew.RenewService{{ServiceID: 5, ServiceName: "a\x1b[2J"}},
			}},
			Blockers: []error{&ovhrenew.GuardError{Guard: ovhrenew.ErrNotDue, Service: 5, Name: "a\x1b[2J", Saw: "it ends later"}},
		}), `P1M of "a\x1b[2J" for no money before tax; refused: "a\x1b[2J" (5): not due: it ends later`},
	} {
		want := strings.NewReplacer("FROM", from, "TO", to).Replace(test.want)
		if test.got != want {
			t.Errorf("printed %q, want %q", test.got, want)
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
			"guard", "offers: 4", "select: P3M of vps112233.ovh.net for 17.97 EUR before tax", "guard", "quote: 21.56 EUR with tax", "guard",
			"order: order 123456789 of 21.56 EUR", "pay: order 123456789 of 21.56 EUR",
			"verify: vps112233.ovh.net (11223344): 2000-01-11 -> 2000-04-11",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("progress (-want +got):\n%s", diff)
		}
	})
}
