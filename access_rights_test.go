package ovhrenew_test

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
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// rightsTest is everything that a need promises, run against accounts that answer in
// different ways.
type rightsTest struct {
	needs  []ovhrenew.Need
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
		"read":     {needs: []ovhrenew.Need{ovhrenew.NeedRead}, ways: []ovhrenewtest.Behaviour{{}, plainLists}, run: readAll},
		"order":    {needs: []ovhrenew.Need{ovhrenew.NeedOrder}, ways: []ovhrenewtest.Behaviour{{}, plainLists}, run: orderTwice},
		"pay":      {needs: []ovhrenew.Need{ovhrenew.NeedPay}, ways: []ovhrenewtest.Behaviour{{}, idsOnly, idsInPlain}, run: payBy(ovhrenew.DefaultMethod)},
		"pay-mean": {needs: []ovhrenew.Need{ovhrenew.NeedPayMean}, ways: []ovhrenewtest.Behaviour{{}, plainLists}, run: payBy(ovhrenew.Mean{Kind: ovhrenew.MeanPaypal, ID: ovhrenewtest.GuidePayPalMean})},
		"settings": {needs: []ovhrenew.Need{ovhrenew.NeedSettings}, run: func(ctx context.Context, a *ovhrenew.API, _ *ovhrenewtest.Server) error {
			_, err := ovhrenew.PreviewSetting(ctx, a, ovhrenew.Name(ovhrenewtest.GuideVPS), monthly)
			return err
		}},
		"configure": {needs: []ovhrenew.Need{ovhrenew.NeedConfigure}, run: func(ctx context.Context, a *ovhrenew.API, _ *ovhrenewtest.Server) error {
			_, err := a.SetRenewal(ctx, ovhrenew.Name(ovhrenewtest.GuideVPS), monthly)
			return err
		}},
		"bills": {needs: []ovhrenew.Need{ovhrenew.NeedBills}, ways: []ovhrenewtest.Behaviour{{}, plainLists}, before: alreadyRenewed, run: findBill},
		"infos": {needs: []ovhrenew.Need{ovhrenew.NeedInfos("/vps/{serviceName}")}, run: func(ctx context.Context, a *ovhrenew.API, _ *ovhrenewtest.Server) error {
			_, err := ovhrenew.Find(ctx, a, ovhrenew.Route("/vps/"+ovhrenewtest.GuideVPS))
			return err
		}},
		"set-infos": {
			needs: []ovhrenew.Need{ovhrenew.NeedConfigure, ovhrenew.NeedSetInfos("/vps/{serviceName}")},
			ways:  []ovhrenewtest.Behaviour{{}, noSetting},
			run: func(ctx context.Context, a *ovhrenew.API, _ *ovhrenewtest.Server) error {
				_, err := a.SetRenewal(ctx, ovhrenew.Name(ovhrenewtest.GuideVPS), monthly)
				return err
			},
		},
		"diagnose": {
			needs: []ovhrenew.Need{ovhrenew.NeedDiagnose}, ways: []ovhrenewtest.Behaviour{{}, plainLists},
			run: func(ctx context.Context, a *ovhrenew.API, _ *ovhrenewtest.Server) error {
				var errs []error
				for _, check := range ovhrenew.Diagnose(ctx, a, ovhrenew.DiagnoseQuery{}).Checks {
					errs = append(errs, check.Err)
				}
				return errors.Join(errs...)
			},
		},
	}
}

var monthly = ovhrenew.RenewSetting{Mode: ovhrenew.ModeAutomatic, Period: "P1M", KeepService: true, Options: true, Patience: quick}

func readAll(ctx context.Context, a *ovhrenew.API, _ *ovhrenewtest.Server) error {
	id, err := ovhrenew.Find(ctx, a, ovhrenew.Name(ovhrenewtest.GuideVPS))
	if err != nil {
		return err
	}
	_, err = ovhrenew.ReadService(ctx, a, id)
	_, more := a.ListedService(ctx, id) // which ReadService asks where the first list says too little
	errs := []error{err, more}
	everything := func(ovhrenew.Surveyed) bool { return true }
	for _, err := range ovhrenew.Survey(ctx, a, ovhrenew.SurveyQuery{Offers: everything}) {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func renewalOfVPS() ovhrenew.Request {
	return ovhrenew.Request{
		Service: ovhrenew.Name(ovhrenewtest.GuideVPS), Rules: []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M)},
		Limit:    ovhrenew.MustMoney("50 EUR"),
		Journal:  ovhrenew.NoJournal,
		Patience: ovhrenew.Patience{Poll: time.Millisecond, Settle: time.Millisecond, Delivery: 100 * time.Millisecond},
	}
}

// orderTwice orders, and looks at the order once more.
func orderTwice(ctx context.Context, a *ovhrenew.API, _ *ovhrenewtest.Server) error {
	runner, err := ovhrenew.NewRunner(a, ovhrenew.NoJournal)
	if err != nil {
		return err
	}
	req := renewalOfVPS()
	req.PayWith = ovhrenew.Mean{Kind: ovhrenew.MeanFidelityAccount} // of which only an order tells
	task, err := runner.Propose(ctx, req)
	if err != nil {
		return err
	}
	if _, err := a.ListedService(ctx, task.Target); err != nil { // see readAll
		return err
	}
	if _, err = runner.Advance(ctx, task); err != nil {
		return err
	}
	_, err = ovhrenew.Preview(ctx, a, req)
	return err
}

// payBy orders, and takes the order over to renew with it.
func payBy(with ovhrenew.Payment) func(context.Context, *ovhrenew.API, *ovhrenewtest.Server) error {
	return func(ctx context.Context, a *ovhrenew.API, server *ovhrenewtest.Server) error {
		if err := orderTwice(ctx, a, server); err != nil {
			return err
		}
		req := renewalOfVPS()
		req.PayWith = with
		req.Guards.TakeOver = ovhrenew.OrderID(server.Orders()[0].ID)
		_, err := ovhrenew.Renew(ctx, a, req)
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
	for bill, err := range a.Bills(ctx, ovhrenew.BillQuery{Order: order}) {
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
func (r rightsTest) try(t *testing.T, rules []ovhrenew.AccessRule, called map[string]bool) error {
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
	tested := map[ovhrenew.Need]bool{}
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
			got, err := ovhrenew.IAMActions(test.needs...)
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
	for _, need := range ovhrenew.Needs() {
		if !tested[need] {
			t.Errorf("%s is not tested", need)
		}
	}
}

// action is the IAM action of a route, of the table.
func (c *contract) action(route string) string {
	if r := c.route(route); r != nil {
		return r.IAM
	}
	method, path, _ := strings.Cut(route, " ")
	for _, infos := range c.ServiceInfos {
		if infos.Path == path && method == "PUT" {
			return strings.TrimSuffix(infos.IAM, "get") + "edit"
		} else if infos.Path == path {
			return infos.IAM
		}
	}
	return ""
}
