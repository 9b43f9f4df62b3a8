package ovhrenewtest_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	. "github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func TestPayBody(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	path := order(t, s)
	s.AddPaymentMethod(PaymentMethod{ID: 3, Status: "EXPIRED"})
	s.AddPaymentMethod(PaymentMethod{ID: 4, Type: "SEPA_DIRECT_DEBIT", RefusedForOrders: true})
	for _, test := range []struct{ route, body, want string }{
		{"/pay", `{}`, "400 Client::BadRequest: The input provided isn't valid: 'paymentMethod' is a required property"},
		{"/pay", `{"paymentMethod":{}}`, "400 Client::BadRequest: The input provided isn't valid: 'id' is a required property"},
		{"/pay", `{"paymentMethod":{"id":"x"}}`, `400 Client::BadRequest: [id] Given data ("x") is not valid for type long`},
		{"/pay", `{"paymentMethod":{"id":99}}`, "404 Client::NotFound: The requested object (id = 99) does not exist"},
		{"/pay", `{"paymentMethod":{"id":3}}`, "403 : This order can't be paid with 'creditCard'"},
		{"/pay", `{"paymentMethod":{"id":4}}`, "403 : This order can't be paid with 'bankAccount'"},
		{"/payWithRegisteredPaymentMean", `{}`, "400 Client::BadRequest: The input provided isn't valid: 'paymentMean' is a required property"},
		{"/payWithRegisteredPaymentMean", `{"paymentMean":"gold"}`, "400 Client::BadRequest: [paymentMean] Given data (gold) does not belong to the ReusablePaymentMeanEnum enumeration"},
		{"/payWithRegisteredPaymentMean", `{"paymentMean":"paypal"}`, "400 Client::BadRequest: The input provided isn't valid: 'paymentMeanId' is a required property"},
		{"/payWithRegisteredPaymentMean", `{"paymentMean":"paypal","paymentMeanId":1}`, "404 Client::NotFound: paymentMean not found"},
		{"/payWithRegisteredPaymentMean", `{"paymentMean":"fidelityAccount"}`, "403 : This order can't be paid with 'fidelityAccount'"},
		{"/payWithRegisteredPaymentMean", `{"paymentMean":"ovhAccount"}`, "403 : This order can't be paid with 'ovhAccount'"},
	} {
		_, err := send(t, s, "POST", path+test.route, test.body)
		wantFailure(t, test.route+" "+test.body, err, test.want)
	}
	if got := s.Payments(); len(got) != 0 {
		t.Errorf("Payments = %+v, want none", got)
	}
}

func TestPaidTwice(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		behaviour Behaviour
		want      string
		payments  int
	}{
		{Behaviour{}, "400 Client::BadRequest: This order is already paid", 1},
		{Behaviour{StatusLag: time.Hour}, "400 Client::BadRequest: This order is already paid", 1},
		{Behaviour{PaidForbidden: true}, "403 Client::Forbidden: This order can't be paid with 'paypal'", 1},
		{Behaviour{CancelAfterPay: time.Hour}, "400 Client::BadRequest: This order is already paid", 1},
		{Behaviour{ChargeTwice: true}, "<nil>", 2},
	} {
		s, _ := clocked(t, test.behaviour)
		path := order(t, s)
		mustSend(t, s, "POST", path+"/pay", payDefault)
		_, err := send(t, s, "POST", path+"/payWithRegisteredPaymentMean", payPayPal)
		wantFailure(t, "second payment", err, test.want)
		if got := s.PaymentsFor(GuideVPSID); got != test.payments {
			t.Errorf("PaymentsFor = %d, want %d", got, test.payments)
		}
		if got, want := s.Spent()["EUR"], Amount(test.payments)*2_156_000_000; got != want {
			t.Errorf("Spent = %s, want %s", got, want)
		}
		if s.Orders()[0].Payments != test.payments {
			t.Errorf("Orders = %+v, want %d payments", s.Orders(), test.payments)
		}
	}
}

