package ovhrenew

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// ErrCurrency says that amounts cannot be compared or added because their
// currencies differ, or because one of them is no money at all.
var ErrCurrency = errors.New("different currencies")

// ErrRange says that an amount or a date is outside of what can be expressed:
// ±92233720368.54775807 for an amount, the years 1 to 9999 for a date.
var ErrRange = errors.New("out of range")

// Currency is a currency code as OVHcloud writes it. Codes that are not listed
// here are kept as they are.
type Currency string

// The currencies in which OVHcloud expresses prices.
const (
	AUD           Currency = "AUD"
	CAD           Currency = "CAD"
	CZK           Currency = "CZK"
	EUR           Currency = "EUR"
	GBP           Currency = "GBP"
	INR           Currency = "INR"
	LTL           Currency = "LTL"
	MAD           Currency = "MAD"
	PLN           Currency = "PLN"
	SGD           Currency = "SGD"
	TND           Currency = "TND"
	USD           Currency = "USD"
	XOF           Currency = "XOF"
	Points        Currency = "points" // loyalty points
	NotApplicable Currency = "N/A"    // an amount in no currency, says OVHcloud
)

// wellFormed reports whether c looks like a currency code.
func (c Currency) wellFormed() bool {
	if c == Points || c == NotApplicable {
		return true
	}
	for i := range len(c) {
		if c[i] < 'A' || c[i] > 'Z' {
			return false
		}
	}
	return len(c) == 3
}

// Money is an exact amount in one currency. Two Money are the same when they
// are ==. The zero value means that no money is given, which differs from 0 EUR.
type Money struct {
	ucents   int64
	currency Currency
}

// NewMoney is an amount in micro-cents, 10⁻⁸ of the currency's unit: 37.87 EUR
// is NewMoney(3_787_000_000, EUR). OVHcloud calls them ucents.
func NewMoney(ucents int64, c Currency) Money { return Money{ucents, c} }

// MustMoney is [ParseMoney] for the constants of a program: it panics when s is
// not an amount. Use ParseMoney for what comes from outside.
func MustMoney(s string) Money {
	m, err := ParseMoney(s)
	if err != nil {
		panic(err)
	}
	return m
}

// ParseMoney reads an amount and its currency as a person writes them, with one
// space between them: "50 EUR", "-1.5 EUR", "100 points". It refuses exponents,
// thousands separators and more than eight decimals. The error is [ErrRange] if
// the amount is too large.
func ParseMoney(s string) (Money, error) {
	amount, currency, found := strings.Cut(s, " ")
	if !found || currency == "" {
		return Money{}, fmt.Errorf("money %s: no currency, want for example \"50 EUR\"", quoteShort(s))
	}
	if !Currency(currency).wellFormed() {
		return Money{}, fmt.Errorf("money %s: %s is not a currency code", quoteShort(s), quoteShort(currency))
	}
	ucents, err := parseAmount(amount)
	if err != nil {
		return Money{}, fmt.Errorf("money %s: amount %w", quoteShort(s), err)
	}
	return Money{ucents, Currency(currency)}, nil
}

// Ucents is the amount in micro-cents, 10⁻⁸ of the currency's unit.
func (m Money) Ucents() int64 { return m.ucents }

// Currency is the currency of m, "" if none is known.
func (m Money) Currency() Currency { return m.currency }

// IsZero reports whether m is the zero value: no money given. It is false for
// 0 EUR; see [Money.Sign]. An amount of 0 whose currency is unknown cannot be
// told from the zero value.
func (m Money) IsZero() bool { return m == Money{} }

// Sign is -1, 0 or 1 for a negative amount, none, a positive amount.
func (m Money) Sign() int {
	switch {
	case m.ucents < 0:
		return -1
	case m.ucents > 0:
		return 1
	}
	return 0
}

// String writes m for people, "45.44 EUR", and as [ParseMoney] reads it when the
// currency is known. A currency that does not look like one is in quotes.
func (m Money) String() string {
	switch {
	case m.IsZero():
		return "no money"
	case m.currency == "":
		return m.text() + " (no currency)"
	}
	return m.text()
}

