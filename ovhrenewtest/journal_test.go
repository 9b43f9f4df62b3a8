package ovhrenewtest_test

import (
	"context"
	"errors"
	"iter"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func TestFileJournal(t *testing.T) {
	t.Parallel()
	ovhrenewtest.TestJournal(t, func(t *testing.T) (a, b ovhrenew.Journal) {
		dir := t.TempDir()
		handles := [2]ovhrenew.Journal{}
		for i := range handles {
			j, err := ovhrenew.OpenJournal(dir, ovhrenew.OnlyJournal)
			if err != nil {
				t.Fatal(err)
			}
			handles[i] = j
		}
		return handles[0], handles[1]
	})
}

// What is wrong with a journal fails the tests that are about it, and no others.
func TestBadJournals(t *testing.T) {
	t.Parallel()
	for flaw, want := range map[string]string{
		"none":                     "",
		"two sharings":             "Sharing",
		"nobody is busy":           "Claim OneHolder",
		"services are not checked": "ClaimBadInput",
		"a claim has no end":       "AppendRefuses Inherited",
		"a field is lost":          "RoundTrip",
		"states are not checked":   "AppendRefuses",
		"states are in reverse":    "ConcurrentAppends LastStateCounts OpenAndEndedLast",
		"the context is not asked": "Context",
	} {
		wantCaught(t, "TestBadJournal", flaw, want)
	}
}

// wantCaught runs a test with a flaw, in a process of its own because it is to fail, and
// compares which of its subtests did.
func wantCaught(t *testing.T, test, flaw, want string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+test+"$") // this very program
	cmd.Env = append(os.Environ(), "OVHRENEWTEST_FLAW="+flaw)
	output, err := cmd.CombinedOutput()
	failed := []string{}
	for _, match := range regexp.MustCompile(`--- FAIL: `+test+`/(\w+)`).FindAllStringSubmatch(string(output), -1) {
		failed = append(failed, match[1])
	}
	slices.Sort(failed)
	if diff := cmp.Diff(strings.Fields(want), failed); diff != "" || (err == nil) != (want == "") {
		t.Errorf("%s: %v; the tests that fail (-want +got):\n%s%s", flaw, err, diff, output)
	}
}

// flaw is what the process is to have wrong; the test is skipped if that is nothing.
func flaw(t *testing.T) string {
	t.Helper()
	flaw := os.Getenv("OVHRENEWTEST_FLAW")
	if flaw == "" {
		t.Skip("other tests run it with a flaw, in a process of its own")
	}
	return flaw
}

// TestBadJournal is for wantCaught.
func TestBadJournal(t *testing.T) {
	flaw := flaw(t)
	ovhrenewtest.TestJournal(t, func(*testing.T) (a, b ovhrenew.Journal) {
		m := ovhrenewtest.NewMemory(ovhrenew.OneOfSeveral)
		given := &appended{}
		return badJournal{m, flaw, m, given}, badJournal{m.Another(), flaw, m, given}
	})
}

// badJournal is a journal in memory with a flaw.
type badJournal struct {
	*ovhrenewtest.Memory
	flaw  string
	first *ovhrenewtest.Memory // of the two handles
	given *appended
}

func (j badJournal) Sharing() ovhrenew.Sharing {
	if j.flaw == "two sharings" && j.Memory != j.first {
		return ovhrenew.OnlyJournal
	}
	return j.Memory.Sharing()
}

func (j badJournal) Claim(ctx context.Context, account string, services ...ovhrenew.ServiceID) (ovhrenew.Claim, error) {
	switch j.flaw {
	case "nobody is busy":
		j.first.ExpireLeases()
		j.Memory.ExpireLeases()
	case "services are not checked":
		services = slices.DeleteFunc(services, func(id ovhrenew.ServiceID) bool { return id <= 0 })
		if len(services) == 0 {
			services = []ovhrenew.ServiceID{99}
		}
	case "the context is not asked":
		ctx = context.WithoutCancel(ctx)
	case "accounts are one":
		account = strings.TrimLeft(account, "abz0123456789")
	}
	c, err := j.Memory.Claim(ctx, account, services...)
	if err != nil {
		return nil, err
	}
	return &badClaim{c, j}, nil
}

func (j badJournal) Orders(ctx context.Context, account string, since time.Time) ([]ovhrenew.OrderFact, error) {
	switch j.flaw {
	case "accounts are one":
		account = strings.TrimLeft(account, "abz0123456789")
	case "all orders ever":
		since = time.Time{}
	}
	facts, err := j.Memory.Orders(ctx, account, since)
	switch j.flaw {
	case "orders by number":
		slices.SortFunc(facts, func(a, b ovhrenew.OrderFact) int { return int(a.Order - b.Order) })
	case "own orders are foreign":
		for i := range facts {
			facts[i].Services = nil
		}
	}
	return facts, err
}

func (j badJournal) Remember(ctx context.Context, account string, facts ...ovhrenew.OrderFact) error {
	switch j.flaw {
	case "accounts are one":
		account = strings.TrimLeft(account, "abz0123456789")
	case "facts are forgotten":
		return j.Memory.Remember(ctx, account)
	case "facts are not checked":
		facts = slices.DeleteFunc(facts, func(fact ovhrenew.OrderFact) bool { return fact.Order == 0 || fact.Date.IsZero() })
	}
	return j.Memory.Remember(ctx, account, facts...)
}

func (j badJournal) Receipts(ctx context.Context, account string, since time.Time) iter.Seq2[ovhrenew.Receipt, error] {
	switch j.flaw {
	case "accounts are one":
		account = strings.TrimLeft(account, "abz0123456789")
	case "all receipts ever":
		since = time.Time{}
	}
	all := j.Memory.Receipts(ctx, account, since)
	switch j.flaw {
	case "a renewal has one receipt", "an order has one receipt", "a receipt is told as kept last", "what is open has a receipt":
		if ctx.Err() != nil || account != "ab12345-ovh" {
			break
		}
		return func(yield func(ovhrenew.Receipt, error) bool) {
			for _, receipt := range j.given.receipts(j.flaw, since) {
				if !yield(receipt, nil) {
					return
				}
			}
		}
	}
	if j.flaw == "receipts twice" {
		return func(yield func(ovhrenew.Receipt, error) bool) {
			for receipt, err := range all {
				for range 2 {
					if !yield(receipt, err) {
						return
					}
				}
			}
		}
	}
	return all
}

// badClaim is a claim of a journal with a flaw.
type badClaim struct {
	ovhrenew.Claim
	journal badJournal
}

func (c *badClaim) Inherited() bool {
	return c.Claim.Inherited() && c.journal.flaw != "nothing is inherited" || c.journal.flaw == "all is inherited"
}

func (c *badClaim) States() []ovhrenew.State {
	states := c.Claim.States()
	if c.journal.flaw == "states are in reverse" {
		slices.Reverse(states)
	}
	return states
}

func (c *badClaim) Append(ctx context.Context, s ovhrenew.State) error {
	switch c.journal.flaw {
	case "states are not checked":
		if s.Renewal == "" || s.Phase == "" || s.Time.IsZero() {
			return nil
		}
	case "a field is lost":
		s.Placed = time.Time{}
	case "a claim has no end":
		if err := c.Claim.Append(ctx, s); ctx.Err() != nil || !errors.Is(err, ovhrenew.ErrJournal) {
			return err
		}
		return nil
	}
	c.journal.given.add(s)
	return c.Claim.Append(ctx, s)
}
