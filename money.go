package ovhrenew

import (
	"bytes"
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// Currency is a currency code as OVHcloud writes it.
type Currency string

// Common currencies.
const (
	EUR    Currency = "EUR"
	USD    Currency = "USD"
	Points Currency = "points" // loyalty points
)

// notApplicable is the currency of an amount in no currency, says OVHcloud.
const notApplicable Currency = "N/A"

func (c Currency) wellFormed() bool {
	if c == Points || c == notApplicable {
		return true
	}
	return len(c) == 3 && strings.Trim(string(c), "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// Money is an exact amount in one currency. Amounts compare with ==. The zero value is
// no amount, which differs from 0 EUR.
type Money struct {
	ucents   int64
	currency Currency
}

// NewMoney returns an amount in micro-cents: 37.87 EUR is NewMoney(3_787_000_000, EUR).
func NewMoney(ucents int64, c Currency) Money { return Money{ucents, c} }

// MustMoney is like [ParseMoney] but panics.
func MustMoney(s string) Money { return must(ParseMoney(s)) }

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// ParseMoney reads an amount, a space and its currency, such as "50 EUR". It refuses
// exponents, thousands separators and more than eight decimals.
func ParseMoney(s string) (Money, error) {
	amount, currency, found := strings.Cut(s, " ")
	if !found || currency == "" {
		return Money{}, fmt.Errorf("money %s: no space and currency after the amount, want for example \"50 EUR\"", quoteShort(s))
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

// Ucents returns the amount in micro-cents, 10⁻⁸ of the currency's unit.
func (m Money) Ucents() int64 { return m.ucents }

func (m Money) Currency() Currency { return m.currency }

// IsZero reports whether m is no amount. It is false for 0 EUR.
func (m Money) IsZero() bool { return m == Money{} }

func (m Money) Equal(n Money) bool { return m == n }

// Amount returns the exact amount without its currency, such as 45.44.
func (m Money) Amount() string {
	switch {
	case m.IsZero():
		return ""
	case m.currency == Points || m.currency == notApplicable:
		return formatAmount(m.ucents, 0)
	}
	return formatAmount(m.ucents, 2)
}

// Sign returns -1, 0 or 1.
func (m Money) Sign() int { return cmp.Compare(m.ucents, 0) }

// String returns m as in "45.44 EUR". A currency that does not look like one is quoted.
func (m Money) String() string {
	switch {
	case m.IsZero():
		return "no money"
	case m.currency == "":
		return m.text() + " (no currency)"
	}
	return m.text()
}

// Add returns m + n. The error is [ErrCurrency] if the currencies differ or one amount
// is the zero value, [ErrRange] if the sum is too large.
func (m Money) Add(n Money) (Money, error) {
	return m.with("add", n, m.ucents+n.ucents, n.ucents < 0)
}

// Sub returns m - n. Its errors are those of [Money.Add].
func (m Money) Sub(n Money) (Money, error) {
	return m.with("subtract", n, m.ucents-n.ucents, n.ucents > 0)
}

// with is m and n computed to result, which overflowed unless it is less than m as told.
func (m Money) with(operation string, n Money, result int64, less bool) (Money, error) {
	if err := m.sameCurrency(operation, n); err != nil {
		return Money{}, err
	}
	if less != (result < m.ucents) {
		return Money{}, fmt.Errorf("%s: %v and %v: %w", operation, m, n, ErrRange)
	}
	return Money{result, m.currency}, nil
}

// Cmp returns -1, 0 or 1. Its error is [ErrCurrency], as with [Money.Add].
func (m Money) Cmp(n Money) (int, error) {
	if err := m.sameCurrency("compare", n); err != nil {
		return 0, err
	}
	return cmp.Compare(m.ucents, n.ucents), nil
}

// sameCurrency says why m and n have no common order, if so.
func (m Money) sameCurrency(operation string, n Money) error {
	if m.currency != n.currency || m.IsZero() || n.IsZero() {
		return fmt.Errorf("%s: %w: %v and %v", operation, ErrCurrency, m, n)
	}
	return nil
}

// text is the lossless form of m: "" for the zero value, a bare amount if the
// currency is unknown, a quoted currency if it does not look like one.
func (m Money) text() string {
	code := string(m.currency)
	switch {
	case code == "":
		return m.Amount()
	case !m.currency.wellFormed():
		code = strconv.QuoteToASCII(code)
	}
	return m.Amount() + " " + code
}

// MarshalText writes "45.44 EUR", or "" for the zero value.
func (m Money) MarshalText() ([]byte, error) { return []byte(m.text()), nil }

// UnmarshalText reads what MarshalText writes.
func (m *Money) UnmarshalText(text []byte) error {
	s := string(text)
	if s == "" {
		*m = Money{}
		return nil
	}
	amount, currency, found := strings.Cut(s, " ")
	if found {
		code, err := strconv.Unquote(currency)
		if err != nil || code == "" || currency[0] != '"' {
			parsed, err := ParseMoney(s)
			if err == nil {
				*m = parsed
			}
			return err
		}
		currency = code
	}
	ucents, err := parseAmount(amount)
	if err != nil {
		return fmt.Errorf("money %s: amount %w", quoteShort(s), err)
	}
	*m = Money{ucents, Currency(currency)}
	return nil
}

// UnmarshalJSON reads a price as the API answers it,
// {"currencyCode":"EUR","value":45.44}, or what [Money.MarshalText] writes. The value is
// taken exactly as written, rounded to a micro-cent.
func (m *Money) UnmarshalJSON(data []byte) error {
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
		price, err := unmarshalPrice(data)
		if err == nil {
			*m = price
		}
		return err
	}
	text, err := textOf(data)
	if err != nil {
		return fmt.Errorf("money: %s is neither a price nor a string", quoteShort(string(data)))
	}
	return m.UnmarshalText([]byte(text))
}
