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

// TestAccount reads whose an account of the simulation is.
func TestAccount(t *testing.T) {
	t.Parallel()
	_, client := simulated(t)
	account, err := billing.Me(t.Context(), client)
	if err != nil || account.Nichandle != "xx1111-ovh" || account.Currency.Code != ovhrenew.EUR || account.State != "complete" {
		t.Errorf("Me() = %+v, %v", account, err)
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
}
