package ovhrenew_test

import (
	"errors"
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func TestAutorenewUnsupported(t *testing.T) {
	t.Parallel()
	client := answering(t, "GET /me/autorenew", 404, `{"class":"Client::NotFound","message":"Got an invalid (or empty) URL"}`)
	if got, err := client.Autorenew(t.Context()); !errors.Is(err, ovhrenew.ErrUnsupported) || got != (ovhrenew.Autorenew{}) {
		t.Errorf("Autorenew() = %+v, %v, want nothing, %v", got, err, ovhrenew.ErrUnsupported)
	}
}

// TestAccountReads reads an account of the simulation: who it is, what it has.
func TestAccountReads(t *testing.T) {
	t.Parallel()
	_, client := guideAccount(t, ovhrenewtest.Behaviour{})
	account, err := client.Me(t.Context())
	if err != nil || account.Nichandle == "" || account.Currency.Code != ovhrenew.EUR || account.State != "complete" {
		t.Errorf("Me() = %+v, %v", account, err)
	}
	if autorenew, err := client.Autorenew(t.Context()); !errors.Is(err, ovhrenew.ErrNotFound) {
		t.Errorf("Autorenew() = %+v, %v, want %v", autorenew, err, ovhrenew.ErrNotFound)
	}
	credential, err := client.CurrentCredential(t.Context())
	if err != nil || credential.Status != ovhrenew.CredentialValidated || len(credential.Rules) == 0 || credential.Rules[0].Path == "" {
		t.Errorf("CurrentCredential() = %+v, %v", credential, err)
	}
	if _, err := client.FidelityAccount(t.Context()); err != nil {
		t.Errorf("FidelityAccount() = %v", err)
	}
}

// TestAccountBadInput checks that an id that could not be sent is not sent.
func TestAccountBadInput(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	for _, id := range []string{"", ".", ".."} {
		_, billErr := client.Bill(t.Context(), id)
		_, accountErr := client.OvhAccount(t.Context(), id)
		for _, err := range []error{billErr, accountErr} {
			if input, ok := errors.AsType[*ovhrenew.InputError](err); !ok || input.Field != "id" || input.Value != id {
				t.Errorf("id %q: %v, want an error that names it", id, err)
			}
		}
	}
	if n := mock.GetTotalCallCount(); n != 0 {
		t.Errorf("%d requests sent", n)
	}
}
