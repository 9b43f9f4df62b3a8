package autorenew

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/words"
)

// Change is what a setting changes of one service.
type Change struct {
	ServiceID ovhrenew.ServiceID `json:"serviceId"`
	Name      string             `json:"name"`
	Expiry    ovhrenew.Date      `json:"expiry"`
	Parent    ovhrenew.ServiceID `json:"parent,omitempty"` // the service that this one is an option of; 0: none
	From      State              `json:"from"`
	To        State              `json:"to"`
	// Failed is the day on which an automatic renewal was due that did not come, if
	// that is more than a week ago: a person has to look for an unpaid order or bill,
	// and at the default payment method. Otherwise it is none.
	Failed ovhrenew.Date `json:"failed,omitzero"`
	// Route is the product's path. ByProduct says that the change is written to its
	// serviceInfos, since the account's own list cannot do it.
	Route     string `json:"route,omitempty"`
	ByProduct bool   `json:"byProduct,omitempty"`
	Follows   bool   `json:"follows,omitempty"` // it has no renewal of its own, and goes with its parent
	Done      bool   `json:"done,omitempty"`    // the change was written and seen
}

// None reports whether there is nothing to change.
func (c Change) None() bool { return c.Follows || c.From.equal(c.To) }

// String returns the change in a line.
func (c Change) String() string {
	text := words.Called(c.Name, c.ServiceID) + ": "
	if c.Follows {
		return text + "renews with the service it belongs to"
	}
	if c.None() {
		text += c.From.String() + ", as it is"
	} else {
		text += c.From.String() + " -> " + c.To.String()
	}
	if !c.Failed.IsZero() {
		text += fmt.Sprintf("; it should have renewed by itself on %s and did not: look for an unpaid bill and at the default payment method", c.Failed)
	} else if !c.None() && c.To.Mode == ovhrenew.ModeAutomatic && !c.To.Ending && !c.Expiry.IsZero() {
		text += fmt.Sprintf("; OVHcloud will charge it by itself when it expires, %s", c.Expiry)
	}
	return text
}

func (c Change) refuse(why error, format string, args ...any) error {
	return &ovhrenew.GuardError{Guard: why, Service: c.ServiceID, Name: c.Name, Saw: fmt.Sprintf(format, args...)}
}

// Plan is what a setting changes: the service first, then its options.
type Plan struct {
	Setting Setting  `json:"setting"`
	Changes []Change `json:"changes"`
}

// None reports whether there is nothing to change.
func (p *Plan) None() bool {
	return !slices.ContainsFunc(p.Changes, func(c Change) bool { return !c.None() })
}

// String returns a line for each service.
func (p *Plan) String() string {
	lines := make([]string, 0, len(p.Changes))
	for _, change := range p.Changes {
		lines = append(lines, change.String())
	}
	return strings.Join(lines, "\n")
}
