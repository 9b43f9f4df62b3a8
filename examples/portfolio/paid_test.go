package main

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// begin applies a plan and stops at the first item. It returns the plan, and the
// command that goes on, without -yes.
func (r *trial) begin(ctx context.Context, server *ovhrenewtest.Server) (plan *ovhrenew.Plan, args []string) {
	r.tb.Helper()
	file, total := r.planFile("-live", "-limit", "2000 EUR")
	args = []string{"apply", "-live", "-plan", file, "-journal", r.tb.TempDir(), "-workers", "1"}
	r.program.run(ctx, append(args, "-yes", "-limit", total))
	if n := len(server.Payments()); n != 1 {
		r.tb.Fatalf("%d payments before the stop", n)
	}
	r.program.asks = true
	return readBack(r.tb, file), args
}

// What the journal knows to be paid is not asked about, and the question is for the
// rest only.
func TestAsksForTheRest(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *trial) {
		server := r.goLive(60)
		ctx, cancel := context.WithCancel(r.tb.Context())
		defer cancel()
		server.OnRequest(func(ovhrenewtest.Request) {
			if len(server.Payments()) == 1 {
				cancel() // at the first look after it was paid
			}
		})
		plan, args := r.begin(ctx, server)
		server.OnRequest(nil)
		items := len(plan.Items)
		rest := *plan
		rest.Items = plan.Items[1:]
		totals, err := rest.Totals()
		if err != nil {
			t.Fatal(err)
		}
		r.answer("n\n")
		r.want(exitNo, args...)
		r.says(fmt.Sprintf("Paid by an earlier run, and not again: 1 order of %d.\n", items),
			fmt.Sprintf("%d orders, by", items-1), "Pay up to "+amounts(totals)+"? [y/N]")
		if n := len(server.Payments()); n != 1 {
			t.Errorf("%d payments after a no", n)
		}
		r.answer("y\n")
		r.want(exitOK, args...)
		r.answer("")
		r.want(exitOK, args...)
		r.says(fmt.Sprintf("Paid by an earlier run, and not again: %d orders of %[1]d.\n", items))
		if strings.Contains(r.err.String(), "[y/N]") {
			t.Errorf("it asks although all is paid:\n%s", &r.err)
		}
		if n := len(server.Payments()); n != items {
			t.Errorf("%d payments for %d items", n, items)
		}
	})
}

// A payment whose answer was lost may not have been taken: it is asked about.
func TestAsksWhenUnsure(t *testing.T) {
	t.Parallel()
	inBubble(t, func(r *trial) {
		server := r.goLive(60)
		losePayment(server)
		plan, args := r.begin(r.tb.Context(), server)
		totals, err := plan.Totals()
		if err != nil {
			t.Fatal(err)
		}
		r.answer("n\n")
		r.want(exitNo, args...)
		r.says("Pay up to " + amounts(totals) + "? [y/N]")
	})
}
