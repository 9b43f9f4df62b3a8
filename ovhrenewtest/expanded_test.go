package ovhrenewtest_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	. "github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

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

func TestCapacities(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	if diff := cmp.Diff([]string{"P1M", "P3M", "P6M", "P1Y"}, get[[]string](t, s, "/services/11223344/renewPeriodCapacities")); diff != "" {
		t.Errorf("capacities (-want +got)\n%s", diff)
	}
}

// A large account costs no more per element than a small one.
func BenchmarkServicesPage(b *testing.B) {
	for name, n := range map[string]int{"1000": 1_000, "100000": 100_000} {
		b.Run(name, func(b *testing.B) {
			s := agency(n, 1)
			s.ListenPipe()
			defer s.Close()
			s.SetNow(time.Now)
			api := s.Client()
			for b.Loop() {
				r, err := api.NewRequest("GET", "/services", nil, true) //nolint:forbidigo // the headers are the point
				if err != nil {
					b.Fatal(err)
				}
				r.Header.Set("X-Pagination-Mode", "CachedObjectList-Pages")
				r.Header.Set("X-Pagination-Size", "1000")
				var page []struct{ ServiceID int64 }
				answer, err := api.Do(r)
				if err != nil {
					b.Fatal(err)
				}
				if err := api.UnmarshalResponse(answer, &page); err != nil || len(page) != 1000 {
					b.Fatal(err, len(page))
				}
			}
		})
	}
}

// What a service costs by itself is told for the period that it renews itself in, or the
// first on offer; for what is only offered with others there is null.
func TestPricing(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	s.Offer("P3M", "7", GuideDomainID)
	for id, want := range map[int64]string{
		GuideVPSID:     "rental for 1 month, P1M, 1: 5.99 € 599000000",
		GuideDomainID:  "rental for 12 months, P1Y, 12: 1.99 € 199000000",
		GuideHostingID: "<nil>",
	} {
		told := func() string {
			p := at(get[object](t, s, fmt.Sprintf("/services/%d", id)), "billing.pricing")
			if p == nil {
				return "<nil>"
			}
			return fmt.Sprintf("%v, %v, %v: %v %v", at(p, "description"), at(p, "duration"), at(p, "interval"), at(p, "price.text"), at(p, "priceInUcents"))
		}
		if got := told(); got != want {
			t.Errorf("pricing of %d = %s, want %s", id, got, want)
		}
		s.ChangeService(id, func(v *Service) { v.Mode, v.Period = "automatic", "P3M" })
		if got := told(); id == GuideDomainID && got != "rental for 3 months, P3M, 3: 7.00 € 700000000" {
			t.Errorf("pricing of %d = %s, want that of three months, which it renews itself in", id, got)
		}
	}
}
