package ovhrenewtest_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	. "github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

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
