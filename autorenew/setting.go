package autorenew

import (
	"time"

	"github.com/ovhrenew/ovhrenew"
)

// ErrorKind is an error to compare with errors.Is.
type ErrorKind = ovhrenew.ErrorKind

const (
	// ErrNotOffered says that the service does not offer the mode or the period of a
	// [Setting]. Nothing was changed.
	ErrNotOffered ErrorKind = "setting not offered"
	// ErrChanged says that the setting changed between the preview and the write.
	// Nothing was written.
	ErrChanged  ErrorKind = "the setting has changed meanwhile"
	ErrNotTaken ErrorKind = "setting written but not taken" // reading it again shows another one
)

// Setting is how a service is to renew by itself. Its zero value asks for nothing, and
// is refused.
type Setting struct {
	Mode   ovhrenew.RenewMode `json:"mode,omitempty"`   // left as it is if empty
	Period ovhrenew.Period    `json:"period,omitempty"` // for ModeAutomatic; with ModeManual there is none
	// KeepService takes back a planned deletion. With ModeAutomatic it does so
	// completely; else the service still has to be renewed by somebody.
	KeepService bool `json:"keepService,omitempty"`
	// Options sets the service's options alike, where the account lists them. Those that
	// have no renewal of their own go with the service in any case.
	Options bool `json:"options,omitempty"`
	// Poll is the first pause between two looks at what was set. If zero, it is 2
	// seconds. Each further pause is twice as long.
	Poll time.Duration `json:"-"`
}

func (s Setting) check(call string) error {
	bad := func(field, value, why string) error {
		return &ovhrenew.InputError{Call: call, Field: field, Value: value, Why: why}
	}
	months, ok := s.Period.Months()
	switch automatic := s.Mode == ovhrenew.ModeAutomatic; {
	case s.Poll < 0:
		return bad("Poll", s.Poll.String(), "is negative")
	case automatic && (!ok || months <= 0):
		return bad("Period", string(s.Period), "is not a number of months")
	case !automatic && s.Mode != ovhrenew.ModeManual && s.Mode != "":
		return bad("Mode", string(s.Mode), "is neither automatic nor manual")
	case !automatic && s.Period != "":
		return bad("Period", string(s.Period), "goes with the automatic mode only")
	case s.Mode == "" && !s.KeepService:
		return bad("Setting", "", "asks for nothing")
	}
	return nil
}

// State is how a service renews by itself.
type State struct {
	Mode   ovhrenew.RenewMode `json:"mode,omitempty"`   // empty where the API does not say
	Period ovhrenew.Period    `json:"period,omitempty"` // of the automatic mode
	// Ending says that the service is to be deleted at its expiry, or at the end of
	// its commitment.
	Ending bool `json:"ending,omitempty"`
}

// String returns the state in words.
func (s State) String() string {
	text := string(s.Mode)
	switch s.Mode {
	case "":
		text = "not said"
	case ovhrenew.ModeAutomatic:
		text = "automatic, every " + string(s.Period)
	}
	if s.Ending {
		text += ", to be deleted"
	}
	return text
}

func (s State) after(setting Setting) State {
	if setting.Mode != "" {
		s.Mode, s.Period = setting.Mode, setting.Period
	}
	s.Ending = s.Ending && !setting.KeepService
	return s
}

func (s State) equal(other State) bool {
	return s.Mode == other.Mode && s.Ending == other.Ending && (s.Mode != ovhrenew.ModeAutomatic || s.Period.Equal(other.Period))
}
