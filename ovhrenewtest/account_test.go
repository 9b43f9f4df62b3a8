package ovhrenewtest_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	. "github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func TestMe(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{Currency: "CAD"})
	me := get[object](t, s, "/me")
	want := object{"code": "CAD", "symbol": "CAD"}
	if diff := cmp.Diff(any(want), me["currency"]); diff != "" || me["nichandle"] != "xx1111-ovh" {
		t.Errorf("/me of %v has the currency (-want +got)\n%s", me["nichandle"], diff)
	}
	if vat, there := me["vat"]; vat != nil || !there {
		t.Errorf("vat = %v, there: %t; want null", vat, there)
	}
}

func TestPoints(t *testing.T) {
	t.Parallel()
	s, _ := clocked(t, Behaviour{})
	s.SetPoints(12)
	want := object{
		"alertThreshold": nil, "balance": json.Number("12"), "canBeCredited": false,
		"lastUpdate": "2026-11-20T13:00:00+01:00", "openDate": "2020-02-03T04:05:06+02:00",
	}
	if diff := cmp.Diff(want, get[object](t, s, "/me/fidelityAccount")); diff != "" {
		t.Errorf("fidelityAccount (-want +got)\n%s", diff)
	}
}

// The one prepaid account is listed as an id and whole, and is active once it can pay.
func TestOvhAccount(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	s.SetPrepaid("30")
	for _, active := range []bool{false, true} {
		if active {
			s.AddPaymentMean("ovhAccount", 0)
		}
		if diff := cmp.Diff([]string{"FR"}, get[[]string](t, s, "/me/ovhAccount")); diff != "" {
			t.Errorf("ids (-want +got)\n%s", diff)
		}
		single := get[object](t, s, "/me/ovhAccount/FR")
		pages, _, _ := page(t, s, "/me/ovhAccount", 1, 10, "")
		if at(single, "balance.text") != "30.00 €" || single["isActive"] != active || len(pages) != 1 || pages[0]["isActive"] != active {
			t.Errorf("the account is %v, in a page %v, want 30.00 € and active %t", single, pages, active)
		}
	}
	_, err := send(t, s, "GET", "/me/ovhAccount/DE", "")
	wantFailure(t, "another", err, "404 Client::NotFound: The requested object (id = DE) does not exist")
}
