package ovhrenewtest_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	. "github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func TestNotFound(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{Absent: []string{"GET /me/ovhAccount"}})
	const noURL = "404 Client::NotFound: Got an invalid (or empty) URL"
	for path, want := range map[string]string{
		"/nothing":                      noURL,
		"/no/such/product/serviceInfos": noURL,
		"/me/ovhAccount":                noURL,
		"/me/order/":                    noURL,
		"/v2/service":                   noURL,
		"/vps/other/serviceInfos":       "404 Client::NotFound: This service does not exist",
		"/services/1":                   "404 Client::NotFound: This service does not exist",
		"/service/1/renew":              "404 Client::NotFound: This service does not exist",
		"/me/order/1":                   "404 Client::NotFound: The requested object (id = 1) does not exist",
		"/me/order/1/status":            "404 Client::NotFound: The requested object (id = 1) does not exist",
		"/me/payment/method/1":          "404 Client::NotFound: The requested object (id = 1) does not exist",
		"/services/abc":                 "400 Client::BadRequest: [serviceId] Given data (abc) is not valid for type long",
		"/me/order?date.from=yesterday": "400 Client::BadRequest: [date.from] Given data (yesterday) is not valid for type datetime",
		"/service/12345/renew?includeOptions=perhaps": "400 Client::BadRequest: [includeOptions] Given data (perhaps) is not valid for type boolean",
	} {
		wantFailure(t, path, call(t.Context(), s.Client(), "GET", path, nil, nil), want)
	}
	for _, path := range []string{"/services/12345", "/me/payment/method/5678901", "/service/12345"} {
		wantFailure(t, "DELETE "+path, call(t.Context(), s.Client(), "DELETE", path, nil, nil), noURL)
	}
}

func TestVersions(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	if diff := cmp.Diff(get[[]int64](t, s, "/service"), get[[]int64](t, s, "/v1/service")); diff != "" {
		t.Errorf("/1.0 and /v1 differ:\n%s", diff)
	}
	if got := s.Count("GET /service"); got != 2 {
		t.Errorf("Count = %d, want 2", got)
	}
}

func TestServiceDates(t *testing.T) {
	t.Parallel()
	s := Start(t, Behaviour{})
	id := s.AddService(Service{
		Name: "a", Route: "/vps/a", Creation: time.Date(2025, 5, 15, 1, 2, 3, 0, time.UTC),
		Expiry: time.Date(2027, 6, 15, 10, 29, 33, 0, time.UTC),
	})
	if got := get[object](t, s, fmt.Sprintf("/service/%d", id)); got["expirationDate"] != "2027-06-15" || got["creationDate"] != "2025-05-15" {
		t.Errorf("/service: %v until %v", got["creationDate"], got["expirationDate"])
	}
	if got := at(get[object](t, s, fmt.Sprintf("/services/%d", id)), "billing.expirationDate"); got != "2027-06-15T12:29:33+02:00" {
		t.Errorf("/services: %v", got)
	}
	if got := get[object](t, s, "/vps/a/serviceInfos"); got["expiration"] != "2027-06-15" {
		t.Errorf("serviceInfos: %v", got["expiration"])
	}
}

