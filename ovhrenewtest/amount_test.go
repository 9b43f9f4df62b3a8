package ovhrenewtest_test

import (
	"fmt"
	"testing"

	. "github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func TestTax(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ price, percent, tax, total string }{
		{"37.87", "", "7.57", "45.44"},
		{"37.87", "20", "7.57", "45.44"},
		{"37.87", "0", "0", "37.87"},
		{"0", "", "0", "0"},
		{"0.02", "25", "0.01", "0.03"}, // half a cent goes up
		{"69.993", "5.5", "3.85", "73.843"},
		{"12345678.9", "19.6", "2419753.06", "14765431.96"},
	} {
		s := start(t, Behaviour{TaxPercent: test.percent})
		s.Offer("P2Y", test.price, GuideVPSID)
		got := mustSend(t, s, "POST", "/service/11223344/renew", `{"dryRun":false,"duration":"P2Y","services":[11223344]}`)
		for field, want := range map[string]string{"priceWithoutTax": test.price, "tax": test.tax, "priceWithTax": test.total} {
			if got := fmt.Sprint(at(got, field+".value")); got != want {
				t.Errorf("%s at %s %%: %s = %s, want %s", test.price, test.percent, field, got, want)
			}
		}
	}
}

func TestPriceText(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		behaviour   Behaviour
		price, text string
		value       string
	}{
		{Behaviour{}, "5", "5.00 €", "5"},
		{Behaviour{Currency: "CAD"}, "5.48", "5.48 CAD", "5.48"},
		{Behaviour{Currency: "points"}, "0", "0.00 PTS", "0"},
		{Behaviour{CurrencyText: "EUR"}, "69.996", "70.00 EUR", "69.996"},
		{Behaviour{FloatNoise: true}, "37.87", "37.87 €", "37.870000000000005"},
		{Behaviour{FloatNoise: true}, "37", "37.00 €", "37"},
	} {
		s := start(t, test.behaviour)
		s.SetPrice("P1Y", test.price, GuideDomainID)
		_, body := do(t, s, signed(t, s, "GET", "/service/12345/renew", ""))
		strategy := decode(t, []byte(body)).([]any)[0].(object)["strategies"].([]any)[0]
		if at(strategy, "price.text") != test.text || fmt.Sprint(at(strategy, "price.value")) != test.value {
			t.Errorf("%s: %v, want %s and %s", test.price, at(strategy, "price"), test.text, test.value)
		}
	}
}
