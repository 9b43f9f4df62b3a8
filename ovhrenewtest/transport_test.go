package ovhrenewtest_test

import (
	"errors"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func TestTransportReachesNothingElse(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://eu.api.ovh.com/1.0/auth/time", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := s.Transport().RoundTrip(r)
	if err == nil {
		answer.Body.Close()
	}
	if want := "not https://eu.api.ovh.com"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("RoundTrip = %v, want an error with %q", err, want)
	}
}

// A refused connection is one that errors.Is knows.
func TestRefuseIsADialError(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	s.Inject(Fault{Kind: Refuse, Route: "GET /me"})
	if err := call(t.Context(), s.Client(), "GET", "/me", nil, nil); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("error is %v, want ECONNREFUSED", err)
	}
	if got := s.Count("GET /me"); got != 0 {
		t.Errorf("the server heard of %d requests, want none", got)
	}
}

// The pipe carries a whole renewal in no time, however long it takes.
func TestPipe(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := StartPipe(t, Behaviour{DeliveryDelay: 24 * time.Hour, ExpiryLag: time.Hour})
		Guide(s)
		path := order(t, s)
		mustSend(t, s, "POST", path+"/pay", payDefault)
		begin := time.Now()
		for get[string](t, s, path+"/status") != "delivered" {
			<-time.After(time.Minute)
		}
		if got := time.Since(begin); got != 24*time.Hour {
			t.Errorf("delivered after %v, want 24h", got)
		}
	})
}
