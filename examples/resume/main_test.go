package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func TestResume(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := run(t.Context(), nil, strings.NewReader(""), &out); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	for _, want := range []string{
		"died      while it paid order 123456789, which may have been paid\n", "renewed   vps112233.ovh.net until ", "payments  1 in all, 21.56 EUR\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("resume does not say %q:\n%s", want, &out)
		}
	}
	out.Reset()
	if err := run(t.Context(), []string{"-limit", "1 EUR"}, strings.NewReader(""), &out); err == nil || strings.Contains(out.String(), "died") {
		t.Errorf("with too low a limit: %v\n%s", err, &out)
	}
}

// With -live it asks, but not when the journal knows that the work is done.
func TestResumeLive(t *testing.T) {
	server := ovhrenewtest.Start(t, ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	keys := server.Credentials()
	t.Chdir(t.TempDir())
	for name, value := range map[string]string{
		"HOME": t.TempDir(), "OVH_ENDPOINT": server.Endpoint(), "OVH_APPLICATION_KEY": keys.AppKey,
		"OVH_APPLICATION_SECRET": keys.AppSecret, "OVH_CONSUMER_KEY": keys.ConsumerKey,
	} {
		t.Setenv(name, value)
	}
	dir := t.TempDir()
	args := []string{"-live", "-service", ovhrenewtest.GuideVPS, "-limit", "50 EUR", "-journal", dir}
	var out bytes.Buffer
	err := run(t.Context(), args, strings.NewReader("n\n"), &out)
	if err == nil || !strings.Contains(out.String(), "[y/N]") || len(server.Payments()) != 0 {
		t.Errorf("answered no: %v, %d orders\n%s", err, len(server.Orders()), &out)
	}

	// An earlier run, at a pace that a test can wait for.
	client, err1 := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	server.SetStatus(ovhrenewtest.GuideOrderID, "cancelled") // the order that was answered no has come to nothing
	args[len(args)-1] = t.TempDir()
	journal, err2 := ovhrenew.OpenJournal(args[len(args)-1], ovhrenew.OnlyJournal)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	if err := renew(t.Context(), client, ovhrenew.Request{
		Service: ovhrenew.Name(ovhrenewtest.GuideVPS), Rules: []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M), ovhrenew.Alone},
		Limit: ovhrenew.MustMoney("50 EUR"), PayWith: ovhrenew.DefaultMethod, Journal: journal,
		Guards: ovhrenew.Guards{IgnoreOrders: []ovhrenew.OrderID{ovhrenewtest.GuideOrderID}},
	}, &out); err != nil {
		t.Fatal(err)
	}
	out.Reset()
	err = run(t.Context(), args, strings.NewReader(""), &out)
	if err != nil || strings.Contains(out.String(), "[y/N]") || !strings.Contains(out.String(), "this one has spent nothing") {
		t.Errorf("after an earlier run: %v\n%s", err, &out)
	}
	if n := len(server.Payments()); n != 1 {
		t.Errorf("%d payments, want 1", n)
	}
}
