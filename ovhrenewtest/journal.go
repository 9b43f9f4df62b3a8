package ovhrenewtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ovhrenew/ovhrenew"
)

const account = "ab12345-ovh"

// noon is a time that no form of time rounds.
var noon = time.Date(2026, 11, 20, 12, 0, 0, 123_000_000, time.UTC)

// TestJournal tests what a Journal must do. The function open returns two handles of a
// new journal, as two machines, or two processes of one, would have them.
//
// A handle with a method ExpireLeases, which lets its claims pass to whoever asks next,
// is tested for that too.
func TestJournal(t *testing.T, open func(t *testing.T) (a, b ovhrenew.Journal)) {
	for name, run := range map[string]func(t *testing.T, a, b ovhrenew.Journal){
		"Sharing": testSharing, "Claim": testClaim, "ClaimBadInput": testClaimBadInput, "OneHolder": testOneHolder,
		"RoundTrip": testRoundTrip, "LastStateCounts": testLastStateCounts, "OpenAndEndedLast": testOpenAndEndedLast,
		"AppendRefuses": testAppendRefuses, "ConcurrentAppends": testConcurrentAppends,
		"OwnOrders": testOwnOrders, "ForeignOrders": testForeignOrders, "Receipts": testReceipts, "ReceiptsStay": testReceiptsStay,
		"Accounts": testAccounts, "Context": testContext, "Inherited": testInherited, "InheritedUnused": testInheritedUnused,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, b := open(t)
			run(t, a, b)
		})
	}
}

// state returns a state of one renewal, n minutes after noon.
func state(renewal string, phase ovhrenew.Phase, n int, services ...ovhrenew.ServiceID) ovhrenew.State {
	return ovhrenew.State{Version: 1, Renewal: renewal, Phase: phase, Services: services, Time: noon.Add(time.Duration(n) * time.Minute)}
}

func claim(t *testing.T, j ovhrenew.Journal, services ...ovhrenew.ServiceID) ovhrenew.Claim {
	t.Helper()
	c, err := j.Claim(t.Context(), account, services...)
	if err != nil {
		t.Fatalf("Claim(%v) = %v", services, err)
	}
	return c
}

func wantRefused(t *testing.T, j ovhrenew.Journal, want error, services ...ovhrenew.ServiceID) {
	t.Helper()
	if c, err := j.Claim(t.Context(), account, services...); !errors.Is(err, want) || errors.Is(err, ovhrenew.ErrJournal) || c != nil {
		t.Errorf("Claim(%v) = %v, %v, want %v", services, c, err, want)
	}
}

func release(t *testing.T, c ovhrenew.Claim) {
	t.Helper()
	wantError(t, "Release", c.Release(), nil)
}

func add(t *testing.T, c ovhrenew.Claim, states ...ovhrenew.State) {
	t.Helper()
	for _, s := range states {
		wantError(t, fmt.Sprintf("Append(%s %s)", s.Renewal, s.Phase), c.Append(t.Context(), s), nil)
	}
}

func wantError(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s = %v, want %v", what, err, want)
	}
}

func write(t *testing.T, j ovhrenew.Journal, states ...ovhrenew.State) {
	t.Helper()
	services := each(states, func(s ovhrenew.State) []ovhrenew.ServiceID { return s.Services })
	c := claim(t, j, slices.Concat(services...)...)
	defer release(t, c)
	add(t, c, states...)
}

func read(t *testing.T, j ovhrenew.Journal, services ...ovhrenew.ServiceID) []ovhrenew.State {
	t.Helper()
	c := claim(t, j, services...)
	defer release(t, c)
	return c.States()
}

