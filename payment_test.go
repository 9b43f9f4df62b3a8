package ovhrenew_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jarcoal/httpmock"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// The ways to pay of the guide's account.
const (
	card   = ovhrenew.Method(ovhrenewtest.GuideMethodID)
	paypal = ovhrenew.Method(ovhrenewtest.GuideMethodID + 1)
)

var guideMean = ovhrenew.Mean{Kind: ovhrenew.MeanPaypal, ID: ovhrenewtest.GuidePayPalMean}

func TestPayBodies(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		with       ovhrenew.Payment
		path, body string
	}{
		{card, "/pay", `{"paymentMethod":{"id":5678901}}`},
		{guideMean, "/payWithRegisteredPaymentMean", `{"paymentMean":"paypal","paymentMeanId":1234}`},
		{ovhrenew.Mean{Kind: ovhrenew.MeanFidelityAccount}, "/payWithRegisteredPaymentMean", `{"paymentMean":"fidelityAccount"}`},
		{ovhrenew.Mean{Kind: ovhrenew.MeanOvhAccount}, "/payWithRegisteredPaymentMean", `{"paymentMean":"ovhAccount"}`},
		{ovhrenew.Mean{Kind: ovhrenew.MeanBankAccount, ID: 7}, "/payWithRegisteredPaymentMean", `{"paymentMean":"bankAccount","paymentMeanId":7}`},
		{ovhrenew.Mean{Kind: "new-of-2031"}, "/payWithRegisteredPaymentMean", `{"paymentMean":"new-of-2031"}`},
	} {
		client, mock := mocked(t)
		var log sent
		mock.RegisterNoResponder(log.then(200, "null"))
		if err := client.Pay(t.Context(), 123456789, test.with); err != nil {
			t.Errorf("Pay(%v): %v", test.with, err)
			continue
		}
		r := log.requests[0]
		if got, want := r.Method+" "+r.URL.Path, "POST /1.0/me/order/123456789"+test.path; got != want || len(log.requests) != 1 {
			t.Errorf("Pay(%v) sent %s in %d requests, want %s in 1", test.with, got, len(log.requests), want)
		}
		if diff := cmp.Diff(test.body, log.bodies[0]); diff != "" {
			t.Errorf("Pay(%v) (-want +got):\n%s", test.with, diff)
		}
	}
}

func TestPayRefuses(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	for _, with := range []ovhrenew.Payment{
		nil, ovhrenew.DefaultMethod, ovhrenew.Method(0), ovhrenew.Method(-1),
		ovhrenew.Mean{},
		ovhrenew.Mean{ID: 1234},
		ovhrenew.Mean{Kind: ovhrenew.MeanPaypal},
		ovhrenew.Mean{Kind: ovhrenew.MeanCreditCard},
		ovhrenew.Mean{Kind: ovhrenew.MeanBankAccount},
		ovhrenew.Mean{Kind: ovhrenew.MeanOvhAccount, ID: -1},
		ovhrenew.Mean{Kind: "two words"},
	} {
		err := client.Pay(t.Context(), 1, with)
		input, ok := errors.AsType[*ovhrenew.InputError](err)
		if !ok || input.Call != "Pay" || errors.Is(err, ovhrenew.ErrUnsure) {
			t.Errorf("Pay(%v): %v, want an InputError", with, err)
		}
		if errors.Is(err, ovhrenew.ErrNoPayment) != (with == nil) {
			t.Errorf("Pay(%v): %v, want ErrNoPayment for none alone", with, err)
		}
	}
	if n := mock.GetTotalCallCount(); n != 0 {
		t.Errorf("%d requests sent, want none", n)
	}
}

// The API answers null or nothing; whatever else is answered says nothing of the payment.
func TestPayAnswers(t *testing.T) {
	t.Parallel()
	for body, unsure := range map[string]bool{`null`: false, ``: false, `{}`: true, `{"class":"Server::InternalServerError"}`: true, `true`: true, " null\n": false, "<h1>Welcome</h1>": true, `{"`: true} {
		err := answering(t, "POST /me/order/1/pay", 200, body).Pay(t.Context(), 1, card)
		if errors.Is(err, ovhrenew.ErrUnsure) != unsure || (err != nil) != unsure {
			t.Errorf("Pay answered 200 %q: %v, want ErrUnsure %v", body, err, unsure)
		}
	}
}

