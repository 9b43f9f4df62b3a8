package ovhrenew_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// renewVPS is the guide's program: the VPS alone, for three months.
func renewVPS() ovhrenew.Request {
	return ovhrenew.Request{
		Service:  ovhrenew.Name(ovhrenewtest.GuideVPS),
		Rules:    []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M), ovhrenew.Alone},
		Limit:    ovhrenew.MustMoney("50 EUR"),
		PayWith:  ovhrenew.DefaultMethod,
		Patience: quick,
	}
}

// renewBundle is the guide's order: a domain together with its hosting, for a
// year. Both are due within 40 days.
func renewBundle(currency string) ovhrenew.Request {
	return ovhrenew.Request{
		Service:  ovhrenew.Route("/domain/example.ovh"),
		Rules:    []ovhrenew.Rule{ovhrenew.For(ovhrenew.P1Y), ovhrenew.Only(domain, hosting)},
		Limit:    ovhrenew.MustMoney("45.44 " + currency),
		PayWith:  guideMean,
		Guards:   ovhrenew.Guards{DueWithin: 40 * 24 * time.Hour},
		Patience: quick,
	}
}

// spendCalls fails unless that many orders and payments were sent.
func spendCalls(t *testing.T, server *ovhrenewtest.Server, orders, payments int) {
	t.Helper()
	if n := server.Count(ovhrenewtest.RouteOrder); n != orders {
		t.Errorf("POST renew with dryRun false sent %d times, want %d", n, orders)
	}
	if n := payCalls(server); n != payments {
		t.Errorf("payments sent %d times, want %d", n, payments)
	}
}

func TestRenewGuide(t *testing.T) {
	t.Parallel()
	for _, currency := range []string{"EUR", "CAD"} {
		server, client := guideAccount(t, ovhrenewtest.Behaviour{Currency: currency})
		before := map[int64]time.Time{}
		for _, id := range []int64{ovhrenewtest.GuideDomainID, ovhrenewtest.GuideHostingID} {
			before[id] = server.Expiry(id)
		}
		receipt, err := ovhrenew.Renew(t.Context(), client, renewBundle(currency))
		if err != nil {
			t.Fatal(err)
		}
		got := []any{receipt.Order, receipt.Price.String(), receipt.PriceWithoutTax.String(), receipt.Tax.String(), receipt.Period, receipt.PaidWith, receipt.Already}
		want := []any{ovhrenew.OrderID(123456789), "45.44 " + currency, "37.87 " + currency, "7.57 " + currency, ovhrenew.P1Y, "payment mean paypal 1234", false}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("receipt (-want +got):\n%s", diff)
		}
		if len(receipt.Services) != 2 {
			t.Fatalf("renewed %v, want the domain and the hosting", receipt.Services)
		}
		for _, s := range receipt.Services {
			old, now := before[int64(s.ServiceID)], server.Expiry(int64(s.ServiceID))
			if s.From != ovhrenew.DateOf(old.UTC()) || s.To != ovhrenew.DateOf(now.UTC()) || !ovhrenew.P1Y.Moved(s.From, s.To) {
				t.Errorf("service %d: %s -> %s, want %s -> %s", s.ServiceID, s.From, s.To, old, now)
			}
		}
		spendCalls(t, server, 1, 1)
		if spent := server.Spent(); len(spent) != 1 || spent[currency].String() != "45.44" {
			t.Errorf("spent %v, want 45.44 %s", spent, currency)
		}
		var bodies []string
		for _, r := range server.Requests() {
			if r.Method == http.MethodPost {
				bodies = append(bodies, strings.TrimPrefix(r.Path, "/1.0")+" "+r.Body)
			}
		}
		if diff := cmp.Diff([]string{
			`/service/12345/renew {"dryRun":true,"duration":"P1Y","services":[67890,12345]}`,
			`/service/12345/renew {"dryRun":false,"duration":"P1Y","services":[67890,12345]}`,
			`/me/order/123456789/payWithRegisteredPaymentMean {"paymentMean":"paypal","paymentMeanId":1234}`,
		}, bodies); diff != "" {
			t.Errorf("what was posted (-want +got):\n%s", diff)
		}
	}
}

