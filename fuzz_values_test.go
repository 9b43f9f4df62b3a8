// What any text is as a value: read exactly or refused, and the same again.

package ovhrenew_test

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/ovhrenew/ovhrenew"
)

var writtenMoney = regexp.MustCompile(`^(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?) ([A-Z]{3}|points|N/A)$`)

// ucentsOf computes the micro-cents of a number with math/big.
func ucentsOf(t *testing.T, number string) (ucents *big.Int, exact bool) {
	t.Helper()
	r, ok := new(big.Rat).SetString(number)
	if !ok {
		t.Fatalf("math/big does not read %q", number)
	}
	r.Mul(r, big.NewRat(100_000_000, 1))
	exact = r.IsInt()
	// Half away from zero: the whole part of |r| + 1/2.
	negative := r.Sign() < 0
	r.Abs(r).Add(r, big.NewRat(1, 2))
	ucents = new(big.Int).Quo(r.Num(), r.Denom())
	if negative {
		ucents.Neg(ucents)
	}
	return ucents, exact
}

func FuzzParseMoney(f *testing.F) {
	for _, s := range []string{
		"50 EUR", "37.87 EUR", "-1.5 EUR", "100 points", "0 N/A", "0.00000001 EUR", "0.000000001 EUR", "1e2 EUR", "1,000 EUR", "50", "50  EUR",
		"92233720368.54775807 EUR", "-92233720368.54775808 EUR", "92233720368.54775808 EUR", "00 EUR", "", " ", "-0 EUR", "1.10000000000 EUR",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := ovhrenew.ParseMoney(s)
		match := writtenMoney.FindStringSubmatch(s)
		if match == nil {
			if err == nil {
				t.Fatalf("ParseMoney(%q) = %v, want an error", s, got)
			}
			return
		}
		want, exact := ucentsOf(t, match[1])
		switch {
		case !exact || !want.IsInt64():
			if err == nil || !got.IsZero() {
				t.Fatalf("ParseMoney(%q) = %v, %v, want an error", s, got, err)
			}
		case err != nil || got != ovhrenew.NewMoney(want.Int64(), ovhrenew.Currency(match[2])):
			t.Fatalf("ParseMoney(%q) = %v, %v, want %v micro-cents", s, got, err, want)
		default:
			if back, err := ovhrenew.ParseMoney(got.String()); err != nil || back != got {
				t.Fatalf("ParseMoney(%q) = %v, %v, want %v", got.String(), back, err, got)
			}
		}
	})
}

func FuzzMoneyJSON(f *testing.F) {
	for _, value := range []string{
		"1.99", "37.87", "69.993", "0", "-0", "-1.5", "1e2", "1.5E-3", "1e999999999", "1e-999999999", "37.870000000000005", "0.000000005", "-5e-9",
		"92233720368.54775807", "92233720368.547758075", "-92233720368.54775808", `"12"`, "true", "null", "{}", `"45.44 EUR"`, `"1.99"`, `""`, `"1 \"new\""`,
		`{"value":1,"currencyCode":"EUR"}`, `{"priceInUcents":1}`, `{"value":1,"priceInUcents":100000000}`, `{"value":1,"priceInUcents":1}`, `[]`, `{`,
	} {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		checkRoundTrip(t, value)
		if !json.Valid([]byte(value)) {
			return
		}
		price := `{"currencyCode":"EUR","value":` + value + `}`
		got := ovhrenew.MustMoney("7 USD")
		err := json.Unmarshal([]byte(price), &got)
		number := strings.Trim(value, " \t\r\n")
		if c := number[0]; c != '-' && (c < '0' || c > '9') {
			if err == nil {
				t.Fatalf("%s is %v, want an error", price, got)
			}
			return
		}
		mantissa, exponent, _ := strings.Cut(strings.ToLower(number), "e")
		if n, convErr := strconv.Atoi(exponent); exponent != "" && (convErr != nil || n < -1000 || n > 1000) {
			// Too much for math/big. A mantissa this short cannot make up for it.
			if len(mantissa) > 900 {
				return
			}
			switch tiny := strings.HasPrefix(exponent, "-"); {
			case tiny || strings.Trim(mantissa, "-0.") == "":
				if err != nil || got != ovhrenew.MustMoney("0 EUR") {
					t.Fatalf("%s is %v, %v, want 0 EUR", price, got, err)
				}
			case !errors.Is(err, ovhrenew.ErrRange):
				t.Fatalf("%s is %v, %v, want ErrRange", price, got, err)
			}
			return
		}
		want, _ := ucentsOf(t, number)
		if !want.IsInt64() {
			if !errors.Is(err, ovhrenew.ErrRange) {
				t.Fatalf("%s is %v, %v, want ErrRange", price, got, err)
			}
		} else if err != nil || got != ovhrenew.NewMoney(want.Int64(), ovhrenew.EUR) {
			t.Fatalf("%s is %v, %v, want %v micro-cents", price, got, err, want)
		}
	})
}

