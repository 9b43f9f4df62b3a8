// A plan of a large account is small, and a day later much the same.

package portfolio_test

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// written is a plan as it is written, line by line.
func written(t *testing.T, plan *portfolio.Plan) []string {
	t.Helper()
	var b bytes.Buffer
	if err := plan.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	return strings.SplitAfter(b.String(), "\n")
}

// A plan of 4,000 services is small, and a day later only what has changed differs: the
// day, what has come due, and the sums.
func TestPlanIsSmallAndSteady(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := agency(t, 4000, 1, ovhrenewtest.Behaviour{})
		policy, today := agencyPolicy(), ovhrenew.DateOf(time.Now())
		services, failed, err := portfolio.Gather(t.Context(), w.client(ovhrenew.Unlimited), policy, today)
		if err != nil || len(failed) > 0 {
			t.Fatal(err, failed)
		}
		plan := func(day ovhrenew.Date) *portfolio.Plan {
			plan, err := portfolio.MakePlan(services, policy, day)
			if err != nil {
				t.Fatal(err)
			}
			return plan
		}
		first, second := plan(today), plan(today.AddDays(1))
		was, is := written(t, first), written(t, second)
		size := len(strings.Join(was, ""))
		t.Logf("%d items in %d bytes, %d left out, not due: %v", len(first.Items), size, len(first.LeftOut), first.NotDue)
		if len(first.Items) < 500 || size > 150_000 {
			t.Errorf("%d items in %d bytes, want at least 500 in at most 150,000", len(first.Items), size)
		}
		changed := difference(was, is)
		newItems := len(second.Items) - len(first.Items) + len(second.LeftOut) - len(first.LeftOut)
		t.Logf("a day later %d lines differ; %d services have come due", len(changed), newItems)
		for _, line := range changed {
			switch head, _, _ := strings.Cut(strings.TrimLeft(line, "+-"), ":"); head {
			case `"made"`, `"totals"`, `"notDue"`:
			default:
				if strings.HasPrefix(line, "-") && !strings.HasSuffix(line, "]\n") && !strings.HasSuffix(line, "],\n") {
					t.Errorf("a day later this line is gone: %s", line)
				}
			}
		}
		if len(changed) > 6+2*newItems+4 {
			t.Errorf("%d lines differ:\n%s", len(changed), strings.Join(changed, ""))
		}
	})
}

// difference are the lines that only one of two texts has.
func difference(was, is []string) []string {
	count := map[string]int{}
	for _, line := range was {
		count[line]--
	}
	for _, line := range is {
		count[line]++
	}
	var all []string
	for _, line := range was {
		if count[line] < 0 {
			all = append(all, "-"+line)
		}
	}
	for _, line := range is {
		if count[line] > 0 {
			all = append(all, "+"+line)
		}
	}
	return all
}
