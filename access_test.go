package ovhrenew_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ovhrenew/ovhrenew"
)

// everyNeed is each need with a name, and those of each product.
func everyNeed(t *testing.T) []ovhrenew.Need {
	t.Helper()
	needs := ovhrenew.Needs()
	for _, product := range ovhrenew.Products() {
		needs = append(needs, ovhrenew.NeedInfos(product.Route))
		if !product.ReadOnly {
			needs = append(needs, ovhrenew.NeedSetInfos(product.Route))
		}
	}
	return needs
}

func rulesOf(t *testing.T, needs ...ovhrenew.Need) []ovhrenew.AccessRule {
	t.Helper()
	rules, err := ovhrenew.AccessRules(needs...)
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

func ruleTexts(rules []ovhrenew.AccessRule) []string {
	var texts []string
	for _, rule := range rules {
		texts = append(texts, rule.String())
	}
	slices.Sort(texts)
	return texts
}

// TestAccessRules spells the rules out: they are what people copy.
func TestAccessRules(t *testing.T) {
	t.Parallel()
	read := []string{"GET /service/*", "GET /services", "GET /services/*"}
	order := append([]string{"GET /me/order", "GET /me/order/*", "POST /service/*/renew"}, read...)
	for need, want := range map[ovhrenew.Need][]string{
		ovhrenew.NeedRead:      read,
		ovhrenew.NeedOrder:     order,
		ovhrenew.NeedPay:       append([]string{"POST /me/order/*/pay", "GET /me/payment/method", "GET /me/payment/method/*"}, order...),
		ovhrenew.NeedPayMean:   append([]string{"POST /me/order/*/payWithRegisteredPaymentMean"}, order...),
		ovhrenew.NeedSettings:  {"GET /service/*", "GET /services", "GET /services/*"},
		ovhrenew.NeedConfigure: {"GET /service/*", "GET /services", "GET /services/*", "PUT /services/*"},
		ovhrenew.NeedBills:     {"GET /me/bill", "GET /me/bill/*", "GET /me/order/*/associatedObject"},
		ovhrenew.NeedDiagnose: {
			"GET /auth/currentCredential", "GET /services", "GET /service/*/renew", "GET /me/payment/method", "GET /me/payment/method/*",
		},
		ovhrenew.NeedInfos("/vps/vps112233.ovh.net"): {"GET /vps/*/serviceInfos"},
		ovhrenew.NeedSetInfos("/domain/zone/a.ovh"):  {"GET /domain/zone/*/serviceInfos", "PUT /domain/zone/*/serviceInfos"},
		ovhrenew.NeedInfos("/novel/{serviceName}"):   {"GET /novel/*/serviceInfos"},
	} {
		slices.Sort(want)
		if diff := cmp.Diff(want, ruleTexts(rulesOf(t, need))); diff != "" {
			t.Errorf("AccessRules(%s) (-want +got):\n%s", need, diff)
		}
	}
}

// TestAccessNeverTooWide: whatever is needed, nothing can be deleted, and no rule is
// for everything.
func TestAccessNeverTooWide(t *testing.T) {
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
	for _, need := range []ovhrenew.Need{
		ovhrenew.NeedRead, ovhrenew.NeedSettings, ovhrenew.NeedBills, ovhrenew.NeedDiagnose,
	} {
		for _, rule := range rulesOf(t, need) {
			if rule.Method != http.MethodGet {
				t.Errorf("%s needs %s", need, rule)
			}
		}
	}
}

func TestIAMActions(t *testing.T) {
	t.Parallel()
	c := readContract(t)
	known := map[string]bool{}
	for _, route := range c.Routes {
		known[route.IAM] = true
	}
	for _, infos := range c.ServiceInfos {
		known[infos.IAM] = true
		if slices.Contains(infos.Methods, "PUT") {
			known[strings.TrimSuffix(infos.IAM, "get")+"edit"] = true
		}
	}
	for _, need := range everyNeed(t) {
		actions, err := ovhrenew.IAMActions(need)
		if err != nil && !errors.Is(err, ovhrenew.ErrBadInput) {
			t.Errorf("IAMActions(%s): %v", need, err)
		}
		for _, action := range actions {
			if !known[action] {
				t.Errorf("IAMActions(%s) has %s, which is not on record", need, action)
			}
		}
	}
	got, err := ovhrenew.IAMActions(ovhrenew.NeedConfigure, ovhrenew.NeedSetInfos("/vps/{serviceName}"))
	want := []string{
		"account:apiovh:service/get", "account:apiovh:services/edit", "account:apiovh:services/get", "account:apiovh:services/options/get",
		"account:apiovh:services/renewPeriodCapacities/get", "vps:apiovh:serviceInfos/edit", "vps:apiovh:serviceInfos/get",
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("IAMActions: %v (-want +got):\n%s", err, diff)
	}
}

func TestAccessRefusals(t *testing.T) {
	t.Parallel()
	for _, need := range []ovhrenew.Need{
		"", "everything", "infos", ovhrenew.NeedInfos(""), ovhrenew.NeedInfos("/"), ovhrenew.NeedInfos("/*"),
		ovhrenew.NeedInfos("/vps/*"), ovhrenew.NeedInfos("/{serviceName}"), ovhrenew.NeedInfos("vps/{serviceName}"),
		ovhrenew.NeedInfos("/novel/a.ovh"), ovhrenew.NeedSetInfos("/vrack/{serviceName}"),
	} {
		rules, err := ovhrenew.AccessRules(ovhrenew.NeedRead, need)
		if !errors.Is(err, ovhrenew.ErrBadInput) || rules != nil {
			t.Errorf("AccessRules(%q) = %v, %v, want ErrBadInput", need, rules, err)
		}
		if _, err := ovhrenew.IAMActions(need); !errors.Is(err, ovhrenew.ErrBadInput) {
			t.Errorf("IAMActions(%q): %v, want ErrBadInput", need, err)
		}
		if _, err := ovhrenew.MissingRules(nil, need); !errors.Is(err, ovhrenew.ErrBadInput) {
			t.Errorf("MissingRules(%q): %v, want ErrBadInput", need, err)
		}
	}
	// A rule can be worked out for a product that is new; its action cannot.
	if _, err := ovhrenew.IAMActions(ovhrenew.NeedInfos("/novel/{serviceName}")); !errors.Is(err, ovhrenew.ErrBadInput) {
		t.Errorf("IAMActions of a product that is not on record: %v, want ErrBadInput", err)
	}
}

func TestAccessRuleAllows(t *testing.T) {
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
		if got := (ovhrenew.AccessRule{Method: "GET", Path: c.rule}).Allows("GET", c.path); got != c.want {
			t.Errorf("%s allows %s: %v, want %v", c.rule, c.path, got, c.want)
		}
		if (ovhrenew.AccessRule{Method: "PUT", Path: c.rule}).Allows("GET", c.path) {
			t.Errorf("PUT %s allows GET %s", c.rule, c.path)
		}
	}
}

