package ovhrenew

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

var (
	// ErrSettingNotOffered says that the service does not offer the mode or the
	// period of a [RenewSetting]. Nothing was changed.
	ErrSettingNotOffered = errors.New("setting not offered")
	// ErrSettingNotTaken says that a setting was written, and that reading it again
	// shows another one.
	ErrSettingNotTaken = errors.New("setting written but not taken")
)

// RenewSetting is how a service is to renew by itself. Its zero value asks for
// nothing, and is refused.
type RenewSetting struct {
	// Mode is left as it is if empty.
	Mode RenewMode `json:"mode,omitempty"`
	// Period is for ModeAutomatic; with ModeManual there is none.
	Period Period `json:"period,omitempty"`
	// KeepService takes back a planned deletion. With ModeAutomatic it does so
	// completely; else the service still has to be renewed by somebody.
	KeepService bool `json:"keepService,omitempty"`
	// Options sets the service's options alike. Those that have no renewal of their
	// own go with the service in any case.
	Options bool `json:"options,omitempty"`
	// Patience.Poll is the first pause between looks at what was set.
	Patience Patience `json:"-"`
}

func (s RenewSetting) check(call string) error {
	if err := s.Patience.check(call); err != nil {
		return err
	}
	switch s.Mode {
	case ModeAutomatic:
		if months, ok := s.Period.Months(); !ok || months <= 0 {
			return badInput(call, "Period", s.Period, "is not a number of months")
		}
		return nil
	case ModeManual, "":
		if s.Period != "" {
			return badInput(call, "Period", s.Period, "goes with the automatic mode only")
		}
		if s.Mode == "" && !s.KeepService {
			return badInput(call, "RenewSetting", "", "asks for nothing")
		}
		return nil
	}
	return badInput(call, "Mode", s.Mode, "is neither automatic nor manual")
}

// RenewState is how a service renews by itself.
type RenewState struct {
	// Mode is empty where the API does not say.
	Mode   RenewMode `json:"mode,omitempty"`
	Period Period    `json:"period,omitempty"` // of the automatic mode
	// Ending says that the service is to be deleted at its expiry, or at the end of
	// its commitment.
	Ending bool `json:"ending,omitempty"`
}

// String is the state in words.
func (s RenewState) String() string {
	text := string(s.Mode)
	switch s.Mode {
	case "":
		text = "not said"
	case ModeAutomatic:
		text = "automatic, every " + s.Period.String()
	}
	if s.Ending {
		text += ", to be deleted"
	}
	return text
}

// after is the state that a setting leads to.
func (s RenewState) after(setting RenewSetting) RenewState {
	if setting.Mode != "" {
		s.Mode, s.Period = setting.Mode, setting.Period
	}
	s.Ending = s.Ending && !setting.KeepService
	return s
}

func (s RenewState) equal(other RenewState) bool {
	return s.Mode == other.Mode && s.Ending == other.Ending && (s.Mode != ModeAutomatic || s.Period.Equal(other.Period))
}

// RenewState is how the service renews by itself. That it is to be deleted may be
// known to the account's other list only: [PreviewSetting] asks that too.
func (s Service) RenewState() RenewState {
	return RenewState{Mode: s.Mode, Period: s.Period, Ending: slices.ContainsFunc(s.PendingActions, terminates)}
}

// renewState is how the product renews by itself.
func (w infosService) renewState() RenewState {
	state := RenewState{Mode: ModeManual, Ending: w.Renew.DeleteAtExpiration}
	if w.Renew.Automatic != nil && *w.Renew.Automatic || w.Renew.Forced {
		state.Mode, state.Period = ModeAutomatic, PeriodOfMonths(int(w.Renew.Period))
	}
	return state
}

// SettingChange is what a setting changes of one service.
type SettingChange struct {
	ServiceID ServiceID `json:"serviceId"`
	Name      string    `json:"name"`
	Expiry    Date      `json:"expiry"`
	// Parent is the service that this one is an option of; 0: none.
	Parent ServiceID  `json:"parent,omitempty"`
	From   RenewState `json:"from"`
	To     RenewState `json:"to"`
	// Route is the product's path. ByProduct says that the change is written to its
	// serviceInfos, since the account's own list cannot do it.
	Route     string `json:"route,omitempty"`
	ByProduct bool   `json:"byProduct,omitempty"`
	// Follows says that it has no renewal of its own, and goes with its parent.
	Follows bool `json:"follows,omitempty"`
	// Done says that the change was written and seen.
	Done bool `json:"done,omitempty"`
}

// None reports whether there is nothing to change.
func (c SettingChange) None() bool { return c.Follows || c.From.equal(c.To) }

// String is the change in a line.
func (c SettingChange) String() string {
	text := called(c.Name, c.ServiceID) + ": "
	switch {
	case c.Follows:
		return text + "renews with the service it belongs to"
	case c.None():
		return text + c.From.String() + ", as it is"
	}
	text += c.From.String() + " -> " + c.To.String()
	if c.To.Mode == ModeAutomatic && !c.To.Ending && !c.Expiry.IsZero() {
		text += fmt.Sprintf("; OVHcloud will charge it by itself when it expires, %s", c.Expiry)
	}
	return text
}

// SettingPlan is what a setting changes: the service first, then its options.
type SettingPlan struct {
	Setting RenewSetting    `json:"setting"`
	Changes []SettingChange `json:"changes"`
}

// None reports whether there is nothing to change.
func (p *SettingPlan) None() bool {
	return !slices.ContainsFunc(p.Changes, func(c SettingChange) bool { return !c.None() })
}

// String is a line for each service.
func (p *SettingPlan) String() string {
	lines := make([]string, 0, len(p.Changes))
	for _, change := range p.Changes {
		lines = append(lines, change.String())
	}
	return strings.Join(lines, "\n")
}
