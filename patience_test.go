package ovhrenew_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// How long Renew waits for a delivery that never comes, and for a lost payment.
func TestPatience(t *testing.T) {
	t.Parallel()
	lost := faulty(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Reset})
	for _, test := range []struct {
		name string
		renewalCase
		patience ovhrenew.Patience
		is       error
		takes    time.Duration
	}{
		{"delivery, by default", renewalCase{behaviour: ovhrenewtest.Behaviour{AfterPay: "delivering"}}, ovhrenew.Patience{}, ovhrenew.ErrPending, 30 * time.Minute},
		{"delivery", renewalCase{behaviour: ovhrenewtest.Behaviour{AfterPay: "delivering"}}, ovhrenew.Patience{Delivery: time.Hour}, ovhrenew.ErrPending, time.Hour},
		{"settle, by default", renewalCase{account: lost}, ovhrenew.Patience{}, ovhrenew.ErrNoEffect, 10 * time.Minute},
		{"settle", renewalCase{account: lost}, ovhrenew.Patience{Settle: 20 * time.Minute}, ovhrenew.ErrNoEffect, 20 * time.Minute},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server, client, req := test.inBubble(t)
				req.Patience = test.patience
				began := time.Now()
				_, err := ovhrenew.Renew(t.Context(), client, req)
				if took := time.Since(began); !errors.Is(err, test.is) || took < test.takes || took > test.takes+2*time.Minute {
					t.Errorf("Renew: %v after %s, want %v after %s", err, took, test.is, test.takes)
				}
				spendCalls(t, server, 1, 1)
			})
		})
	}
}
