package probe

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// account is one in which everything can be seen that reading can see.
func account(t *testing.T, b ovhrenewtest.Behaviour) *ovhrenewtest.Server {
	t.Helper()
	server := ovhrenewtest.Start(t, b)
	now := time.Now()
	for i, s := range []ovhrenewtest.Service{
		{Name: "shop.example", Route: "/domain/shop.example", Expiry: now.AddDate(0, 1, 0)},
		{Name: "gone.example", Route: "/domain/gone.example", Expiry: now.AddDate(0, 0, -5)},
		{Name: "backup-of-shop", Parent: 101},
		{Name: "zone.example", Route: "/domain/zone/zone.example", Expiry: now.AddDate(-3, 0, 0), Creation: now.AddDate(-2, 0, 0), RenewalType: "oneShot"},
		{Name: "forced.example", Route: "/vps/forced.example", Mode: "automatic", RenewalType: "automaticForcedProduct"},
	} {
		s.ID = int64(101 + i)
		server.AddService(s)
		if s.Parent == 0 && s.RenewalType != "oneShot" {
			server.Offer("P1Y", "12.34", s.ID)
		}
	}
	server.AddPaymentMethod(ovhrenewtest.PaymentMethod{Default: true})
	server.AddOrder(ovhrenewtest.Order{Services: []int64{101}, Period: "P1Y", Price: "12.34", Date: now.AddDate(0, 0, -30), Expiration: now.AddDate(0, 0, -23)})
	server.AddOrder(ovhrenewtest.Order{Services: []int64{101}, Period: "P1Y", Price: "12.34", Date: now.AddDate(0, 0, -1)})
	server.AddOrder(ovhrenewtest.Order{Services: []int64{101}, Period: "P1Y", Price: "12.34"})
	return server
}

// results runs the probe and gives what was seen and concluded, by assumption.
func results(t *testing.T, server *ovhrenewtest.Server, quote bool) (verdicts, saw map[string]string, text string) {
	t.Helper()
	var out bytes.Buffer
	if err := Run(t.Context(), Account{API: server.Client(), Base: server.Transport(), Limiter: ovhrenew.Unlimited, Quote: quote}, &out); err != nil {
		t.Fatal(err)
	}
	verdicts, saw = map[string]string{}, map[string]string{}
	title := ""
	for line := range strings.Lines(out.String()) {
		line = strings.TrimSuffix(line, "\n")
		if number, rest, ok := strings.Cut(line, ". "); ok {
			if _, err := strconv.Atoi(number); err == nil {
				title = rest
			}
		}
		if text, ok := strings.CutPrefix(line, "   verdict  "); ok {
			verdicts[title] = text
		}
		if text, ok := strings.CutPrefix(line, "   saw      "); ok {
			saw[title] = text
		}
	}
	return verdicts, saw, out.String()
}

// probed is a case of a check: what the API does, and what the check says of it.
type probed struct {
	behaviour  ovhrenewtest.Behaviour
	change     func(server *ovhrenewtest.Server) // of the account
	quote      bool
	assumption string // how it begins
	verdict    string
	saw        string
}

// probeEach runs the probe for each case. Whatever the case, it is harmless and discreet.
func probeEach(t *testing.T, cases map[string]probed) {
	t.Helper()
	t.Parallel()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := account(t, c.behaviour)
			if c.change != nil {
				c.change(server)
			}
			orders := len(server.Orders())
			verdicts, saw, text := results(t, server, c.quote)
			found := 0
			for assumption, verdict := range verdicts {
				if !strings.HasPrefix(assumption, c.assumption) {
					continue
				}
				found++
				if verdict != c.verdict || !strings.Contains(saw[assumption], c.saw) {
					t.Errorf("%s: %s, saw %q, want %s, %q", assumption, verdict, saw[assumption], c.verdict, c.saw)
				}
			}
			if found != 1 {
				t.Errorf("%d assumptions begin with %q:\n%s", found, c.assumption, text)
			}
			quotes := harmless(t, server, orders, c.quote)
			all := len(server.Requests())
			if want := fmt.Sprintf("\n%d requests: %d GET, and %d for a quote, which orders nothing\n", all, all-quotes, quotes); !strings.HasSuffix(text, want) {
				t.Errorf("it ends with %q, want %q", text[max(0, len(text)-80):], want)
			}
			discreet(t, server, text)
		})
	}
}

const (
	renew = "GET /service/{serviceId}/renew"
	infos = "GET /domain/{serviceName}/serviceInfos"
)