// One name can be several services: a server and its parts, a domain and its zone.
func TestServicesFilters(t *testing.T) {
	t.Parallel()
	s := Start(t, Behaviour{})
	machine := s.AddService(Service{Name: "ns1", Route: "/dedicated/server/ns1"})
	part := s.AddService(Service{Name: "ns1", Parent: machine, NoExpiry: true})
	domain := s.AddService(Service{Name: "a.fr", Route: "/domain/a.fr"})
	zone := s.AddService(Service{Name: "a.fr", Route: "/domain/zone/a.fr"})
	for query, want := range map[string][]int64{
		"":                                {machine, part, domain, zone},
		"?resourceName=ns1":               {machine, part},
		"?resourceName=a.fr":              {domain, zone},
		"?resourceName=nothing":           {},
		"?routes=/domain/{serviceName}":   {domain},
		"?routes=/domain":                 {domain, zone},
		"?routes=/dom":                    {},
		"?routes=/dedicated,/domain/zone": {machine, zone},
		"?resourceName=a.fr&routes=/domain/zone/{zoneName}": {zone},
		"?sort=DESC": {zone, domain, part, machine},
	} {
		if diff := cmp.Diff(want, get[[]int64](t, s, "/services"+query)); diff != "" {
			t.Errorf("/services%s (-want +got)\n%s", query, diff)
		}
	}
	options := get[[]object](t, s, fmt.Sprintf("/services/%d/options", machine))
	if len(options) != 1 || fmt.Sprint(options[0]["parentServiceId"]) != fmt.Sprint(machine) || options[0]["route"] != nil || at(options[0], "billing.renew") != nil {
		t.Errorf("options = %v, want the part, with its parent and without route and renew", options)
	}
}

// A name with a slash in it is one segment, escaped.
func TestRouteWithSlash(t *testing.T) {
	t.Parallel()
	s := Start(t, Behaviour{})
	block := s.AddService(Service{Name: "1.2.3.0/24", Route: "/ip/1.2.3.0%2F24"})
	if got := get[object](t, s, "/ip/1.2.3.0%2F24/serviceInfos")["serviceId"]; fmt.Sprint(got) != fmt.Sprint(block) {
		t.Errorf("escaped: service %v, want %d", got, block)
	}
	for _, path := range []string{"/ip/1.2.3.0/24", "/ip/1.2.3.0/24/serviceInfos"} {
		_, err := send(t, s, "GET", path, "")
		wantFailure(t, path, err, "404 Client::NotFound: Got an invalid (or empty) URL")
	}
	id := s.AddService(Service{Name: "ip-192.0.2.0/24", Route: "/ip/service/ip-192.0.2.0%2F24"})
	if got := get[object](t, s, "/ip/service/ip-192.0.2.0%2F24/serviceInfos")["serviceId"]; fmt.Sprint(got) != fmt.Sprint(id) {
		t.Errorf("serviceId = %v, want %d", got, id)
	}
	vars := at(get[object](t, s, fmt.Sprintf("/services/%d", id)), "route.vars")
	if diff := cmp.Diff(any([]any{object{"key": "serviceName", "value": "ip-192.0.2.0/24"}}), vars); diff != "" {
		t.Errorf("route.vars (-want +got)\n%s", diff)
	}
}

func TestPutServiceInfos(t *testing.T) {
	t.Parallel()
	const path = "/vps/a/serviceInfos"
	on := Service{Name: "a", Route: "/vps/a", Mode: "automatic", Period: "P3M"}
	for name, test := range map[string]struct {
		from      Service
		body      string
		automatic bool
		deleting  bool
		kind      string
	}{
		"whole object":  {on, `{"renew":{"automatic":true,"deleteAtExpiration":false,"forced":false,"period":1},"renewalType":"automaticV2012"}`, true, false, "automaticV2012"},
		"partial body":  {on, `{}`, false, false, "automaticV2012"},
		"partial renew": {on, `{"renew":{"period":3}}`, false, false, "automaticV2012"},
		"deleting":      {on, `{"renew":{"automatic":true,"deleteAtExpiration":true},"renewalType":"automaticV2012"}`, false, true, "manual"},
		"undone by half": {
			Service{Name: "a", Route: "/vps/a", DeleteAtExpiration: true},
			`{"renew":{"automatic":true,"deleteAtExpiration":false},"renewalType":"manual"}`, false, false, "manual",
		},
		"undone": {
			Service{Name: "a", Route: "/vps/a", DeleteAtExpiration: true},
			`{"renew":{"automatic":true,"deleteAtExpiration":false},"renewalType":"automaticV2012"}`, true, false, "automaticV2012",
		},
	} {
		s := Start(t, Behaviour{})
		s.AddService(test.from)
		mustSend(t, s, "PUT", path, test.body)
		got := get[object](t, s, path)
		if at(got, "renew.automatic") != test.automatic || at(got, "renew.deleteAtExpiration") != test.deleting || got["renewalType"] != test.kind {
			t.Errorf("%s: renew %v, renewalType %v; want automatic %t, deleteAtExpiration %t, %s",
				name, got["renew"], got["renewalType"], test.automatic, test.deleting, test.kind)
		}
	}
}

