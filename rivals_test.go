package ovhrenew_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// Which orders of somebody's are in the way of the VPS for three months, at 17.97. An
// order is a day old unless it says when it was placed.
func TestRivals(t *testing.T) {
	t.Parallel()
	const vps, hosting = ovhrenewtest.GuideVPSID, ovhrenewtest.GuideHostingID
	star := ovhrenewtest.Behaviour{DetailDomain: "*"}
	named := func(name string) ovhrenewtest.Behaviour { return ovhrenewtest.Behaviour{DetailDomain: name} }
	for _, test := range []struct {
		name      string
		behaviour ovhrenewtest.Behaviour
		order     ovhrenewtest.Order
		in        bool // the way
	}{
		{"the same", ovhrenewtest.Behaviour{}, ovhrenewtest.Order{Services: []int64{vps}, Period: "P3M", Price: "17.97"}, true},
		{"another period", ovhrenewtest.Behaviour{}, ovhrenewtest.Order{Services: []int64{vps}, Period: "P1M", Price: "5.99"}, true},
		{"the name in capitals", named("VPS112233.OVH.NET."), ovhrenewtest.Order{Services: []int64{vps}, Period: "P3M", Price: "17.97"}, true},
		{"another service", ovhrenewtest.Behaviour{}, ovhrenewtest.Order{Services: []int64{hosting}, Period: "P3M", Price: "17.97"}, false},
		{"another service of another price", ovhrenewtest.Behaviour{}, ovhrenewtest.Order{Services: []int64{hosting}, Period: "P3M", Price: "1.00"}, false},
		{"a star of this price", star, ovhrenewtest.Order{Services: []int64{vps}, Period: "P3M", Price: "17.97"}, true},
		{"a star of another offer's price", star, ovhrenewtest.Order{Services: []int64{vps}, Period: "P1M", Price: "5.99"}, true},
		{"a star of no offer's price", star, ovhrenewtest.Order{Services: []int64{vps}, Period: "P3M", Price: "123.00"}, false},
		{"a star with more", named("*001"), ovhrenewtest.Order{Services: []int64{vps}, Period: "P3M", Price: "17.97"}, true},
		{"a name of nothing known, of this price", named("new.example"), ovhrenewtest.Order{Services: []int64{vps}, Period: "P3M", Price: "17.97"}, true},
		{"a voucher says nothing", ovhrenewtest.Behaviour{DetailType: "VOUCHER"}, ovhrenewtest.Order{Services: []int64{vps}, Period: "P3M", Price: "17.97"}, true},
		{"a voucher of no offer's price", ovhrenewtest.Behaviour{DetailType: "VOUCHER"}, ovhrenewtest.Order{Services: []int64{vps}, Period: "P3M", Price: "123.00"}, false},
		{"of somebody's, delivered just now", ovhrenewtest.Behaviour{}, ovhrenewtest.Order{Status: "delivered", Services: []int64{vps}, Period: "P3M", Price: "17.97"}, true},
		{"delivered long ago", ovhrenewtest.Behaviour{}, ovhrenewtest.Order{Status: "delivered", Services: []int64{vps}, Period: "P3M", Price: "17.97", Date: time.Date(1999, 11, 1, 0, 0, 0, 0, time.UTC)}, false},
		{"lapsed long ago", ovhrenewtest.Behaviour{}, ovhrenewtest.Order{Status: "cancelled", Services: []int64{vps}, Period: "P3M", Price: "17.97", Date: time.Date(1999, 11, 1, 0, 0, 0, 0, time.UTC)}, false},
		{"under way", ovhrenewtest.Behaviour{}, ovhrenewtest.Order{Status: "checking", Services: []int64{vps}, Period: "P3M", Price: "17.97"}, true},
		{"of a status nobody knows", ovhrenewtest.Behaviour{}, ovhrenewtest.Order{Status: "newOf2031", Services: []int64{vps}, Period: "P3M", Price: "17.97"}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server, client, req := renewalCase{behaviour: test.behaviour}.inBubble(t)
				test.order.ID = 700
				if test.order.Status == "" {
					test.order.Status = "notPaid"
				}
				if test.order.Date.IsZero() {
					test.order.Date = server.Now().Add(-24 * time.Hour)
				}
				server.AddOrder(test.order)
				paid := len(server.Payments())
				receipt, err := ovhrenew.Renew(t.Context(), client, req)
				if !test.in {
					if err != nil || receipt.Price.String() != "21.56 EUR" {
						t.Fatalf("Renew = %v, %v, want a receipt", receipt, err)
					}
					spendCalls(t, server, 1, 1)
					return
				}
				failed, _ := errors.AsType[*ovhrenew.StepError](err)
				if !errors.Is(err, ovhrenew.ErrForeignOrder) || failed.Order != 700 || failed.Paid != ovhrenew.PaidUnsure {
					t.Fatalf("Renew = %v, %v, want ErrForeignOrder of order 700, paid unsure", receipt, err)
				}
				if !strings.Contains(err.Error(), "order 700 of ") || !strings.Contains(err.Error(), "Guards.TakeOver") {
					t.Errorf("%v, want the order, and what can be done", err)
				}
				spendCalls(t, server, 0, 0)
				// A person names it as in nobody's way.
				req.Guards.IgnoreOrders = []ovhrenew.OrderID{700}
				if _, err := ovhrenew.Renew(t.Context(), client, req); err != nil || len(server.Payments()) != paid+1 {
					t.Errorf("with IgnoreOrders: %v, %d payments, want 1", err, len(server.Payments())-paid)
				}
			})
		})
	}
}