// instead answers a route with a body of its own.
func instead(route, body string) func(*ovhrenewtest.Server) {
	return func(s *ovhrenewtest.Server) {
		s.Inject(ovhrenewtest.Fault{Route: route, Times: -1, Kind: ovhrenewtest.Instead, Body: body})
	}
}

// fault answers a route with a status.
func fault(route string, status int) func(*ovhrenewtest.Server) {
	return func(s *ovhrenewtest.Server) {
		s.Inject(ovhrenewtest.Fault{Route: route, Times: -1, Kind: ovhrenewtest.StatusFault, Status: status})
	}
}

// harmless fails if anything but a read, or the one dry run, was sent.
func harmless(t *testing.T, server *ovhrenewtest.Server, orders int, quote bool) (quotes int) {
	t.Helper()
	for _, request := range server.Requests() {
		if request.Route == ovhrenewtest.RouteQuote {
			quotes++
		} else if request.Method != http.MethodGet {
			t.Errorf("the probe sent %s", request.Route)
		}
	}
	if quotes > 1 || quotes == 1 && !quote {
		t.Errorf("%d dry runs", quotes)
	}
	if n := len(server.Orders()); n != orders {
		t.Errorf("there are %d orders now, %d before", n, orders)
	}
	return quotes
}

// discreet fails if the output says something of the account.
func discreet(t *testing.T, server *ovhrenewtest.Server, text string) {
	t.Helper()
	private := []string{"xx1111", "assword=", "12.34", server.Credentials().AppKey, server.Credentials().ConsumerKey}
	for _, service := range server.Services() {
		private = append(private, service.Name)
	}
	for _, order := range server.Orders() {
		private = append(private, fmt.Sprint(order.ID))
	}
	for _, secret := range private {
		if strings.Contains(text, secret) {
			t.Errorf("the probe prints %q", secret)
		}
	}
}

// TestProbeTrouble: what cannot be read is no verdict on the API, and its words are
// not repeated with the account's names in them.
func TestProbeTrouble(t *testing.T) {
	t.Parallel()
	server := account(t, ovhrenewtest.Behaviour{})
	server.Grant(ovhrenewtest.Rule{Method: "GET", Path: "/services*"}, ovhrenewtest.Rule{Method: "GET", Path: "/service/*"})
	server.Inject(ovhrenewtest.Fault{
		Route: "GET /service/{serviceId}/renew", Times: -1, Kind: ovhrenewtest.StatusFault, Status: 400,
		Body: `{"message":"shop.example of xx1111-ovh, order 123456789 at https://www.ovh.com/?orderPassword=hush, someone@mail.example, 12.34"}`,
	})
	verdicts, _, text := results(t, server, true)
	for assumption, verdict := range verdicts {
		for _, about := range []string{"GET /service answers", "GET /me/order keeps"} {
			if strings.HasPrefix(assumption, about) && verdict != notRead {
				t.Errorf("%s: %s, want %s", assumption, verdict, notRead)
			}
		}
	}
	discreet(t, server, text)
	for _, private := range []string{"hush", "mail.example", "123456789"} {
		if strings.Contains(text, private) {
			t.Errorf("the probe prints %q", private)
		}
	}
}

// TestSimulationLooksLikeRecords: the simulated API's answers have the form of published
// ones; where none has it, the simulation has more, as the schema has, and nothing less.
func TestSimulationLooksLikeRecords(t *testing.T) {
	t.Parallel()
	for _, form := range []ovhrenewtest.Behaviour{{}, {Expired: ovhrenewtest.ExpiredNowhere}} {
		_, _, text := results(t, account(t, form), true)
		for _, want := range []string{
			"GET /services in pages: 4 x is as services-", "GET /service/{serviceId} is as service-", "GET {route}/serviceInfos is as serviceinfos-",
			"GET /auth/time is as time-", "GET /me/order in pages: 3 x is as order-", "GET /me/order/{orderId}/status is as status-",
			"POST /service/{serviceId}/renew is as ",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("no answer of the simulation: %s\n%s", want, text)
			}
		}
		for line := range strings.Lines(text) {
			if strings.Contains(line, " lacks: ") || strings.Contains(line, " has otherwise: ") {
				t.Error(line)
			}
		}
	}
}

