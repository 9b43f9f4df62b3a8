package ovhrenewtest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/big"
	"regexp"
	"strings"
)

// Amount is money in micro-cents: 100,000,000 of them are one unit of the
// currency.
type Amount int64

const unit Amount = 100_000_000

// String returns the amount as a decimal number, such as 37.87.
func (a Amount) String() string {
	return strings.TrimSuffix(strings.TrimRight(a.rat().FloatString(8), "0"), ".")
}

func (a Amount) rat() *big.Rat { return big.NewRat(int64(a), int64(unit)) }

var decimal = regexp.MustCompile(`^-?\d+(\.\d{1,8})?$`)

func parseAmount(s string) (Amount, error) {
	if r, ok := new(big.Rat).SetString(s); ok && decimal.MatchString(s) {
		if n := r.Mul(r, new(big.Rat).SetInt64(int64(unit))).Num(); n.IsInt64() {
			return Amount(n.Int64()), nil
		}
	}
	return 0, fmt.Errorf("%q is not an amount such as 12.99", s)
}

// amount reads what somebody set, or says that it is a mistake. The caller holds the lock.
func (s *Server) amount(what, text string) Amount {
	a, err := parseAmount(text)
	if err != nil {
		s.fail("%s: %v", what, err)
	}
	return a
}

// percentOf is rounded half up to the cent. Percent is scaled like an amount.
func percentOf(a, percent Amount) Amount {
	share := percent.rat()
	share.Mul(share, a.rat()).Quo(share, big.NewRat(100, 1))
	cents, _ := parseAmount(share.FloatString(2))
	return cents
}

// price is order.Price, an amount as the API writes it. That of /service/{serviceId}/renew
// and of orders has no priceInUcents. The caller holds the lock.
func (s *Server) price(a Amount, currency string) object {
	value := a.String()
	if s.behaviour.FloatNoise && strings.Contains(value, ".") {
		value += strings.Repeat("0", 15-len(value)+strings.Index(value, ".")) + "5"
	}
	symbol := map[string]string{"EUR": "€", "points": "PTS"}[currency]
	text := a.rat().FloatString(2) + " " + cmp.Or(s.behaviour.CurrencyText, symbol, currency)
	return object{"currencyCode": currency, "text": text, "value": json.Number(value)}
}

func (s *Server) currency() string { return cmp.Or(s.behaviour.Currency, "EUR") }
