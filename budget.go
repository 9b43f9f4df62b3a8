package ovhrenew

import (
	"context"
	"fmt"
	"sync"
)

// budget keeps several renewals at once within one total for each currency. What a
// renewal may come to is reserved before it begins, and given back as far as it was
// not spent.
type budget struct {
	mu       sync.Mutex
	changed  chan struct{} // closed and replaced whenever something is given back
	left     map[Currency]Money
	reserved map[Currency]int // renewals under way
}

func newBudget(totals []Money) *budget {
	b := &budget{changed: make(chan struct{}), left: map[Currency]Money{}, reserved: map[Currency]int{}}
	for _, total := range totals {
		b.left[total.Currency()] = total
	}
	return b
}

// reserve sets an amount aside, waiting for what others may give back. It says why
// it cannot; empty: it has.
func (b *budget) reserve(ctx context.Context, amount Money) string {
	for {
		b.mu.Lock()
		left, err := b.left[amount.Currency()].Sub(amount)
		if err == nil && left.Sign() >= 0 {
			b.left[amount.Currency()] = left
			b.reserved[amount.Currency()]++
			b.mu.Unlock()
			return ""
		}
		has, others, changed := b.left[amount.Currency()], b.reserved[amount.Currency()], b.changed
		b.mu.Unlock()
		if others == 0 {
			return fmt.Sprintf("over budget: it may cost %s, and %s is left", amount, has)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err().Error()
		}
	}
}

// settle gives back what was reserved and not spent.
func (b *budget) settle(reserved, spent Money) {
	b.mu.Lock()
	defer b.mu.Unlock()
	currency := reserved.Currency()
	back := reserved
	if !spent.IsZero() {
		// A renewal spends no more than its limit, in its currency: an amount that
		// cannot be subtracted gives nothing back.
		var err error
		if back, err = reserved.Sub(spent); err != nil || back.Sign() < 0 {
			back = NewMoney(0, currency)
		}
	}
	if left, err := b.left[currency].Add(back); err == nil {
		b.left[currency] = left
	}
	b.reserved[currency]--
	close(b.changed)
	b.changed = make(chan struct{})
}
