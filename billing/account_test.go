package billing_test

import (
	"errors"
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/billing"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func simulated(t *testing.T) (*ovhrenewtest.Server, *ovhrenew.API) {
	t.Helper()
	server := ovhrenewtest.Start(t, ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		t.Fatal(err)
	}
	return server, client
}

// TestAccount reads an account of the simulation: whose it is, what it has.
func TestAccount(t *testing.T) {
	t.Parallel()
	server, client := simulated(t)
	server.SetPoints(46)
	account, err := billing.Me(t.Context(), client)
	if err != nil || account.Nichandle != "xx1111-ovh" || account.Currency.Code != ovhrenew.EUR || account.State != "complete" {
		t.Errorf("Me() = %+v, %v", account, err)
	}
	points, err := billing.ReadPoints(t.Context(), client)
	if err != nil || points.Balance != 46 {
		t.Errorf("ReadPoints() = %+v, %v", points, err)
	}
}

// TestAccountRefused: what the API refuses is returned as it is, with nothing read.
func TestAccountRefused(t *testing.T) {
	t.Parallel()
	server, client := simulated(t)
	server.Grant()
	account, err := billing.Me(t.Context(), client)
	if !errors.Is(err, ovhrenew.ErrNotGranted) || account != (billing.Account{}) {
		t.Errorf("Me() = %+v, %v, want nothing, %v", account, err, ovhrenew.ErrNotGranted)
	}
	for prepaid, err := range billing.PrepaidAccounts(t.Context(), client) {
		if !errors.Is(err, ovhrenew.ErrNotGranted) {
			t.Errorf("PrepaidAccounts yields %+v, %v, want %v", prepaid, err, ovhrenew.ErrNotGranted)
		}
	}
}
