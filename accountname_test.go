package ovhrenew_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func TestAccountName(t *testing.T) {
	t.Parallel()
	server, client := guideAccount(t, ovhrenewtest.Behaviour{})
	host := strings.TrimPrefix(client.Endpoint(), "http://")
	host, _, _ = strings.Cut(host, "/")
	want := host + "/xx1111-ovh"
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if got, err := client.Account(t.Context()); got != want || err != nil {
				t.Errorf("Account() = %q, %v, want %q", got, err, want)
			}
		})
	}
	wait.Wait()
	if n := server.Count("GET /me"); n != 1 {
		t.Errorf("%d requests, want 1", n)
	}

	named := clientOf(t, server, ovhrenew.Config{Account: "aa2222-ovh"})
	if got, err := named.Account(t.Context()); got != host+"/aa2222-ovh" || err != nil {
		t.Errorf("Account() = %q, %v, want the one that was named", got, err)
	}
	if n := server.Count("GET /me"); n != 1 {
		t.Errorf("%d requests, want none for an account that was named", n-1)
	}
}

func TestAccountNameFails(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status int
		body   string
		want   error
		says   string
	}{
		"not granted":    {403, `{"errorCode":"NOT_GRANTED_CALL","message":"This call has not been granted"}`, ovhrenew.ErrNotGranted, "set Config.Account"},
		"denied":         {401, `{"class":"Client::Unauthorized","message":"no"}`, ovhrenew.ErrDenied, "set Config.Account"},
		"server":         {500, `{"message":"no"}`, ovhrenew.ErrServer, ""},
		"missing":        {200, `{}`, ovhrenew.ErrMalformed, "nichandle"},
		"with a newline": {200, `{"nichandle":"a\nb"}`, ovhrenew.ErrMalformed, "nichandle"},
		"with a slash":   {200, `{"nichandle":"../b"}`, ovhrenew.ErrMalformed, "nichandle"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, mock := mocked(t)
			answers := []*http.Response{httpmock.NewStringResponse(test.status, test.body), httpmock.NewStringResponse(200, `{"nichandle":"xx1111-ovh"}`)}
			mock.RegisterResponder("GET", mockEndpoint+"/me", func(*http.Request) (*http.Response, error) {
				answer := answers[0]
				answers = answers[1:]
				return answer, nil
			})
			got, err := client.Account(t.Context())
			if got != "" || !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("Account() = %q, %v, want %v that says %q", got, err, test.want, test.says)
			}
			// A failure is not remembered.
			if got, err := client.Account(t.Context()); !strings.HasSuffix(got, "/xx1111-ovh") || err != nil {
				t.Errorf("Account() = %q, %v, want the account", got, err)
			}
		})
	}
}

// One who waits for another's reading ends with its own context.
func TestAccountNameEndsWithItsContext(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	begun, end := make(chan bool), make(chan bool)
	mock.RegisterResponder("GET", mockEndpoint+"/me", func(*http.Request) (*http.Response, error) {
		close(begun)
		<-end
		return httpmock.NewStringResponse(200, `{"nichandle":"xx1111-ovh"}`), nil
	})
	first := make(chan error)
	go func() {
		_, err := client.Account(t.Context())
		first <- err
	}()
	<-begun
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := client.Account(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Account() = %v, want %v", err, context.Canceled)
	}
	close(end)
	if err := <-first; err != nil {
		t.Error(err)
	}
}

func TestConfigAccount(t *testing.T) {
	t.Parallel()
	login := &ovh.Client{AccessToken: "canaryAccessToken"}
	if err := login.SetEndpoint(ovh.OvhEU); err != nil {
		t.Fatal(err)
	}
	for name, ok := range map[string]bool{
		"xx1111-ovh": true, "john.doe@example.com": true, "": true,
		" xx1111-ovh": false, "xx1111-ovh\n": false, "xx\x001111": false, "xx\u00a01111": false, "xx\u200b1111": false,
		"eu.api.ovh.com/xx1111-ovh": false, "xx1111\u2013ovh": false, "хx1111-ovh": false,
	} {
		client, err := ovhrenew.NewWithConfig(login, ovhrenew.Config{Account: name})
		bad, refused := errors.AsType[*ovhrenew.InputError](err)
		switch {
		case refused != !ok || refused && (bad.Field != "Config.Account" || bad.Value != name):
			t.Errorf("NewWithConfig with the account %q: %v, want it to be accepted: %t", name, err, ok)
		case ok && name != "":
			if got, err := client.Account(t.Context()); got != "eu.api.ovh.com/"+name || err != nil {
				t.Errorf("Account() = %q, %v", got, err)
			}
		}
	}
	for name, client := range map[string]*ovhrenew.API{"nil": nil, "zero": {}} {
		if _, err := client.Account(t.Context()); !errors.Is(err, ovhrenew.ErrBadInput) {
			t.Errorf("Account() of a %s API = %v, want ErrBadInput", name, err)
		}
	}
}

// However a program spells its endpoint and its account, it finds the journal that the
// others use.
func TestAccountHasOneName(t *testing.T) {
	t.Parallel()
	for _, endpoint := range []string{
		"https://eu.api.ovh.com/1.0", "https://EU.API.ovh.com/1.0", "https://eu.api.ovh.com:443/v1", "https://eu.api.ovh.com./1.0",
		"https://api.ovh.com/1.0",
	} {
		login := &ovh.Client{AccessToken: "canaryAccessToken"}
		if err := login.SetEndpoint(endpoint); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"xx1111-ovh", "XX1111-OVH"} {
			client, err := ovhrenew.NewWithConfig(login, ovhrenew.Config{Account: name})
			if err != nil {
				t.Errorf("%s with the account %s: %v", endpoint, name, err)
				continue
			}
			if got, err := client.Account(t.Context()); got != "eu.api.ovh.com/xx1111-ovh" || err != nil {
				t.Errorf("the account %s at %s is %q, %v", name, endpoint, got, err)
			}
		}
	}
	client, mock := mocked(t)
	mock.RegisterResponder("GET", mockEndpoint+"/me", httpmock.NewStringResponder(200, `{"nichandle":"XX1111-ovh"}`))
	if got, err := client.Account(t.Context()); !strings.HasSuffix(got, "/xx1111-ovh") || err != nil {
		t.Errorf("the account that the API writes in capitals is %q, %v", got, err)
	}
}