func TestRenewWithEachPayment(t *testing.T) {
	t.Parallel()
	free := func(s *ovhrenewtest.Server) { s.SetPrice("P3M", "0", ovhrenewtest.GuideVPSID) }
	for _, test := range []struct {
		name    string
		account func(*ovhrenewtest.Server)
		with    ovhrenew.Payment
		limit   string
		paid    string // with
		spent   string
	}{
		{"default", nil, ovhrenew.DefaultMethod, "50 EUR", "payment method 5678901", "21.56"},
		{"method", nil, paypal, "21.56 EUR", "payment method 5678902", "21.56"},
		{"mean", nil, guideMean, "50 EUR", "payment mean paypal 1234", "21.56"},
		{"prepaid", prepaid("100"), ovhrenew.Mean{Kind: ovhrenew.MeanOvhAccount}, "50 EUR", "payment mean ovhAccount", "21.56"},
		{"points", func(s *ovhrenewtest.Server) { s.SetPoints(22) }, ovhrenew.Mean{Kind: ovhrenew.MeanFidelityAccount}, "50 EUR", "payment mean fidelityAccount", "21.56"},
		{"free", free, ovhrenew.Mean{Kind: ovhrenew.MeanFidelityAccount}, "0 EUR", "payment mean fidelityAccount", "0.00"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server, client := guideAccount(t, ovhrenewtest.Behaviour{})
			if test.account != nil {
				test.account(server)
			}
			req := renewVPS()
			req.PayWith, req.Limit = test.with, ovhrenew.MustMoney(test.limit)
			receipt, err := ovhrenew.Renew(t.Context(), client, req)
			if err != nil {
				t.Fatal(err)
			}
			if receipt.PaidWith != test.paid || receipt.Price.String() != test.spent+" EUR" {
				t.Errorf("%s paid with %q, want %s EUR with %q", receipt.Price, receipt.PaidWith, test.spent, test.paid)
			}
			spendCalls(t, server, 1, 1)
			if n, spent := server.PaymentsFor(ovhrenewtest.GuideVPSID), server.Spent()["EUR"]; n != 1 || ovhrenew.MustMoney(spent.String()+" EUR") != receipt.Price {
				t.Errorf("%d payments of %s, want one of %s", n, spent, receipt.Price)
			}
		})
	}
}

func TestRenewProgress(t *testing.T) {
	t.Parallel()
	_, client := guideAccount(t, ovhrenewtest.Behaviour{})
	var steps []string
	req := renewVPS()
	req.Progress = func(p ovhrenew.Progress) {
		step := string(p.Step)
		switch p.Step {
		case ovhrenew.StepOffers:
			step += fmt.Sprintf(" %d", len(p.Proposal.Offers))
		case ovhrenew.StepSelect:
			step += " " + p.Proposal.Offer.Price().String()
		case ovhrenew.StepQuote:
			step += " " + p.Proposal.Quote.PriceWithTax.String()
		case ovhrenew.StepOrder, ovhrenew.StepPay:
			step += " " + p.Order.OrderID.String()
		case ovhrenew.StepWatch:
			step += " " + string(p.Status)
		case ovhrenew.StepVerify:
			step += fmt.Sprintf(" %d", len(p.Renewed))
		}
		steps = append(steps, step)
	}
	if _, err := ovhrenew.Renew(t.Context(), client, req); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"guard", "offers 4", "select 17.97 EUR", "guard", "quote 21.56 EUR", "guard",
		"order 123456789", "pay 123456789", "watch delivered", "verify 1",
	}
	if diff := cmp.Diff(want, steps); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
}

// A request that leaves open what may be spent, or how, is refused before anything
// is sent.
func TestRenewRefusesRequests(t *testing.T) {
	t.Parallel()
	server, client := guideAccount(t, ovhrenewtest.Behaviour{})
	for name, test := range map[string]struct {
		change func(*ovhrenew.Request)
		want   error
		says   string
	}{
		"all missing":        {func(r *ovhrenew.Request) { *r = ovhrenew.Request{} }, ovhrenew.ErrNoLimit, "Request.Limit"},
		"no service":         {func(r *ovhrenew.Request) { r.Service = ovhrenew.Target{} }, ovhrenew.ErrBadInput, "Request.Service"},
		"no limit":           {func(r *ovhrenew.Request) { r.Limit = ovhrenew.Money{} }, ovhrenew.ErrNoLimit, "Request.Limit"},
		"limit without unit": {func(r *ovhrenew.Request) { r.Limit = ovhrenew.NewMoney(5, "") }, ovhrenew.ErrBadInput, "Request.Limit"},
		"negative limit":     {func(r *ovhrenew.Request) { r.Limit = ovhrenew.MustMoney("-1 EUR") }, ovhrenew.ErrBadInput, `Request.Limit "-1.00 EUR"`},
		"no payment":         {func(r *ovhrenew.Request) { r.PayWith = nil }, ovhrenew.ErrNoPayment, "Request.PayWith"},
		"method 0":           {func(r *ovhrenew.Request) { r.PayWith = ovhrenew.Method(0) }, ovhrenew.ErrBadInput, `Request.PayWith "payment method 0"`},
		"mean without id":    {func(r *ovhrenew.Request) { r.PayWith = ovhrenew.Mean{Kind: ovhrenew.MeanPaypal} }, ovhrenew.ErrBadInput, `Request.PayWith "payment mean paypal"`},
		"negative window":    {func(r *ovhrenew.Request) { r.Guards.DueWithin = -1 }, ovhrenew.ErrBadInput, "Guards.DueWithin"},
		"negative patience":  {func(r *ovhrenew.Request) { r.Patience.Settle = -1 }, ovhrenew.ErrBadInput, "Patience.Settle"},
	} {
		req := renewVPS()
		test.change(&req)
		receipt, err := ovhrenew.Renew(t.Context(), client, req)
		failed, ok := errors.AsType[*ovhrenew.StepError](err)
		if receipt != nil || !ok || failed.Paid != ovhrenew.PaidNo || failed.Order != 0 || !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: Renew = %v, %v, want a StepError, %v that says %s", name, receipt, err, test.want, test.says)
		}
	}
	if n := len(server.Requests()); n != 0 {
		t.Errorf("%d requests sent, want none", n)
	}
}

