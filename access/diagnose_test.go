package access_test

import (
	"context"
	"encoding/json"
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

// TestDiagnose has one trouble at a time: it is named, and nothing else is blamed.
func TestDiagnose(t *testing.T) {
	t.Parallel()
	no := false
	needed := rulesOf(t, access.Pay, access.Diagnosing)
	for _, c := range []struct {
		name      string
		behaviour ovhrenewtest.Behaviour
		change    func(*ovhrenewtest.Server)
		query     access.Query
		check     string
		verdict   access.Verdict
		saw       string
	}{
		{name: "nothing is wrong", check: "credential", verdict: access.OK, saw: "validated, without an end"},
		{name: "the region renews by order", check: "renewing", verdict: access.OK, saw: "offers"},
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
			for _, rule := range needed {
				if rule.Path != "/auth/currentCredential" {
					rules = append(rules, ovhrenewtest.Rule(rule))
				}
			}
			s.Grant(rules...)
		}, check: "right to pay", verdict: access.Unknown, saw: "the key must have GET /services,"},
		{name: "the key ends soon", change: func(s *ovhrenewtest.Server) { s.SetCredential("validated", time.Now().Add(48*time.Hour)) }, check: "credential", verdict: access.Warning, saw: "it ends on"},
		{name: "the key ends some day", change: func(s *ovhrenewtest.Server) { s.SetCredential("validated", time.Now().Add(1000*time.Hour)) }, check: "credential", verdict: access.OK, saw: "validated, until"},
		{name: "the clock is off", change: func(s *ovhrenewtest.Server) {
			s.SetNow(func() time.Time { return time.Now().Add(-time.Hour) })
		}, check: "clock", verdict: access.Warning, saw: "off by -1h0m"},
		{name: "IAM denies the payment methods", change: func(s *ovhrenewtest.Server) { s.DenyIAM("GET /me/payment/method") }, check: "payment", verdict: access.Problem, saw: "account:apiovh:me/payment/method/get"},
		{name: "IAM denies the offers", change: func(s *ovhrenewtest.Server) { s.DenyIAM("GET /service/{serviceId}/renew") }, check: "renewing", verdict: access.Problem, saw: "account:apiovh:service/renew/get"},
		{name: "the card is not valid", change: func(s *ovhrenewtest.Server) {
			s.ChangePaymentMethod(ovhrenewtest.GuideMethodID, func(m *ovhrenewtest.PaymentMethod) { m.Status = "EXPIRED" })
			s.ChangePaymentMethod(5678902, func(m *ovhrenewtest.PaymentMethod) { m.Status = "BLOCKED" })
		}, check: "payment", verdict: access.Problem, saw: "its status is EXPIRED"},
		{name: "one click alone decides nothing", change: func(s *ovhrenewtest.Server) {
			s.ChangePaymentMethod(ovhrenewtest.GuideMethodID, func(m *ovhrenewtest.PaymentMethod) { m.OneClick = &no })
		}, check: "payment", verdict: access.Warning, saw: "if an order lists it: it is not marked for one click"},
		{name: "another can pay", change: func(s *ovhrenewtest.Server) {
			s.ChangePaymentMethod(ovhrenewtest.GuideMethodID, func(m *ovhrenewtest.PaymentMethod) { m.Status = "EXPIRED" })
			s.AddPaymentMethod(ovhrenewtest.PaymentMethod{ID: 7})
		}, check: "payment", verdict: access.Warning, saw: "its status is EXPIRED; others can: payment method 5678902, payment method 7"},
		{name: "the default can pay", check: "payment", verdict: access.OK, saw: "the default, payment method 5678901 (CREDIT_CARD), can pay unattended"},
		{name: "a need that is none", query: access.Query{Needs: []access.Need{"fly"}}, check: "right to fly", verdict: access.Problem, saw: `"fly"`},
		{name: "a service that is none", query: access.Query{Service: ovhrenew.Name("vps1.ovh.net")}, check: "vps1.ovh.net", verdict: access.Problem, saw: "not found"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			server, client := guideAccount(t, c.behaviour)
			if c.change != nil {
				c.change(server)
			} else {
				for i, rules := 0, []ovhrenewtest.Rule{}; i < len(needed); i++ {
					rules = append(rules, ovhrenewtest.Rule(needed[i]))
					server.Grant(rules...)
				}
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

// TestDiagnoseToken: of a token nobody tells the rights, and that is no problem.
func TestDiagnoseToken(t *testing.T) {
	t.Parallel()
	server := ovhrenewtest.Start(t, ovhrenewtest.Behaviour{AccessToken: "TokenOfTheTest0123456789"})
	ovhrenewtest.Guide(server)
	api := server.Client()
	api.AppKey, api.AppSecret, api.ConsumerKey, api.AccessToken = "", "", "", "TokenOfTheTest0123456789"
	client, err := ovhrenew.NewWithConfig(api, ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		t.Fatal(err)
	}
	diagnosis := access.Diagnose(t.Context(), client, access.Query{})
	if !diagnosis.OK() || diagnosis.Credential != nil || len(diagnosis.Missing) != 0 {
		t.Errorf("the diagnosis is\n%s", diagnosis)
	}
	for _, name := range []string{"credential", "right to read", "right to order", "right to pay"} {
		if found := checked(diagnosis, name); len(found) != 1 || found[0].Verdict != access.Unknown {
			t.Errorf("%s is %v, want unknown", name, found)
		}
	}
	text, err := json.Marshal(diagnosis)
	if err != nil || strings.Contains(string(text)+diagnosis.String(), "TokenOfTheTest") {
		t.Errorf("the diagnosis tells the token: %v\n%s", err, text)
	}
}
