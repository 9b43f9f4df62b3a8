package ovhrenew_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jarcoal/httpmock"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// neverAutorenew is what GET /me/autorenew answers who never switched it on.
const neverAutorenew = `{"class":"Client::NotFound","message":"This object does not exist"}`

func TestSetAutorenew(t *testing.T) {
	t.Parallel()
	const off, on = `{"active":false,"renewDay":5,"lastRenew":null}`, `{"active":true,"renewDay":5,"lastRenew":"2026-11-05T00:00:00+01:00"}`
	for name, test := range map[string]struct {
		answers  []string // to GET /me/autorenew, "" for 404
		settings ovhrenew.AutorenewSettings
		want     []string // what is sent
		err      error
	}{
		"as it is":              {[]string{on}, ovhrenew.AutorenewSettings{Active: true, RenewDay: 5}, nil, nil},
		"on":                    {[]string{off}, ovhrenew.AutorenewSettings{Active: true, RenewDay: 5}, []string{`PUT {"active":true,"renewDay":5}`}, nil},
		"off":                   {[]string{on}, ovhrenew.AutorenewSettings{RenewDay: 5}, []string{`PUT {"active":false,"renewDay":5}`}, nil},
		"another day":           {[]string{on}, ovhrenew.AutorenewSettings{Active: true, RenewDay: 31}, []string{`PUT {"active":true,"renewDay":31}`}, nil},
		"first":                 {[]string{"", on}, ovhrenew.AutorenewSettings{Active: true, RenewDay: 5}, []string{`POST {"renewDay":5}`}, nil},
		"first, created off":    {[]string{"", off}, ovhrenew.AutorenewSettings{Active: true, RenewDay: 5}, []string{`POST {"renewDay":5}`, `PUT {"active":true,"renewDay":5}`}, nil},
		"first, still missing":  {[]string{"", ""}, ovhrenew.AutorenewSettings{Active: true, RenewDay: 5}, []string{`POST {"renewDay":5}`}, ovhrenew.ErrNotFound},
		"off what never was on": {[]string{""}, ovhrenew.AutorenewSettings{RenewDay: 5}, nil, ovhrenew.ErrNotFound},
		"day 0":                 {nil, ovhrenew.AutorenewSettings{Active: true}, nil, ovhrenew.ErrBadInput},
		"day 32":                {nil, ovhrenew.AutorenewSettings{Active: true, RenewDay: 32}, nil, ovhrenew.ErrBadInput},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, mock := mocked(t)
			read := 0
			mock.RegisterResponder("GET", mockEndpoint+"/me/autorenew", func(*http.Request) (*http.Response, error) {
				read++
				if body := test.answers[read-1]; body != "" {
					return httpmock.NewStringResponse(200, body), nil
				}
				return httpmock.NewStringResponse(404, neverAutorenew), nil
			})
			var put sent
			mock.RegisterResponder("POST", mockEndpoint+"/me/autorenew", put.then(200, "null"))
			mock.RegisterResponder("PUT", mockEndpoint+"/me/autorenew", put.then(200, "null"))
			if err := client.SetAutorenew(t.Context(), test.settings); !errors.Is(err, test.err) {
				t.Errorf("SetAutorenew(%+v) = %v, want %v", test.settings, err, test.err)
			}
			var got []string
			for i, body := range put.bodies {
				got = append(got, put.requests[i].Method+" "+body)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("sent (-want +got):\n%s", diff)
			}
			if read != len(test.answers) {
				t.Errorf("GET /me/autorenew %d times, want %d", read, len(test.answers))
			}
		})
	}
}

// TestSetAutorenewRefused checks that a refusal to create is the error, not what
// comes after it.
func TestSetAutorenewRefused(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	mock.RegisterResponder("GET", mockEndpoint+"/me/autorenew", httpmock.NewStringResponder(404, neverAutorenew))
	mock.RegisterResponder("POST", mockEndpoint+"/me/autorenew", httpmock.NewStringResponder(403, `{"message":"This call has not been granted"}`))
	err := client.SetAutorenew(t.Context(), ovhrenew.AutorenewSettings{Active: true, RenewDay: 5})
	if !errors.Is(err, ovhrenew.ErrNotGranted) {
		t.Errorf("SetAutorenew = %v, want %v", err, ovhrenew.ErrNotGranted)
	}
}

func TestAutorenewUnsupported(t *testing.T) {
	t.Parallel()
	client := answering(t, "GET /me/autorenew", 404, `{"class":"Client::NotFound","message":"Got an invalid (or empty) URL"}`)
	if got, err := client.Autorenew(t.Context()); !errors.Is(err, ovhrenew.ErrUnsupported) || got != (ovhrenew.Autorenew{}) {
		t.Errorf("Autorenew() = %+v, %v, want nothing, %v", got, err, ovhrenew.ErrUnsupported)
	}
	err := client.SetAutorenew(t.Context(), ovhrenew.AutorenewSettings{Active: true, RenewDay: 5})
	if !errors.Is(err, ovhrenew.ErrUnsupported) {
		t.Errorf("SetAutorenew = %v, want %v", err, ovhrenew.ErrUnsupported)
	}
}

// TestAccountReads reads an account of the simulation: who it is, what it has.
func TestAccountReads(t *testing.T) {
	t.Parallel()
	_, client := guideAccount(t, ovhrenewtest.Behaviour{})
	account, err := client.Me(t.Context())
	if err != nil || account.Nichandle == "" || account.Currency.Code != ovhrenew.EUR || account.State != ovhrenew.AccountComplete {
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
	want := ovhrenew.AutorenewSettings{Active: true, RenewDay: 5}
	if err := client.SetAutorenew(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	autorenew, err := client.Autorenew(t.Context())
	if err != nil || (ovhrenew.AutorenewSettings{Active: autorenew.Active, RenewDay: autorenew.RenewDay}) != want {
		t.Errorf("Autorenew() = %+v, %v, want %+v", autorenew, err, want)
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
