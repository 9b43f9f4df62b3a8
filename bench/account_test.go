package main

import (
	"strings"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// An account has as many services as it should, and exactly as many of them are due.
func TestFillAccount(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ services, due int }{{200, 20}, {200, 1}, {1000, 100}} {
		s := ovhrenewtest.New(ovhrenewtest.Behaviour{})
		if err := fillAccount(s, c.services, c.due); err != nil {
			t.Fatal(err)
		}
		all, due := s.Services(), 0
		for _, v := range all {
			if v.Expiry.Before(s.Now().AddDate(0, 0, dueWithin)) && !v.Expiry.Before(v.Creation) {
				due++
			}
		}
		if len(all) != c.services || due != c.due {
			t.Errorf("%d services, %d of them due, want %d and %d", len(all), due, c.services, c.due)
		}
	}
	if err := fillAccount(ovhrenewtest.New(ovhrenewtest.Behaviour{}), 20, 21); err == nil || !strings.Contains(err.Error(), "of 20 services end at all") {
		t.Errorf("more due than there are: %v", err)
	}
}

// A server of its own answers for such an account, until it is stopped.
func TestStartServer(t *testing.T) {
	t.Parallel()
	server, err := startServer(50, time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	got, err := ourSurvey(t.Context(), newLine(server.endpoint))
	if err != nil || got.services != 50 || got.due != 5 {
		t.Errorf("it has %+v, %v", got, err)
	}
	server.stop()
	if _, err := plainSurvey(1)(t.Context(), newLine(server.endpoint)); err == nil {
		t.Error("it answers though it was stopped")
	}
	for _, args := range [][]string{{"many", "1ms"}, {"50", "soon"}} {
		if err := serve(args); err == nil {
			t.Errorf("it serves %q", args)
		}
	}
}
