// What refuses a renewal, over all files that have a say in it, and what it says of the money.

package ovhrenew_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// renewalCase is a renewal that must fail.
type renewalCase struct {
	name      string
	behaviour ovhrenewtest.Behaviour
	account   func(*ovhrenewtest.Server)
	request   func(*ovhrenew.Request)
	step      ovhrenew.Step
	foreign   ovhrenew.OrderID // which the error names
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
	}, step: ovhrenew.StepOrder, is: ovhrenew.ErrForeignOrder, foreign: 777, paid: ovhrenew.PaidUnsure},
	{name: "dearer-than-quoted", account: hooked(ovhrenewtest.RouteQuote, func(s *ovhrenewtest.Server) {
		s.SetPrice("P3M", "18.97", ovhrenewtest.GuideVPSID)
	}), step: ovhrenew.StepPay, is: ovhrenew.ErrPriceChanged, orders: 1},
	{name: "cheaper-than-quoted", account: hooked(ovhrenewtest.RouteQuote, func(s *ovhrenewtest.Server) {
		s.SetPrice("P3M", "16.97", ovhrenewtest.GuideVPSID)
	}), step: ovhrenew.StepPay, is: ovhrenew.ErrPriceChanged, orders: 1},
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
	{name: "mean-not-taken", request: func(r *ovhrenew.Request) { r.PayWith = ovhrenew.Mean{Kind: ovhrenew.MeanFidelityAccount} }, step: ovhrenew.StepPay, is: ovhrenew.ErrNoPayment, orders: 1},
	{name: "expiry-moves-after-the-order", account: hooked(ovhrenewtest.RouteOrder, func(s *ovhrenewtest.Server) {
		s.SetExpiry(ovhrenewtest.GuideVPSID, time.Date(2001, 1, 11, 0, 0, 0, 0, time.UTC))
	}), step: ovhrenew.StepPay, is: ovhrenew.ErrExpiryMoved, orders: 1, paid: ovhrenew.PaidUnsure},
	{name: "order-cancelled-meanwhile", account: hooked(ovhrenewtest.RouteOrder, func(s *ovhrenewtest.Server) {
		s.SetStatus(ovhrenewtest.GuideOrderID, "cancelled")
	}), step: ovhrenew.StepPay, is: ovhrenew.ErrCancelled, orders: 1},
	{name: "order-of-unknown-status", account: hooked(ovhrenewtest.RouteOrder, func(s *ovhrenewtest.Server) {
		s.SetStatus(ovhrenewtest.GuideOrderID, "newOf2031")
	}), step: ovhrenew.StepPay, is: ovhrenew.ErrUnread, orders: 1},
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
	{name: "expiry-does-not-show", behaviour: ovhrenewtest.Behaviour{ExpiryLag: week}, step: ovhrenew.StepVerify, is: ovhrenew.ErrPending},
	{name: "expiry-elsewhere", account: hooked(ovhrenewtest.RoutePay, func(s *ovhrenewtest.Server) {
		s.SetExpiry(ovhrenewtest.GuideVPSID, time.Date(2000, 2, 11, 0, 0, 0, 0, time.UTC))
	}), step: ovhrenew.StepVerify, is: ovhrenew.ErrMismatch},
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
	req := renewVPS(newJournal(t))
	if _, err := ovhrenew.Renew(t.Context(), client, req); err != nil {
		t.Fatal(err)
	}
	req.Journal = ovhrenew.NoJournal
	if receipt, err := ovhrenew.Renew(t.Context(), client, req); !errors.Is(err, ovhrenew.ErrNotDue) {
		t.Errorf("Renew once more = %v, %v, want ErrNotDue", receipt, err)
	}
	req.From = expiry
	if receipt, err := ovhrenew.Renew(t.Context(), client, req); !errors.Is(err, ovhrenew.ErrExpiryMoved) {
		t.Errorf("Renew from %s once more = %v, %v, want ErrExpiryMoved", expiry, receipt, err)
	}
	spendCalls(t, server, 1, 1)
}
