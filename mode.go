// These tests fail without it: TestRenewalMode, TestRenewing, TestAttackModes.

package ovhrenew

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

func (m RenewMode) known() bool { return m == ModeManual || m == ModeAutomatic }

// known reports whether the schema knows the type, or nothing was said.
func (t RenewalType) known() bool {
	return slices.Contains([]RenewalType{
		"", renewalManual, renewalOneShot, renewalOption, renewalAutomaticV2012, "automaticV2014", "automaticV2016", "automaticV2024",
		renewalAutomaticForcedProduct, renewalDeleteAtExpiration, renewalDeleteAtEndEngagement,
	}, t)
}

// renewalMode is whether a service renews by itself, by all that was read of it. A type
// such as automaticV2016 says only what kind of renewal it would be. What is unclear
// or contradictory is refused: the error is [ErrAutoRenew], with what each source said.
func renewalMode(s Service) (RenewMode, error) {
	pays := s.ManualPayment != nil && *s.ManualPayment
	on := s.Automatic != nil && *s.Automatic && !pays
	off := s.Automatic != nil && !*s.Automatic
	forced := s.Type == renewalAutomaticForcedProduct
	why := "its renewal mode is not known"
	switch {
	case !s.Type.known():
		why = "its renewal type is not known"
	case s.Mode == ModeAutomatic:
		return ModeAutomatic, nil
	case s.Mode == ModeManual && !on && !forced:
		return ModeManual, nil
	case s.Mode == ModeManual || s.Mode == "" && forced && (off || pays):
		why = "what is said of its renewal mode is contradictory"
	case s.Mode == "" && on:
		return ModeAutomatic, nil
	case s.Mode == "" && (pays || off || s.Type == renewalManual):
		return ModeManual, nil
	}
	return "", s.refuse(ErrAutoRenew, "%s: %s; look at it, or allow what renews by itself", why, modeFacts(s))
}

// modeFacts are the fields that tell the mode, and what they said.
func modeFacts(s Service) string {
	said := func(b *bool) string {
		if b == nil {
			return "not said"
		}
		return strconv.FormatBool(*b)
	}
	quoted := func(text string) string {
		if text == "" {
			return "not said"
		}
		return fmt.Sprintf("%q", printable(text))
	}
	return fmt.Sprintf("renew.current.mode %s, renewal type %s, automatic %s, manualPayment %s",
		quoted(string(s.Mode)), quoted(string(s.Type)), said(s.Automatic), said(s.ManualPayment))
}

// renewing refuses a service that OVHcloud is renewing at this moment: another renewal
// would be the second, whatever is allowed. The error is [ErrAutoRenew].
func renewing(s Service) error {
	switch {
	case s.Billing == billingAutorenewInProgress:
		return s.refuse(ErrAutoRenew, "an automatic renewal is in progress")
	case strings.Contains(strings.ToLower(s.Billing), "renew"):
		return s.refuse(ErrAutoRenew, "a renewal may be in progress: its billing state %q is not known", printable(s.Billing))
	}
	for _, action := range s.PendingActions {
		switch {
		case action == actionAutorenewInProgress:
			return s.refuse(ErrAutoRenew, "an automatic renewal is in progress")
		case !knownAction(action) && strings.Contains(strings.ToLower(action), "renew"):
			return s.refuse(ErrAutoRenew, "a renewal may be in progress: its pending action %q is not known", printable(action))
		}
	}
	return nil
}

// unknown is the first field of a service that a guard needs and whose value the schema
// does not know, with the value; empty if it knows them all.
func (s Service) unknown() string {
	states := []string{
		"", "ok", "active", "opening", "toOpen", "toActivate", resourceToSuspend, resourceSuspending, resourceSuspended,
		resourceToDelete, resourceDeleting, resourceDeleted,
	}
	lives := []string{
		"", "active", "toRenew", "unrenewed", lifecycleError, lifecycleInCreation, lifecycleRupture, lifecycleTerminated, lifecycleUnpaid,
	}
	bills := []string{"", "ok", "expired", billingPending, billingUnpaid, billingPendingDebt, billingAutorenewInProgress}
	switch {
	case !s.Type.known():
		return fmt.Sprintf("renewal type %q", printable(string(s.Type)))
	case !slices.Contains(states, s.State):
		return fmt.Sprintf("state %q", printable(s.State))
	case !slices.Contains(lives, s.Lifecycle):
		return fmt.Sprintf("lifecycle state %q", printable(s.Lifecycle))
	case !slices.Contains(bills, s.Billing):
		return fmt.Sprintf("billing state %q", printable(s.Billing))
	}
	return ""
}

// knownAction reports whether the schema knows the action, or nothing was said.
func knownAction(a string) bool {
	return a == "" || a == actionEarlyRenewal || a == actionAutorenewInProgress || terminates(a)
}
