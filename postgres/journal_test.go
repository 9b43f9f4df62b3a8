package postgres_test

import (
	"fmt"
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/postgres"
)

func TestJournal(t *testing.T) {
	t.Parallel()
	for name, how := range map[string]postgres.Options{"Session": {}, "NoSession": {NoSession: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ovhrenewtest.TestJournal(t, func(t *testing.T) (a, b ovhrenew.Journal) {
				pool := database(t)
				handles := [2]ovhrenew.Journal{}
				for i := range handles {
					j, err := postgres.Open(t.Context(), pool, ovhrenew.OnlyJournal, how)
					if err != nil {
						t.Fatal(err)
					}
					t.Cleanup(func() {
						if err := j.Close(); err != nil {
							t.Errorf("Close = %v", err)
						}
					})
					handles[i] = j
				}
				return handles[0], handles[1]
			})
		})
	}
}

// TestReceiptTable renews once more what was taken back: by SQL, both payments are there, also
// while the renewal is open again.
func TestReceiptTable(t *testing.T) {
	t.Parallel()
	pool := database(t)
	j := open(t, pool, postgres.Options{})
	c, err := j.Claim(t.Context(), account, 1)
	if err != nil {
		t.Fatal(err)
	}
	first, open := paying(1), paying(1)
	first.Phase, first.Receipt = ovhrenew.PhaseRenewed, &ovhrenew.Receipt{Order: first.Order, Price: ovhrenew.MustMoney("21.56 EUR"), Tax: ovhrenew.MustMoney("3.59 EUR")}
	open.Order++
	second, receipt := first, *first.Receipt
	second.Order, receipt.Order = open.Order, open.Order
	second.Receipt = &receipt
	for i, step := range []struct {
		state ovhrenew.State
		want  string
	}{
		{first, "1 21.56 EUR"}, {open, "1 21.56 EUR"}, {second, "2 43.12 EUR"}, {second, "2 43.12 EUR"},
		{state(second, ovhrenew.PhaseClosed), "2 43.12 EUR"},
	} {
		if err := c.Append(t.Context(), step.state); err != nil {
			t.Fatal(err)
		}
		var n int
		var sum, currency string
		if err := pool.QueryRow(t.Context(), "select count(*), sum(price)::text, min(currency) from ovhrenew_receipt").Scan(&n, &sum, &currency); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(n, " ", sum, " ", currency); got != step.want {
			t.Errorf("after step %d there are %s, want %s", i, got, step.want)
		}
	}
}

func state(s ovhrenew.State, phase ovhrenew.Phase) ovhrenew.State {
	s.Phase = phase
	return s
}