// TestUnread: where nothing can be read, no check says that an assumption holds or does not.
func TestUnread(t *testing.T) {
	t.Parallel()
	routes := []string{
		"GET /auth/currentCredential", "GET /services", "GET /services/{serviceId}", "GET /service", "GET /service/{serviceId}", renew, infos,
		"GET /me/order", "GET /me/order/{orderId}", ovhrenewtest.RouteStatus, "GET /me/payment/method", ovhrenewtest.RouteQuote,
	}
	for name, trouble := range map[string]ovhrenewtest.Fault{
		"denied":    {Times: -1, Kind: ovhrenewtest.StatusFault, Status: 403},
		"malformed": {Times: -1, Kind: ovhrenewtest.Instead, Body: `"?"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := account(t, ovhrenewtest.Behaviour{})
			for _, route := range routes {
				trouble.Route = route
				server.Inject(trouble)
			}
			verdicts, _, text := results(t, server, true)
			for assumption, verdict := range verdicts {
				if verdict == holds || verdict == fails {
					t.Errorf("%s: %s", assumption, verdict)
				}
			}
			discreet(t, server, text)
		})
	}
}

// TestAnswered: what the API has said no to is answered; what it was not asked is not.
func TestAnswered(t *testing.T) {
	t.Parallel()
	server := account(t, ovhrenewtest.Behaviour{})
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Transport: server.Transport(), Limiter: ovhrenew.Unlimited, Attempts: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		fault ovhrenewtest.Fault
		want  bool
	}{
		{ovhrenewtest.Fault{Kind: ovhrenewtest.StatusFault, Status: 404}, true},
		{ovhrenewtest.Fault{Kind: ovhrenewtest.StatusFault, Status: 460}, true},
		{ovhrenewtest.Fault{Kind: ovhrenewtest.StatusFault, Status: 400}, true},
		{ovhrenewtest.Fault{Kind: ovhrenewtest.StatusFault, Status: 401}, false},
		{ovhrenewtest.Fault{Kind: ovhrenewtest.StatusFault, Status: 403}, false},
		{ovhrenewtest.Fault{Kind: ovhrenewtest.StatusFault, Status: 429}, false},
		{ovhrenewtest.Fault{Kind: ovhrenewtest.StatusFault, Status: 500}, false},
		{ovhrenewtest.Fault{Kind: ovhrenewtest.StatusFault, Status: 503, HTML: true}, false},
		{ovhrenewtest.Fault{Kind: ovhrenewtest.Garbage}, false},
		{ovhrenewtest.Fault{Kind: ovhrenewtest.Reset}, false},
		{ovhrenewtest.Fault{Kind: ovhrenewtest.Refuse}, false},
	} {
		tt.fault.Times, tt.fault.Route = -1, "GET /services/{serviceId}"
		server.Inject(tt.fault)
		_, err := client.Service(t.Context(), 101)
		server.ClearFaults()
		if err == nil || answered(err) != tt.want {
			t.Errorf("%s %d: answered(%v) = %t, want %t", tt.fault.Kind, tt.fault.Status, err, answered(err), tt.want)
		}
	}
	if !answered(nil) {
		t.Error("an answer is none")
	}
}

// TestRedact: whatever could name the account or something in it goes, and words stay.
func TestRedact(t *testing.T) {
	t.Parallel()
	p := &probe{secrets: []string{"my shop", "", "x"}}
	for text, want := range map[string]string{
		"offers of my shop":                "offers of (name)",
		"shop.example and a.b-c.co.uk":     "(name) and (name)",
		"see https://www.ovh.com/?p=hush!": "see (link)",
		"of xx1111-ovh or XX1111-OVH":      "of (nichandle) or (nichandle)",
		"someone@mail.example":             "(name)",
		"12345 of 12.34 or 12,34":          "(number) of (number) or (number)",
		"3 x HTTP 460, orderId null":       "3 x HTTP 460, orderId null",
	} {
		if got := p.redact(text); got != want {
			t.Errorf("redact(%q) = %q, want %q", text, got, want)
		}
	}
}

// TestShape tells of members whether they are there, and no value.
func TestShape(t *testing.T) {
	t.Parallel()
	body := `{"text":"secret","none":null,"zero":0,"blank":"","list":[],"object":{},"number":42}`
	want := "text filled, none null, zero 0, blank empty, list empty, object empty, number filled, other missing"
	if got := shape([]byte(body), "text", "none", "zero", "blank", "list", "object", "number", "other"); got != want {
		t.Errorf("shape = %q, want %q", got, want)
	}
	if got := shape([]byte(`[1]`), "text"); got != "not an object" {
		t.Errorf("shape of a list = %q", got)
	}
}

// TestTally counts, the most frequent first, and those as frequent by their letters.
func TestTally(t *testing.T) {
	t.Parallel()
	if got, want := tally([]string{"b", "a", "c", "c"}), "2 x c; 1 x a; 1 x b"; got != want {
		t.Errorf("tally = %q, want %q", got, want)
	}
}
