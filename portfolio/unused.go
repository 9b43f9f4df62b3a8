package portfolio

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/names"
	"github.com/ovhrenew/ovhrenew/internal/words"
)

// Unused is a part of a selection that selects none of the services: a name that is
// misspelt, or a service that is gone. What was meant to be excluded may be renewed.
type Unused struct {
	Field string `json:"field"` // where it stands, such as never[0].names[1]
	// Value is what stands there; empty for a whole selection whose parts select something
	// each, and nothing together.
	Value string   `json:"value,omitempty"`
	Near  []string `json:"near,omitempty"` // similar values that it may have meant, at most three
}

// String returns what selects nothing, in words.
func (u Unused) String() string {
	text := u.Field
	if u.Value != "" {
		text += " " + words.Printable(u.Value)
	}
	text += " selects no service"
	if len(u.Near) > 0 {
		text += "; similar: " + words.Printable(strings.Join(u.Near, ", "))
	}
	return text
}

// use notes which parts of a selection select something.
type use struct {
	field string
	whole selector
	any   bool
	parts []part
}

type part struct {
	field, value string
	one          selector
	of           func(*Surveyed) []string // what it may be near to
	used         bool
}

func newUse(field string, s Selection) *use {
	u := &use{field: field, whole: s.ready()}
	for _, list := range []struct {
		name   string
		values []string
		one    func(i int) Selection
		of     func(*Surveyed) []string
	}{
		{"ids", mapped(s.IDs, ovhrenew.ServiceID.String), func(i int) Selection { return Selection{IDs: s.IDs[i : i+1]} }, func(*Surveyed) []string { return nil }},
		{"names", s.Names, func(i int) Selection { return Selection{Names: s.Names[i : i+1]} }, func(s *Surveyed) []string { return []string{s.Name} }},
		{"products", s.Products, func(i int) Selection { return Selection{Products: s.Products[i : i+1]} }, func(s *Surveyed) []string { return []string{s.Product} }},
		{"tags", s.Tags, func(i int) Selection { return Selection{Tags: s.Tags[i : i+1]} }, func(s *Surveyed) []string { return s.Tags }},
	} {
		for i, value := range list.values {
			u.parts = append(u.parts, part{field: fmt.Sprintf("%s.%s[%d]", field, list.name, i), value: value, one: list.one(i).ready(), of: list.of})
		}
	}
	return u
}

func newUses(field string, selections []Selection) []*use {
	var all []*use
	for i, s := range selections {
		all = append(all, newUse(fmt.Sprintf("%s[%d]", field, i), s))
	}
	return all
}

func (u *use) see(s *Surveyed) {
	u.any = u.any || u.whole.selects(s)
	for i := range u.parts {
		u.parts[i].used = u.parts[i].used || u.parts[i].one.selects(s)
	}
}

// unused lists what has selected nothing, with what of the services is near to it.
func (u *use) unused(services []Surveyed) []Unused {
	var all []Unused
	for _, part := range u.parts {
		if part.used {
			continue
		}
		near := names.NearTo(part.value)
		for i := range services {
			for _, name := range part.of(&services[i]) {
				if name != "" {
					near.Add(name)
				}
			}
		}
		all = append(all, Unused{Field: part.field, Value: part.value, Near: near.Names()})
	}
	if len(all) == 0 && !u.any {
		all = append(all, Unused{Field: u.field})
	}
	return all
}

func (p Policy) unused(services []Surveyed) []Unused {
	uses := slices.Concat(newUses("only", p.Only), newUses("never", p.Never), newUses("along", p.Along))
	for i, exception := range p.Exceptions {
		uses = append(uses, newUse(fmt.Sprintf("exceptions[%d].services", i), exception.Services))
	}
	var all []Unused
	for _, u := range uses {
		for i := range services {
			u.see(&services[i])
		}
		all = append(all, u.unused(services)...)
	}
	return all
}

// UnusedError says that a part of a survey's query selects none of the services that were
// read. It comes at the end, after every service.
type UnusedError struct{ Unused []Unused }

// Error lists what selects nothing.
func (e *UnusedError) Error() string {
	return "the query: " + strings.Join(mapped(e.Unused, Unused.String), "; ")
}

// Is makes every UnusedError an ErrBadInput.
func (e *UnusedError) Is(target error) bool { return target == ovhrenew.ErrBadInput }