func TestPayRefusedByTheAPI(t *testing.T) {
	t.Parallel()
	server, client := guideAccount(t, ovhrenewtest.Behaviour{DefaultRefused: true})
	order, err := client.PlaceOrder(t.Context(), bundle)
	if err != nil {
		t.Fatal(err)
	}
	for with, want := range map[ovhrenew.Payment]error{
		card: ovhrenew.ErrCannotPay,
		ovhrenew.Mean{Kind: ovhrenew.MeanPaypal, ID: 99}: ovhrenew.ErrCannotPay,
		ovhrenew.Mean{Kind: ovhrenew.MeanOvhAccount}:     ovhrenew.ErrCannotPay,
		ovhrenew.Method(99):                              ovhrenew.ErrNotFound,
	} {
		if err := client.Pay(t.Context(), order.OrderID, with); !errors.Is(err, want) || errors.Is(err, ovhrenew.ErrUnsure) || errors.Is(err, ovhrenew.ErrDenied) {
			t.Errorf("Pay(%v): %v, want %v", with, err, want)
		}
	}
	if spent := server.Spent(); len(spent) != 0 {
		t.Errorf("spent %v, want nothing", spent)
	}
	server.DenyIAM(ovhrenewtest.RoutePay)
	if err := client.Pay(t.Context(), order.OrderID, paypal); !errors.Is(err, ovhrenew.ErrIAM) || errors.Is(err, ovhrenew.ErrUnsure) {
		t.Errorf("Pay without the right: %v, want ErrIAM", err)
	}
}

func TestCheckPayment(t *testing.T) {
	t.Parallel()
	no := false
	change := func(change func(*ovhrenewtest.PaymentMethod)) func(*ovhrenewtest.Server) {
		return func(s *ovhrenewtest.Server) { s.ChangePaymentMethod(int64(card), change) }
	}
	status := func(status string) func(*ovhrenewtest.Server) {
		return change(func(m *ovhrenewtest.PaymentMethod) { m.Status = status })
	}
	idsOnly := ovhrenewtest.Behaviour{PaymentMethodIDsOnly: true}
	refused, listed := ovhrenewtest.Behaviour{DefaultRefused: true}, ovhrenewtest.Behaviour{RefusedListed: true}
	for _, test := range []struct {
		name      string
		behaviour ovhrenewtest.Behaviour
		account   func(*ovhrenewtest.Server)
		with      ovhrenew.Payment
		want      ovhrenew.Payment
		err       error
		says      string
	}{
		{name: "default", with: ovhrenew.DefaultMethod, want: card},
		{name: "default, ids only", behaviour: idsOnly, with: ovhrenew.DefaultMethod, want: card},
		{name: "default, ids only, no expanded pages", behaviour: ovhrenewtest.Behaviour{PaymentMethodIDsOnly: true, IgnoreExpand: true}, with: ovhrenew.DefaultMethod, want: card},
		{name: "method", with: paypal, want: paypal},
		{name: "method, ids only", behaviour: idsOnly, with: paypal, want: paypal},
		{name: "oneclick not said", account: change(func(m *ovhrenewtest.PaymentMethod) { m.OneClick = nil }), with: card, want: card},
		{name: "oneclick false", account: change(func(m *ovhrenewtest.PaymentMethod) { m.OneClick = &no }), with: card, want: card},
		{name: "oneclick false, ids only", behaviour: idsOnly, account: change(func(m *ovhrenewtest.PaymentMethod) { m.OneClick = &no }), with: ovhrenew.DefaultMethod, want: card},
		{name: "oneclick false, not listed", account: change(func(m *ovhrenewtest.PaymentMethod) { m.OneClick, m.RefusedForOrders = &no, true }), with: card, err: ovhrenew.ErrNeedsHuman, says: "payment method 5678901 (CREDIT_CARD)"},
		{name: "no default", account: change(func(m *ovhrenewtest.PaymentMethod) { m.Default = false }), with: ovhrenew.DefaultMethod, err: ovhrenew.ErrNoPayment, says: "the account has no default payment method"},
		{name: "default refused for the order", behaviour: refused, with: ovhrenew.DefaultMethod, err: ovhrenew.ErrNoPayment, says: "order 123456789 does not take payment method 5678901 (it takes: payment method 5678902)"},
		{name: "method refused for the order", account: change(func(m *ovhrenewtest.PaymentMethod) { m.RefusedForOrders = true }), with: card, err: ovhrenew.ErrNoPayment, says: "does not take"},
		{name: "expired", behaviour: listed, account: status("EXPIRED"), with: card, err: ovhrenew.ErrNoPayment, says: "payment method 5678901 is EXPIRED, not VALID"},
		{name: "expired, ids only", behaviour: ovhrenewtest.Behaviour{PaymentMethodIDsOnly: true, RefusedListed: true}, account: status("EXPIRED"), with: ovhrenew.DefaultMethod, err: ovhrenew.ErrNoPayment, says: "is EXPIRED"},
		{name: "expired and not listed", account: status("EXPIRED"), with: card, err: ovhrenew.ErrNoPayment, says: "does not take"},
		{name: "status unheard of", behaviour: listed, account: status("NEW_OF_2031"), with: card, err: ovhrenew.ErrNoPayment, says: "is NEW_OF_2031"},
		{name: "no such method", with: ovhrenew.Method(99), err: ovhrenew.ErrNoPayment, says: "the account has no payment method 99"},
		{name: "a mean's id as a method", with: ovhrenew.Method(ovhrenewtest.GuidePayPalMean), err: ovhrenew.ErrNoPayment, says: "the account has no payment method 1234"},
		{name: "mean", with: guideMean, want: guideMean},
		{name: "mean not taken", with: ovhrenew.Mean{Kind: ovhrenew.MeanOvhAccount}, err: ovhrenew.ErrNoPayment, says: "order 123456789 does not take payment mean ovhAccount (it takes: paypal)"},
		{name: "too little prepaid", account: prepaid("45.43"), with: ovhrenew.Mean{Kind: ovhrenew.MeanOvhAccount}, err: ovhrenew.ErrNoPayment, says: "does not take"},
		{name: "enough prepaid", account: prepaid("45.44"), with: ovhrenew.Mean{Kind: ovhrenew.MeanOvhAccount}, want: ovhrenew.Mean{Kind: ovhrenew.MeanOvhAccount}},
		{name: "points", account: func(s *ovhrenewtest.Server) { s.SetPoints(46) }, with: ovhrenew.Mean{Kind: ovhrenew.MeanFidelityAccount}, want: ovhrenew.Mean{Kind: ovhrenew.MeanFidelityAccount}},
		{name: "none", with: nil, err: ovhrenew.ErrNoPayment, says: "CheckPayment"},
		{name: "mean without the id it needs", with: ovhrenew.Mean{Kind: ovhrenew.MeanPaypal}, err: ovhrenew.ErrBadInput, says: `with "payment mean paypal" has no valid id`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server, client := guideAccount(t, test.behaviour)
			if test.account != nil {
				test.account(server)
			}
			order, err := client.PlaceOrder(t.Context(), bundle)
			if err != nil {
				t.Fatal(err)
			}
			got, err := ovhrenew.CheckPayment(t.Context(), client, order.OrderID, test.with)
			switch {
			case test.err == nil && (err != nil || got != test.want):
				t.Errorf("CheckPayment(%v) = %v, %v, want %v", test.with, got, err, test.want)
			case test.err != nil && (!errors.Is(err, test.err) || !strings.Contains(err.Error(), test.says) || got != nil):
				t.Errorf("CheckPayment(%v) = %v, %v, want %v that says %q", test.with, got, err, test.err, test.says)
			}
			unspent(t, server)
		})
	}
}

