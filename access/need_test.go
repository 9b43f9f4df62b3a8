package access_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/access"
	"github.com/ovhrenew/ovhrenew/internal/products"
)

// everyNeed is each need with a name, and those of each product.
func everyNeed(t *testing.T) []access.Need {
	t.Helper()
	needs := access.Needs()
	for _, product := range products.All {
		needs = append(needs, access.Infos(product.Route))
		if !product.ReadOnly {
			needs = append(needs, access.SetInfos(product.Route))
		}
	}
	return needs
}

func TestActions(t *testing.T) {
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
		actions, err := access.Actions(need)
		if err != nil && !errors.Is(err, ovhrenew.ErrBadInput) {
			t.Errorf("Actions(%s): %v", need, err)
		}
		for _, action := range actions {
			if !known[action] {
				t.Errorf("Actions(%s) has %s, which is not on record", need, action)
			}
		}
	}
	got, err := access.Actions(access.Configure, access.SetInfos("/vps/{serviceName}"))
	want := []string{
		"account:apiovh:service/get", "account:apiovh:services/edit", "account:apiovh:services/get", "account:apiovh:services/options/get",
		"account:apiovh:services/renewPeriodCapacities/get", "vps:apiovh:serviceInfos/edit", "vps:apiovh:serviceInfos/get",
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("IAMActions: %v (-want +got):\n%s", err, diff)
	}
}

func TestNeedRefusals(t *testing.T) {
	t.Parallel()
	for _, need := range []access.Need{
		"", "everything", "infos", access.Infos(""), access.Infos("/"), access.Infos("/*"),
		access.Infos("/vps/*"), access.Infos("/{serviceName}"), access.Infos("vps/{serviceName}"),
		access.Infos("/novel/a.ovh"), access.SetInfos("/vrack/{serviceName}"),
	} {
		rules, err := access.Rules(access.Read, need)
		if !errors.Is(err, ovhrenew.ErrBadInput) || rules != nil {
			t.Errorf("Rules(%q) = %v, %v, want ErrBadInput", need, rules, err)
		}
		if _, err := access.Actions(need); !errors.Is(err, ovhrenew.ErrBadInput) {
			t.Errorf("Actions(%q): %v, want ErrBadInput", need, err)
		}
		if _, err := access.Missing(nil, need); !errors.Is(err, ovhrenew.ErrBadInput) {
			t.Errorf("Missing(%q): %v, want ErrBadInput", need, err)
		}
	}
	// A rule can be worked out for a product that is new; its action cannot.
	if _, err := access.Actions(access.Infos("/novel/{serviceName}")); !errors.Is(err, ovhrenew.ErrBadInput) {
		t.Errorf("IAMActions of a product that is not on record: %v, want ErrBadInput", err)
	}
}
