package ovhrenew

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// unmarshalPrice reads a price object of the API. Its numbers are kept as they are
// written: a float64 would lose digits, and json.Number takes strings too.
func unmarshalPrice(data []byte) (Money, error) {
	var raw struct {
		Value    json.RawMessage `json:"value"`
		Ucents   json.RawMessage `json:"priceInUcents"`
		Currency json.RawMessage `json:"currencyCode"`
	}
	if err := json.Unmarshal(data, &raw); err != nil {
		return Money{}, fmt.Errorf("price: %w", err)
	}
	m := Money{}
	if given(raw.Currency) && json.Unmarshal(raw.Currency, &m.currency) != nil {
		return Money{}, fmt.Errorf("price: currencyCode %s is not a string", quoteShort(string(raw.Currency)))
	}
	if !given(raw.Value) && !given(raw.Ucents) {
		return Money{}, fmt.Errorf("price has no value: %s", quoteShort(string(data)))
	}
	if given(raw.Ucents) {
		ucents, exact, err := parseDecimal(string(raw.Ucents), 0)
		if err == nil && !exact {
			err = errors.New("is not a whole number")
		}
		if err != nil {
			return Money{}, fmt.Errorf("price: priceInUcents %s %w", quoteShort(string(raw.Ucents)), err)
		}
		m.ucents = ucents
	}
	if !given(raw.Value) {
		return m, nil
	}
	// OVHcloud computes with floats: 37.870000000000005 means 37.87.
	value, _, err := parseDecimal(string(raw.Value), amountScale)
	if err != nil {
		return Money{}, fmt.Errorf("price: value %s %w", quoteShort(string(raw.Value)), err)
	}
	// The value may be the ucents rounded to cents, no more.
	if given(raw.Ucents) && uint64(max(value, m.ucents))-uint64(min(value, m.ucents)) >= ucentsPerCent {
		return Money{}, fmt.Errorf("price: value %s and priceInUcents %s disagree", raw.Value, raw.Ucents)
	}
	return Money{value, m.currency}, nil
}

func given(raw []byte) bool { return len(raw) > 0 && raw[0] != 'n' }

const (
	amountScale   = 8 // decimals of a micro-cent
	ucentsPerUnit = 100_000_000
	ucentsPerCent = 1_000_000
)

var errNotDecimal = errors.New("is not a number")

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
	fraction = fraction[:decimals] + strings.TrimRight(fraction[decimals:], "0")
	if fraction != "" {
		fraction = "." + fraction
	}
	return sign + strconv.FormatUint(abs/ucentsPerUnit, 10) + fraction
}

// parseDecimal reads a number in JSON's notation and shifts its point by scale
// digits to the right. What is left behind the point is rounded half away from
// zero, and the result is then not exact.
func parseDecimal(s string, scale int) (n int64, exact bool, err error) {
	isDigit := func(c byte) bool { return '0' <= c && c <= '9' }
	if s == "" || s[0] != '-' && !isDigit(s[0]) || !isDigit(s[len(s)-1]) || !json.Valid([]byte(s)) {
		return 0, false, errNotDecimal
	}
	// An exponent that the digits of no amount make up for would only cost time, as
	// would more digits. Atoi returns its nearest number with its error.
	const digits, far = 1000, 2000
	mantissa, exponent := s, 0
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		mantissa = s[:i]
		exponent, _ = strconv.Atoi(s[i+1:])
	}
	switch zero := strings.Trim(mantissa, "-0.") == ""; {
	case zero || exponent < -far && len(s) <= digits:
		return 0, zero, nil
	case exponent > far || len(s) > digits:
		return 0, false, ErrRange
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	if exponent == 0 && len(fraction) <= scale && len(whole)+scale <= 18 { // nearly always
		n, err = strconv.ParseInt(whole+fraction+"00000000"[:scale-len(fraction)], 10, 64)
		return n, err == nil, err
	}
	number, _ := new(big.Rat).SetString(mantissa + "e" + strconv.Itoa(exponent+scale))
	if n, err = strconv.ParseInt(number.FloatString(0), 10, 64); err != nil {
		return 0, false, ErrRange
	}
	return n, number.IsInt(), nil
}

// quoteShort quotes s for an error, cut where it becomes unreadable.
func quoteShort(s string) string {
	const limit = 64
	if len(s) > limit {
		return strconv.Quote(s[:limit]) + "…"
	}
	return strconv.Quote(s)
}
