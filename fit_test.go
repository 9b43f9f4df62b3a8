package ovhrenew

import (
	"errors"
	"testing"
)

// What is paid is the order's price as it is now: that of the offer before tax, that of the
// quote where there was one, within the limit, and the one that a person has agreed to.
func TestPriceFits(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		before, with, quoted, limit, agreed string
		want                                error
		word                                word
	}{
		"fits":                 {before: "10 EUR", with: "12 EUR", limit: "12 EUR"},
		"fits the quote":       {before: "10 EUR", with: "12 EUR", quoted: "12 EUR", limit: "12 EUR"},
		"dearer before tax":    {before: "10.01 EUR", with: "12 EUR", limit: "50 EUR", want: ErrPriceChanged},
		"cheaper before tax":   {before: "9 EUR", with: "12 EUR", limit: "50 EUR", want: ErrPriceChanged},
		"another tax":          {before: "10 EUR", with: "12.10 EUR", quoted: "12 EUR", limit: "50 EUR", want: ErrPriceChanged},
		"over the limit":       {before: "10 EUR", with: "12.00000001 EUR", limit: "12 EUR", want: ErrOverLimit},
		"another currency":     {before: "10 EUR", with: "12 USD", limit: "12 EUR", want: ErrCurrency},
		"less than nothing":    {before: "10 EUR", with: "-1 EUR", limit: "12 EUR", want: ErrPriceChanged},
		"agreed to":            {before: "10 EUR", with: "12 EUR", limit: "50 EUR", agreed: "12 EUR"},
		"agreed to less":       {before: "10 EUR", with: "12 EUR", limit: "50 EUR", agreed: "11.99 EUR", word: wordAsk},
		"agreed to more":       {before: "10 EUR", with: "12 EUR", limit: "50 EUR", agreed: "13 EUR", word: wordAsk},
		"agreed to, and above": {before: "10 EUR", with: "12 EUR", limit: "11 EUR", agreed: "12 EUR", want: ErrOverLimit},
	} {
		money := func(text string) Money {
			if text == "" {
				return Money{}
			}
			return MustMoney(text)
		}
		r := lookAt(0, State{Order: 1, Cost: Quote{PriceWithTax: money(tt.agreed)}})
		r.task = Task{Offer: Offer{Strategy: RenewStrategy{Price: MustMoney("10 EUR")}}, Quoted: money(tt.quoted), Limit: money(tt.limit), Approve: tt.agreed != ""}
		r.l.own = Order{OrderID: 1, PriceWithoutTax: money(tt.before), PriceWithTax: money(tt.with)}
		r.price()
		if !errors.Is(r.l.unfitErr, tt.want) || r.l.unfit != (tt.want != nil) || r.l.word != tt.word {
			t.Errorf("%s: %v and word %d, want %v and %d", name, r.l.unfitErr, r.l.word, tt.want, tt.word)
		}
	}
	r := lookAt(0, State{Order: 1})
	if r.price(); r.l.others != othersDark {
		t.Error("an order that could not be read fits")
	}
}
