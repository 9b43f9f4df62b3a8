package portfolio

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/names"
)

// Selection names services by what they are. It selects a service that fits every
// list that is not empty, in at least one of its elements: {Names: *.ovh} selects
// by name, {Names: *.ovh, Tags: shop} those of them that have the tag. The zero
// value selects nothing; Names: * selects everything.
type Selection struct {
	IDs []ovhrenew.ServiceID `json:"ids,omitempty"`
	// Names and Products are patterns of [path.Match], such as *.example.ovh. Names are
	// compared in one form, as by [ovhrenew.Name]: capitals, a dot at the end, Unicode or
	// punycode make no difference. A * stands for slashes too: IP blocks are named
	// 203.0.113.0/24. A pattern that no name can fit is refused.
	Names    []string `json:"names,omitempty"`
	Products []string `json:"products,omitempty"`
	Tags     []string `json:"tags,omitempty"`
}

// IsZero reports whether the selection has no list, and so selects nothing.
func (s Selection) IsZero() bool {
	return len(s.IDs) == 0 && len(s.Names) == 0 && len(s.Products) == 0 && len(s.Tags) == 0
}

// check refuses what can only be a mistake: an empty selection in a list of
// exclusions would exclude nothing, without a word.
func (s Selection) check(call, field string) error {
	if s.IsZero() {
		return badInput(call, field, "", "selects nothing")
	}
	for i, id := range s.IDs {
		if err := checkID(call, fmt.Sprintf("%s.IDs[%d]", field, i), id); err != nil {
			return err
		}
	}
	odd := func(list string, values []string, why func(string) string) error {
		for i, value := range values {
			if why := why(value); why != "" {
				return badInput(call, fmt.Sprintf("%s.%s[%d]", field, list, i), value, why)
			}
		}
		return nil
	}
	return cmp.Or(odd("Names", s.Names, oddPattern), odd("Products", s.Products, oddPattern), odd("Tags", s.Tags, func(tag string) string {
		if names.Trim(tag) == "" {
			return "is empty"
		}
		return ""
	}))
}

func checkSelections(call, field string, selections []Selection) error {
	for i, s := range selections {
		if err := s.check(call, fmt.Sprintf("%s[%d]", field, i)); err != nil {
			return err
		}
	}
	return nil
}

type selector struct {
	ids             []ovhrenew.ServiceID // sorted
	names, products []pattern
	tags            []string
}

func (s Selection) ready() selector {
	return selector{
		ids:   slices.Sorted(slices.Values(s.IDs)),
		names: mapped(s.Names, newPattern), products: mapped(s.Products, newPattern), tags: mapped(s.Tags, names.Trim),
	}
}

func readySelections(selections []Selection) selectors { return mapped(selections, Selection.ready) }

func (s selector) selects(service *Surveyed) bool {
	_, named := slices.BinarySearch(s.ids, service.ID)
	return len(s.ids)+len(s.names)+len(s.products)+len(s.tags) > 0 &&
		(len(s.ids) == 0 || named) &&
		(len(s.names) == 0 || anyMatch(s.names, service.Name)) &&
		(len(s.products) == 0 || anyMatch(s.products, service.Product)) &&
		(len(s.tags) == 0 || slices.ContainsFunc(s.tags, func(tag string) bool { return slices.Contains(service.Tags, tag) }))
}

type selectors []selector

func (list selectors) any(service *Surveyed) bool {
	return slices.ContainsFunc(list, func(s selector) bool { return s.selects(service) })
}
