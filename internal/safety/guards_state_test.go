package safety_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew"
)

// TestEveryState asks the guard about each state alone, of a service that expires in
// ten days and of one that expired three days ago.
func TestEveryState(t *testing.T) {
	t.Parallel()
	type snapshot = ovhrenew.Service
	today := ovhrenew.MustDate("2026-12-01")
	for _, tt := range []struct {
		in   snapshot
		want string // why it is refused; none: it passes
		back bool   // it passes once it has expired
	}{
		{in: snapshot{}},
		{in: snapshot{Type: ovhrenew.RenewalManual}},
		{in: snapshot{Type: "automaticV2024"}},
		{in: snapshot{Type: ovhrenew.RenewalAutomaticForcedProduct}},
		{in: snapshot{Type: "ofTomorrow"}, want: "not known"},
		{in: snapshot{PendingActions: actions("ofTomorrow")}, want: "not all known"},
		{in: snapshot{Type: ovhrenew.RenewalOneShot}, want: "once and for all"},
		{in: snapshot{Type: ovhrenew.RenewalOption}, want: "is an option"},
		{in: snapshot{Parent: 7}, want: "option of service 7"},
		{in: snapshot{Type: ovhrenew.RenewalDeleteAtExpiration}, want: "undo that first"},
		{in: snapshot{Type: ovhrenew.RenewalDeleteAtEndEngagement}, want: "undo that first"},

		{in: snapshot{Lifecycle: "active"}},
		{in: snapshot{Lifecycle: "toRenew"}},
		{in: snapshot{Lifecycle: "unrenewed"}},
		{in: snapshot{Lifecycle: ovhrenew.LifecycleError}, want: "support"},
		{in: snapshot{Lifecycle: ovhrenew.LifecycleRupture}, want: "support"},
		{in: snapshot{Lifecycle: ovhrenew.LifecycleTerminated}, want: "support"},
		{in: snapshot{Lifecycle: ovhrenew.LifecycleInCreation}, want: "being created"},
		{in: snapshot{Lifecycle: ovhrenew.LifecycleUnpaid}, want: "debt"},

		{in: snapshot{PendingActions: actions(ovhrenew.ActionEarlyRenewal)}},
		{in: snapshot{PendingActions: actions(ovhrenew.ActionDeleteAtExpiration)}, want: "undo that first"},
		{in: snapshot{PendingActions: actions(ovhrenew.ActionTerminate)}, want: "undo that first"},
		{in: snapshot{PendingActions: actions(ovhrenew.ActionEarlyRenewal, ovhrenew.ActionTerminateAtEngagementDate)}, want: "undo that first"},
		{in: snapshot{PendingActions: actions(ovhrenew.ActionTerminateAtExpirationDate)}, want: "undo that first"},

		{in: snapshot{State: "ok"}},
		{in: snapshot{State: "active"}},
		{in: snapshot{State: ovhrenew.ResourceToSuspend}, want: "suspended", back: true},
		{in: snapshot{State: ovhrenew.ResourceSuspending}, want: "suspended", back: true},
		{in: snapshot{State: ovhrenew.ResourceSuspended}, want: "suspended", back: true},
		{in: snapshot{State: ovhrenew.ResourceToDelete}, want: "being deleted"},
		{in: snapshot{State: ovhrenew.ResourceDeleting}, want: "being deleted"},
		{in: snapshot{State: ovhrenew.ResourceDeleted}, want: "being deleted"},

		{in: snapshot{Billing: "ok"}},
		{in: snapshot{Billing: "expired"}},
		{in: snapshot{Billing: ovhrenew.BillingPending}, want: "being created"},
		{in: snapshot{Billing: ovhrenew.BillingUnpaid}, want: "debt"},
	} {
		for _, left := range []int{10, -3} {
			s, want := tt.in, tt.want
			s.Name, s.ID, s.Expiry = "vps", vps, today.AddDays(left)
			if left < 0 && tt.back {
				want = ""
			}
			err := ovhrenew.Guards{}.State(s, today)
			if (err != nil) != (want != "") || err != nil && (!errors.Is(err, ovhrenew.ErrState) || !strings.Contains(err.Error(), want)) {
				t.Errorf("State(%+v) = %v, want %q", s, err, want)
			}
			if err := (ovhrenew.Guards{AnyState: true}).State(s, today); err != nil {
				t.Errorf("State(%+v), in any state, = %v", s, err)
			}
		}
	}
}

func actions(all ...ovhrenew.LifecycleAction) []ovhrenew.LifecycleAction { return all }

// TestRenewalInProgress refuses what OVHcloud is renewing at this moment.
func TestRenewalInProgress(t *testing.T) {
	t.Parallel()
	s := ovhrenew.Service{
		ID: vps, Name: "vps", Mode: ovhrenew.ModeManual,
		PendingActions: []ovhrenew.LifecycleAction{ovhrenew.ActionAutorenewInProgress},
	}
	today := ovhrenew.MustDate("2026-12-01")
	if err := (ovhrenew.Guards{}).Automatic(s, today); !errors.Is(err, ovhrenew.ErrAutoRenew) {
		t.Errorf("Automatic during an automatic renewal = %v, want %v", err, ovhrenew.ErrAutoRenew)
	}
	if err := (ovhrenew.Guards{AllowAutomatic: true}).Automatic(s, today); !errors.Is(err, ovhrenew.ErrAutoRenew) {
		t.Errorf("Automatic, allowed, during an automatic renewal = %v, want %v", err, ovhrenew.ErrAutoRenew)
	}
}
