// What each need promises: with its rules everything of it works, and with one less it does not.

package access_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/access"
	"github.com/ovhrenew/ovhrenew/autorenew"
	"github.com/ovhrenew/ovhrenew/billing"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// rightsTest is everything that a need promises, run against accounts that answer in
// different ways.
type rightsTest struct {
	needs  []access.Need
	ways   []ovhrenewtest.Behaviour
	before func(t *testing.T, server *ovhrenewtest.Server) // with every right
	run    func(ctx context.Context, a *ovhrenew.API, server *ovhrenewtest.Server) error
}

var (
	plainLists = ovhrenewtest.Behaviour{IgnoreExpand: true}
	idsOnly    = ovhrenewtest.Behaviour{PaymentMethodIDsOnly: true}
	idsInPlain = ovhrenewtest.Behaviour{PaymentMethodIDsOnly: true, IgnoreExpand: true}
	noSetting  = ovhrenewtest.Behaviour{Absent: []string{"PUT /services/{serviceId}"}}
)

func rightsTests() map[string]rightsTest {
	return map[string]rightsTest{
		"read":     {needs: []access.Need{access.Read}, ways: []ovhrenewtest.Behaviour{{}, plainLists}, run: readAll},
		"order":    {needs: []access.Need{access.Order}, ways: []ovhrenewtest.Behaviour{{}, plainLists}, run: orderOnce},
		"pay":      {needs: []access.Need{access.Pay}, ways: []ovhrenewtest.Behaviour{{}, idsOnly, idsInPlain}, run: payBy(ovhrenew.DefaultMethod)},
		"pay-mean": {needs: []access.Need{access.PayMean}, ways: []ovhrenewtest.Behaviour{{}, plainLists}, run: payBy(ovhrenew.Mean{Kind: ovhrenew.MeanPaypal, ID: ovhrenewtest.GuidePayPalMean})},
		"settings": {needs: []access.Need{access.Settings}, run: func(ctx context.Context, a *ovhrenew.API, _ *ovhrenewtest.Server) error {
			_, err := autorenew.Preview(ctx, a, ovhrenew.Name(ovhrenewtest.GuideVPS), monthly)
			return err
		}},
		"configure": {needs: []access.Need{access.Configure}, run: func(ctx context.Context, a *ovhrenew.API, _ *ovhrenewtest.Server) error {
			_, err := autorenew.Set(ctx, a, ovhrenew.Name(ovhrenewtest.GuideVPS), monthly)
			return err
		}},
		"bills": {needs: []access.Need{access.Bills}, ways: []ovhrenewtest.Behaviour{{}, plainLists}, before: alreadyRenewed, run: findBill},
		"infos": {needs: []access.Need{access.Infos("/vps/{serviceName}")}, run: func(ctx context.Context, a *ovhrenew.API, _ *ovhrenewtest.Server) error {
			_, err := ovhrenew.Find(ctx, a, ovhrenew.Route("/vps/"+ovhrenewtest.GuideVPS))
			return err
		}},
		"set-infos": {
			needs: []access.Need{access.Configure, access.SetInfos("/vps/{serviceName}")},
			ways:  []ovhrenewtest.Behaviour{{}, noSetting},
			run: func(ctx context.Context, a *ovhrenew.API, _ *ovhrenewtest.Server) error {
				_, err := autorenew.Set(ctx, a, ovhrenew.Name(ovhrenewtest.GuideVPS), monthly)
				return err
			},
		},
		"diagnose": {
			needs: []access.Need{access.Diagnosing}, ways: []ovhrenewtest.Behaviour{{}, plainLists},
			run: func(ctx context.Context, a *ovhrenew.API, _ *ovhrenewtest.Server) error {
				var errs []error
				for _, check := range access.Diagnose(ctx, a, access.Query{}).Checks {
					errs = append(errs, check.Err)
				}
				return errors.Join(errs...)
			},
		},
	}
}

var monthly = autorenew.Setting{Mode: ovhrenew.ModeAutomatic, Period: "P1M", KeepService: true, Options: true, Poll: time.Millisecond}

func readAll(ctx context.Context, a *ovhrenew.API, _ *ovhrenewtest.Server) error {
	id, err := ovhrenew.Find(ctx, a, ovhrenew.Name(ovhrenewtest.GuideVPS))
	if err != nil {
		return err
	}
	_, err = ovhrenew.ReadService(ctx, a, id)
	_, more := a.ListedService(ctx, id) // which ReadService asks where the first list says too little
	errs := []error{err, more}
	everything := func(portfolio.Surveyed) bool { return true }
	for _, err := range portfolio.Survey(ctx, a, portfolio.Query{Offers: everything}) {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func renewalOfVPS() ovhrenew.Request {
	return ovhrenew.Request{
		Service: ovhrenew.Name(ovhrenewtest.GuideVPS), Rules: []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M)},
		Limit:    ovhrenew.MustMoney("50 EUR"),
		Patience: ovhrenew.Patience{Poll: time.Millisecond, Settle: time.Millisecond, Delivery: 100 * time.Millisecond},
		Journal:  ovhrenewtest.NewMemory(ovhrenew.OnlyJournal),
	}
}

