package ovhrenewtest_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	. "github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

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
