// What comes of a payment that the API refuses, step by step.

package ovhrenew_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// TestAdvanceTellsRefusal: a payment that the API refuses in its own words stops a renewal
// that is advanced step by step too, once it has settled, instead of being sent again and
// again. The next call may send it anew: a person may have mended what was wrong.
func TestAdvanceTellsRefusal(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := ovhrenewtest.StartPipe(t, ovhrenewtest.Behaviour{ChargeTwice: true})
		ovhrenewtest.Guide(server)
		server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.StatusFault, Status: 400})
		client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
		if err != nil {
			t.Fatal(err)
		}
		runner, err := ovhrenew.NewRunner(client, ovhrenewtest.NewMemory(ovhrenew.OnlyJournal))
		if err != nil {
			t.Fatal(err)
		}
		task := domainTask(t, server, 0)
		began := time.Now()
		for err == nil && task.Receipt == nil && time.Since(began) < time.Hour {
			time.Sleep(time.Until(task.Next))
			task, err = runner.Advance(t.Context(), task)
		}
		failed, _ := errors.AsType[*ovhrenew.StepError](err)
		if !errors.Is(err, ovhrenew.ErrCannotPay) || failed == nil || failed.Paid != ovhrenew.PaidNo || failed.Order == 0 {
			t.Fatalf("Advance = %v after %v, want %v", err, time.Since(began), ovhrenew.ErrCannotPay)
		}
		if n := server.Count(ovhrenewtest.RoutePay); n != 1 {
			t.Errorf("%d payments were sent, want 1", n)
		}
		for err = nil; err == nil && task.Receipt == nil; {
			task, err = runner.Advance(t.Context(), task)
			time.Sleep(time.Until(task.Next))
		}
		if err != nil || len(server.Payments()) != 1 {
			t.Errorf("the next advances: %v, %d payments", err, len(server.Payments()))
		}
	})
}
