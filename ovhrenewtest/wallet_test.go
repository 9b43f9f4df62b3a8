package ovhrenewtest_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	. "github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func TestPrepaid(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	s.AddPaymentMean("ovhAccount", 0)
	s.SetPrepaid("30")
	path := order(t, s)
	mustSend(t, s, "POST", path+"/payWithRegisteredPaymentMean", `{"paymentMean":"ovhAccount"}`)
	balance := at(get[object](t, s, "/me/ovhAccount/FR"), "balance")
	if at(balance, "text") != "8.44 €" || fmt.Sprint(at(balance, "priceInUcents")) != "844000000" {
		t.Errorf("balance = %v, want 8.44", balance)
	}
	path = order(t, s)
	_, err := send(t, s, "POST", path+"/payWithRegisteredPaymentMean", `{"paymentMean":"ovhAccount"}`)
	wantFailure(t, "second", err, "403 : This order can't be paid with 'ovhAccount'")

	s.SetPoints(100)
	mustSend(t, s, "POST", path+"/payWithRegisteredPaymentMean", `{"paymentMean":"fidelityAccount"}`)
	if got := fmt.Sprint(get[object](t, s, "/me/fidelityAccount")["balance"]); got != "79" {
		t.Errorf("points = %s, want 79", got)
	}
}

func TestOrderPaymentMethods(t *testing.T) {
	t.Parallel()
	both, other := []int64{GuideMethodID, GuideMethodID + 1}, []int64{GuideMethodID + 1}
	for _, test := range []struct {
		behaviour Behaviour
		listed    []int64
		objects   int
		pay       string
	}{
		{Behaviour{}, both, 2, "<nil>"},
		{Behaviour{PaymentMethodIDsOnly: true}, both, 0, "<nil>"},
		{Behaviour{DefaultRefused: true}, other, 1, "403 : This order can't be paid with 'creditCard'"},
		{Behaviour{DefaultRefused: true, RefusedListed: true}, both, 2, "403 : This order can't be paid with 'creditCard'"},
	} {
		s := start(t, test.behaviour)
		path := order(t, s)
		got := get[struct {
			Registered     []int64
			PaymentMethods []object
		}](t, s, path+"/paymentMethods")
		if diff := cmp.Diff(test.listed, got.Registered); diff != "" || len(got.PaymentMethods) != test.objects {
			t.Errorf("%+v: registered %v with %d objects, want %v with %d",
				test.behaviour, got.Registered, len(got.PaymentMethods), test.listed, test.objects)
		}
		_, err := send(t, s, "POST", path+"/pay", payDefault)
		wantFailure(t, fmt.Sprintf("%+v", test.behaviour), err, test.pay)
		if test.pay != "<nil>" {
			mustSend(t, s, "POST", path+"/pay", `{"paymentMethod":{"id":5678902}}`)
		}
	}
}

func TestPaymentMethodFilters(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	expired := s.AddPaymentMethod(PaymentMethod{Status: "EXPIRED"})
	for query, want := range map[string][]int64{
		"":                             {GuideMethodID, GuideMethodID + 1, expired},
		"?default=true":                {GuideMethodID},
		"?default=false":               {GuideMethodID + 1, expired},
		"?status=VALID":                {GuideMethodID, GuideMethodID + 1},
		"?paymentType=PAYPAL":          {GuideMethodID + 1},
		"?status=EXPIRED&default=true": {},
	} {
		if diff := cmp.Diff(want, get[[]int64](t, s, "/me/payment/method"+query)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", query, diff)
		}
	}
	got := get[object](t, s, "/me/payment/method/5678902")
	if fmt.Sprint(got["paymentMeanId"]) != "1234" || got["integration"] != "REDIRECT" || got["oneclick"] != true {
		t.Errorf("the PayPal method is %v", got)
	}
	s.ChangePaymentMethod(expired, func(m *PaymentMethod) { m.Status = "VALID" })
	if got := get[[]int64](t, s, "/me/payment/method?status=VALID"); len(got) != 3 {
		t.Errorf("VALID methods = %v, want three", got)
	}
}
