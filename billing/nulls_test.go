package billing_test

import (
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/billing"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// TestNullsInPages: a null in a page of bills costs none: the bill is read by itself.
func TestNullsInPages(t *testing.T) {
	t.Parallel()
	for _, nulls := range []ovhrenewtest.Nulls{ovhrenewtest.NullsNone, ovhrenewtest.NullsBetween, ovhrenewtest.NullsInstead} {
		server := ovhrenewtest.Start(t, ovhrenewtest.Behaviour{Nulls: nulls})
		for range 7 {
			server.Pay(server.AddOrder(ovhrenewtest.Order{Price: "1"}))
		}
		client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for bill, err := range billing.Bills(t.Context(), client, billing.Query{}) {
			if err != nil {
				t.Errorf("nulls %d: %v", nulls, err)
			}
			seen[bill.BillID] = true
		}
		if len(seen) != 7 {
			t.Errorf("nulls %d: %d bills, want 7", nulls, len(seen))
		}
	}
}
