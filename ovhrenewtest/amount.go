package ovhrenewtest

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// Amount is money in micro-cents: 100,000,000 of them are one unit of the
// currency.
type Amount int64

const (
	unit Amount = 100_000_000
	cent Amount = unit / 100
)

// String is the amount as a decimal number, such as 37.87.
func (a Amount) String() string {
	sign, n := "", uint64(a)
	if a < 0 {
		sign, n = "-", -n
	}
	whole, rest := n/uint64(unit), n%uint64(unit)
	if rest == 0 {
		return sign + strconv.FormatUint(whole, 10)
	}
	return sign + strconv.FormatUint(whole, 10) + "." + strings.TrimRight(fmt.Sprintf("%08d", rest), "0")
}

// parseAmount reads a decimal number with at most eight places.
func parseAmount(s string) (Amount, error) {
	whole, frac, _ := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	if whole == "" || len(frac) > 8 || strings.Trim(whole+frac, "0123456789") != "" {
		return 0, fmt.Errorf("%q is not an amount such as 12.99", s)
	}
	n, err := strconv.ParseInt(whole+frac+strings.Repeat("0", 8-len(frac)), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%q is not an amount such as 12.99: %w", s, err)
	}
	if strings.HasPrefix(s, "-") {
		n = -n
	}
	return Amount(n), nil
}

// percentOf is that share of the amount, rounded half up to the cent. Percent is
// scaled like an amount.
func percentOf(a, percent Amount) Amount {
	product := new(big.Int).Mul(big.NewInt(int64(a)), big.NewInt(int64(percent)))
	cents := big.NewInt(int64(unit) * 100 * int64(cent)) // percent scale, hundred, cents
	product.Mul(product, big.NewInt(2)).Add(product, cents)
	return Amount(product.Div(product, cents.Mul(cents, big.NewInt(2))).Int64()) * cent
}

// split shares the amount out among n, the remainder going to the first.
func split(a Amount, n int) []Amount {
	shares := make([]Amount, n)
	for i := range shares {
		shares[i] = a / Amount(n)
	}
	if n > 0 {
		shares[0] += a % Amount(n)
	}
	return shares
}

// price is order.Price. The one of /service/{serviceId}/renew and of orders has
// no priceInUcents.
type price struct {
	Currency string      `json:"currencyCode"`
	Ucents   *Amount     `json:"priceInUcents,omitempty"`
	Text     string      `json:"text"`
	Value    json.Number `json:"value"`
}

// price writes an amount the way the API does. The caller holds the lock.
func (s *Server) price(a Amount, currency string) price {
	value := a.String()
	if s.behaviour.FloatNoise && strings.Contains(value, ".") {
		value += strings.Repeat("0", 15-len(value)+strings.Index(value, ".")) + "5"
	}
	return price{Currency: currency, Text: s.priceText(a, currency), Value: json.Number(value)}
}

func (s *Server) priceText(a Amount, currency string) string {
	text := s.behaviour.CurrencyText
	switch {
	case text != "":
	case currency == "EUR":
		text = "€"
	case currency == "points":
		text = "PTS"
	default:
		text = currency
	}
	half := cent / 2
	if a < 0 {
		half = -half
	}
	cents := (a + half) / cent
	sign := ""
	if cents < 0 {
		sign, cents = "-", -cents
	}
	return fmt.Sprintf("%s%d.%02d %s", sign, cents/100, cents%100, text)
}
