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
	// Field is where it stands, such as never[0].names[1].
	Field string `json:"field"`
	// Value is what stands there; empty for a whole selection whose parts select something
	// each, and nothing together.
	Value string `json:"value,omitempty"`
	// Near are names or the like that it may have meant, at most three.
	Near []string `json:"near,omitempty"`
}

// String says what selects nothing.
func (u Unused) String() string {
	text := u.Field
	if u.Value != "" {
		text += " " + words.Printable(u.Value)
	}
	text += " selects no service"
	if len(u.Near) > 0 {
		near := make([]string, 0, len(u.Near))
		for _, name := range u.Near {
			near = append(near, words.Printable(name))
		}
		text += "; near are " + strings.Join(near, ", ")
	}
	return text
}

// use notes which parts of a selection select something.
type use struct {
	field string
	whole selector
	any   bool
	parts []*part
}

// part is one element of a list of a selection.
type part struct {
	field, value string
	selects      func(*Surveyed) bool
	// of is what the element is compared with; nil where nothing can be near.
	of   func(*Surveyed) []string
	used bool
}

func newUse(field string, s Selection) *use {
	u := &use{field: field, whole: s.ready()}
	add := func(list string, i int, value string, of func(*Surveyed) []string, one Selection) {
		u.parts = append(u.parts, &part{
			field: fmt.Sprintf("%s.%s[%d]", field, list, i), value: value, selects: one.ready().selects, of: of,
		})
	}
	for i, id := range s.IDs {
		add("ids", i, id.String(), nil, Selection{IDs: s.IDs[i : i+1]})
	}
	for i, name := range s.Names {
		add("names", i, name, func(s *Surveyed) []string { return []string{s.Name} }, Selection{Names: s.Names[i : i+1]})
	}
	for i, product := range s.Products {
		add("products", i, product, func(s *Surveyed) []string { return []string{s.Product} }, Selection{Products: s.Products[i : i+1]})
	}
	for i, tag := range s.Tags {
		add("tags", i, tag, func(s *Surveyed) []string { return s.Tags }, Selection{Tags: s.Tags[i : i+1]})
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

// see notes what selects a service.
func (u *use) see(s *Surveyed) {
	u.any = u.any || u.whole.selects(s)
	for _, part := range u.parts {
		part.used = part.used || part.selects(s)
	}
}

// unused lists what has selected nothing. Each calls its argument with every service.
func (u *use) unused(each func(func(*Surveyed))) []Unused {
	var all []Unused
	for _, part := range u.parts {
		if !part.used {
			all = append(all, Unused{Field: part.field, Value: part.value, Near: part.near(each)})
		}
	}
	if len(all) == 0 && !u.any {
		all = append(all, Unused{Field: u.field})
	}
	return all
}

func (p *part) near(each func(func(*Surveyed))) []string {
	if p.of == nil {
		return nil
	}
	near := names.NearTo(p.value)
	each(func(s *Surveyed) {
		for _, name := range p.of(s) {
			if name != "" {
				near.Add(name)
			}
		}
	})
	return near.Names()
}

// unused lists the parts of the policy's selections that select none of the services.
func (p Policy) unused(services []Surveyed) []Unused {
	uses := slices.Concat(newUses("only", p.Only), newUses("never", p.Never), newUses("along", p.Along))
	for i, exception := range p.Exceptions {
		uses = append(uses, newUse(fmt.Sprintf("exceptions[%d].services", i), exception.Services))
	}
	each := func(do func(*Surveyed)) {
		for i := range services {
			do(&services[i])
		}
	}
	var all []Unused
	for _, u := range uses {
		each(u.see)
		all = append(all, u.unused(each)...)
	}
	return all
}

// UnusedError says that a part of a survey's query selects none of the services that were
// read. It comes at the end, after every service.
type UnusedError struct{ Unused []Unused }

// Error lists what selects nothing.
func (e *UnusedError) Error() string {
	texts := make([]string, 0, len(e.Unused))
	for _, u := range e.Unused {
		texts = append(texts, u.String())
	}
	return "the query: " + strings.Join(texts, "; ")
}

// Is makes every UnusedError an ErrBadInput.
func (e *UnusedError) Is(target error) bool { return target == ovhrenew.ErrBadInput }
