// What a plan says of prices that it cannot use: it is a text of offers.go, which is seen in
// a plan's list, JSON and words.

package portfolio_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// A service whose only offer has a price without a currency, or none, is left out, and the
// plan says why in each of its forms. One that is also offered at a price is renewed.
func TestPlanSaysPriceWithoutCurrency(t *testing.T) {
	t.Parallel()
	all := []portfolio.Surveyed{dueIn(1, 5), dueIn(2, 5), dueIn(3, 5)}
	offerAll(all, ovhrenew.P1Y, ovhrenew.NewMoney(199_000_000, ""), 1)
	offerAll(all, ovhrenew.P1Y, ovhrenew.Money{}, 2)
	offerAll(all, ovhrenew.P1Y, ovhrenew.NewMoney(199_000_000, ""), 3)
	offerAll(all, ovhrenew.P1Y, euros(199), 3)
	plan := mustPlan(t, all, euroPolicy())
	var asJSON bytes.Buffer
	if err := plan.WriteJSON(&asJSON); err != nil {
		t.Fatal(err)
	}
	for id, says := range map[ovhrenew.ServiceID]string{
		1: "has a price without a currency, which no limit bounds",
		2: "has no price",
	} {
		found := false
		for _, left := range plan.LeftOut {
			if left.ID == id {
				found = true
				if left.Why != portfolio.LeftNoOffer || !strings.Contains(left.Reason, says) {
					t.Errorf("service %d is left out as %s: %q, want %s: %q", id, left.Why, left.Reason, portfolio.LeftNoOffer, says)
				}
			}
		}
		if !found {
			t.Errorf("service %d is not left out: %v", id, plan.LeftOut)
		}
		for form, text := range map[string]string{"WriteText": plan.String(), "WriteJSON": asJSON.String()} {
			if !strings.Contains(strings.Join(strings.Fields(text), " "), says) {
				t.Errorf("%s does not say %q of service %d:\n%s", form, says, id, text)
			}
		}
	}
	if len(plan.Items) != 1 || plan.Items[0].Via != 3 || plan.Items[0].Price != euros(199) {
		t.Errorf("the items are %v, want service 3 at its price in EUR", plan.Items)
	}
}
