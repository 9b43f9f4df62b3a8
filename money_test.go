package ovhrenew_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ovhrenew/ovhrenew"
)

func TestParseMoney(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]ovhrenew.Money{
		"50 EUR":                     ovhrenew.NewMoney(5_000_000_000, ovhrenew.EUR),
		"37.87 EUR":                  ovhrenew.NewMoney(3_787_000_000, ovhrenew.EUR),
		"-1.5 CAD":                   ovhrenew.NewMoney(-150_000_000, "CAD"),
		"0 EUR":                      ovhrenew.NewMoney(0, ovhrenew.EUR),
		"-0.00 EUR":                  ovhrenew.NewMoney(0, ovhrenew.EUR),
		"0.00000001 USD":             ovhrenew.NewMoney(1, ovhrenew.USD),
		"1.1000000000000 EUR":        ovhrenew.NewMoney(110_000_000, ovhrenew.EUR),
		"100 points":                 ovhrenew.NewMoney(10_000_000_000, ovhrenew.Points),
		"0 N/A":                      ovhrenew.NewMoney(0, "N/A"),
		"1 CHF":                      ovhrenew.NewMoney(100_000_000, "CHF"),
		"92233720368.54775807 EUR":   ovhrenew.NewMoney(math.MaxInt64, ovhrenew.EUR),
		"-92233720368.54775808 EUR":  ovhrenew.NewMoney(math.MinInt64, ovhrenew.EUR),
		"10000000000.00000000 PLN":   ovhrenew.NewMoney(1_000_000_000_000_000_000, "PLN"),
		"92233720368.5477580700 XOF": ovhrenew.NewMoney(math.MaxInt64, "XOF"),
	} {
		if got, err := ovhrenew.ParseMoney(s); err != nil || got != want {
			t.Errorf("ParseMoney(%q) = %v, %v, want %v", s, got, err, want)
		}
	}
}

func TestParseMoneyRefuses(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"", " ", "50", "50 ", " EUR", "EUR", "EUR 50", "50EUR", "50  EUR", " 50 EUR", "50 EUR ", "50\tEUR", "50\u00a0EUR",
		"+50 EUR", "--5 EUR", "- 5 EUR", "5,0 EUR", "1,000 EUR", "1.000.000 EUR", "1 000 EUR", "1_000 EUR", "1'000 EUR",
		".5 EUR", "5. EUR", ". EUR", "-.5 EUR", "050 EUR", "1e2 EUR", "1E-2 EUR", "0x10 EUR", "NaN EUR", "Inf EUR", "٥ EUR",
		"0.000000001 EUR", "1.000000001 EUR", "5O EUR",
		"50 eur", "50 Eur", "50 €", "50 EU", "50 EURO", "50 E1R", "50 Points", "50 n/a", `50 "EUR"`, "50 no money",
	} {
		got, err := ovhrenew.ParseMoney(s)
		if err == nil {
			t.Errorf("ParseMoney(%q) = %v, want an error", s, got)
			continue
		}
		if !got.IsZero() || !strings.Contains(err.Error(), fmt.Sprintf("%q", s)) {
			t.Errorf("ParseMoney(%q) = %v, %v, want no money and an error that quotes it", s, got, err)
		}
	}
	for _, s := range []string{"92233720368.54775808 EUR", "-92233720368.54775809 EUR", "99999999999999999999 EUR"} {
		if got, err := ovhrenew.ParseMoney(s); !errors.Is(err, ovhrenew.ErrRange) {
			t.Errorf("ParseMoney(%q) = %v, %v, want ErrRange", s, got, err)
		}
	}
}

func TestMoneyErrorsAreShort(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("9", 1<<20)
	_, parsed := ovhrenew.ParseMoney(long + " EUR")
	var m ovhrenew.Money
	decoded := json.Unmarshal([]byte(`{"value":`+long+`,"currencyCode":"EUR"}`), &m)
	for _, err := range []error{parsed, decoded} {
		if !errors.Is(err, ovhrenew.ErrRange) || len(err.Error()) > 300 || !strings.Contains(err.Error(), long[:50]) {
			t.Errorf("a million digits: %.400v, want ErrRange and the beginning", err)
		}
	}
}

func TestMustMoney(t *testing.T) {
	t.Parallel()
	if got, want := ovhrenew.MustMoney("50 EUR"), ovhrenew.NewMoney(5_000_000_000, ovhrenew.EUR); got != want {
		t.Errorf("MustMoney = %v, want %v", got, want)
	}
	defer func() {
		if recover() == nil {
			t.Error("MustMoney(50) does not panic")
		}
	}()
	ovhrenew.MustMoney("50")
}