// Add is m + n. The error is [ErrCurrency] if their currencies differ or one of
// them is the zero value, [ErrRange] if the sum is too large.
func (m Money) Add(n Money) (Money, error) {
	if err := m.sameCurrency(n); err != nil {
		return Money{}, fmt.Errorf("add: %w", err)
	}
	sum := m.ucents + n.ucents
	if (n.ucents < 0) != (sum < m.ucents) {
		return Money{}, fmt.Errorf("add: %v and %v: %w", m, n, ErrRange)
	}
	return Money{sum, m.currency}, nil
}

// Sub is m - n. The error is [ErrCurrency] if their currencies differ or one of
// them is the zero value, [ErrRange] if the difference is too large.
func (m Money) Sub(n Money) (Money, error) {
	if err := m.sameCurrency(n); err != nil {
		return Money{}, fmt.Errorf("subtract: %w", err)
	}
	diff := m.ucents - n.ucents
	if (n.ucents > 0) != (diff < m.ucents) {
		return Money{}, fmt.Errorf("subtract: %v and %v: %w", m, n, ErrRange)
	}
	return Money{diff, m.currency}, nil
}

// Cmp is -1, 0 or 1 if m is less than, equal to or more than n. The error is
// [ErrCurrency] if their currencies differ or one of them is the zero value.
func (m Money) Cmp(n Money) (int, error) {
	if err := m.sameCurrency(n); err != nil {
		return 0, fmt.Errorf("compare: %w", err)
	}
	switch {
	case m.ucents < n.ucents:
		return -1, nil
	case m.ucents > n.ucents:
		return 1, nil
	}
	return 0, nil
}

// Sum adds amounts of one currency; of nothing it is the zero value. The error
// is [ErrCurrency] if currencies differ or an amount is the zero value, because
// a total that leaves out an unknown amount is wrong. It is [ErrRange] if a
// partial sum is too large.
func Sum(amounts ...Money) (Money, error) {
	if len(amounts) == 0 {
		return Money{}, nil
	}
	total := amounts[0]
	if total.IsZero() {
		return Money{}, fmt.Errorf("sum: %w: %v", ErrCurrency, total)
	}
	for _, m := range amounts[1:] {
		var err error
		if total, err = total.Add(m); err != nil {
			return Money{}, fmt.Errorf("sum: %w", err)
		}
	}
	return total, nil
}

// sameCurrency says why m and n have no common order, if so.
func (m Money) sameCurrency(n Money) error {
	if m.currency != n.currency || m.IsZero() || n.IsZero() {
		return fmt.Errorf("%w: %v and %v", ErrCurrency, m, n)
	}
	return nil
}

// text is the lossless form of m: "" for the zero value, a bare amount if the
// currency is unknown, a quoted currency if it does not look like one.
func (m Money) text() string {
	switch {
	case m.IsZero():
		return ""
	case m.currency == "":
		return formatAmount(m.ucents, 2)
	case m.currency == Points || m.currency == NotApplicable:
		return formatAmount(m.ucents, 0) + " " + string(m.currency)
	case !m.currency.wellFormed():
		return formatAmount(m.ucents, 2) + " " + strconv.QuoteToASCII(string(m.currency))
	}
	return formatAmount(m.ucents, 2) + " " + string(m.currency)
}

// MarshalText writes "45.44 EUR", and "" for the zero value. Nothing is lost:
// an amount whose currency is unknown is written alone, "45.44".
func (m Money) MarshalText() ([]byte, error) { return []byte(m.text()), nil }

