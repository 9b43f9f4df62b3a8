package access_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ovhrenew/ovhrenew/access"
)

func rulesOf(t *testing.T, needs ...access.Need) []access.Rule {
	t.Helper()
	rules, err := access.Rules(needs...)
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

func ruleTexts(rules []access.Rule) []string {
	var texts []string
	for _, rule := range rules {
		texts = append(texts, rule.String())
	}
	slices.Sort(texts)
	return texts
}

// TestRules spells the rules out: they are what people copy.
func TestRules(t *testing.T) {
	t.Parallel()
	read := []string{"GET /service/*", "GET /services", "GET /services/*"}
	order := append([]string{"GET /me", "GET /me/order", "GET /me/order/*", "POST /service/*/renew"}, read...)
	for need, want := range map[access.Need][]string{
		access.Read:      read,
		access.Order:     order,
		access.Pay:       append([]string{"POST /me/order/*/pay", "GET /me/payment/method", "GET /me/payment/method/*"}, order...),
		access.PayMean:   append([]string{"POST /me/order/*/payWithRegisteredPaymentMean"}, order...),
		access.Settings:  {"GET /service/*", "GET /services", "GET /services/*"},
		access.Configure: {"GET /service/*", "GET /services", "GET /services/*", "PUT /services/*"},
		access.Bills:     {"GET /me/bill", "GET /me/bill/*", "GET /me/order/*/associatedObject"},
		access.Diagnosing: {
			"GET /auth/currentCredential", "GET /services", "GET /service/*/renew", "GET /me/payment/method", "GET /me/payment/method/*",
		},
		access.Infos("/vps/vps112233.ovh.net"): {"GET /vps/*/serviceInfos"},
		access.SetInfos("/domain/zone/a.ovh"):  {"GET /domain/zone/*/serviceInfos", "PUT /domain/zone/*/serviceInfos"},
		access.Infos("/novel/{serviceName}"):   {"GET /novel/*/serviceInfos"},
	} {
		slices.Sort(want)
		if diff := cmp.Diff(want, ruleTexts(rulesOf(t, need))); diff != "" {
			t.Errorf("Rules(%s) (-want +got):\n%s", need, diff)
		}
	}
}

// TestNeverTooWide: whatever is needed, nothing can be deleted, and no rule is
// for everything.
func TestNeverTooWide(t *testing.T) {
	t.Parallel()
	spends := map[string]bool{}
	for _, rule := range rulesOf(t, everyNeed(t)...) {
		switch {
		case rule.Method != http.MethodGet && rule.Method != http.MethodPost && rule.Method != http.MethodPut:
			t.Errorf("there is a rule %s", rule)
		case strings.Count(rule.Path, "/") > 0 && strings.HasPrefix(rule.Path, "/*"):
			t.Errorf("the rule %s is for everything", rule)
		case rule.Method != http.MethodGet && strings.HasSuffix(rule.Path, "*") && rule.Path != "/services/*":
			t.Errorf("the rule %s lets more than one call through", rule)
		case rule.Method == http.MethodPost:
			spends[rule.Path] = true
		}
	}
	want := map[string]bool{"/service/*/renew": true, "/me/order/*/pay": true, "/me/order/*/payWithRegisteredPaymentMean": true}
	if diff := cmp.Diff(want, spends); diff != "" {
		t.Errorf("what can be posted (-want +got):\n%s", diff)
	}
	for _, need := range []access.Need{
		access.Read, access.Settings, access.Bills, access.Diagnosing,
	} {
		for _, rule := range rulesOf(t, need) {
			if rule.Method != http.MethodGet {
				t.Errorf("%s needs %s", need, rule)
			}
		}
	}
}

func TestRuleAllows(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule, path string
		want       bool
	}{
		{"/service/*", "/service/1", true},
		{"/service/*", "/service/1/renew", true},
		{"/service/*", "/service", false},
		{"/service/*", "/services/1", false},
		{"/service/*/renew", "/service/1/renew", true},
		{"/service/*/renew", "/service/1", false},
		{"/service/*/renew", "/service/*/renew", true},
		{"/service/1/renew", "/service/*/renew", false},
		{"/vps/*/serviceInfos", "/vps/a/serviceInfos/b", false},
		{"/services", "/services", true},
		{"/services", "/services/1", false},
		{"/*", "/me", true},
		{"/*a*b", "/xaxb", true},
		{"/*a*b", "/xb", false},
	} {
		if got := (access.Rule{Method: "GET", Path: c.rule}).Allows("GET", c.path); got != c.want {
			t.Errorf("%s allows %s: %v, want %v", c.rule, c.path, got, c.want)
		}
		if (access.Rule{Method: "PUT", Path: c.rule}).Allows("GET", c.path) {
			t.Errorf("PUT %s allows GET %s", c.rule, c.path)
		}
	}
}

// TestMissing: what is missing and what was granted are together enough, and
// nothing is missing from what was granted for the need.
func TestMissing(t *testing.T) {
	t.Parallel()
	all := everyNeed(t)
	rapid.Check(t, func(t *rapid.T) {
		needs := rapid.SliceOfN(rapid.SampledFrom(all), 1, 4).Draw(t, "needs")
		rules, err := access.Rules(needs...)
		if err != nil {
			t.Fatal(err)
		}
		if missing, err := access.Missing(rules, needs...); err != nil || len(missing) != 0 {
			t.Fatalf("Missing(Rules(%v)) = %v, %v, want none", needs, missing, err)
		}
		granted := slices.DeleteFunc(slices.Clone(rules), func(access.Rule) bool { return rapid.Bool().Draw(t, "taken away") })
		missing, err := access.Missing(granted, needs...)
		if err != nil || len(missing) == 0 && len(granted) < len(rules) {
			t.Fatalf("Missing(%v, %v) = %v, %v", granted, needs, missing, err)
		}
		if rest, _ := access.Missing(append(granted, missing...), needs...); len(rest) != 0 {
			t.Fatalf("with %v added to %v, %v is missing still", missing, granted, rest)
		}
	})
	wide := []access.Rule{{"GET", "/*"}, {"POST", "/*"}, {"PUT", "/*"}}
	if missing, err := access.Missing(wide, all...); err != nil || len(missing) != 0 {
		t.Errorf("Missing(/*) = %v, %v, want none", missing, err)
	}
}