// renewalCase is a renewal that must fail.
type renewalCase struct {
	name      string
	behaviour ovhrenewtest.Behaviour
	account   func(*ovhrenewtest.Server)
	request   func(*ovhrenew.Request)
	step      ovhrenew.Step
	is        error
	orders    int // placed by Renew
	payments  int // sent by it
	paid      ovhrenew.Paid
}

// hooked changes the account when a route is answered for the first time.
func hooked(route string, change func(*ovhrenewtest.Server)) func(*ovhrenewtest.Server) {
	return func(s *ovhrenewtest.Server) {
		var done atomic.Bool
		s.OnAnswer(func(r ovhrenewtest.Request) {
			if r.Route == route && !done.Swap(true) {
				change(s)
			}
		})
	}
}

func faulty(faults ...ovhrenewtest.Fault) func(*ovhrenewtest.Server) {
	return func(s *ovhrenewtest.Server) { s.Inject(faults...) }
}

const week = 7 * 24 * time.Hour

// renewalCases fail with nothing spent.
var renewalCases = []renewalCase{
	{name: "unknown-service", request: func(r *ovhrenew.Request) { r.Service = ovhrenew.Name("vps1.ovh.net") }, step: ovhrenew.StepFind, is: ovhrenew.ErrNotFound},
	{name: "unknown-route", request: func(r *ovhrenew.Request) { r.Service = ovhrenew.Route("/vps/vps1.ovh.net") }, step: ovhrenew.StepFind, is: ovhrenew.ErrNotFound},
	{name: "unknown-id", request: func(r *ovhrenew.Request) { r.Service = ovhrenew.ID(404) }, step: ovhrenew.StepGuard, is: ovhrenew.ErrNotFound},
	{name: "ambiguous-name", request: func(r *ovhrenew.Request) { r.Service = ovhrenew.Name("example.ovh") }, step: ovhrenew.StepFind, is: ovhrenew.ErrAmbiguous},
	{name: "credential-expired", account: func(s *ovhrenewtest.Server) { s.SetCredential("expired", time.Time{}) }, step: ovhrenew.StepFind, is: ovhrenew.ErrDenied},
	{name: "nothing-granted", account: func(s *ovhrenewtest.Server) { s.Grant() }, step: ovhrenew.StepFind, is: ovhrenew.ErrNotGranted},
	{name: "only-reading-granted", account: func(s *ovhrenewtest.Server) { s.Grant(ovhrenewtest.Rule{Method: "GET", Path: "/*"}) }, step: ovhrenew.StepQuote, is: ovhrenew.ErrNotGranted},
	{name: "not-due", request: func(r *ovhrenew.Request) { r.Guards.DueWithin = week }, step: ovhrenew.StepGuard, is: ovhrenew.ErrNotDue},
	{name: "automatic", account: func(s *ovhrenewtest.Server) { s.SetMode(ovhrenewtest.GuideVPSID, "automatic") }, step: ovhrenew.StepGuard, is: ovhrenew.ErrAutoRenew},
	{name: "to-be-deleted", account: func(s *ovhrenewtest.Server) {
		s.ChangeService(ovhrenewtest.GuideVPSID, func(v *ovhrenewtest.Service) { v.DeleteAtExpiration = true })
	}, step: ovhrenew.StepGuard, is: ovhrenew.ErrState},
	{name: "from-another-day", request: func(r *ovhrenew.Request) { r.From = ovhrenew.DateOf(time.Date(1999, 12, 31, 0, 0, 0, 0, time.UTC)) }, step: ovhrenew.StepGuard, is: ovhrenew.ErrExpiryMoved},
	{name: "no-renew-in-region", behaviour: ovhrenewtest.Behaviour{NoRenewRoute: true}, step: ovhrenew.StepOffers, is: ovhrenew.ErrUnsupported},
	{name: "nothing-offered", account: func(s *ovhrenewtest.Server) { s.Withdraw(ovhrenewtest.GuideVPSID) }, step: ovhrenew.StepSelect, is: ovhrenew.ErrNoStrategy},
	{name: "no-such-period", request: func(r *ovhrenew.Request) { r.Rules = []ovhrenew.Rule{ovhrenew.For("P2Y"), ovhrenew.Alone} }, step: ovhrenew.StepSelect, is: ovhrenew.ErrNoStrategy},
	{name: "several-fit", request: func(r *ovhrenew.Request) { r.Rules = nil }, step: ovhrenew.StepSelect, is: ovhrenew.ErrNoStrategy},
	// 17.97 before tax: the limit is what is paid.
	{name: "limit-below-price", request: func(r *ovhrenew.Request) { r.Limit = ovhrenew.MustMoney("21.55 EUR") }, step: ovhrenew.StepQuote, is: ovhrenew.ErrOverLimit},
	{name: "limit-zero", request: func(r *ovhrenew.Request) { r.Limit = ovhrenew.MustMoney("0 EUR") }, step: ovhrenew.StepQuote, is: ovhrenew.ErrOverLimit},
	{name: "limit-in-another-currency", request: func(r *ovhrenew.Request) { r.Limit = ovhrenew.MustMoney("50 CAD") }, step: ovhrenew.StepQuote, is: ovhrenew.ErrCurrency},
	{name: "quote-fails", account: faulty(ovhrenewtest.Fault{Route: ovhrenewtest.RouteQuote, Kind: ovhrenewtest.StatusFault, Status: 400, Body: `{"message":"no"}`}), step: ovhrenew.StepQuote, is: nil},
	{name: "order-not-allowed", account: func(s *ovhrenewtest.Server) { s.DenyIAM(ovhrenewtest.RouteOrder) }, step: ovhrenew.StepOrder, is: ovhrenew.ErrIAM},
	{name: "order-not-sent", account: faulty(ovhrenewtest.Fault{Route: ovhrenewtest.RouteOrder, Kind: ovhrenewtest.Refuse, Times: -1}), step: ovhrenew.StepOrder, is: ovhrenew.ErrNotSent},
	{name: "order-lost-without-effect", account: faulty(ovhrenewtest.Fault{Route: ovhrenewtest.RouteOrder, Kind: ovhrenewtest.Reset}), step: ovhrenew.StepOrder, is: ovhrenew.ErrNoEffect},
	{name: "open-order", account: func(s *ovhrenewtest.Server) {
		s.AddOrder(ovhrenewtest.Order{ID: 777, Status: "notPaid", Services: []int64{ovhrenewtest.GuideVPSID}, Period: "P1M", Price: "5.99"})
	}, step: ovhrenew.StepOrder, is: ovhrenew.ErrOpenOrder},
	{name: "dearer-than-quoted", account: hooked(ovhrenewtest.RouteQuote, func(s *ovhrenewtest.Server) {
		s.SetPrice("P3M", "18.97", ovhrenewtest.GuideVPSID)
	}), step: ovhrenew.StepOrder, is: ovhrenew.ErrPriceChanged, orders: 1},
	{name: "cheaper-than-quoted", account: hooked(ovhrenewtest.RouteQuote, func(s *ovhrenewtest.Server) {
		s.SetPrice("P3M", "16.97", ovhrenewtest.GuideVPSID)
	}), step: ovhrenew.StepOrder, is: ovhrenew.ErrPriceChanged, orders: 1},
	{name: "no-default-method", account: func(s *ovhrenewtest.Server) {
		s.ChangePaymentMethod(int64(card), func(m *ovhrenewtest.PaymentMethod) { m.Default = false })
	}, step: ovhrenew.StepGuard, is: ovhrenew.ErrNoPayment},
	{name: "no-such-method", request: func(r *ovhrenew.Request) { r.PayWith = ovhrenew.Method(999) }, step: ovhrenew.StepGuard, is: ovhrenew.ErrNoPayment},
	{name: "default-refused", behaviour: ovhrenewtest.Behaviour{DefaultRefused: true}, step: ovhrenew.StepPay, is: ovhrenew.ErrNoPayment, orders: 1},
	{name: "method-expired", behaviour: ovhrenewtest.Behaviour{RefusedListed: true}, account: func(s *ovhrenewtest.Server) {
		s.ChangePaymentMethod(int64(card), func(m *ovhrenewtest.PaymentMethod) { m.Status = "EXPIRED" })
	}, step: ovhrenew.StepGuard, is: ovhrenew.ErrNoPayment},
	{name: "method-expires-after-the-order", behaviour: ovhrenewtest.Behaviour{RefusedListed: true}, account: hooked(ovhrenewtest.RouteOrder, func(s *ovhrenewtest.Server) {
		s.ChangePaymentMethod(int64(card), func(m *ovhrenewtest.PaymentMethod) { m.Status = "EXPIRED" })
	}), step: ovhrenew.StepPay, is: ovhrenew.ErrNoPayment, orders: 1},
	{name: "needs-confirmation", account: func(s *ovhrenewtest.Server) {
		s.ChangePaymentMethod(int64(card), func(m *ovhrenewtest.PaymentMethod) { m.OneClick, m.RefusedForOrders = new(bool), true })
	}, step: ovhrenew.StepPay, is: ovhrenew.ErrNeedsHuman, orders: 1},
	{name: "mean-not-taken", request: func(r *ovhrenew.Request) { r.PayWith = ovhrenew.Mean{Kind: ovhrenew.MeanFidelityAccount} }, step: ovhrenew.StepPay, is: ovhrenew.ErrNoPayment, orders: 1},
	{name: "expiry-moves-after-the-order", account: hooked(ovhrenewtest.RouteOrder, func(s *ovhrenewtest.Server) {
		s.SetExpiry(ovhrenewtest.GuideVPSID, time.Date(2001, 1, 11, 0, 0, 0, 0, time.UTC))
	}), step: ovhrenew.StepPay, is: ovhrenew.ErrExpiryMoved, orders: 1},
	{name: "order-cancelled-meanwhile", account: hooked(ovhrenewtest.RouteOrder, func(s *ovhrenewtest.Server) {
		s.SetStatus(ovhrenewtest.GuideOrderID, "cancelled")
	}), step: ovhrenew.StepPay, is: ovhrenew.ErrCancelled, orders: 1},
	{name: "order-of-unknown-status", account: hooked(ovhrenewtest.RouteOrder, func(s *ovhrenewtest.Server) {
		s.SetStatus(ovhrenewtest.GuideOrderID, "newOf2031")
	}), step: ovhrenew.StepPay, is: ovhrenew.ErrOpenOrder, orders: 1},
	{name: "paying-not-allowed", account: func(s *ovhrenewtest.Server) { s.DenyIAM(ovhrenewtest.RoutePay) }, step: ovhrenew.StepPay, is: ovhrenew.ErrIAM, orders: 1, payments: 1},
	{name: "paying-refused", behaviour: ovhrenewtest.Behaviour{DefaultRefused: true, RefusedListed: true}, step: ovhrenew.StepPay, is: ovhrenew.ErrCannotPay, orders: 1, payments: 1},
	{name: "payment-not-sent", account: faulty(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Refuse, Times: -1}), step: ovhrenew.StepPay, is: ovhrenew.ErrNotSent, orders: 1},
	{name: "payment-lost-without-effect", account: faulty(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Reset}), step: ovhrenew.StepPay, is: ovhrenew.ErrNoEffect, orders: 1, payments: 1},
	{name: "payment-answered-by-a-gateway", account: faulty(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.StatusFault, Status: 504, HTML: true}), step: ovhrenew.StepPay, is: ovhrenew.ErrNoEffect, orders: 1, payments: 1},
}