// UnmarshalText reads what [Money.MarshalText] writes.
func (m *Money) UnmarshalText(text []byte) error {
	s := string(text)
	if s == "" {
		*m = Money{}
		return nil
	}
	amount, quoted, found := strings.Cut(s, " ")
	if found && !strings.HasPrefix(quoted, `"`) {
		parsed, err := ParseMoney(s)
		if err == nil {
			*m = parsed
		}
		return err
	}
	var currency string
	if found {
		var err error
		if currency, err = strconv.Unquote(quoted); err != nil || currency == "" {
			return fmt.Errorf("money %s: %s is not a currency code", quoteShort(s), quoteShort(quoted))
		}
	}
	ucents, err := parseAmount(amount)
	if err != nil {
		return fmt.Errorf("money %s: amount %w", quoteShort(s), err)
	}
	*m = Money{ucents, Currency(currency)}
	return nil
}

// MarshalJSON writes the text of [Money.MarshalText] as a string.
func (m Money) MarshalJSON() ([]byte, error) { return json.Marshal(m.text()) }

// UnmarshalJSON reads the string that [Money.MarshalJSON] writes, or a price as
// the API answers it: {"currencyCode":"EUR","text":"45.44 €","value":45.44}.
// Null is the zero value. A price's value is taken exactly as written, rounded
// to a micro-cent, half away from zero; without it priceInUcents counts, and the
// two must agree to less than a cent. The error is [ErrRange] if the amount is
// too large.
func (m *Money) UnmarshalJSON(data []byte) error {
	data = bytes.TrimSpace(data)
	switch {
	case string(data) == "null":
		*m = Money{}
		return nil
	case bytes.HasPrefix(data, []byte(`"`)):
		var text string
		if err := json.Unmarshal(data, &text); err != nil {
			return fmt.Errorf("money: %w", err)
		}
		return m.UnmarshalText([]byte(text))
	case bytes.HasPrefix(data, []byte(`{`)):
		price, err := unmarshalPrice(data)
		if err == nil {
			*m = price
		}
		return err
	}
	return fmt.Errorf("money: %s is neither a price nor a string", quoteShort(string(data)))
}

// unmarshalPrice reads a price object of the API. Its members are taken as they
// are written: a float64 would lose digits, and json.Number takes strings too.
func unmarshalPrice(data []byte) (Money, error) {
	var raw struct {
		Value    json.RawMessage `json:"value"`
		Ucents   json.RawMessage `json:"priceInUcents"`
		Currency json.RawMessage `json:"currencyCode"`
	}
	if err := json.Unmarshal(data, &raw); err != nil {
		return Money{}, fmt.Errorf("price: %w", err)
	}
	var currency string
	if given(raw.Currency) {
		if json.Unmarshal(raw.Currency, &currency) != nil {
			return Money{}, fmt.Errorf("price: currencyCode %s is not a string", quoteShort(string(raw.Currency)))
		}
	}
	if !given(raw.Value) && !given(raw.Ucents) {
		return Money{}, fmt.Errorf("price has no value: %s", quoteShort(string(data)))
	}
	var value, ucents int64
	var err error
	if given(raw.Ucents) {
		var exact bool
		if ucents, exact, err = parseDecimal(string(raw.Ucents), 0); err == nil && !exact {
			err = errors.New("is not a whole number")
		}
		if err != nil {
			return Money{}, fmt.Errorf("price: priceInUcents %s %w", quoteShort(string(raw.Ucents)), err)
		}
		if !given(raw.Value) {
			return Money{ucents, Currency(currency)}, nil
		}
	}
	// OVHcloud computes with floats: 37.870000000000005 means 37.87.
	if value, _, err = parseDecimal(string(raw.Value), amountScale); err != nil {
		return Money{}, fmt.Errorf("price: value %s %w", quoteShort(string(raw.Value)), err)
	}
	// The value may be the ucents rounded to cents, no more.
	if given(raw.Ucents) && uint64(max(value, ucents))-uint64(min(value, ucents)) >= ucentsPerCent {
		return Money{}, fmt.Errorf("price: value %s and priceInUcents %s disagree", raw.Value, raw.Ucents)
	}
	return Money{value, Currency(currency)}, nil
}

