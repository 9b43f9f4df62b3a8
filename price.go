package ovhrenew

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// priceMembers are the members of a price object as they are written, empty if
// absent. A float64 would lose digits, and json.Number takes strings too.
type priceMembers struct{ value, ucents, currency []byte }

// unmarshalPrice reads a price object of the API.
func unmarshalPrice(data []byte) (Money, error) {
	raw, err := decodePrice(data)
	if err != nil {
		return Money{}, err
	}
	m, err := raw.money()
	if errors.Is(err, errNoValue) {
		err = fmt.Errorf("%w: %s", err, quoteShort(string(data)))
	}
	return m, err
}

var errNoValue = errors.New("price has no value")

// money is the price that the members make.
func (raw priceMembers) money() (Money, error) {
	currency, err := currencyOf(raw.currency)
	if err != nil {
		return Money{}, err
	}
	if !given(raw.value) && !given(raw.ucents) {
		return Money{}, errNoValue
	}
	var value, ucents int64
	if given(raw.ucents) {
		var exact bool
		if ucents, exact, err = parseDecimal(string(raw.ucents), 0); err == nil && !exact {
			err = errors.New("is not a whole number")
		}
		if err != nil {
			return Money{}, fmt.Errorf("price: priceInUcents %s %w", quoteShort(string(raw.ucents)), err)
		}
		if !given(raw.value) {
			return Money{ucents, currency}, nil
		}
	}
	// OVHcloud computes with floats: 37.870000000000005 means 37.87.
	if value, _, err = parseDecimal(string(raw.value), amountScale); err != nil {
		return Money{}, fmt.Errorf("price: value %s %w", quoteShort(string(raw.value)), err)
	}
	// The value may be the ucents rounded to cents, no more.
	if given(raw.ucents) && uint64(max(value, ucents))-uint64(min(value, ucents)) >= ucentsPerCent {
		return Money{}, fmt.Errorf("price: value %s and priceInUcents %s disagree", raw.value, raw.ucents)
	}
	return Money{value, currency}, nil
}

// decodePrice finds the members of a price, as they are written.
func decodePrice(data []byte) (priceMembers, error) {
	var raw struct {
		Value    json.RawMessage `json:"value"`
		Ucents   json.RawMessage `json:"priceInUcents"`
		Currency json.RawMessage `json:"currencyCode"`
	}
	if err := json.Unmarshal(data, &raw); err != nil {
		return priceMembers{}, fmt.Errorf("price: %w", err)
	}
	return priceMembers{value: raw.Value, ucents: raw.Ucents, currency: raw.Currency}, nil
}

// currencyOf reads a currencyCode.
func currencyOf(raw []byte) (Currency, error) {
	if !given(raw) {
		return "", nil
	}
	var currency string
	if json.Unmarshal(raw, &currency) != nil {
		return "", fmt.Errorf("price: currencyCode %s is not a string", quoteShort(string(raw)))
	}
	return Currency(currency), nil
}

// given reports whether a JSON member is there and not null.
func given(raw []byte) bool { return len(raw) > 0 && raw[0] != 'n' }

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