// paidCases fail, or do not come to an end, after the payment.
var paidCases = []renewalCase{
	{name: "documents-requested", behaviour: ovhrenewtest.Behaviour{AfterPay: "documentsRequested"}, step: ovhrenew.StepWatch, is: ovhrenew.ErrNeedsHuman},
	{name: "cancelled-after-payment", behaviour: ovhrenewtest.Behaviour{AfterPay: "cancelled"}, step: ovhrenew.StepWatch, is: ovhrenew.ErrCancelled},
	{name: "never-delivered", behaviour: ovhrenewtest.Behaviour{AfterPay: "delivering"}, step: ovhrenew.StepWatch, is: ovhrenew.ErrPending},
	{name: "stays-unknown", behaviour: ovhrenewtest.Behaviour{AfterPay: "newOf2031"}, step: ovhrenew.StepWatch, is: ovhrenew.ErrPending},
	{name: "expiry-does-not-show", behaviour: ovhrenewtest.Behaviour{ExpiryLag: week}, step: ovhrenew.StepVerify, is: ovhrenew.ErrNotVisible},
	{name: "expiry-elsewhere", account: hooked(ovhrenewtest.RoutePay, func(s *ovhrenewtest.Server) {
		s.SetExpiry(ovhrenewtest.GuideVPSID, time.Date(2000, 2, 11, 0, 0, 0, 0, time.UTC))
	}), step: ovhrenew.StepVerify, is: ovhrenew.ErrMismatch},
}

