package ovhrenewtest_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	. "github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// Expiry is the real one, however late the API tells it.
func TestExpiryIsReal(t *testing.T) {
	t.Parallel()
	s, _ := clocked(t, Behaviour{ExpiryLag: time.Hour})
	mustSend(t, s, "POST", order(t, s)+"/pay", payDefault)
	if got := s.Expiry(GuideVPSID).Format(time.DateOnly); got != "2027-02-28" {
		t.Errorf("Expiry = %s, want 2027-02-28", got)
	}
	if got := get[object](t, s, "/service/11223344")["expirationDate"]; got != "2026-11-30" {
		t.Errorf("/service tells %v, want 2026-11-30", got)
	}
}

func TestOrderLag(t *testing.T) {
	t.Parallel()
	s, clock := clocked(t, Behaviour{OrderLag: time.Minute})
	path := order(t, s)
	clock.Advance(time.Minute - time.Second)
	const unknown = "404 Client::NotFound: The requested object (id = 123456789) does not exist"
	for _, below := range []string{"", "/status", "/details", "/payment", "/paymentMethods"} {
		wantFailure(t, "GET "+below, call(t.Context(), s.Client(), "GET", path+below, nil, nil), unknown)
	}
	_, err := send(t, s, "POST", path+"/pay", payDefault)
	wantFailure(t, "paying", err, unknown)
	if got := get[[]int64](t, s, "/me/order"); len(got) != 1 {
		t.Errorf("/me/order = %v, want the order", got)
	}
	clock.Advance(time.Second)
	if got := get[string](t, s, path+"/status"); got != "notPaid" {
		t.Errorf("status = %s, want notPaid", got)
	}
}

func TestDateSkew(t *testing.T) {
	t.Parallel()
	s, _ := clocked(t, Behaviour{DateSkew: -time.Hour})
	dates := []any{mustSend(t, s, "POST", "/service/11223344/renew", vpsOrder)["date"]}
	for range 3 {
		dates = append(dates, get[object](t, s, "/me/order/123456789")["date"])
	}
	const real, skewed = "2026-11-20T13:00:00+01:00", "2026-11-20T12:00:00+01:00"
	if diff := cmp.Diff([]any{real, skewed, real, skewed}, dates); diff != "" {
		t.Errorf("dates (-want +got)\n%s", diff)
	}
}

func TestDetails(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		behaviour Behaviour
		domain    string
		kind      string
	}{
		{Behaviour{}, "example.ovh", "DURATION"},
		{Behaviour{DetailDomain: "*", DetailType: "RENEW"}, "*", "RENEW"},
		{Behaviour{DetailsDelay: time.Minute}, "example.ovh", "DURATION"},
	} {
		s, clock := clocked(t, test.behaviour)
		mustSend(t, s, "POST", "/service/12345/renew", `{"dryRun":false,"duration":"P1Y","services":[67890,12345]}`)
		const path = "/me/order/123456789/details"
		if test.behaviour.DetailsDelay > 0 {
			if got := get[[]int64](t, s, path); len(got) != 0 {
				t.Errorf("details = %v right after ordering, want none", got)
			}
			clock.Advance(test.behaviour.DetailsDelay)
		}
		ids := get[[]int64](t, s, path)
		if len(ids) != 2 {
			t.Fatalf("details = %v, want two", ids)
		}
		got := get[object](t, s, fmt.Sprintf("%s/%d", path, ids[0]))
		want := object{
			"orderDetailId": got["orderDetailId"], "cancelled": false, "detailType": test.kind, "domain": test.domain,
			"quantity": "1", "description": "Renewal of example.ovh for P1Y", "totalPrice": got["totalPrice"], "unitPrice": got["totalPrice"],
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("detail (-want +got)\n%s", diff)
		}
		// 37.87 in two: 18.935 each.
		if got := fmt.Sprint(at(got, "totalPrice.value")); got != "18.935" {
			t.Errorf("totalPrice = %s, want 18.935", got)
		}
	}
}

func TestOrderOfSomethingNew(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	id := s.AddOrder(Order{Status: "checking", Price: "10"})
	path := fmt.Sprintf("/me/order/%d", id)
	if got := get[string](t, s, path+"/status"); got != "checking" {
		t.Errorf("status = %s, want checking", got)
	}
	ids := get[[]int64](t, s, path+"/details")
	if got := get[object](t, s, fmt.Sprintf("%s/details/%d", path, ids[0]))["domain"]; got != "*" {
		t.Errorf("domain = %v, want *", got)
	}
}

func TestFollowUp(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	path := order(t, s)
	steps := get[[]object](t, s, path+"/followUp")
	if len(steps) != 4 || steps[0]["step"] != "VALIDATING" || steps[3]["status"] != "TODO" {
		t.Errorf("followUp = %v, want four steps to do", steps)
	}
}

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