func TestMoneyZero(t *testing.T) {
	t.Parallel()
	var none ovhrenew.Money
	free := ovhrenew.MustMoney("0 EUR")
	if !none.IsZero() || free.IsZero() || none == free {
		t.Errorf("IsZero = %v for no money and %v for 0 EUR, want true and false", none.IsZero(), free.IsZero())
	}
	for s, want := range map[string]int{"-0.01 EUR": -1, "0 EUR": 0, "0.01 EUR": 1} {
		if got := ovhrenew.MustMoney(s).Sign(); got != want {
			t.Errorf("(%v).Sign() = %v, want %v", s, got, want)
		}
	}
}

func TestMoneyString(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		ucents     int64
		currency   ovhrenew.Currency
		text, want string
	}{
		{4_544_000_000, "EUR", "45.44 EUR", "45.44 EUR"},
		{5_000_000_000, "EUR", "50.00 EUR", "50.00 EUR"},
		{6_999_300_000, "EUR", "69.993 EUR", "69.993 EUR"},
		{1, "EUR", "0.00000001 EUR", "0.00000001 EUR"},
		{-150_000_000, "CAD", "-1.50 CAD", "-1.50 CAD"},
		{-1_000_000, "CAD", "-0.01 CAD", "-0.01 CAD"},
		{0, "EUR", "0.00 EUR", "0.00 EUR"},
		{10_000_000_000, "points", "100 points", "100 points"},
		{50_000_000, "points", "0.5 points", "0.5 points"},
		{0, "N/A", "0 N/A", "0 N/A"},
		{math.MaxInt64, "EUR", "92233720368.54775807 EUR", "92233720368.54775807 EUR"},
		{math.MinInt64, "EUR", "-92233720368.54775808 EUR", "-92233720368.54775808 EUR"},
		{199_000_000, "", "1.99", "1.99 (no currency)"},
		{199_000_000, "new €", `1.99 "new \u20ac"`, `1.99 "new \u20ac"`},
		{0, "", "", "no money"},
	} {
		m := ovhrenew.NewMoney(test.ucents, test.currency)
		if got := m.String(); got != test.want {
			t.Errorf("(%d %s).String() = %q, want %q", test.ucents, test.currency, got, test.want)
		}
		if got, err := m.MarshalText(); err != nil || string(got) != test.text {
			t.Errorf("(%d %s).MarshalText() = %q, %v, want %q", test.ucents, test.currency, got, err, test.text)
		}
		if m.Ucents() != test.ucents || m.Currency() != test.currency {
			t.Errorf("(%v) has %d %q, want %d %q", m, m.Ucents(), m.Currency(), test.ucents, test.currency)
		}
	}
}

func TestMoneyArithmetic(t *testing.T) {
	t.Parallel()
	price, tax, total := ovhrenew.MustMoney("37.87 EUR"), ovhrenew.MustMoney("7.57 EUR"), ovhrenew.MustMoney("45.44 EUR")
	if got, err := price.Add(tax); err != nil || got != total {
		t.Errorf("(%v).Add(%v) = %v, %v, want %v", price, tax, got, err, total)
	}
	if got, err := total.Sub(tax); err != nil || got != price {
		t.Errorf("(%v).Sub(%v) = %v, %v, want %v", total, tax, got, err, price)
	}
	for _, test := range []struct {
		m, n ovhrenew.Money
		want int
	}{{price, total, -1}, {total, price, 1}, {price, price, 0}} {
		if got, err := test.m.Cmp(test.n); err != nil || got != test.want {
			t.Errorf("(%v).Cmp(%v) = %v, %v, want %v", test.m, test.n, got, err, test.want)
		}
	}
}

func TestMoneyCurrencies(t *testing.T) {
	t.Parallel()
	var none ovhrenew.Money
	euros, free := ovhrenew.MustMoney("37.87 EUR"), ovhrenew.MustMoney("0 EUR")
	for _, pair := range [][2]ovhrenew.Money{
		{euros, ovhrenew.MustMoney("37.87 CAD")},
		{free, ovhrenew.MustMoney("0 CAD")},
		{euros, ovhrenew.NewMoney(100, "")},
		{euros, none},
		{none, euros},
		{none, none},
		{free, none},
	} {
		m, n := pair[0], pair[1]
		_, add := m.Add(n)
		_, sub := m.Sub(n)
		_, cmp := m.Cmp(n)
		for name, err := range map[string]error{"Add": add, "Sub": sub, "Cmp": cmp} {
			if !errors.Is(err, ovhrenew.ErrCurrency) {
				t.Errorf("%s(%v, %v): %v, want ErrCurrency", name, m, n, err)
			} else if !strings.Contains(err.Error(), m.String()) || !strings.Contains(err.Error(), n.String()) {
				t.Errorf("%s(%v, %v): %v, want both operands named", name, m, n, err)
			}
		}
	}
}