// orderOnce orders, and looks at the order as somebody who finds it.
func orderOnce(ctx context.Context, a *ovhrenew.API, _ *ovhrenewtest.Server) error {
	_, err := placed(ctx, a)
	return err
}

func placed(ctx context.Context, a *ovhrenew.API) (ovhrenew.OrderID, error) {
	req := renewalOfVPS()
	proposal, err := ovhrenew.Preview(ctx, a, req)
	if err != nil {
		return 0, err
	}
	vps := proposal.Services[0]
	if _, err := a.ListedService(ctx, vps.ID); err != nil { // see readAll
		return 0, err
	}
	order, err := a.PlaceOrder(ctx, proposal.Offer)
	if err != nil {
		return 0, err
	}
	if proposal, err = ovhrenew.Preview(ctx, a, req); err == nil && len(proposal.Blockers) == 0 {
		err = errors.New("the order is not in the way")
	}
	return order.OrderID, err
}

// payBy renews with an order that is there already.
func payBy(with ovhrenew.Payment) func(context.Context, *ovhrenew.API, *ovhrenewtest.Server) error {
	return func(ctx context.Context, a *ovhrenew.API, server *ovhrenewtest.Server) error {
		order, err := placed(ctx, a)
		if err != nil {
			return err
		}
		req := renewalOfVPS()
		req.PayWith, req.Guards.TakeOver = with, order
		_, err = ovhrenew.Renew(ctx, a, req)
		return err
	}
}

func alreadyRenewed(t *testing.T, server *ovhrenewtest.Server) {
	t.Helper()
	if err := payBy(ovhrenew.DefaultMethod)(t.Context(), clientOf(t, server, ovhrenew.Config{}), server); err != nil {
		t.Fatal(err)
	}
}

func findBill(ctx context.Context, a *ovhrenew.API, server *ovhrenewtest.Server) error {
	order := ovhrenew.OrderID(server.Orders()[0].ID)
	var object struct{ ID string }
	if err := a.Read(ctx, fmt.Sprintf("/me/order/%d/associatedObject", order), &object); err != nil {
		return err
	}
	for bill, err := range billing.Bills(ctx, a, billing.Query{Order: order}) {
		if err != nil {
			return err
		}
		if bill.BillID == object.ID {
			return nil
		}
	}
	return errors.New("the order's bill is not among the bills")
}

// try runs everything that a need promises with these rules, and notes which routes
// were called.
func (r rightsTest) try(t *testing.T, rules []access.Rule, called map[string]bool) error {
	t.Helper()
	var errs []error
	for _, way := range append(slices.Clone(r.ways), ovhrenewtest.Behaviour{})[:max(1, len(r.ways))] {
		server := ovhrenewtest.Start(t, way)
		ovhrenewtest.Guide(server)
		server.AddService(ovhrenewtest.Service{Name: "an option", Parent: ovhrenewtest.GuideVPSID})
		if r.before != nil {
			r.before(t, server)
			server.Forget()
		}
		var granted []ovhrenewtest.Rule
		for _, rule := range rules {
			granted = append(granted, ovhrenewtest.Rule(rule))
		}
		server.Grant(granted...)
		errs = append(errs, r.run(t.Context(), clientOf(t, server, ovhrenew.Config{Attempts: 1}), server))
		for _, request := range server.Requests() {
			route, _, _ := strings.Cut(request.Route, "?")
			called[route] = true
		}
	}
	return errors.Join(errs...)
}

// TestRights: with exactly the rules of a need everything that it promises works, and
// without any one of them something is refused. The IAM actions are exactly those of
// the routes that were called.
func TestRights(t *testing.T) {
	t.Parallel()
	c := readContract(t)
	tested := map[access.Need]bool{}
	for name, test := range rightsTests() {
		for _, need := range test.needs {
			tested[need] = true
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rules, called := rulesOf(t, test.needs...), map[string]bool{}
			if err := test.try(t, rules, called); err != nil {
				t.Fatalf("with %v: %v", rules, err)
			}
			var want []string
			for route := range called {
				if action := c.action(route); action != "" {
					want = append(want, action)
				}
			}
			slices.Sort(want)
			got, err := access.Actions(test.needs...)
			if diff := cmp.Diff(slices.Compact(want), got); diff != "" || err != nil {
				t.Errorf("IAM actions: %v (-those of the calls +those of the need):\n%s", err, diff)
			}
			for i, rule := range rules {
				err := test.try(t, slices.Delete(slices.Clone(rules), i, i+1), map[string]bool{})
				if !errors.Is(err, ovhrenew.ErrNotGranted) {
					t.Errorf("without %s: %v, want ErrNotGranted", rule, err)
				}
			}
		})
	}
	for _, need := range access.Needs() {
		if !tested[need] {
			t.Errorf("%s is not tested", need)
		}
	}
}
