package ovhrenewtest_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	. "github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

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

// A service that is renewed by hand looks as it was recorded from OVHcloud's web
// console: an automatic renewalType, and manualPayment.
func TestManualService(t *testing.T) {
	t.Parallel()
	s, _ := clocked(t, Behaviour{})
	s.AddService(Service{ID: 9, Name: "b", Route: "/vps/b", Period: "P1Y"})
	for path, period := range map[string]string{"/vps/" + GuideVPS: "<nil>", "/vps/b": "12"} {
		infos := get[object](t, s, path+"/serviceInfos")
		renew := infos["renew"].(object)
		if got := fmt.Sprint(renew["period"]); got != period {
			t.Errorf("%s: period = %s, want %s", path, got, period)
		}
		delete(renew, "period")
		want := object{"automatic": false, "manualPayment": true, "deleteAtExpiration": false, "forced": false}
		if diff := cmp.Diff(want, renew); diff != "" || infos["renewalType"] != "automaticV2016" {
			t.Errorf("%s: renewalType %v, renew (-want +got)\n%s", path, infos["renewalType"], diff)
		}
	}
	service := get[object](t, s, "/services/11223344")
	for path, want := range map[string]any{
		"billing.renew.current.mode":                "manual",
		"billing.renew.current.nextDate":            nil,
		"billing.renew.current.period":              nil,
		"billing.nextBillingDate":                   "2026-11-30T01:00:00+01:00",
		"billing.expirationDate":                    "2026-11-30T01:00:00+01:00",
		"billing.lifecycle.current.terminationDate": "2026-11-30T01:00:00+01:00",
		"billing.pricing.duration":                  "P1M",
		"billing.pricing.description":               "rental for 1 month",
		"billing.pricing.price.text":                "5.99 €",
		"billing.pricing.engagementConfiguration":   nil,
	} {
		if got := at(service, path); got != want {
			t.Errorf("/services: %s = %v, want %v", path, got, want)
		}
	}
	modes := at(get[object](t, s, "/service/11223344"), "renew.possibleModes")
	if diff := cmp.Diff(any([]any{"automaticV2016", "deleteAtExpiration"}), modes); diff != "" {
		t.Errorf("/service: possibleModes (-want +got)\n%s", diff)
	}
}

// What is paid once looks as a user recorded it.
func TestOneShot(t *testing.T) {
	t.Parallel()
	s := start(t, Behaviour{})
	s.AddService(Service{Name: "example.ovh", Route: "/domain/zone/example.ovh", RenewalType: "oneShot"})
	infos := get[object](t, s, "/domain/zone/example.ovh/serviceInfos")
	want := object{"automatic": false, "manualPayment": false, "deleteAtExpiration": false, "forced": true, "period": nil}
	if diff := cmp.Diff(any(want), infos["renew"]); diff != "" || infos["canDeleteAtExpiration"] != false {
		t.Errorf("canDeleteAtExpiration %v, renew (-want +got)\n%s", infos["canDeleteAtExpiration"], diff)
	}
}