// checkRoundTrip reads a whole document as money: what is read comes back from
// what is written, and only null, "" and 0 of nothing are no money.
func checkRoundTrip(t *testing.T, document string) {
	t.Helper()
	m := ovhrenew.MustMoney("7 USD")
	direct := m
	_ = direct.UnmarshalJSON([]byte(document)) // as encoding/json would never call it
	if json.Unmarshal([]byte(document), &m) != nil {
		if m != ovhrenew.MustMoney("7 USD") {
			t.Fatalf("%s fails but leaves %v", document, m)
		}
		return
	}
	if m.IsZero() && document != "null" && !strings.Contains(document, `"`) && !strings.Contains(document, "null") {
		t.Fatalf("%s is no money", document)
	}
	data, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	back := ovhrenew.MustMoney("7 USD")
	if err := json.Unmarshal(data, &back); err != nil || back != m {
		t.Fatalf("%s is %v and written %s, which is %v, %v", document, m, data, back, err)
	}
}

var writtenPeriod = regexp.MustCompile(`^P([1-9][0-9]{0,5}Y)?([1-9][0-9]{0,5}M)?([1-9][0-9]{0,5}W)?([1-9][0-9]{0,5}D)?$`)

func FuzzParsePeriod(f *testing.F) {
	for _, s := range append([]string{"P1M", "P12M", "P1Y", "P1Y6M", "P2W", "P30D", "P1M15D", "P999999Y999999M999999W999999D"}, unknownPeriods...) {
		f.Add(s, "P1M", "2026-01-31")
	}
	f.Fuzz(func(t *testing.T, s, other, day string) {
		p, q := ovhrenew.Period(s), ovhrenew.Period(other)
		known := writtenPeriod.MatchString(s) && s != "P"
		if got, err := ovhrenew.ParsePeriod(s); (err == nil) != known || p.Known() != known || (known && got != p) || (!known && got != "") {
			t.Fatalf("ParsePeriod(%q) = %q, %v; Known is %v, want %v", s, got, err, p.Known(), known)
		}
		if p.Compare(q) != -q.Compare(p) || !p.Equal(p) || p.Equal(q) != (p.Compare(q) == 0) || (!known && p.Equal(q) != (p == q)) {
			t.Fatalf("%q and %q: Compare %d and %d, Equal %v", p, q, p.Compare(q), q.Compare(p), p.Equal(q))
		}
		d, err := ovhrenew.ParseDate(day)
		if err != nil {
			return
		}
		end, err := p.AddTo(d)
		switch {
		case !known && err == nil, known && err != nil && !errors.Is(err, ovhrenew.ErrRange):
			t.Fatalf("(%q).AddTo(%v) = %v, %v", p, d, end, err)
		case err == nil && (!end.After(d) || !p.Moved(d, end)):
			t.Fatalf("(%q).AddTo(%v) = %v, Moved is %v", p, d, end, p.Moved(d, end))
		case err != nil && (!end.IsZero() || p.Moved(d, d)):
			t.Fatalf("(%q).AddTo(%v) = %v, %v, Moved is %v", p, d, end, err, p.Moved(d, d))
		}
	})
}

func seedTimes(f *testing.F) {
	for _, s := range []string{
		"2026-06-15", "2028-02-29", "2026-02-29", "0001-01-01", "9999-12-31", "0000-00-00", "", "null", "0", "none",
		"2018-05-15T15:49:06+02:00", "2026-06-15T00:00:00Z", "2026-06-15T23:59:60Z", "9999-12-31T23:59:59-01:00", "0001-01-01T00:00:00+01:00",
		"2026-06-15T00:00:00+24:00", "2026-06-15T1:00:00Z", "2026-06-15T01:00:00,5Z", "2026-06-15 01:00:00", "0001-01-01T00:00:00Z", "2026-06-15t01:00:00z",
	} {
		f.Add(s)
	}
}