func prepaid(balance string) func(*ovhrenewtest.Server) {
	return func(s *ovhrenewtest.Server) {
		s.AddPaymentMean("ovhAccount", 0)
		s.SetPrepaid(balance)
	}
}

// Nulls in an order's methods, and objects that are there without being registered.
func TestCheckPaymentBodies(t *testing.T) {
	t.Parallel()
	const valid = `{"paymentMethodId": 5, "status": "VALID", "default": true, "oneclick": null}`
	for _, test := range []struct {
		name, methods, account string
		want                   ovhrenew.Payment
		err                    error
	}{
		{"objects null", `{"registered": [5], "paymentMethods": null, "available": null}`, `[` + valid + `]`, ovhrenew.Method(5), nil},
		{"a null object", `{"registered": [5], "paymentMethods": [null, ` + valid + `]}`, `[]`, ovhrenew.Method(5), nil},
		{"registered null", `{"registered": null, "paymentMethods": [` + valid + `]}`, `[]`, nil, ovhrenew.ErrNoPayment},
		{"not registered", `{"registered": [6], "paymentMethods": [` + valid + `]}`, `[]`, nil, ovhrenew.ErrNoPayment},
		{"nothing", `{}`, `[` + valid + `]`, nil, ovhrenew.ErrNoPayment},
		{"null", `null`, `[]`, nil, ovhrenew.ErrNoPayment},
		{"default not in the account", `{"registered": [5]}`, `[{"paymentMethodId": 5, "status": "VALID", "default": false}]`, nil, ovhrenew.ErrNoPayment},
		{"malformed", `{"registered": ["x"]}`, `[]`, nil, ovhrenew.ErrMalformed},
		// Another method than the one that is meant.
		{"another malformed", `{"registered": [5]}`, `[{"paymentMethodId": "x"}, ` + valid + `]`, ovhrenew.Method(5), nil},
		{"another gone", `{"registered": [5]}`, `[4, 5]`, ovhrenew.Method(5), nil},
		{"another not readable", `{"registered": [5]}`, `[3, 5]`, ovhrenew.Method(5), nil},
		{"the only one malformed", `{"registered": [5]}`, `[{"paymentMethodId": "x"}]`, nil, ovhrenew.ErrMalformed},
		{"the only one gone", `{"registered": [5]}`, `[4]`, nil, ovhrenew.ErrNoPayment},
	} {
		client, mock := mocked(t)
		mock.RegisterResponder("GET", mockEndpoint+"/me/payment/method/3", httpmock.NewStringResponder(500, `{"message": "broken"}`))
		mock.RegisterResponder("GET", mockEndpoint+"/me/payment/method/4", httpmock.NewStringResponder(404, `{"message": "gone"}`))
		mock.RegisterResponder("GET", mockEndpoint+"/me/payment/method/5", httpmock.NewStringResponder(200, valid))
		mock.RegisterResponder("GET", mockEndpoint+"/me/order/1/paymentMethods", httpmock.NewStringResponder(200, test.methods))
		mock.RegisterResponder("GET", mockEndpoint+"/me/payment/method",
			httpmock.NewStringResponder(200, test.account).HeaderSet(http.Header{"X-Pagination-Elements": {"1"}}))
		got, err := ovhrenew.CheckPayment(t.Context(), client, 1, ovhrenew.DefaultMethod)
		if got != test.want || !errors.Is(err, test.err) {
			t.Errorf("%s: CheckPayment = %v, %v, want %v, %v", test.name, got, err, test.want, test.err)
		}
	}
}

