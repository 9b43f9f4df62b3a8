package ovhrenew_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// That an expiry has moved is believed from pages that were read for all renewals; no
// service is read by itself for it.
func TestReadPages(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server, client, req := renewalCase{behaviour: ovhrenewtest.Behaviour{DeliveryDelay: time.Minute}}.inBubble(t)
		runner, err := ovhrenew.NewRunner(client, req.Journal)
		if err != nil {
			t.Fatal(err)
		}
		task, err := runner.Propose(t.Context(), req)
		if err == nil {
			err = runner.ReadPages(t.Context())
		}
		for err == nil && task.Phase != ovhrenew.PhasePaid {
			time.Sleep(time.Until(task.Next))
			task, err = runner.Advance(t.Context(), task)
		}
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Minute)
		server.Forget()
		if err := runner.ReadPages(t.Context()); err != nil {
			t.Fatal(err)
		}
		if task, err = runner.Advance(t.Context(), task); err != nil || task.Receipt == nil {
			t.Fatalf("%s, %v", task.Phase, err)
		}
		if n := server.Count("GET /services/{serviceId}") + server.Count(ovhrenewtest.RouteStatus); n != 0 {
			t.Errorf("%d single reads", n)
		}
		spendCalls(t, server, 0, 0) // forgotten: none since
	})
}
