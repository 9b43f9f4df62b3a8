package ovhrenew_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// TestRegionIsAskedOnce: that a region does not renew by order is asked once a day, by each
// program, and a service that is not found says nothing about the region.
func TestRegionIsAskedOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, tt := range []struct {
			behaviour   ovhrenewtest.Behaviour
			unsupported bool
			asked       int
		}{
			{ovhrenewtest.Behaviour{NoRenewRoute: true}, true, 2},
			{ovhrenewtest.Behaviour{}, false, 4},
		} {
			server := ovhrenewtest.StartPipe(t, tt.behaviour)
			ovhrenewtest.Guide(server)
			client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited, Transport: server.Transport()})
			if err != nil {
				t.Fatal(err)
			}
			for _, id := range []ovhrenew.ServiceID{1, ovhrenewtest.GuideVPSID, ovhrenewtest.GuideVPSID} {
				if _, err := client.Renewals(t.Context(), id, false); errors.Is(err, ovhrenew.ErrUnsupported) != tt.unsupported {
					t.Errorf("Renewals(%d): %v, want unsupported %t", id, err, tt.unsupported)
				}
			}
			time.Sleep(25 * time.Hour)
			if _, err := client.Renewals(t.Context(), ovhrenewtest.GuideVPSID, false); errors.Is(err, ovhrenew.ErrUnsupported) != tt.unsupported {
				t.Errorf("Renewals a day later: %v", err)
			}
			if n := server.Count("GET /service/{serviceId}/renew"); n != tt.asked {
				t.Errorf("asked %d times, want %d", n, tt.asked)
			}
		}
	})
}

// TestRegionThatRenewed: a region in which a service has offers does not lose the route for a
// day by one answer that says so.
func TestRegionThatRenewed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := ovhrenewtest.StartPipe(t, ovhrenewtest.Behaviour{})
		ovhrenewtest.Guide(server)
		client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited, Transport: server.Transport()})
		if err != nil {
			t.Fatal(err)
		}
		server.Inject(ovhrenewtest.Fault{
			Route: "GET /service/{serviceId}/renew", Kind: ovhrenewtest.StatusFault, Status: 404, Skip: 1,
			Body: `{"class":"Client::NotFound","message":"Got an invalid (or empty) URL"}`,
		})
		for i, unsupported := range []bool{false, true, false} {
			if _, err := client.Renewals(t.Context(), ovhrenewtest.GuideVPSID, false); errors.Is(err, ovhrenew.ErrUnsupported) != unsupported {
				t.Errorf("question %d: %v", i, err)
			}
		}
	})
}
