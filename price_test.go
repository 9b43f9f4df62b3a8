package ovhrenew_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew"
)

func TestMoneyUnmarshalPrice(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]ovhrenew.Money{
		`{"currencyCode":"EUR","text":"45.44 \u20ac","value":45.44,"priceInUcents":4544000000}`: ovhrenew.MustMoney("45.44 EUR"),
		`{"currencyCode":"EUR","text":"99.99 \u20ac","value":45.44}`:                            ovhrenew.MustMoney("45.44 EUR"),
		`{"currencyCode":"EUR","text":null,"value":45.44,"priceInUcents":null}`:                 ovhrenew.MustMoney("45.44 EUR"),
		`{"currencyCode":"EUR","text":{},"value":45.44,"unknown":[1]}`:                          ovhrenew.MustMoney("45.44 EUR"),
		`{"currencyCode":"EUR","value":null,"priceInUcents":1}`:                                 ovhrenew.NewMoney(1, "EUR"),
		`{"currencyCode":"EUR","priceInUcents":-4544000000}`:                                    ovhrenew.MustMoney("-45.44 EUR"),
		`{"currencyCode":"EUR","priceInUcents":4.544e9}`:                                        ovhrenew.MustMoney("45.44 EUR"),
		`{"currencyCode":"EUR","value":0.01,"priceInUcents":1234567}`:                           ovhrenew.MustMoney("0.01 EUR"),
		`{"currencyCode":"EUR","value":0.01,"priceInUcents":1999999}`:                           ovhrenew.MustMoney("0.01 EUR"),
		`{"currencyCode":"EUR","value":0,"priceInUcents":0}`:                                    ovhrenew.MustMoney("0 EUR"),
		` { "currencyCode" : "CAD" , "value" : 37.87 } `:                                        ovhrenew.MustMoney("37.87 CAD"),
		`{"currencyCode":"points","value":100}`:                                                 ovhrenew.MustMoney("100 points"),
		`{"currencyCode":"N/A","value":0}`:                                                      ovhrenew.MustMoney("0 N/A"),
		`{"currencyCode":"CHF","value":1}`:                                                      ovhrenew.MustMoney("1 CHF"),
		`{"currencyCode":"new \u20ac","value":1}`:                                               ovhrenew.NewMoney(100_000_000, "new €"),
		`{"value":1.99}`:                     ovhrenew.NewMoney(199_000_000, ""),
		`{"currencyCode":null,"value":1.99}`: ovhrenew.NewMoney(199_000_000, ""),
		`{"currencyCode":"","value":1.99}`:   ovhrenew.NewMoney(199_000_000, ""),
		`null`:                               {},
		`""`:                                 {},
		`"45.44 EUR"`:                        ovhrenew.MustMoney("45.44 EUR"),
		`"1.99"`:                             ovhrenew.NewMoney(199_000_000, ""),
		`"1.99 \"new\""`:                     ovhrenew.NewMoney(199_000_000, "new"),
	} {
		got := ovhrenew.MustMoney("7 USD")
		if err := json.Unmarshal([]byte(data), &got); err != nil || got != want {
			t.Errorf("%s is %v, %v, want %v", data, got, err, want)
		}
	}
}

func TestMoneyUnmarshalValue(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]int64{
		"1.99": 199_000_000, "37.87": 3_787_000_000, "69.993": 6_999_300_000, "0": 0, "-0": 0, "-0.0e5": 0, "0e999999999": 0, "-1.5": -150_000_000,
		"1e2": 10_000_000_000, "1E+2": 10_000_000_000, "1.5E-3": 150_000, "100e-2": 100_000_000, "0.00001e5": 100_000_000,
		"37.870000000000005": 3_787_000_000, "37.869999999999997": 3_787_000_000,
		"0.000000005": 1, "-0.000000005": -1, "0.0000000049999999": 0, "0.000000015": 2, "0.0000000149": 1, "5e-9": 1, "4e-9": 0, "9e-10": 0,
		"0.99999999999": 100_000_000, "1e-999999999": 0, "1e-99999999999999999999999": 0, "1e10": 1_000_000_000_000_000_000,
		"92233720368.54775807": math.MaxInt64, "-92233720368.54775808": math.MinInt64, "92233720368.547758074": math.MaxInt64,
		"0." + strings.Repeat("0", 900) + "1e901": 100_000_000, "1" + strings.Repeat("0", 900) + "e-900": 100_000_000,
	} {
		var got ovhrenew.Money
		err := json.Unmarshal([]byte(`{"currencyCode":"EUR","value":`+value+`}`), &got)
		if err != nil || got != ovhrenew.NewMoney(want, "EUR") {
			t.Errorf("value %.40s is %v, %v, want %v", value, got, err, ovhrenew.NewMoney(want, "EUR"))
		}
	}
	for _, value := range []string{
		"92233720368.54775808", "92233720368.547758075", "-92233720368.54775809", "184467440737.09551616", "-184467440737.09551616",
		"1e11", "-1e11", "1e308", "1e999999999", "1e99999999999999999999999", "999999999999.99",
	} {
		got := ovhrenew.MustMoney("7 USD")
		err := json.Unmarshal([]byte(`{"currencyCode":"EUR","value":`+value+`}`), &got)
		if !errors.Is(err, ovhrenew.ErrRange) || !strings.Contains(err.Error(), "value") || !strings.Contains(err.Error(), value) || got != ovhrenew.MustMoney("7 USD") {
			t.Errorf("value %s is %v, %v, want ErrRange that names it", value, got, err)
		}
	}
}

func TestMoneyUnmarshalRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ data, names, offending string }{
		{`{}`, "value", `{}`},
		{`{"currencyCode":"EUR","text":"45.44 EUR"}`, "value", "45.44"},
		{`{"currencyCode":"EUR","value":null,"priceInUcents":null}`, "value", "EUR"},
		{`{"currencyCode":"EUR","value":"12"}`, "value", `\"12\"`},
		{`{"currencyCode":"EUR","value":""}`, "value", `\"\"`},
		{`{"currencyCode":"EUR","value":"12","priceInUcents":1200000000}`, "value", `\"12\"`},
		{`{"currencyCode":"EUR","value":true}`, "value", "true"},
		{`{"currencyCode":"EUR","value":{"a":1}}`, "value", `{\"a\":1}`},
		{`{"currencyCode":"EUR","value":[12]}`, "value", "[12]"},
		{`{"currencyCode":"EUR","priceInUcents":"12"}`, "priceInUcents", `\"12\"`},
		{`{"currencyCode":"EUR","priceInUcents":0.5}`, "priceInUcents", "0.5"},
		{`{"currencyCode":"EUR","priceInUcents":1e30}`, "priceInUcents", "1e30"},
		{`{"currencyCode":"EUR","value":1,"priceInUcents":false}`, "priceInUcents", "false"},
		{`{"currencyCode":1,"value":12}`, "currencyCode", "1"},
		{`{"currencyCode":["EUR"],"value":12}`, "currencyCode", "EUR"},
		{`{"currencyCode":"EUR","value":45.44,"priceInUcents":4545000000}`, "priceInUcents 4545000000", "value 45.44"},
		{`{"currencyCode":"EUR","value":45.44,"priceInUcents":4543000000}`, "priceInUcents 4543000000", "value 45.44"},
		{`{"currencyCode":"EUR","value":0,"priceInUcents":4544000000}`, "priceInUcents 4544000000", "value 0"},
		{`{"currencyCode":"EUR","value":92233720368.54,"priceInUcents":-9223372036854775808}`, "priceInUcents -9223372036854775808", "value 92233720368.54"},
		{`45.44`, "money", "45.44"},
		{`true`, "money", "true"},
		{`["45.44 EUR"]`, "money", "45.44"},
		{`"45.44 eur"`, "money", "45.44 eur"},
		{`"45,44"`, "money", "45,44"},
		{`"1e2"`, "money", "1e2"},
		{`"1.00 \"\""`, "money", `1.00`},
		{`"1.00 \"new"`, "money", `1.00`},
	} {
		got := ovhrenew.MustMoney("7 USD")
		err := json.Unmarshal([]byte(test.data), &got)
		if err == nil || got != ovhrenew.MustMoney("7 USD") {
			t.Errorf("%s is %v, %v, want an error and no change", test.data, got, err)
		} else if !strings.Contains(err.Error(), test.names) || !strings.Contains(err.Error(), test.offending) {
			t.Errorf("%s: %v, want %s and %s named", test.data, err, test.names, test.offending)
		}
	}
}

// A list of 10,000 strategies has as many prices.
func BenchmarkMoneyUnmarshalJSON(b *testing.B) {
	data := []byte(`{"currencyCode":"EUR","text":"45.44 \u20ac","value":45.44,"priceInUcents":4544000000}`)
	b.ReportAllocs()
	for b.Loop() {
		var m ovhrenew.Money
		if err := m.UnmarshalJSON(data); err != nil {
			b.Fatal(err)
		}
	}
}