// TestMissingRules: what is missing and what was granted are together enough, and
// nothing is missing from what was granted for the need.
func TestMissingRules(t *testing.T) {
	t.Parallel()
	all := everyNeed(t)
	rapid.Check(t, func(t *rapid.T) {
		needs := rapid.SliceOfN(rapid.SampledFrom(all), 1, 4).Draw(t, "needs")
		rules, err := ovhrenew.AccessRules(needs...)
		if err != nil {
			t.Fatal(err)
		}
		if missing, err := ovhrenew.MissingRules(rules, needs...); err != nil || len(missing) != 0 {
			t.Fatalf("MissingRules(AccessRules(%v)) = %v, %v, want none", needs, missing, err)
		}
		granted := slices.DeleteFunc(slices.Clone(rules), func(ovhrenew.AccessRule) bool { return rapid.Bool().Draw(t, "taken away") })
		missing, err := ovhrenew.MissingRules(granted, needs...)
		if err != nil || len(missing) == 0 && len(granted) < len(rules) {
			t.Fatalf("MissingRules(%v, %v) = %v, %v", granted, needs, missing, err)
		}
		if rest, _ := ovhrenew.MissingRules(append(granted, missing...), needs...); len(rest) != 0 {
			t.Fatalf("with %v added to %v, %v is missing still", missing, granted, rest)
		}
	})
	wide := []ovhrenew.AccessRule{{"GET", "/*"}, {"POST", "/*"}, {"PUT", "/*"}}
	if missing, err := ovhrenew.MissingRules(wide, all...); err != nil || len(missing) != 0 {
		t.Errorf("MissingRules(/*) = %v, %v, want none", missing, err)
	}
}

// TestProducts holds the products against the table of the API.
func TestProducts(t *testing.T) {
	t.Parallel()
	var want []ovhrenew.Product
	for _, infos := range readContract(t).ServiceInfos {
		if infos.EU == "GONE" && infos.CA == "ABSENT" && infos.US == "ABSENT" {
			continue
		}
		want = append(want, ovhrenew.Product{
			Route:    strings.TrimSuffix(infos.Path, "/serviceInfos"),
			Actions:  strings.TrimSuffix(infos.IAM, "/get"),
			ReadOnly: !slices.Contains(infos.Methods, "PUT"),
		})
	}
	if diff := cmp.Diff(want, ovhrenew.Products()); diff != "" {
		t.Errorf("Products (-want +got):\n%s", diff)
	}
}
