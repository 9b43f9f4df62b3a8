package ovhrenewtest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	. "github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func TestBill(t *testing.T) {
	t.Parallel()
	s, _ := clocked(t, Behaviour{})
	path := order(t, s)
	for _, early := range []string{"/payment", "/associatedObject"} {
		wantFailure(t, early, call(t.Context(), s.Client(), "GET", path+early, nil, nil),
			"404 Client::NotFound: The requested object (id = 123456789) does not exist")
	}
	mustSend(t, s, "POST", path+"/payWithRegisteredPaymentMean", payPayPal)
	payment := object{"paymentDate": "2026-11-20T13:00:00+01:00", "paymentIdentifier": nil, "paymentType": "paypal"}
	if diff := cmp.Diff(payment, get[object](t, s, path+"/payment")); diff != "" {
		t.Errorf("payment (-want +got)\n%s", diff)
	}
	id, _ := get[object](t, s, path+"/associatedObject")["id"].(string)
	for query, want := range map[string][]string{"": {id}, "?orderId=123456789": {id}, "?orderId=1": {}} {
		if diff := cmp.Diff(want, get[[]string](t, s, "/me/bill"+query)); diff != "" {
			t.Errorf("/me/bill%s (-want +got)\n%s", query, diff)
		}
	}
	if got := at(get[object](t, s, "/me/bill/"+id), "priceWithTax.text"); got != "21.56 €" {
		t.Errorf("bill of %v, want 21.56 €", got)
	}
}

func TestBillCategory(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	order(t, s)
	s.Pay(GuideOrderID)
	for category, want := range map[string]int{"earlyrenewal": 1, "purchase": 0} {
		if got := get[[]string](t, s, "/me/bill?category="+category); len(got) != want {
			t.Errorf("bills of %s = %v, want %d", category, got, want)
		}
	}
}

// Null elements come into the pages of bills as into those of services.
func TestNullsInBills(t *testing.T) {
	t.Parallel()
	for nulls, want := range map[Nulls][]bool{
		NullsNone:    {false, false, false},
		NullsBetween: {false, false, false, true},
		NullsInstead: {false, false, true},
	} {
		s := start(t, Behaviour{Nulls: nulls})
		for range 3 {
			s.Pay(s.AddOrder(Order{Price: "1"}))
		}
		bills, _, _ := page(t, s, "/me/bill", 1, 10, "")
		var got []bool
		for _, b := range bills {
			got = append(got, b == nil)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("nulls %d (-want +got)\n%s", nulls, diff)
		}
	}
}
