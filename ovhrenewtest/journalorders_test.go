package ovhrenewtest_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
)

func TestBadOrders(t *testing.T) {
	t.Parallel()
	for flaw, want := range map[string]string{
		"all orders ever":                "ForeignOrders OwnOrders",
		"orders by number":               "ForeignOrders",
		"own orders are foreign":         "OwnOrders",
		"facts are forgotten":            "ForeignOrders OwnOrders",
		"facts are not checked":          "ForeignOrders",
		"all receipts ever":              "Receipts ReceiptsStay",
		"receipts twice":                 "Receipts ReceiptsStay",
		"a renewal has one receipt":      "ReceiptsStay",
		"an order has one receipt":       "ReceiptsStay",
		"a receipt is told as kept last": "ReceiptsStay",
		"what is open has a receipt":     "ReceiptsStay",
		"accounts are one":               "Accounts",
	} {
		wantCaught(t, "TestBadJournal", flaw, want)
	}
}

// appended are the states that a journal was given.
type appended struct {
	mu     sync.Mutex
	states []ovhrenew.State
}

func (a *appended) add(s ovhrenew.State) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.states = append(a.states, s)
}

// receipts are those that a journal with a flaw has of all that was appended.
func (a *appended) receipts(flaw string, since time.Time) (all []ovhrenew.Receipt) {
	a.mu.Lock()
	defer a.mu.Unlock()
	kept := map[string]ovhrenew.State{}
	for _, s := range a.states {
		over := s.Over() && s.Receipt != nil
		key := ""
		if s.Receipt != nil {
			key = fmt.Sprint(s.Renewal, s.Receipt.Order)
		}
		_, again := kept[key]
		switch flaw {
		case "a renewal has one receipt":
			delete(kept, s.Renewal)
			key, again = s.Renewal, false
		case "an order has one receipt":
			key = ""
			if over {
				key = fmt.Sprint(s.Receipt.Order)
			}
			_, again = kept[key]
		case "a receipt is told as kept last":
			again = false
		case "what is open has a receipt":
			over = s.Receipt != nil
		}
		if over && !again {
			kept[key] = s
		}
	}
	var states []ovhrenew.State
	for _, s := range kept {
		if !s.Time.Before(since) {
			states = append(states, s)
		}
	}
	slices.SortFunc(states, func(a, b ovhrenew.State) int { return a.Time.Compare(b.Time) })
	for _, s := range states {
		all = append(all, *s.Receipt)
	}
	return all
}
