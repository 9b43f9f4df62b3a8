// What becomes of a plan that is changed, refused or too large for one answer.

package temporal_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
	"github.com/ovhrenew/ovhrenew/temporal"
)

func TestPlanChanged(t *testing.T) {
	t.Parallel()
	const n = 130
	inBubble(t, ovhrenewtest.Behaviour{ChargeTwice: true}, func(w *world) {
		w.domains(n)
		in := application()
		in.FirstWithOthers, in.AtOnce = true, 10
		w.after(time.Second, func() {
			text, err := json.Marshal(w.plan)
			if err != nil {
				t.Fatal(err)
			}
			var other portfolio.Plan
			if err := json.Unmarshal(text, &other); err != nil {
				t.Fatal(err)
			}
			other.Items = other.Items[1:]
			w.mu.Lock()
			w.plan = &other
			w.mu.Unlock()
		})
		report, err := w.apply(in)
		if err != nil || report.Counts[portfolio.OutcomeRenewed] != 100 || !strings.Contains(report.Stopped, "changed") || len(w.server.Payments()) != 100 {
			t.Errorf("%+v, %v, %d payments", report, err, len(w.server.Payments()))
		}
	})
}

// A month's budget is held by no workflow: a plan that has one is refused, not applied
// without it.
func TestPlanOfAMonth(t *testing.T) {
	t.Parallel()
	inBubble(t, ovhrenewtest.Behaviour{ChargeTwice: true}, func(w *world) {
		w.domains(2)
		w.plan.Policy.PerMonth = []ovhrenew.Money{ovhrenew.MustMoney("1000 EUR")}
		w.env.ExecuteWorkflow(temporal.ApplyPlan, application())
		if err := w.env.GetWorkflowError(); err == nil || !strings.Contains(err.Error(), "Policy.PerMonth") {
			t.Errorf("a plan with a budget of the month: %v", err)
		}
		if n := len(w.server.Orders()); n != 0 {
			t.Errorf("%d orders", n)
		}
	})
}
