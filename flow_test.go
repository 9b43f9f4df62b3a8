// What tests of several files start from: accounts, clients, journals, golden files.

package ovhrenew_test

import (
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jarcoal/httpmock"
	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// The guide's services.
const (
	vps     = ovhrenew.ServiceID(ovhrenewtest.GuideVPSID)
	domain  = ovhrenew.ServiceID(ovhrenewtest.GuideDomainID)
	hosting = ovhrenew.ServiceID(ovhrenewtest.GuideHostingID)
)

// quick makes the looks of a renewal on loopback follow each other closely.
var quick = ovhrenew.Patience{Poll: time.Millisecond}

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

// newJournal opens the only journal of an account.
func newJournal(t testing.TB) ovhrenew.Journal {
	t.Helper()
	journal, err := ovhrenew.OpenJournal(t.TempDir(), ovhrenew.OnlyJournal)
	if err != nil {
		t.Fatal(err)
	}
	return journal
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

// answering returns a mocked client with one answer, to the route "METHOD /path".
func answering(t *testing.T, route string, status int, body string) *ovhrenew.API {
	t.Helper()
	client, mock := mocked(t)
	method, path, _ := strings.Cut(route, " ")
	mock.RegisterResponder(method, mockEndpoint+path, httpmock.NewStringResponder(status, body))
	return client
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

var update = flag.Bool("update", false, "write the golden files anew")

// queryID counts requests, which no error text is about.
var queryID = regexp.MustCompile(`query id [^)]*`)

// golden compares a text with testdata/golden/NAME.txt.
func golden(t *testing.T, name, got string) {
	t.Helper()
	got = queryID.ReplaceAllString(got, "query id …")
	path := filepath.Join("testdata", "golden", name+".txt")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// fixture reads a body that OVHcloud's guide prints.
func fixture(t *testing.T, name string) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", "guide", name))
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// guideOffers are the offers that the guide prints.
func guideOffers(t *testing.T) []ovhrenew.Offer {
	t.Helper()
	var descriptions []ovhrenew.RenewDescription
	if err := json.Unmarshal(fixture(t, "renew.json"), &descriptions); err != nil {
		t.Fatal(err)
	}
	return ovhrenew.Offers(domain, descriptions)
}

// untouched fails if anything was ordered or paid.
func untouched(t *testing.T, server *ovhrenewtest.Server) {
	t.Helper()
	if n := len(server.Orders()); n != 0 {
		t.Errorf("%d order(s) placed, want none", n)
	}
	unspent(t, server)
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