func TestParsePayment(t *testing.T) {
	t.Parallel()
	for _, with := range []ovhrenew.Payment{
		ovhrenew.DefaultMethod, card, guideMean, ovhrenew.Mean{Kind: ovhrenew.MeanFidelityAccount}, ovhrenew.Mean{Kind: "SEPA_DIRECT_DEBIT", ID: 1},
	} {
		if got, err := ovhrenew.ParsePayment(with.String()); err != nil || got != with {
			t.Errorf("ParsePayment(%q) = %v, %v, want %v", with, got, err, with)
		}
	}
	if got, want := guideMean.String(), "payment mean paypal 1234"; got != want {
		t.Errorf("String() = %q, want %q", got, want)
	}
	for _, text := range []string{
		"", "default", "payment", "payment method", "payment method x", "payment method 0", "payment method -5", "payment method 5 6",
		"method 5", "payment method 99999999999999999999", "payment mean", "payment mean paypal x", "payment mean paypal 0", "payment mean paypal 1 2",
		"Payment method 5", "payment card 5", "the default", "5678901",
	} {
		quoted := fmt.Sprintf("text %q names", text)
		if text == "" {
			quoted = "text names"
		}
		if got, err := ovhrenew.ParsePayment(text); !errors.Is(err, ovhrenew.ErrBadInput) || got != nil || !strings.Contains(err.Error(), quoted) {
			t.Errorf("ParsePayment(%q) = %v, %v, want ErrBadInput that quotes it", text, got, err)
		}
	}
}

// A Mean that would be read back as another, or not at all, is refused: a journal keeps its
// text.
func TestMeanKindIsOneWord(t *testing.T) {
	t.Parallel()
	for _, kind := range []ovhrenew.MeanKind{
		"", " ", "paypal ", "pay pal", "fidelityAccount\r", "fidelityAccount\v", "\ffidelityAccount", "a\u00a0b", "a\u0085", "a\u2028b", "\ufefffidelityAccount", "a\xff", "a\x00", "a\x7f",
	} {
		_, err := ovhrenew.CheckPayment(t.Context(), nil, 1, ovhrenew.Mean{Kind: kind, ID: 5})
		if input, ok := errors.AsType[*ovhrenew.InputError](err); !ok || input.Field != "with" {
			t.Errorf("CheckPayment with a mean of kind %q: %v, want an InputError", kind, err)
		}
	}
}

func TestPaymentMethods(t *testing.T) {
	t.Parallel()
	_, client := guideAccount(t, ovhrenewtest.Behaviour{})
	var got []ovhrenew.Method
	for method, err := range client.PaymentMethods(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, method.PaymentMethodID)
		if method.PaymentMethodID == paypal && (method.PaymentMeanID != ovhrenewtest.GuidePayPalMean || method.OneClick == nil || !*method.OneClick) {
			t.Errorf("PaymentMethods has %+v, want that of mean %d", method, ovhrenewtest.GuidePayPalMean)
		}
	}
	if diff := cmp.Diff([]ovhrenew.Method{card, paypal}, got); diff != "" {
		t.Errorf("PaymentMethods (-want +got):\n%s", diff)
	}
}
