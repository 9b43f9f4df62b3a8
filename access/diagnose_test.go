package access_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/access"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// checked is the checks of that name.
func checked(d *access.Diagnosis, name string) []access.Check {
	return slices.DeleteFunc(slices.Clone(d.Checks), func(c access.Check) bool { return c.Name != name })
}

// needed are the rules that paying and diagnosing need.
func needed(t *testing.T) []access.Rule { return rulesOf(t, access.Pay, access.Diagnosing) }

// diagnoseTest is an account with one trouble or none, and what a check says of it.
type diagnoseTest struct {
	name      string
	behaviour ovhrenewtest.Behaviour
	change    func(*ovhrenewtest.Server)
	query     access.Query
	check     string
	verdict   access.Verdict
	saw       string
}

// run says whether the trouble is named, and nothing else is blamed.
func (c diagnoseTest) run(t *testing.T) {
	t.Helper()
	server, client := guideAccount(t, c.behaviour)
	if c.change != nil {
		c.change(server)
	} else {
		var rules []ovhrenewtest.Rule
		for _, rule := range needed(t) {
			rules = append(rules, ovhrenewtest.Rule(rule))
		}
		server.Grant(rules...)
	}
	diagnosis := access.Diagnose(t.Context(), client, c.query)
	found := checked(diagnosis, c.check)
	if len(found) != 1 || found[0].Verdict != c.verdict || !strings.Contains(found[0].Saw, c.saw) {
		t.Errorf("%s is %v, want %s and %q", c.check, found, c.verdict, c.saw)
	}
	if problem := c.verdict == access.Problem; problem && diagnosis.OK() {
		t.Errorf("the diagnosis is OK with\n%s", diagnosis)
	} else if c.change == nil && diagnosis.OK() == problem {
		t.Errorf("OK is %v with\n%s", diagnosis.OK(), diagnosis)
	}
	if n := written(server); n != 0 {
		t.Errorf("%d writing requests were sent", n)
	}
}

// TestDiagnose has one trouble at a time: it is named, and nothing else is blamed.
func TestDiagnose(t *testing.T) {
	t.Parallel()
	for _, c := range []diagnoseTest{
		{name: "the region renews by order", check: "renewing", verdict: access.OK, saw: "by order; vps112233.ovh.net (11223344) has 4 offers"},
		{name: "it does not", behaviour: ovhrenewtest.Behaviour{NoRenewRoute: true}, check: "renewing", verdict: access.Problem, saw: "package autorenew"},
		{name: "rights are missing", change: func(s *ovhrenewtest.Server) {
			s.Grant(ovhrenewtest.Rule{Method: "GET", Path: "/*"})
		}, check: "right to pay", verdict: access.Problem, saw: "not granted: POST /service/*/renew, POST /me/order/*/pay"},
		{name: "reading is granted all the same", change: func(s *ovhrenewtest.Server) {
			s.Grant(ovhrenewtest.Rule{Method: "GET", Path: "/*"})
		}, check: "right to read", verdict: access.OK, saw: "granted"},
		{name: "rights are too wide", change: func(s *ovhrenewtest.Server) { s.Grant(ovhrenewtest.AllRules()...) }, check: "rights", verdict: access.Warning, saw: "DELETE /*"},
		{name: "rights cannot be read", change: func(s *ovhrenewtest.Server) {
			var rules []ovhrenewtest.Rule
			for _, rule := range needed(t) {
				if rule.Path != "/auth/currentCredential" {
					rules = append(rules, ovhrenewtest.Rule(rule))
				}
			}
			s.Grant(rules...)
		}, check: "right to pay", verdict: access.Unknown, saw: "the key must have GET /services,"},
		{name: "the clock is off", change: func(s *ovhrenewtest.Server) {
			s.SetNow(func() time.Time { return time.Now().Add(-time.Hour) })
		}, check: "clock", verdict: access.Warning, saw: "off by -1h0m"},
		{name: "IAM denies the offers", change: func(s *ovhrenewtest.Server) { s.DenyIAM("GET /service/{serviceId}/renew") }, check: "renewing", verdict: access.Problem, saw: "account:apiovh:service/renew/get"},
		{name: "a need that is none", query: access.Query{Needs: []access.Need{"fly"}}, check: "right to fly", verdict: access.Problem, saw: `"fly"`},
		{name: "a service that is none", query: access.Query{Service: ovhrenew.Name("vps1.ovh.net")}, check: "vps1.ovh.net", verdict: access.Problem, saw: "not found"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t)
		})
	}
}

// TestDiagnoseNeverFails: every check is there, whatever cannot be read.
func TestDiagnoseNeverFails(t *testing.T) {
	t.Parallel()
	names := func(d *access.Diagnosis) []string {
		var names []string
		for _, check := range d.Checks {
			if check.Saw == "" || check.Verdict == "" {
				t.Errorf("%+v says nothing", check)
			}
			names = append(names, check.Name)
		}
		return names
	}
	want := []string{"clock", "credential", "right to read", "right to order", "right to pay", "services", "renewing", "payment"}

	server, client := guideAccount(t, ovhrenewtest.Behaviour{})
	server.Grant()
	if diff := cmp.Diff(want, names(access.Diagnose(t.Context(), client, access.Query{}))); diff != "" {
		t.Errorf("without a single right (-want +got):\n%s", diff)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	client = clientOf(t, server, ovhrenew.Config{}) // that does not know the clock yet
	dead := access.Diagnose(ctx, client, access.Query{})
	if diff := cmp.Diff(want, names(dead)); diff != "" {
		t.Errorf("with a context that has ended (-want +got):\n%s", diff)
	}
	for _, check := range dead.Checks {
		if check.Verdict != access.Unknown || check.Err != nil && !errors.Is(check.Err, context.Canceled) {
			t.Errorf("with a context that has ended: %+v", check)
		}
	}
}