func TestRenewFails(t *testing.T) {
	t.Parallel()
	for i := range paidCases {
		paidCases[i].orders, paidCases[i].payments, paidCases[i].paid = 1, 1, ovhrenew.PaidYes
	}
	for _, test := range slices.Concat(renewalCases, paidCases) {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, test.run)
		})
	}
}

// inBubble starts the guide's account for a test in a bubble, where the time is
// 2000-01-01 and passes at once.
func (test renewalCase) inBubble(t *testing.T) (*ovhrenewtest.Server, *ovhrenew.API, ovhrenew.Request) {
	server := ovhrenewtest.StartPipe(t, test.behaviour)
	ovhrenewtest.Guide(server)
	if test.account != nil {
		test.account(server)
	}
	req := renewVPS()
	req.Patience = ovhrenew.Patience{}
	if test.request != nil {
		test.request(&req)
	}
	return server, clientOf(t, server, ovhrenew.Config{}), req
}

func (test renewalCase) run(t *testing.T) {
	server, client, req := test.inBubble(t)
	already := len(server.Orders())
	receipt, err := ovhrenew.Renew(t.Context(), client, req)
	failed, ok := errors.AsType[*ovhrenew.StepError](err)
	if !ok || receipt != nil {
		t.Fatalf("Renew = %v, %v, want a StepError", receipt, err)
	}
	if test.is != nil && !errors.Is(err, test.is) {
		t.Errorf("Renew: %v, want %v", err, test.is)
	}
	paid, order := test.paid, ovhrenew.OrderID(0)
	if paid == "" {
		paid = ovhrenew.PaidNo
	}
	if test.orders > 0 {
		order = ovhrenewtest.GuideOrderID
	}
	if failed.Step != test.step || failed.Paid != paid || failed.Order != order || failed.Service != req.Service {
		t.Errorf("StepError %s of order %d, paid %s; want %s of order %d, paid %s", failed.Step, failed.Order, failed.Paid, test.step, order, paid)
	}
	if errors.Is(err, ovhrenew.ErrUnsure) {
		t.Errorf("errors.Is finds ErrUnsure in %v, and it is known what was paid", err)
	}
	if n := len(server.Orders()) - already; n != test.orders {
		t.Errorf("%d orders, want %d", n, test.orders)
	}
	if n := payCalls(server); n != test.payments {
		t.Errorf("payments sent %d times, want %d", n, test.payments)
	}
	wantPayments, wantSpent := 0, map[string]ovhrenewtest.Amount{}
	if paid == ovhrenew.PaidYes {
		wantPayments, wantSpent = 1, map[string]ovhrenewtest.Amount{"EUR": 2_156_000_000}
	}
	if n := server.PaymentsFor(ovhrenewtest.GuideVPSID); n != wantPayments {
		t.Errorf("%d payments, want %d", n, wantPayments)
	}
	if diff := cmp.Diff(fmt.Sprint(wantSpent), fmt.Sprint(server.Spent())); diff != "" {
		t.Errorf("spent (-want +got):\n%s", diff)
	}
	golden(t, "renew-"+test.name, err.Error()+"\n")
}

