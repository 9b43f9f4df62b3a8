package main

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// keys sets the environment to those of a server, and to no file.
func keys(t *testing.T, server *ovhrenewtest.Server, consumerKey string) {
	t.Helper()
	t.Chdir(t.TempDir()) // where there is no ovh.conf
	credentials := server.Credentials()
	for name, value := range map[string]string{
		"HOME": t.TempDir(), "OVH_ENDPOINT": server.Endpoint(), "OVH_APPLICATION_KEY": credentials.AppKey,
		"OVH_APPLICATION_SECRET": credentials.AppSecret, "OVH_CONSUMER_KEY": consumerKey,
	} {
		t.Setenv(name, value)
	}
}

// opened opens an account as a command does, and returns what was said.
func opened(t *testing.T, change func(p *program)) (*account, string, error) {
	t.Helper()
	var said bytes.Buffer
	p := newProgram()
	p.err, p.live = &said, false
	change(p)
	a, err := open(t.Context(), p)
	if err == nil {
		t.Cleanup(a.close)
	}
	return a, said.String(), err
}

// The account is the one whose keys are in the environment, and is said. It has a pace and
// patience of the library's, and its journal is the user's.
func TestOpen(t *testing.T) {
	server := ovhrenewtest.Start(t, ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	keys(t, server, server.Credentials().ConsumerKey)
	a, said, err := opened(t, func(*program) {})
	if err != nil {
		t.Fatal(err)
	}
	if said != "account of "+server.Endpoint()+"\n" {
		t.Errorf("it says %q", said)
	}
	if a.limiter != nil || a.patience != (ovhrenew.Patience{}) || a.journal != nil || a.grant != nil {
		t.Errorf("a real account is opened as the demo: %+v", a)
	}
	if service, err := a.client.Service(t.Context(), 12345); err != nil || service.ID != 12345 {
		t.Errorf("it cannot be read: %v", err)
	}
}

// Without keys it is said where they are looked for, and what works without.
func TestOpenWithoutKeys(t *testing.T) {
	server := ovhrenewtest.Start(t, ovhrenewtest.Behaviour{})
	keys(t, server, "")
	t.Setenv("OVH_APPLICATION_KEY", "")
	_, _, err := opened(t, func(*program) {})
	if err == nil {
		t.Fatal("an account was opened without keys")
	}
	for _, want := range []string{"OVH_APPLICATION_KEY", "OVH_CONSUMER_KEY", "ovh.conf", "createToken", "--demo"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("it is not said that there is %s: %v", want, err)
		}
	}
	if len(server.Requests()) > 0 {
		t.Errorf("requests were sent: %v", server.Requests())
	}
}

// The simulated account needs no keys, is the same in each run, and begins anew with each.
func TestOpenDemo(t *testing.T) {
	t.Parallel()
	list := func() (names []string) {
		a, said, err := opened(t, func(p *program) { p.demo = true })
		if err != nil {
			t.Fatal(err)
		}
		if said != "demo: a simulated account, where nothing is real\n" {
			t.Errorf("it says %q", said)
		}
		if a.journal == nil || a.limiter != ovhrenew.Unlimited {
			t.Errorf("the demo waits, or writes a journal: %+v", a)
		}
		for service, err := range a.client.Services(t.Context(), ovhrenew.ServiceQuery{}) {
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, service.Name+" "+service.Expiry.String())
		}
		return names
	}
	one, two := list(), list()
	if len(one) < demoServices || strings.Join(one, "\n") != strings.Join(two, "\n") {
		t.Errorf("%d services, and then %d; equal: %t", len(one), len(two), strings.Join(one, "\n") == strings.Join(two, "\n"))
	}
}

// An account is closed when the command has ended, well or not, and not called if it could
// not be opened.
func TestWith(t *testing.T) {
	t.Parallel()
	closed, failed := 0, errors.New("failed")
	p := &program{open: func(context.Context, *program) (*account, error) {
		return &account{close: func() { closed++ }}, nil
	}}
	for i, want := range []error{nil, failed} {
		if err := p.with(t.Context(), func(*account) error { return want }); !errors.Is(err, want) || closed != i+1 {
			t.Errorf("%v, closed %d times", err, closed)
		}
	}
	p.open = func(context.Context, *program) (*account, error) { return nil, failed }
	if err := p.with(t.Context(), func(*account) error { t.Error("called without an account"); return nil }); !errors.Is(err, failed) {
		t.Error(err)
	}
}