func TestMoneyOverflow(t *testing.T) {
	t.Parallel()
	most, least := ovhrenew.NewMoney(math.MaxInt64, "EUR"), ovhrenew.NewMoney(math.MinInt64, "EUR")
	one, minusOne, free := ovhrenew.NewMoney(1, "EUR"), ovhrenew.NewMoney(-1, "EUR"), ovhrenew.NewMoney(0, "EUR")
	for _, test := range []struct {
		name string
		f    func(ovhrenew.Money) (ovhrenew.Money, error)
		n    ovhrenew.Money
	}{
		{"most+1", most.Add, one},
		{"most+most", most.Add, most},
		{"least-1", least.Sub, one},
		{"least+-1", least.Add, minusOne},
		{"least+least", least.Add, least},
		{"most--1", most.Sub, minusOne},
		{"0-least", free.Sub, least},
		{"most-least", most.Sub, least},
	} {
		if got, err := test.f(test.n); !errors.Is(err, ovhrenew.ErrRange) || !got.IsZero() {
			t.Errorf("%s = %v, %v, want ErrRange", test.name, got, err)
		}
	}
	if got, err := minusOne.Sub(least); err != nil || got != most {
		t.Errorf("-1-least = %v, %v, want %v", got, err, most)
	}
}

// amounts draws amounts of a currency that is like one, or of the one given.
func amounts(currencies ...ovhrenew.Currency) *rapid.Generator[ovhrenew.Money] {
	return rapid.Custom(func(t *rapid.T) ovhrenew.Money {
		ucents := rapid.Int64().Draw(t, "ucents")
		if len(currencies) == 0 {
			code := rapid.StringMatching(`[A-Z]{3}|points|N/A`).Draw(t, "currency")
			return ovhrenew.NewMoney(ucents, ovhrenew.Currency(code))
		}
		return ovhrenew.NewMoney(ucents, rapid.SampledFrom(currencies).Draw(t, "currency"))
	})
}

func TestMoneyProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := amounts().Draw(t, "m")
		if got, err := ovhrenew.ParseMoney(m.String()); err != nil || got != m {
			t.Fatalf("ParseMoney(%q) = %v, %v", m.String(), got, err)
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		m := ovhrenew.NewMoney(rapid.Int64().Draw(t, "ucents"), ovhrenew.Currency(rapid.String().Draw(t, "currency")))
		data, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		got := ovhrenew.MustMoney("1 EUR")
		if err := json.Unmarshal(data, &got); err != nil || got != m {
			t.Fatalf("%v through %s is %v, %v", m, data, got, err)
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		m, n := amounts(ovhrenew.EUR).Draw(t, "m"), amounts(ovhrenew.EUR).Draw(t, "n")
		sum, err := m.Add(n)
		if err != nil {
			if !errors.Is(err, ovhrenew.ErrRange) || (m.Sign() != n.Sign()) {
				t.Fatalf("(%v).Add(%v): %v", m, n, err)
			}
			return
		}
		if back, err := sum.Sub(n); err != nil || back != m {
			t.Fatalf("%v + %v - %v = %v, %v", m, n, n, back, err)
		}
		if c, _ := sum.Cmp(m); c != n.Sign() {
			t.Fatalf("(%v + %v).Cmp(%v) = %v, want %v", m, n, m, c, n.Sign())
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		m, n, o := amounts(ovhrenew.EUR).Draw(t, "m"), amounts(ovhrenew.EUR).Draw(t, "n"), amounts(ovhrenew.EUR).Draw(t, "o")
		mn, _ := m.Cmp(n)
		nm, _ := n.Cmp(m)
		no, _ := n.Cmp(o)
		mo, _ := m.Cmp(o)
		if mn != -nm || (mn == 0) != (m == n) || (mn <= 0 && no <= 0 && mo > 0) {
			t.Fatalf("Cmp is no order on %v, %v, %v: %d %d %d %d", m, n, o, mn, nm, no, mo)
		}
	})
}

func TestMoneyAmount(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"45.44 EUR": "45.44", "0.00000001 EUR": "0.00000001", "-1.5 EUR": "-1.50", "100 points": "100"} {
		m := ovhrenew.MustMoney(text)
		if got := m.Amount(); got != want || !m.Equal(ovhrenew.MustMoney(text)) || m.Equal(ovhrenew.Money{}) {
			t.Errorf("(%s).Amount() = %q, want %q", text, got, want)
		}
	}
	if got := (ovhrenew.Money{}).Amount(); got != "" {
		t.Errorf("the zero value's amount is %q", got)
	}
}