func TestRenewWrongKeys(t *testing.T) {
	t.Parallel()
	for _, change := range []func(*ovhrenewtest.Credentials){
		func(c *ovhrenewtest.Credentials) { c.AppKey = "wrongApplicationKey" },
		func(c *ovhrenewtest.Credentials) { c.AppSecret = "wrongApplicationSecret" },
		func(c *ovhrenewtest.Credentials) { c.ConsumerKey = "wrongConsumerKey" },
	} {
		server := ovhrenewtest.Start(t, ovhrenewtest.Behaviour{})
		ovhrenewtest.Guide(server)
		keys := server.Credentials()
		change(&keys)
		api := server.Client()
		api.AppKey, api.AppSecret, api.ConsumerKey = keys.AppKey, keys.AppSecret, keys.ConsumerKey
		client, err := ovhrenew.NewWithConfig(api, ovhrenew.Config{Limiter: ovhrenew.Unlimited})
		if err != nil {
			t.Fatal(err)
		}
		_, err = ovhrenew.Renew(t.Context(), client, renewVPS())
		failed, ok := errors.AsType[*ovhrenew.StepError](err)
		if !ok || failed.Step != ovhrenew.StepFind || failed.Paid != ovhrenew.PaidNo || !errors.Is(err, ovhrenew.ErrCredentialInvalid) {
			t.Errorf("Renew with %+v: %v, want ErrCredentialInvalid at find", keys, err)
		}
		for _, secret := range []string{keys.AppSecret, keys.ConsumerKey} {
			if strings.Contains(err.Error(), secret) {
				t.Errorf("the error has a key in it: %v", err)
			}
		}
		untouched(t, server)
	}
}

// What may go wrong around a payment without keeping a renewal from its end.
func TestRenewInSpiteOf(t *testing.T) {
	t.Parallel()
	lost := func(route string, kind ovhrenewtest.FaultKind) func(*ovhrenewtest.Server) {
		return faulty(ovhrenewtest.Fault{Route: route, Kind: kind, When: ovhrenewtest.After, Times: -1})
	}
	for _, test := range []renewalCase{
		{name: "slow delivery", behaviour: ovhrenewtest.Behaviour{StatusLag: 3 * time.Minute, DeliveryDelay: 20 * time.Minute, ExpiryLag: 25 * time.Minute}},
		{name: "slow order", account: faulty(ovhrenewtest.Fault{Route: ovhrenewtest.RouteOrder, Kind: ovhrenewtest.Hang, When: ovhrenewtest.After, Delay: 5 * time.Minute})},
		{name: "slow payment", account: faulty(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Hang, When: ovhrenewtest.After, Delay: 5 * time.Minute})},
		{name: "order's answer lost", account: lost(ovhrenewtest.RouteOrder, ovhrenewtest.Reset)},
		{name: "order's answer cut", account: lost(ovhrenewtest.RouteOrder, ovhrenewtest.Truncate)},
		{name: "order's answer broken", account: lost(ovhrenewtest.RouteOrder, ovhrenewtest.Garbage)},
		{name: "order late", account: faulty(ovhrenewtest.Fault{Route: ovhrenewtest.RouteOrder, Kind: ovhrenewtest.Late, Delay: 4 * time.Minute})},
		{name: "payment's answer lost", account: lost(ovhrenewtest.RoutePay, ovhrenewtest.Reset)},
		{name: "payment's answer broken", account: lost(ovhrenewtest.RoutePay, ovhrenewtest.Garbage)},
		{name: "payment late", account: faulty(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Late, Delay: 4 * time.Minute})},
		{name: "payment delivered twice", account: faulty(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Duplicate})},
		{name: "reads fail at times", account: faulty(
			ovhrenewtest.Fault{Route: ovhrenewtest.RouteStatus, Kind: ovhrenewtest.Reset, Times: 2},
			ovhrenewtest.Fault{Route: "GET /services/{serviceId}", Kind: ovhrenewtest.StatusFault, Status: 503, HTML: true, Times: 2},
			ovhrenewtest.Fault{Route: ovhrenewtest.RouteQuote, Kind: ovhrenewtest.Refuse},
		)},
		{name: "rate limit", account: faulty(ovhrenewtest.Fault{
			Route: "GET /services/{serviceId}", Kind: ovhrenewtest.StatusFault, Status: 429, Header: http.Header{"Retry-After": {"60"}},
		})},
		{name: "details late", behaviour: ovhrenewtest.Behaviour{DetailsDelay: time.Minute}},
		{name: "no pages", behaviour: ovhrenewtest.Behaviour{IgnoreExpand: true, PaymentMethodIDsOnly: true, FloatNoise: true}},
		{name: "expired, 460 everywhere", behaviour: ovhrenewtest.Behaviour{}, account: func(s *ovhrenewtest.Server) {
			s.SetExpiry(ovhrenewtest.GuideVPSID, time.Date(1999, 12, 29, 0, 0, 0, 0, time.UTC))
		}, request: func(r *ovhrenew.Request) { r.Service = ovhrenew.Route("/vps/" + ovhrenewtest.GuideVPS) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server, client, req := test.inBubble(t)
				before := server.Expiry(ovhrenewtest.GuideVPSID)
				receipt, err := ovhrenew.Renew(t.Context(), client, req)
				if err != nil {
					t.Fatal(err)
				}
				spendCalls(t, server, 1, 1)
				if n, spent := server.PaymentsFor(ovhrenewtest.GuideVPSID), server.Spent(); n != 1 || spent["EUR"].String() != "21.56" {
					t.Errorf("%d payments of %v, want one of 21.56 EUR", n, spent)
				}
				if want := before.AddDate(0, 3, 0); !server.Expiry(ovhrenewtest.GuideVPSID).Equal(want) || receipt.Services[0].To != ovhrenew.DateOf(want) {
					t.Errorf("expires on %v, the receipt says %v, want %v", server.Expiry(ovhrenewtest.GuideVPSID), receipt.Services[0].To, want)
				}
			})
		})
	}
}

