// These tests fail without it: TestRenewalMode, TestRenewing, TestAttackModes.

package ovhrenew

import (
	"fmt"
	"strconv"
	"strings"
)

func (m RenewMode) known() bool { return m == ModeManual || m == ModeAutomatic }

// known reports whether the schema knows the type, or nothing was said.
func (t RenewalType) known() bool {
	_, known := renewalTypes[string(t)]
	return known
}

// renewalMode is whether a service renews by itself, by all that was read of it. A type
// such as automaticV2016 says only what kind of renewal it would be. What is unclear
// or contradictory is refused: the error is [ErrAutoRenew], with what each source said.
func renewalMode(s Service) (RenewMode, error) {
	pays := s.ManualPayment != nil && *s.ManualPayment
	on := s.Automatic != nil && *s.Automatic && !pays
	off := s.Automatic != nil && !*s.Automatic
	forced := s.Type == renewalForcedAutomatic
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
	for said := range s.said {
		_, known := said.values[said.value]
		switch {
		case said.what == "renewal type" || !strings.Contains(strings.ToLower(said.value), "renew"):
		case said.value == actionAutorenewInProgress:
			return s.refuse(ErrAutoRenew, "an automatic renewal is in progress")
		case !known:
			return s.refuse(ErrAutoRenew, "a renewal may be in progress: its %s %q is not known", said.what, printable(said.value))
		}
	}
	return nil
}
