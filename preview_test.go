package ovhrenew_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

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
		for _, want := range []error{ovhrenew.ErrAutoRenew, ovhrenew.ErrNoLimit, ovhrenew.ErrForeignOrder} {
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
			s.ChangePaymentMethod(int64(card), func(m *ovhrenewtest.PaymentMethod) { m.OneClick = new(bool) })
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

// TestPreviewOneClick: a method that is not marked for one click is noted before there is
// an order, and blocks nothing.
func TestPreviewOneClick(t *testing.T) {
	t.Parallel()
	for _, click := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			server, client, req := renewalCase{}.inBubble(t)
			server.ChangePaymentMethod(ovhrenewtest.GuideMethodID, func(m *ovhrenewtest.PaymentMethod) { m.OneClick = &click })
			req.PayWith = ovhrenew.DefaultMethod
			proposal, err := ovhrenew.Preview(t.Context(), client, req)
			if err != nil || len(proposal.Blockers) != 0 {
				t.Fatalf("Preview: %v, %v", proposal, err)
			}
			if noted := len(proposal.Notes) == 1 && strings.Contains(proposal.String(), "note: payment method 5678901 is not marked for one click"); noted == click {
				t.Errorf("one click %t: notes %q in %s", click, proposal.Notes, proposal)
			}
		})
	}
}

// TestOfferWithoutCurrency: the guide prints prices without one, which no limit bounds.
func TestOfferWithoutCurrency(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server, client, req := renewalCase{}.inBubble(t)
		server.Inject(ovhrenewtest.Fault{
			Route: "GET /service/{serviceId}/renew", Times: -1, Kind: ovhrenewtest.StatusFault, Status: 200,
			Body: `[{"renewPeriod":"P3M","strategies":[{"services":[11223344],"price":{"value":1.99},"servicesDetails":[]}]}]`,
		})
		_, err := ovhrenew.Preview(t.Context(), client, req)
		if !errors.Is(err, ovhrenew.ErrNoStrategy) || !strings.Contains(err.Error(), "without a currency, which no limit bounds") {
			t.Errorf("Preview: %v", err)
		}
	})
}

// TestOlderListRefuses: Preview tells what only the account's older list knows of a
// service, and that it does not answer refuses nothing.
func TestOlderListRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		status int
		body   string
		is     error
	}{
		{200, `{"state":"pendingDebt","renew":{"mode":"manual"}}`, ovhrenew.ErrState},
		{200, `{"state":"unpaid","renew":{"mode":"manual"}}`, ovhrenew.ErrState},
		{200, `{"state":"ok","renew":{"mode":"oneShot"}}`, ovhrenew.ErrState},
		{200, `{"state":"ok","renew":{"mode":"deleteAtExpiration"}}`, ovhrenew.ErrState},
		{200, `{"state":"ok","renew":{"mode":"ofTomorrow"}}`, ovhrenew.ErrState},
		{200, `{"state":"ok","renew":{"mode":"automaticForcedProduct"}}`, ovhrenew.ErrAutoRenew},
		{200, `{"state":"autorenewInProgress","renew":{"mode":"manual"}}`, ovhrenew.ErrAutoRenew},
		{200, `{"state":"ok","renew":{"mode":"automaticV2016"}}`, nil},
		{403, `{"message":"This call has not been granted"}`, nil},
		{460, `{"message":"This Service is expired"}`, nil},
		{500, `{"message":"Internal server error"}`, nil},
	} {
		synctest.Test(t, func(t *testing.T) {
			server, client, req := renewalCase{}.inBubble(t)
			server.Inject(ovhrenewtest.Fault{Route: "GET /service/{serviceId}", Times: -1, Kind: ovhrenewtest.StatusFault, Status: tt.status, Body: tt.body})
			proposal, err := ovhrenew.Preview(t.Context(), client, req)
			if err != nil || !errors.Is(errors.Join(proposal.Blockers...), tt.is) || tt.is == nil && len(proposal.Blockers) > 0 {
				t.Errorf("%d %s: Preview: %v, %v, want %v", tt.status, tt.body, proposal, err, tt.is)
			}
			spendCalls(t, server, 0, 0)
		})
	}
}