func TestPutServices(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	const path = "/services/11223344"
	mustSend(t, s, "PUT", path, `{"renew":{"mode":"automatic","period":"P12M"},"displayName":"mine","terminationPolicy":"terminateAtExpirationDate"}`)
	got := get[object](t, s, path)
	want := object{"mode": "automatic", "nextDate": at(got, "billing.expirationDate"), "period": "P12M"}
	if diff := cmp.Diff(any(want), at(got, "billing.renew.current")); diff != "" {
		t.Errorf("renew (-want +got)\n%s", diff)
	}
	if at(got, "resource.displayName") != "mine" {
		t.Errorf("displayName = %v, want mine", at(got, "resource.displayName"))
	}
	if diff := cmp.Diff(any([]any{"terminateAtExpirationDate"}), at(got, "billing.lifecycle.current.pendingActions")); diff != "" {
		t.Errorf("pendingActions (-want +got)\n%s", diff)
	}
	mustSend(t, s, "PUT", path, `{"renew":{"mode":"manual"},"terminationPolicy":"empty"}`)
	if got := at(get[object](t, s, path), "billing.renew.current.mode"); got != "manual" {
		t.Errorf("mode = %v, want manual", got)
	}
	for body, want := range map[string]string{
		`{"renew":{"mode":"automatic","period":"P2Y"}}`: "400 Client::BadRequest: [renew.period] Given data (P2Y) is not possible for this service",
		`{"renew":{"mode":"never"}}`:                    "400 Client::BadRequest: [renew.mode] Given data (never) does not belong to the ModeEnum enumeration",
		`{"terminationPolicy":"now"}`:                   "400 Client::BadRequest: [terminationPolicy] Given data (now) does not belong to the terminationPolicyEnum enumeration",
		`[]`:                                            "400 Client::BadRequest: Invalid JSON received",
	} {
		_, err := send(t, s, "PUT", path, body)
		wantFailure(t, body, err, want)
	}
}

func TestExpired(t *testing.T) {
	t.Parallel()
	for behaviour, want := range map[Expired460]map[string]bool{
		ExpiredProduct:    {"/vps/a/serviceInfos": true, "/vps/a": true, "/services/7": false, "/service/7": false, "/service/7/renew": false},
		ExpiredNowhere:    {"/vps/a/serviceInfos": false, "/services/7": false, "/service/7": false, "/service/7/renew": false},
		ExpiredEverywhere: {"/vps/a/serviceInfos": true, "/services/7": true, "/service/7": true, "/service/7/renew": true},
	} {
		s, clock := clocked(t, Behaviour{Expired: behaviour})
		s.AddService(Service{ID: 7, Name: "a", Route: "/vps/a", Expiry: clock.Now().Add(-time.Second)})
		s.AddService(Service{ID: 8, Name: "z", Route: "/domain/zone/z", Expiry: clock.Now().AddDate(-2, 0, 0), RenewalType: "oneShot"})
		for path, expired := range want {
			err := call(t.Context(), s.Client(), "GET", path, nil, nil)
			if got := failure(err) == "460 : This Service is expired"; got != expired {
				t.Errorf("%v %s: %v, want expired %t", behaviour, path, err, expired)
			}
		}
		if got := get[object](t, s, "/domain/zone/z/serviceInfos")["status"]; got != "ok" {
			t.Errorf("a oneShot is %v, want ok", got)
		}
		if behaviour != ExpiredEverywhere {
			if got := get[object](t, s, "/service/7")["state"]; got != "expired" {
				t.Errorf("state = %v, want expired", got)
			}
		}
		clock.Advance(-time.Hour)
		get[object](t, s, "/vps/a/serviceInfos")
	}
}