var writtenTime = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2}))?$`)

func FuzzDate(f *testing.F) {
	seedTimes(f)
	f.Fuzz(func(t *testing.T, s string) {
		parsed, err := ovhrenew.ParseDate(s)
		if err == nil && (parsed.IsZero() || parsed.String() != s) {
			t.Fatalf("ParseDate(%q) = %v", s, parsed)
		}
		var d ovhrenew.Date
		_ = json.Unmarshal([]byte(s), &d)
		d = ovhrenew.MustDate("1999-12-31")
		if err := d.UnmarshalText([]byte(s)); err != nil {
			if d != ovhrenew.MustDate("1999-12-31") {
				t.Fatalf("%q fails but leaves %v", s, d)
			}
			return
		}
		if d.IsZero() != (s == "") || (s != "" && !writtenTime.MatchString(s)) {
			t.Fatalf("%q is %v", s, d)
		}
		if err == nil && parsed != d {
			t.Fatalf("%q is %v, but ParseDate says %v", s, d, parsed)
		}
		if moment, err := time.Parse(time.RFC3339, s); err == nil && d.String() != moment.Format(time.DateOnly) {
			t.Fatalf("%q is %v", s, d)
		}
		data, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		var back ovhrenew.Date
		if err := json.Unmarshal(data, &back); err != nil || back != d {
			t.Fatalf("%v is written %s, which is %v, %v", d, data, back, err)
		}
	})
}

func FuzzTimestamp(f *testing.F) {
	seedTimes(f)
	f.Fuzz(func(t *testing.T, s string) {
		var moment ovhrenew.Timestamp
		_ = moment.UnmarshalJSON([]byte(s))
		moment = ovhrenew.Timestamp{Time: time.Unix(1, 0)}
		quoted, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if err := moment.UnmarshalJSON(quoted); err != nil {
			if !moment.Equal(time.Unix(1, 0)) {
				t.Fatalf("%q fails but leaves %v", s, moment)
			}
			return
		}
		if s != "" && !writtenTime.MatchString(s) {
			t.Fatalf("%q is %v", s, moment)
		}
		if moment.IsZero() && s != "" && !moment.UTC().Equal(time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)) {
			t.Fatalf("%q is %v", s, moment)
		}
		data, err := json.Marshal(moment)
		if err != nil {
			t.Fatalf("%q is %v, which cannot be written: %v", s, moment, err)
		}
		var back ovhrenew.Timestamp
		if err := json.Unmarshal(data, &back); err != nil || !back.Equal(moment.Time) {
			t.Fatalf("%v is written %s, which is %v, %v", moment, data, back, err)
		}
	})
}

// canary is what must not be seen of a secret. No redaction contains it.
const canary = "Zq9xKeY7"

func FuzzSecret(f *testing.F) {
	for _, around := range [][2]string{
		{"", ""},
		{"orderId=1&orderPassword=", "&esign=1"},
		{"esign=", "#fragment"},
		{"orderId=1;orderPassword=", ""},
		{"a%3D", "=1"},
		{"orderId=", "1"},
		{"", "=1"},
		{"[", "]=1"},
		{"orderId=1&", ""},
		{"a=1#", ""},
		{"?a=", "?"},
		{"a=\x00", "\xff"},
		{"orderId=1%26esign=", ""},
	} {
		f.Add(around[0], around[1])
	}
	f.Fuzz(func(t *testing.T, before, after string) {
		value := before + canary + after
		checkHidden(t, ovhrenew.NewSecret(value))
		checkHidden(t, ovhrenew.NewSecret("https://www.ovh.com/order?orderId=1&orderPassword="+value))
		checkSafe(t, before)
	})
}

// checkHidden looks for the canary in everything that a secret prints as.
func checkHidden(t *testing.T, secret ovhrenew.Secret) {
	t.Helper()
	shown := []string{secret.String(), slog.AnyValue(secret).Resolve().String()}
	for _, verb := range "vsqxXdtgc" {
		for _, flag := range []string{"", "+", "#", " "} {
			shown = append(shown, fmt.Sprintf("%"+flag+string(verb), secret), fmt.Sprintf("%"+flag+string(verb), []any{secret}))
		}
	}
	data, err := json.Marshal(secret)
	text, err2 := secret.MarshalText()
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	for _, s := range append(shown, string(data), string(text)) {
		if lower := strings.ToLower(s); strings.Contains(lower, strings.ToLower(canary)) || strings.Contains(lower, hex.EncodeToString([]byte(canary))) {
			t.Fatalf("%q is shown as %q", secret.Reveal(), s)
		}
	}
}

// checkSafe sees that a secret reads back from JSON as it is.
func checkSafe(t *testing.T, s string) {
	t.Helper()
	secret := ovhrenew.NewSecret(s)
	if got := secret.String(); (got == "") != (s == "") {
		t.Fatalf("(%q).String() = %q", s, got)
	}
	var direct ovhrenew.Secret
	_ = direct.UnmarshalJSON([]byte(s))
	if !utf8.ValidString(s) {
		return
	}
	var back ovhrenew.Secret
	if err := json.Unmarshal(quoted(s), &back); err != nil || back.Reveal() != s {
		t.Fatalf("%q reads as %q, %v", s, back.Reveal(), err)
	}
}