func TestPaidThenCancelled(t *testing.T) {
	t.Parallel()
	for keeps, want := range map[bool]string{
		false: "404 Client::NotFound: The requested object (id = 123456789) does not exist",
		true:  "<nil>",
	} {
		s, clock := clocked(t, Behaviour{CancelAfterPay: time.Hour, CancelledKeepsPayment: keeps, ChargeTwice: true})
		path := order(t, s)
		mustSend(t, s, "POST", path+"/pay", payDefault)
		if _, err := send(t, s, "GET", path+"/payment", ""); err != nil {
			t.Errorf("payment before the end: %v", err)
		}
		clock.Advance(time.Hour)
		_, err := send(t, s, "GET", path+"/payment", "")
		wantFailure(t, "payment of a cancelled order", err, want)
		_, err = send(t, s, "POST", path+"/pay", payDefault)
		wantFailure(t, "paying again", err, "400 Client::BadRequest: This order is not payable anymore")
		if got := s.Spent()["EUR"]; got != 2_156_000_000 {
			t.Errorf("Spent = %s, want 21.56: no money comes back", got)
		}
		order(t, s) // what is cancelled is not in the way
	}
}

func TestPaymentUndated(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{PaymentUndated: true})
	path := order(t, s)
	mustSend(t, s, "POST", path+"/pay", payDefault)
	want := object{"paymentDate": nil, "paymentIdentifier": nil, "paymentType": "creditCard"}
	if diff := cmp.Diff(want, get[object](t, s, path+"/payment")); diff != "" {
		t.Errorf("payment (-want +got)\n%s", diff)
	}
}

func TestPayOnOrder(t *testing.T) {
	t.Parallel()
	s, clock := clocked(t, Behaviour{PayOnOrder: true, StatusLag: time.Minute})
	s.SetPrepaid("30")
	path := order(t, s)
	if got := get[string](t, s, path+"/status"); got != "notPaid" {
		t.Errorf("status = %s before the payment shows, want notPaid", got)
	}
	_, err := send(t, s, "POST", path+"/pay", payDefault)
	wantFailure(t, "paying", err, "400 Client::BadRequest: This order is already paid")
	clock.Advance(time.Minute)
	if got := get[string](t, s, path+"/status"); got != "delivered" {
		t.Errorf("status = %s, want delivered", got)
	}
	if got := get[object](t, s, path+"/payment")["paymentType"]; got != "ovhAccount" {
		t.Errorf("paymentType = %v, want ovhAccount", got)
	}
	path = order(t, s) // 8.44 are left: too little
	clock.Advance(time.Minute)
	if got := get[string](t, s, path+"/status"); got != "notPaid" || s.PaymentsFor(GuideVPSID) != 1 {
		t.Errorf("status = %s, %d payments; want notPaid, 1", got, s.PaymentsFor(GuideVPSID))
	}
}

// A payment elsewhere is one like any other.
func TestPaidElsewhere(t *testing.T) {
	t.Parallel()
	s, _ := clocked(t, Behaviour{})
	path := order(t, s)
	s.Pay(GuideOrderID)
	if got := get[string](t, s, path+"/status"); got != "delivered" {
		t.Errorf("status = %s, want delivered", got)
	}
	_, err := send(t, s, "POST", path+"/pay", payDefault)
	wantFailure(t, "paying", err, "400 Client::BadRequest: This order is already paid")
	if got := s.Payments(); len(got) != 1 || !got[0].Elsewhere {
		t.Errorf("Payments = %+v, want one, elsewhere", got)
	}
}

func TestFreeOrder(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	s.SetPrice("P3M", "0", GuideVPSID)
	path := order(t, s)
	means := []object{{"paymentMean": "fidelityAccount"}, {"paymentMean": "paypal"}}
	if diff := cmp.Diff(means, get[[]object](t, s, path+"/availableRegisteredPaymentMean")); diff != "" {
		t.Errorf("means (-want +got)\n%s", diff)
	}
	mustSend(t, s, "POST", path+"/payWithRegisteredPaymentMean", `{"paymentMean":"fidelityAccount"}`)
	if got := get[object](t, s, path+"/payment")["paymentType"]; got != "free" {
		t.Errorf("paymentType = %v, want free", got)
	}
}
