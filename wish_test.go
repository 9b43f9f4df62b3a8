package ovhrenew_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ovhrenew/ovhrenew"
)

// Every field of a wish survives JSON.
func TestWishJSON(t *testing.T) {
	t.Parallel()
	wish := ovhrenew.Wish{
		Service: ovhrenew.Route("/vps/vps112233.ovh.net"), From: ovhrenew.MustDate("2026-06-15"), Period: ovhrenew.P3M,
		Services: []ovhrenew.ServiceID{vps, 7}, AtMost: ovhrenew.MustMoney("20 EUR"), IncludeOptions: true,
		Limit: ovhrenew.MustMoney("50 EUR"), PayWith: ovhrenew.DefaultMethod.String(),
		Guards: ovhrenew.Guards{Early: true}, Patience: ovhrenew.Patience{Settle: time.Minute},
	}
	for i, value := 0, reflect.ValueOf(wish); i < value.NumField(); i++ {
		if value.Field(i).IsZero() {
			t.Errorf("the test leaves Wish.%s at zero", value.Type().Field(i).Name)
		}
	}
	for _, want := range []ovhrenew.Wish{wish, {Service: ovhrenew.ID(vps), Period: "P1M"}} {
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var back ovhrenew.Wish
		if err := json.Unmarshal(text, &back); err != nil || !reflect.DeepEqual(want, back) {
			t.Errorf("%s comes back as %+v, %v", text, back, err)
		}
	}
	if text, err := json.Marshal(ovhrenew.Wish{}); !errors.Is(err, ovhrenew.ErrBadInput) {
		t.Errorf("a wish for nothing is written as %s, %v", text, err)
	}
}

// A wish takes one offer: its period, exactly its services, the cheapest, and not above
// its price.
func TestWishRequest(t *testing.T) {
	t.Parallel()
	offers := []ovhrenew.Offer{
		offerOf("P1M", "5.99 EUR", vps), offerOf("P3M", "19.97 EUR", vps), offerOf("P3M", "17.97 EUR", vps), offerOf("P3M", "25 EUR", vps, 7),
	}
	for i := range offers {
		offers[i].Service = vps
	}
	for name, test := range map[string]struct {
		wish ovhrenew.Wish
		want string
	}{
		"alone, by default":   {ovhrenew.Wish{}, "17.97 EUR"},
		"these services":      {ovhrenew.Wish{Services: []ovhrenew.ServiceID{7, vps}}, "25.00 EUR"},
		"other services":      {ovhrenew.Wish{Services: []ovhrenew.ServiceID{7}}, ""},
		"at its price":        {ovhrenew.Wish{AtMost: ovhrenew.MustMoney("17.97 EUR")}, "17.97 EUR"},
		"not above its price": {ovhrenew.Wish{AtMost: ovhrenew.MustMoney("17.96 EUR")}, ""},
	} {
		wish := test.wish
		wish.Service, wish.Period = ovhrenew.ID(vps), "P3M"
		wish.PayWith = ovhrenew.DefaultMethod.String()
		req, err := wish.Request()
		if err != nil {
			t.Fatal(err)
		}
		offer, _, err := ovhrenew.Select(offers, req.Prefer, req.Rules...)
		got := offer.Price().String()
		if err != nil {
			got = ""
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
}

// What cannot be meant is refused with the field's name.
func TestWishRefused(t *testing.T) {
	t.Parallel()
	for field, change := range map[string]func(*ovhrenew.Wish){
		"Wish.Service": func(w *ovhrenew.Wish) { w.Service = ovhrenew.Target{} },
		"Wish.Period":  func(w *ovhrenew.Wish) { w.Period = "" },
		"Wish.PayWith": func(w *ovhrenew.Wish) { w.PayWith = "" },
		"cash":         func(w *ovhrenew.Wish) { w.PayWith = "cash" },
	} {
		wish := ovhrenew.Wish{Service: ovhrenew.ID(vps), Period: "P3M", PayWith: ovhrenew.DefaultMethod.String()}
		change(&wish)
		_, err := wish.Request()
		if err == nil || !strings.Contains(err.Error(), field) || !errors.Is(err, ovhrenew.ErrBadInput) && !errors.Is(err, ovhrenew.ErrNoPayment) {
			t.Errorf("%s: %v", field, err)
		}
	}
}