// given reports whether a JSON member is there and not null.
func given(raw json.RawMessage) bool { return len(raw) > 0 && raw[0] != 'n' }

const (
	amountScale   = 8 // decimals of a micro-cent
	ucentsPerUnit = 100_000_000
	ucentsPerCent = 1_000_000
)

var errNotDecimal = errors.New("is not a number")

// parseAmount reads an amount as people write it, in micro-cents.
func parseAmount(s string) (int64, error) {
	ucents, exact, err := parseDecimal(s, amountScale)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%s %w", quoteShort(s), err)
	case strings.ContainsAny(s, "eE"):
		return 0, fmt.Errorf("%s has an exponent", quoteShort(s))
	case !exact:
		return 0, fmt.Errorf("%s has more than eight decimals", quoteShort(s))
	}
	return ucents, nil
}

// formatAmount writes micro-cents with as many decimals as needed, and at least
// so many.
func formatAmount(ucents int64, decimals int) string {
	abs, sign := uint64(ucents), ""
	if ucents < 0 {
		abs, sign = -abs, "-"
	}
	fraction := fmt.Sprintf("%08d", abs%ucentsPerUnit)
	for len(fraction) > decimals && fraction[len(fraction)-1] == '0' {
		fraction = fraction[:len(fraction)-1]
	}
	if fraction != "" {
		fraction = "." + fraction
	}
	return sign + strconv.FormatUint(abs/ucentsPerUnit, 10) + fraction
}

// parseDecimal reads a number in JSON's notation and shifts its point by scale
// digits to the right. What is left behind the point is rounded half away from
// zero, and the result is then not exact. The time it takes depends on the length
// of s only, whatever the exponent.
func parseDecimal(s string, scale int) (n int64, exact bool, err error) {
	rest, negative := strings.CutPrefix(s, "-")
	mantissa, exponent := rest, 0
	if i := strings.IndexAny(rest, "eE"); i >= 0 {
		var ok bool
		mantissa = rest[:i]
		if exponent, ok = parseExponent(rest[i+1:]); !ok {
			return 0, false, errNotDecimal
		}
	}
	whole, fraction, pointed := strings.Cut(mantissa, ".")
	if !allDigits(whole) || (pointed && !allDigits(fraction)) || (len(whole) > 1 && whole[0] == '0') {
		return 0, false, errNotDecimal
	}

	digits := strings.TrimLeft(whole+fraction, "0")
	// The point stands behind so many digits; before the first one if negative.
	point := len(digits) - len(fraction) + exponent + scale
	digits = strings.TrimRight(digits, "0")
	if digits == "" || point < 0 {
		return 0, digits == "", nil
	}
	if point > 19 { // more digits than an int64 has
		return 0, false, ErrRange
	}
	var abs uint64 // 19 digits and the rounding fit
	for i := range point {
		abs *= 10
		if i < len(digits) {
			abs += uint64(digits[i] - '0')
		}
	}
	if point < len(digits) && digits[point] >= '5' {
		abs++
	}
	if negative {
		abs = -abs
	}
	if n = int64(abs); n != 0 && (n < 0) != negative {
		return 0, false, ErrRange
	}
	return n, point >= len(digits), nil
}

// parseExponent reads the exponent of a number, cut to what makes no difference.
func parseExponent(s string) (int, bool) {
	unsigned := s
	if s != "" && (s[0] == '+' || s[0] == '-') {
		unsigned = s[1:]
	}
	if !allDigits(unsigned) {
		return 0, false
	}
	const limit = 1 << 29 // longer than any number that is written out
	n, err := strconv.Atoi(s)
	if err != nil { // too large, for nothing else is wrong with it
		n = limit
		if s[0] == '-' {
			n = -limit
		}
	}
	return max(-limit, min(n, limit)), true
}

func allDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// quoteShort quotes s for an error, cut where it becomes unreadable.
func quoteShort(s string) string {
	const limit = 64
	if len(s) > limit {
		return strconv.Quote(s[:limit]) + "…"
	}
	return strconv.Quote(s)
}
