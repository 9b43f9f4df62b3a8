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
