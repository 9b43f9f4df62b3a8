package ovhrenewtest_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	. "github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// Closing ends what is under way.
func TestClose(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, start func(Behaviour) *Server) {
		s := start(Behaviour{})
		s.Inject(Fault{Kind: Hang, Route: RouteTime})
		done := make(chan error)
		s.OnRequest(func(Request) { go s.Close() })
		go func() { done <- call(t.Context(), s.Client(), "GET", "/me", nil, nil) }()
		if err := <-done; err == nil || errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("a request over a closed server: %v", err)
		}
	})
}

// Mistakes in setting up are told to the test, and to whoever asks.
func TestMistakes(t *testing.T) {
	t.Parallel()
	for name, mistake := range map[string]func(*Server){
		"price":   func(s *Server) { s.Offer("P1Y", "1,99", GuideVPSID) },
		"period":  func(s *Server) { s.Offer("1Y", "1.99", GuideVPSID) },
		"service": func(s *Server) { s.Offer("P1Y", "1.99", 1) },
		"twice":   func(s *Server) { s.AddService(Service{ID: GuideVPSID, Name: "x"}) },
		"expiry":  func(s *Server) { s.SetExpiry(1, time.Time{}) },
		"order":   func(s *Server) { s.SetStatus(1, "delivered") },
		"fault":   func(s *Server) { s.Inject(Fault{}) },
		"tax":     func(s *Server) { s.SetBehaviour(Behaviour{TaxPercent: "x"}); s.AddOrder(Order{Price: "1"}) },
	} {
		s := New(Behaviour{})
		Guide(s)
		if s.Err() != nil {
			t.Fatal(s.Err())
		}
		mistake(s)
		if s.Err() == nil {
			t.Errorf("%s: no error", name)
		}
		s.ListenPipe()
		if err := call(t.Context(), s.Client(), "GET", "/auth/time", nil, nil); failure(err)[:3] != fmt.Sprint(http.StatusInternalServerError) {
			t.Errorf("%s: %v, want 500", name, err)
		}
		s.Close()
	}
}

// Everything at once, for the race detector.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	s.Chaos(1, 0) // none, but switched all the same
	var group sync.WaitGroup
	for i := range 64 {
		group.Go(func() {
			api := s.Client()
			name := fmt.Sprint("s", i)
			id := s.AddService(Service{Name: name, Route: "/vps/" + name})
			s.Offer("P1Y", "10", id)
			var placed struct{ OrderID int64 }
			body := object{"dryRun": false, "duration": "P1Y", "services": []int64{id}}
			if err := call(t.Context(), api, "POST", fmt.Sprintf("/service/%d/renew", id), body, &placed); err != nil {
				t.Error(err)
			}
			paying := object{"paymentMethod": object{"id": GuideMethodID}}
			if err := call(t.Context(), api, "POST", fmt.Sprintf("/me/order/%d/pay", placed.OrderID), paying, nil); err != nil {
				t.Error(err)
			}
			if got := s.PaymentsFor(id); got != 1 {
				t.Errorf("PaymentsFor(%d) = %d, want 1", id, got)
			}
			s.Requests()
			s.Expiry(id)
		})
	}
	group.Wait()
	if got, want := s.Spent()["EUR"], Amount(64*1_200_000_000); got != want {
		t.Errorf("Spent = %s, want %s", got, want)
	}
}
