// The accounts and the mock that the tests of all files need.

package autorenew_test

import (
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

const vps = ovhrenew.ServiceID(ovhrenewtest.GuideVPSID)

// guideAccount starts the account of OVHcloud's guide on loopback.
func guideAccount(t *testing.T, b ovhrenewtest.Behaviour) (*ovhrenewtest.Server, *ovhrenew.API) {
	t.Helper()
	server := ovhrenewtest.Start(t, b)
	ovhrenewtest.Guide(server)
	return server, clientOf(t, server, ovhrenew.Config{})
}

// clientOf returns a client of a simulated account, without a pace.
func clientOf(t *testing.T, server *ovhrenewtest.Server, config ovhrenew.Config) *ovhrenew.API {
	t.Helper()
	config.Limiter = ovhrenew.Unlimited
	client, err := ovhrenew.NewWithConfig(server.Client(), config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// mockEndpoint is where mocked answers are registered: nothing listens there.
const mockEndpoint = "https://api.test/1.0"

// mocked returns a client whose requests a mock answers, and the mock, which knows
// the time and nothing else yet.
func mocked(t *testing.T) (*ovhrenew.API, *httpmock.MockTransport) {
	t.Helper()
	mock := httpmock.NewMockTransport()
	mock.RegisterResponder("GET", mockEndpoint+"/auth/time", func(*http.Request) (*http.Response, error) {
		return httpmock.NewJsonResponse(200, time.Now().Unix())
	})
	api := &ovh.Client{AppKey: "app", AppSecret: "secret", ConsumerKey: "consumer", Client: &http.Client{}, Timeout: time.Minute}
	if err := api.SetEndpoint(mockEndpoint); err != nil {
		t.Fatal(err)
	}
	client, err := ovhrenew.NewWithConfig(api, ovhrenew.Config{Transport: mock, Limiter: ovhrenew.Unlimited, Attempts: 1})
	if err != nil {
		t.Fatal(err)
	}
	return client, mock
}

// sent keeps what a mock is sent.
type sent struct {
	mu       sync.Mutex
	requests []*http.Request
	bodies   []string
}

// then answers a request after it was kept.
func (s *sent) then(status int, body string) httpmock.Responder {
	return func(r *http.Request) (*http.Response, error) {
		var content []byte
		if r.Body != nil {
			content, _ = io.ReadAll(r.Body)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.requests = append(s.requests, r)
		s.bodies = append(s.bodies, string(content))
		return httpmock.NewStringResponse(status, body), nil
	}
}

// unspent fails if anything was paid, or tried to be.
func unspent(t *testing.T, server *ovhrenewtest.Server) {
	t.Helper()
	if spent := server.Spent(); len(spent) != 0 {
		t.Errorf("spent %v, want nothing", spent)
	}
	if n := payCalls(server); n != 0 {
		t.Errorf("%d payment(s) sent, want none", n)
	}
}

func payCalls(server *ovhrenewtest.Server) int {
	return server.Count(ovhrenewtest.RoutePay) + server.Count(ovhrenewtest.RoutePayMean)
}
