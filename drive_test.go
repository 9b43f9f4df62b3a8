package ovhrenew

import (
	"context"
	"errors"
	"testing"
)

// A payment that was paid by two ways that cannot be told apart says so.
func TestPaidByOther(t *testing.T) {
	t.Parallel()
	for tried, want := range map[string]string{"": "somebody else", "payment method 7": "payment method 7 or somebody else"} {
		if got := paidByOther(tried); got != want {
			t.Errorf("%q: %q, want %q", tried, got, want)
		}
	}
}

// otherOrder answers with order 2 whichever is asked for.
type otherOrder struct{ Client }

func (otherOrder) Order(context.Context, OrderID) (Order, error) {
	return Order{OrderID: 2, PriceWithTax: MustMoney("5 EUR")}, nil
}

// A receipt never has the price of another order than the renewal's.
func TestCostOfAnotherOrder(t *testing.T) {
	t.Parallel()
	j := &job{r: &Runner{client: otherOrder{}}, st: State{Order: 1, Phase: PhasePaid}}
	if err := j.cost(t.Context(), &look{}); !errors.Is(err, ErrMalformed) || !j.st.Cost.PriceWithTax.IsZero() {
		t.Errorf("order 1 costs what order 2 does: %v, %v", j.st.Cost.PriceWithTax, err)
	}
}