// A payment whose outcome nobody can know yet is said to be so.
func TestRenewUnsure(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]ovhrenewtest.Fault{
		"hangs":         {Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Hang},
		"takes effect":  {Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Hang, When: ovhrenewtest.After},
		"arrives later": {Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Late, Delay: 4 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server, client, req := renewalCase{account: faulty(fault)}.inBubble(t)
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				receipt, err := ovhrenew.Renew(ctx, client, req)
				failed, ok := errors.AsType[*ovhrenew.StepError](err)
				if receipt != nil || !ok || failed.Step != ovhrenew.StepPay || failed.Paid != ovhrenew.PaidUnsure || failed.Order != ovhrenewtest.GuideOrderID {
					t.Fatalf("Renew = %v, %v, want a StepError at pay that is unsure", receipt, err)
				}
				if !errors.Is(err, ovhrenew.ErrUnsure) || !errors.Is(err, context.DeadlineExceeded) || !strings.HasSuffix(err.Error(), "[order 123456789, may have been paid]") {
					t.Errorf("Renew: %v, want ErrUnsure, the context's error, and the order", err)
				}
				spendCalls(t, server, 1, 1)
				if n := server.PaymentsFor(ovhrenewtest.GuideVPSID); n > 1 {
					t.Errorf("%d payments", n)
				}
			})
		})
	}
}

// Renewing once more is refused, by what the account itself shows.
func TestRenewTwice(t *testing.T) {
	t.Parallel()
	server, client := guideAccount(t, ovhrenewtest.Behaviour{})
	expiry := ovhrenew.DateOf(server.Expiry(ovhrenewtest.GuideVPSID).UTC())
	req := renewVPS()
	if _, err := ovhrenew.Renew(t.Context(), client, req); err != nil {
		t.Fatal(err)
	}
	if receipt, err := ovhrenew.Renew(t.Context(), client, req); !errors.Is(err, ovhrenew.ErrNotDue) {
		t.Errorf("Renew once more = %v, %v, want ErrNotDue", receipt, err)
	}
	req.From = expiry
	if receipt, err := ovhrenew.Renew(t.Context(), client, req); !errors.Is(err, ovhrenew.ErrExpiryMoved) {
		t.Errorf("Renew from %s once more = %v, %v, want ErrExpiryMoved", expiry, receipt, err)
	}
	spendCalls(t, server, 1, 1)
}

// readOnly has the methods of a Reader and no others.
type readOnly struct{ ovhrenew.Reader }

// Whatever becomes of a preview, it orders and pays nothing.
func TestPreviewNeverSpends(t *testing.T) {
	t.Parallel()
	for _, test := range slices.Concat([]renewalCase{{name: "nothing-in-the-way"}}, renewalCases, paidCases) {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server, client, req := test.inBubble(t)
				already := len(server.Orders())
				proposal, err := ovhrenew.Preview(t.Context(), readOnly{client}, req)
				if (proposal == nil) == (err == nil) && test.step == "" {
					t.Errorf("Preview = %v, %v", proposal, err)
				}
				if n := len(server.Orders()) - already; n != 0 {
					t.Errorf("%d orders, want none", n)
				}
				spendCalls(t, server, 0, 0)
				for _, r := range server.Requests() {
					if r.Method != http.MethodGet && !strings.Contains(r.Body, `"dryRun":true`) {
						t.Errorf("%s %s %s sent by a preview", r.Method, r.Path, r.Body)
					}
				}
			})
		})
	}
}

