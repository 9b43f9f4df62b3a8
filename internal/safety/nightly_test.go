// A program that runs every night of a year.

package safety_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// TestNightly runs a program every night of more than a year: it renews once a
// period, with its journal and without.
func TestNightly(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		period ovhrenew.Period
		want   int
	}{{ovhrenew.P1M, 14}, {ovhrenew.P1Y, 2}} {
		for _, kept := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s/journal kept %t", tt.period, kept), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) { nightly(t, tt.period, tt.want, kept) })
			})
		}
	}
}

func nightly(t *testing.T, period ovhrenew.Period, want int, kept bool) {
	server := ovhrenewtest.StartPipe(t, ovhrenewtest.Behaviour{ChargeTwice: true, DeliveryDelay: time.Minute})
	ovhrenewtest.Guide(server)
	w := &world{tb: t, server: server}
	expiry := w.expiry(vps)
	shared := &memoryJournal{}
	renewed := 0
	for range 400 {
		time.Sleep(days)
		journal := shared
		if !kept {
			journal = &memoryJournal{}
		}
		p := w.start(journal, 0)
		receipt, err := ovhrenew.Renew(p.ctx, p.client, ovhrenew.Request{
			Service: ovhrenew.ID(vps), Rules: []ovhrenew.Rule{ovhrenew.For(period)}, Limit: ovhrenew.MustMoney("78 EUR"),
			PayWith: ovhrenew.DefaultMethod, Journal: p.journal,
		})
		p.kill()
		switch {
		case err == nil && !receipt.Already:
			renewed++
			if got := receipt.Services[0]; got.From != expiry || !period.Moved(expiry, got.To) {
				t.Fatalf("renewed from %s to %s, want %s from %s", got.From, got.To, period, expiry)
			}
			expiry = receipt.Services[0].To
		case err != nil && told(err) != ovhrenew.ErrNotDue.Error():
			t.Fatal(err)
		case err != nil && kept && renewed > 0:
			t.Fatalf("the journal has a receipt, and the run told %v", err)
		}
		if left := ovhrenew.DateOf(time.Now()).DaysUntil(w.expiry(vps)); left < 0 {
			t.Fatal("it expired")
		}
	}
	if payments := len(server.Payments()); renewed != want || payments != want || w.expiry(vps) != expiry {
		t.Errorf("renewed %d times, paid %d times, want %d; it expires on %s, want %s", renewed, payments, want, w.expiry(vps), expiry)
	}
}