func TestNeverEnding(t *testing.T) {
	t.Parallel()
	s := Start(t, Behaviour{})
	id := s.AddService(Service{Name: "pn-1", Route: "/vrack/pn-1", NoExpiry: true})
	infos := get[object](t, s, "/vrack/pn-1/serviceInfos")
	if _, there := infos["expiration"]; there || fmt.Sprint(infos["serviceId"]) != fmt.Sprint(id) {
		t.Errorf("serviceInfos = %v, want service %d without expiration", infos, id)
	}
	if got := at(get[object](t, s, fmt.Sprintf("/services/%d", id)), "billing.expirationDate"); got != nil {
		t.Errorf("expirationDate = %v, want null", got)
	}
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

func TestChangeService(t *testing.T) {
	t.Parallel()
	s, _ := clocked(t, Behaviour{})
	s.SetMode(GuideVPSID, "automatic")
	current := at(get[object](t, s, "/services/11223344"), "billing.renew.current")
	want := object{"mode": "automatic", "nextDate": "2026-11-30T01:00:00+01:00", "period": "P1M"}
	if diff := cmp.Diff(any(want), current); diff != "" {
		t.Errorf("renew (-want +got)\n%s", diff)
	}
	s.ChangeService(GuideVPSID, func(v *Service) {
		v.Expiry = v.Expiry.AddDate(0, 0, 1)
		v.State, v.BillingState, v.Status, v.ResourceState = "rupture", "unpaid", "unPaid", "toSuspend"
		v.Name = "another"
	})
	expanded, listed := get[object](t, s, "/services/11223344"), get[object](t, s, "/service/11223344")
	infos := get[object](t, s, "/vps/vps112233.ovh.net/serviceInfos")
	for what, values := range map[string][2]any{
		"state":          {at(expanded, "billing.lifecycle.current.state"), "rupture"},
		"expirationDate": {at(expanded, "billing.expirationDate"), "2026-12-01T01:00:00+01:00"},
		"resource.state": {at(expanded, "resource.state"), "toSuspend"},
		"resource.name":  {at(expanded, "resource.name"), GuideVPS},
		"/service state": {listed["state"], "unpaid"},
		"status":         {infos["status"], "unPaid"},
		"expiration":     {infos["expiration"], "2026-12-01"},
	} {
		if values[0] != values[1] {
			t.Errorf("%s = %v, want %v", what, values[0], values[1])
		}
	}
}

func TestCapacities(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	if diff := cmp.Diff([]string{"P1M", "P3M", "P6M", "P1Y"}, get[[]string](t, s, "/services/11223344/renewPeriodCapacities")); diff != "" {
		t.Errorf("capacities (-want +got)\n%s", diff)
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

// TestProductLists: every product lists its services, whatever its variable is called, and
// what has more than one has no list.
func TestProductLists(t *testing.T) {
	t.Parallel()
	s := Start(t, Behaviour{})
	for _, path := range []string{"/domain/zone/a.fr", "/email/domain/a.fr", "/domain/a.fr", "/vps/a.fr", "/pack/xdsl/a.fr", "/hosting/web/a.fr/extraSqlPerso/a.fr"} {
		s.AddService(Service{Name: "a.fr", Route: path})
	}
	for _, list := range []string{"/domain/zone", "/email/domain", "/domain", "/vps", "/pack/xdsl"} {
		if diff := cmp.Diff([]string{"a.fr"}, get[[]string](t, s, list)); diff != "" {
			t.Errorf("GET %s (-want +got)\n%s", list, diff)
		}
	}
	_, err := send(t, s, "GET", "/hosting/web/a.fr/extraSqlPerso", "")
	wantFailure(t, "a list of options", err, "404 Client::NotFound: Got an invalid (or empty) URL")
}