func TestPreview(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server, client, req := renewalCase{}.inBubble(t)
		req.PayWith = nil // not needed
		proposal, err := ovhrenew.Preview(t.Context(), client, req)
		if err != nil {
			t.Fatal(err)
		}
		if proposal.Target != vps || len(proposal.Offers) != 4 || len(proposal.Refusals) != 3 || len(proposal.Services) != 1 || len(proposal.Blockers) != 0 {
			t.Errorf("Preview = %+v, want 4 offers of the VPS, 3 of them refused", proposal)
		}
		if got, want := proposal.Quote.PriceWithTax.String(), "21.56 EUR"; got != want {
			t.Errorf("quoted %s, want %s", got, want)
		}
		s := proposal.Services[0]
		if got, want := fmt.Sprint(s.Expiry, " -> ", proposal.NewExpiry(s)), "2000-01-11 -> 2000-04-11"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
		// Everything that stands against it, and not the first alone.
		server.SetMode(ovhrenewtest.GuideVPSID, "automatic")
		server.AddOrder(ovhrenewtest.Order{ID: 777, Status: "notPaid", Services: []int64{ovhrenewtest.GuideVPSID}, Period: "P1M", Price: "5.99"})
		req.Limit = ovhrenew.Money{}
		proposal, err = ovhrenew.Preview(t.Context(), client, req)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []error{ovhrenew.ErrAutoRenew, ovhrenew.ErrNoLimit, ovhrenew.ErrOpenOrder} {
			if !slices.ContainsFunc(proposal.Blockers, func(err error) bool { return errors.Is(err, want) }) {
				t.Errorf("blockers %v, want %v among them", proposal.Blockers, want)
			}
		}
		if len(proposal.Blockers) != 3 {
			t.Errorf("%d blockers, want 3: %v", len(proposal.Blockers), proposal.Blockers)
		}
	})
}

// How to pay is checked before there is an order, as far as the account tells.
func TestPaymentBeforeOrder(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		with    ovhrenew.Payment
		account func(*ovhrenewtest.Server)
		blocker error
		bad     error // of Preview
		orders  int   // of Renew
	}{
		{name: "default", with: ovhrenew.DefaultMethod, orders: 1},
		{name: "method", with: paypal, orders: 1},
		{name: "no such method", with: ovhrenew.Method(999), blocker: ovhrenew.ErrNoPayment},
		{name: "no number", with: ovhrenew.Method(0), bad: ovhrenew.ErrBadInput},
		{name: "expired", with: card, blocker: ovhrenew.ErrNoPayment, account: func(s *ovhrenewtest.Server) {
			s.ChangePaymentMethod(int64(card), func(m *ovhrenewtest.PaymentMethod) { m.Status = "EXPIRED" })
		}},
		{name: "of no status", with: card, blocker: ovhrenew.ErrNoPayment, account: func(s *ovhrenewtest.Server) {
			s.ChangePaymentMethod(int64(card), func(m *ovhrenewtest.PaymentMethod) { m.Status = "" })
		}},
		{name: "a mean that the order tells of", with: ovhrenew.Mean{Kind: ovhrenew.MeanFidelityAccount}, orders: 1},
		{name: "a person confirms, at the order's link", with: card, orders: 1, account: func(s *ovhrenewtest.Server) {
			s.ChangePaymentMethod(int64(card), func(m *ovhrenewtest.PaymentMethod) { m.OneClick, m.RefusedForOrders = new(bool), true })
		}},
		{name: "the account's methods may not be read", with: ovhrenew.DefaultMethod, orders: 1, account: func(s *ovhrenewtest.Server) {
			s.DenyIAM("GET /me/payment/method")
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server, client, req := renewalCase{}.inBubble(t)
				if req.PayWith = test.with; test.account != nil {
					test.account(server)
				}
				proposal, err := ovhrenew.Preview(t.Context(), readOnly{client}, req)
				if !errors.Is(err, test.bad) {
					t.Errorf("Preview: %v, want %v", err, test.bad)
				}
				if test.bad == nil && !errors.Is(errors.Join(proposal.Blockers...), test.blocker) {
					t.Errorf("blockers %v, want %v", proposal.Blockers, test.blocker)
				}
				_, err = ovhrenew.Renew(t.Context(), client, req)
				if test.orders == 0 && err == nil {
					t.Error("Renew went well")
				}
				if n := len(server.Orders()); n != test.orders {
					t.Errorf("%d orders, want %d: %v", n, test.orders, err)
				}
			})
		})
	}
}

func TestReceiptJSON(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, client, req := renewalCase{}.inBubble(t)
		receipt, err := ovhrenew.Renew(t.Context(), client, req)
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.MarshalIndent(receipt, "", "\t")
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "receipt", string(text)+"\n")
	})
}
