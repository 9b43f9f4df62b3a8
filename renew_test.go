package ovhrenew_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// renewVPS is the guide's program: the VPS alone, for three months.
func renewVPS(j ovhrenew.Journal) ovhrenew.Request {
	return ovhrenew.Request{
		Service:  ovhrenew.Name(ovhrenewtest.GuideVPS),
		Rules:    []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M), ovhrenew.Alone},
		Limit:    ovhrenew.MustMoney("50 EUR"),
		PayWith:  ovhrenew.DefaultMethod,
		Patience: quick,
		Journal:  j,
	}
}

// renewBundle is the guide's order: a domain together with its hosting, for a
// year. Both are due within 40 days.
func renewBundle(j ovhrenew.Journal, currency string) ovhrenew.Request {
	return ovhrenew.Request{
		Service:  ovhrenew.Route("/domain/example.ovh"),
		Rules:    []ovhrenew.Rule{ovhrenew.For(ovhrenew.P1Y), ovhrenew.Only(domain, hosting)},
		Limit:    ovhrenew.MustMoney("45.44 " + currency),
		PayWith:  guideMean,
		Guards:   ovhrenew.Guards{DueWithin: 40 * 24 * time.Hour},
		Patience: quick,
		Journal:  j,
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
		receipt, err := ovhrenew.Renew(t.Context(), client, renewBundle(newJournal(t), currency))
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
			req := renewVPS(newJournal(t))
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
	req := renewVPS(newJournal(t))
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
		"order 123456789", "pay 123456789", "verify 1",
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
		req := renewVPS(newJournal(t))
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
	req := renewVPS(newJournal(t))
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
	if !ok || receipt != nil && !errors.Is(err, ovhrenew.ErrMismatch) {
		t.Fatalf("Renew = %v, %v, want a StepError", receipt, err)
	}
	if test.is != nil && !errors.Is(err, test.is) {
		t.Errorf("Renew: %v, want %v", err, test.is)
	}
	paid, order := test.paid, test.foreign
	if paid == "" {
		paid = ovhrenew.PaidNo
	}
	if test.orders > 0 {
		order = ovhrenewtest.GuideOrderID
	}
	if failed.Step != test.step || failed.Paid != paid || failed.Order != order || !strings.HasPrefix(failed.Service.String(), req.Service.String()) {
		t.Errorf("StepError %s of order %d, paid %s; want %s of order %d, paid %s", failed.Step, failed.Order, failed.Paid, test.step, order, paid)
	}
	if bare := unnamed(err.Error()); len(bare) > 0 {
		t.Errorf("%v: %v stand without their names", err, bare)
	}
	if errors.Is(err, ovhrenew.ErrUnsure) != (paid == ovhrenew.PaidUnsure) {
		t.Errorf("errors.Is finds ErrUnsure in %v: %t, and paid is %s", err, errors.Is(err, ovhrenew.ErrUnsure), paid)
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
		_, err = ovhrenew.Renew(t.Context(), client, renewVPS(newJournal(t)))
		failed, ok := errors.AsType[*ovhrenew.StepError](err)
		if !ok || failed.Step != ovhrenew.StepFind || failed.Paid != ovhrenew.PaidNo || !errors.Is(err, ovhrenew.ErrCredential) {
			t.Errorf("Renew with %+v: %v, want ErrCredential at find", keys, err)
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
		{name: "slow delivery", behaviour: ovhrenewtest.Behaviour{StatusLag: 3 * time.Minute, DeliveryDelay: 10 * time.Minute, ExpiryLag: 15 * time.Minute}},
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