// sameStates compares values as JSON has them.
func sameStates[T any](t *testing.T, what string, want, got []T) {
	t.Helper()
	texts := func(values []T) []string {
		return each(values, func(value T) string {
			text, err := json.Marshal(value)
			wantError(t, what, err, nil)
			return string(text)
		})
	}
	if diff := cmp.Diff(texts(want), texts(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func testSharing(t *testing.T, a, b ovhrenew.Journal) {
	if s := a.Sharing(); s != ovhrenew.OnlyJournal && s != ovhrenew.OneOfSeveral || s != b.Sharing() {
		t.Errorf("Sharing = %v and %v, want OnlyJournal or OneOfSeveral, twice the same", a.Sharing(), b.Sharing())
	}
}

func testClaim(t *testing.T, a, b ovhrenew.Journal) {
	held := claim(t, a, 2, 1, 1)
	for _, j := range []ovhrenew.Journal{a, b} {
		for _, services := range [][]ovhrenew.ServiceID{{1}, {2}, {1, 2}, {3, 2}, {1, 3}} {
			wantRefused(t, j, ovhrenew.ErrBusy, services...)
			release(t, claim(t, j, 3)) // which the failed one must not have kept
		}
	}
	other := claim(t, b, 3)
	if held.Inherited() || other.Inherited() {
		t.Error("Inherited of a first claim = true")
	}
	release(t, held)
	release(t, held)
	again := claim(t, b, 1)
	release(t, held) // which is not the holder any more
	wantRefused(t, a, ovhrenew.ErrBusy, 1)
	release(t, again)
	release(t, other)
	release(t, claim(t, a, 1, 2, 3))
}

func testClaimBadInput(t *testing.T, a, _ ovhrenew.Journal) {
	for _, services := range [][]ovhrenew.ServiceID{nil, {0}, {1, -1}} {
		wantRefused(t, a, ovhrenew.ErrBadInput, services...)
	}
	_, err := a.Claim(t.Context(), "", 1)
	wantError(t, "Claim for no account", err, ovhrenew.ErrBadInput)
	release(t, claim(t, a, 1))
}

// testOneHolder lets many ask for overlapping services at once, and wants one holder of
// each service at any time.
func testOneHolder(t *testing.T, a, b ovhrenew.Journal) {
	var holders [5]atomic.Int32 // by service
	var wg sync.WaitGroup
	for n := range 8 {
		j := []ovhrenew.Journal{a, b}[n%2]
		wg.Go(func() {
			for range 20 {
				services := []ovhrenew.ServiceID{1, ovhrenew.ServiceID(2 + n%3)}
				c, err := j.Claim(t.Context(), account, services...)
				if errors.Is(err, ovhrenew.ErrBusy) {
					continue
				}
				if err != nil {
					t.Errorf("Claim(%v) = %v", services, err)
					return
				}
				for _, id := range services {
					if n := holders[id].Add(1); n != 1 {
						t.Errorf("service %d has %d holders", id, n)
					}
				}
				runtime.Gosched() // and let another take it, if the journal does
				for _, id := range services {
					holders[id].Add(-1)
				}
				release(t, c)
			}
		})
	}
	wg.Wait()
}

func testRoundTrip(t *testing.T, a, b ovhrenew.Journal) {
	odd := "é \u2028 \x00 \" \\ \t \n <b> 🙂 '; --"
	twelve, from, to := ovhrenew.MustMoney("12.00000001 EUR"), ovhrenew.MustDate("2026-12-01"), ovhrenew.MustDate("2027-12-01")
	ids := []ovhrenew.ServiceID{7, 9, 1 << 53}
	services := []ovhrenew.Renewed{{ServiceID: 9, Name: odd, From: from, To: to}}
	s := ovhrenew.State{
		Version: 1, Renewal: odd, Phase: ovhrenew.PhasePaying, Services: ids, Order: 1<<62 + 1,
		Time: noon.In(time.FixedZone("", 3600)),
		Task: ovhrenew.Task{
			Target: 9, Services: services, Prices: []ovhrenew.Money{twelve}, Quoted: twelve, Limit: twelve,
			Offer:   ovhrenew.Offer{Service: 9, Period: ovhrenew.P1Y, Strategy: ovhrenew.RenewStrategy{Price: twelve, Services: ids}},
			PayWith: ovhrenew.Method(42), Approve: true, Phase: ovhrenew.PhaseOrdered, Order: 5, Next: noon, Until: noon,
			Guards:   ovhrenew.Guards{Early: true, IgnoreOrders: []ovhrenew.OrderID{3}, TakeOver: 4, DueWithin: time.Hour},
			Patience: ovhrenew.Patience{Poll: 1, Settle: 2, Delivery: 3},
		},
		Placed: noon, Before: []ovhrenew.OrderID{1, 2}, Sent: noon, Ended: noon, Watched: noon, Lapses: noon,
		Cost: ovhrenew.Quote{PriceWithTax: twelve}, Payment: odd, Doubt: true, Answer: ovhrenew.AnswerNo, Why: odd,
		Receipt: &ovhrenew.Receipt{Services: services, Order: 1<<62 + 1, Price: twelve, PaidWith: odd, Verified: noon, Unexpected: true},
	}
	c := claim(t, a, s.Services...)
	if got := c.States(); len(got) != 0 {
		t.Errorf("States of a new journal = %v, want none", got)
	}
	add(t, c, s)
	sameStates(t, "States after Append", []ovhrenew.State{s}, c.States())
	release(t, c)
	for _, j := range []ovhrenew.Journal{a, b} {
		for _, services := range [][]ovhrenew.ServiceID{{7}, {1 << 53}, {9, 7}} {
			sameStates(t, fmt.Sprint("States of ", services), []ovhrenew.State{s}, read(t, j, services...))
		}
		sameStates(t, "States of another service", nil, read(t, j, 8))
	}
}

func testLastStateCounts(t *testing.T, a, b ovhrenew.Journal) {
	one, two := state("one", "wanted", 0, 1), state("two", "wanted", 1, 1)
	write(t, a, one, two)
	sameStates(t, "two renewals", []ovhrenew.State{one, two}, read(t, b, 1))
	one = state("one", "ordering", 2, 1)
	write(t, b, one)
	sameStates(t, "the first of them later", []ovhrenew.State{two, one}, read(t, a, 1))
	one = state("one", "ordered", 1, 1) // by a clock that was set back
	write(t, a, one)
	sameStates(t, "the last appended, not the latest", []ovhrenew.State{two, one}, read(t, b, 1))
}

func testOpenAndEndedLast(t *testing.T, a, b ovhrenew.Journal) {
	first, second := state("first", "renewed", 0, 1, 2), state("second", "closed", 1, 1)
	open, both := state("open", "paying", 2, 1), state("both", "ordered", 3, 2, 3)
	write(t, a, first, open, second, both)
	want := func(services []ovhrenew.ServiceID, states ...ovhrenew.State) {
		t.Helper()
		sameStates(t, fmt.Sprint("States of ", services), states, read(t, b, services...))
	}
	want([]ovhrenew.ServiceID{1}, open, second)
	want([]ovhrenew.ServiceID{2}, first, both)
	want([]ovhrenew.ServiceID{3}, both)
	want([]ovhrenew.ServiceID{3, 1}, open, second, both)
	want([]ovhrenew.ServiceID{1, 2, 3}, first, open, second, both)
	want([]ovhrenew.ServiceID{4})
	again := state("second", "ordering", 4, 1) // what was closed can begin again
	write(t, b, again)
	if got := read(t, a, 1); len(got) < 2 || got[len(got)-1].Phase != "ordering" || got[len(got)-2].Renewal != "open" {
		t.Errorf("when a closed renewal began again, States = %v, want it open and last", got)
	}
	end := state("second", "renewed", 5, 1)
	write(t, a, end)
	sameStates(t, "when it ended again", []ovhrenew.State{open, end}, read(t, b, 1))
}

func testAppendRefuses(t *testing.T, a, b ovhrenew.Journal) {
	c := claim(t, a, 1, 2)
	for name, s := range map[string]ovhrenew.State{
		"no renewal": state("", "wanted", 0, 1), "no phase": state("r", "", 0, 1), "no service": state("r", "wanted", 0),
		"a service of nobody": state("r", "wanted", 0, 3), "no time": {Version: 1, Renewal: "r", Phase: "wanted", Services: []ovhrenew.ServiceID{1}},
	} {
		wantError(t, "Append of a state with "+name, c.Append(t.Context(), s), ovhrenew.ErrBadInput)
	}
	sameStates(t, "after what was refused", nil, c.States())
	shared := state("shared", "wanted", 0, 1, 3) // 3 is somebody's concern that has 1
	add(t, c, shared)
	release(t, c)
	late := func(when string) {
		wantError(t, "Append "+when, c.Append(t.Context(), state("r", "paying", 1, 1)), ovhrenew.ErrJournal)
	}
	late("after Release")
	next := claim(t, b, 1, 2)
	late("when another claim has the services")
	release(t, next)
	sameStates(t, "after appends that failed", []ovhrenew.State{shared}, read(t, a, 1, 2))
}

func testConcurrentAppends(t *testing.T, a, b ovhrenew.Journal) {
	const writers, each = 6, 10
	states := func(id ovhrenew.ServiceID) (all []ovhrenew.State) {
		for n := range each {
			all = append(all, state(fmt.Sprintf("%d of %d", n, id), "paying", n, id))
		}
		return all
	}
	handles := []ovhrenew.Journal{a, b}
	var claims []ovhrenew.Claim
	for id := ovhrenew.ServiceID(1); id <= writers; id++ {
		claims = append(claims, claim(t, handles[id%2], id))
	}
	var wg sync.WaitGroup
	for i, c := range claims {
		wg.Go(func() {
			defer release(t, c)
			add(t, c, states(ovhrenew.ServiceID(i+1))...)
		})
	}
	wg.Wait()
	for id := ovhrenew.ServiceID(1); id <= writers; id++ {
		sameStates(t, fmt.Sprint("service ", id), states(id), read(t, handles[1-id%2], id))
	}
}

func testContext(t *testing.T, a, _ ovhrenew.Journal) {
	held := claim(t, a, 1)
	defer release(t, held)
	cause := errors.New("the caller has gone")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	c, err := a.Claim(ctx, account, 2)
	_, ordersErr := a.Orders(ctx, account, time.Time{})
	var receiptsErr error
	for _, err := range a.Receipts(ctx, account, time.Time{}) {
		receiptsErr = err
	}
	for call, err := range map[string]error{
		"Claim": err, "Orders": ordersErr, "Receipts": receiptsErr,
		"Append": held.Append(ctx, state("r", "wanted", 0, 1)), "Remember": a.Remember(ctx, account, ovhrenew.OrderFact{Order: 1, Date: noon}),
	} {
		wantError(t, call+" with an ended context", err, cause)
		wantError(t, call+" with an ended context", err, ovhrenew.ErrJournal)
	}
	if c != nil {
		t.Errorf("Claim with an ended context = %v", c)
	}
	release(t, claim(t, a, 2))
}
