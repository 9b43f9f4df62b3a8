package ovhrenewtest

import (
	"net/http"
	"slices"
	"strconv"
	"time"
)

// hidden says whether something of that date is too new for this call's list: lists may
// come from a cache. The caller holds the lock.
func (s *Server) hidden(c *call, date time.Time) bool {
	fresh := c.noCache() && !(s.behaviour.StalePages && s.expands(c))
	return !fresh && s.behaviour.StaleCache > 0 && s.now.Sub(date) < s.behaviour.StaleCache
}

// within says whether a date is between two others, of which each may be zero.
func within(date, from, to time.Time) bool {
	return (from.IsZero() || !date.Before(from)) && (to.IsZero() || !date.After(to))
}

func (s *Server) expands(c *call) bool {
	return c.header.Get("X-Pagination-Mode") == "CachedObjectList-Pages" && !s.behaviour.IgnoreExpand
}

// list answers ids, or one page of objects if asked for. The caller holds the lock.
func list[T any, K int64 | string](s *Server, c *call, items []T, id func(T) K, object func(T) any) any {
	if !s.expands(c) {
		return each(items, id)
	}
	for _, name := range []string{"X-Pagination-Sort", "X-Pagination-Sort-Order", "X-Pagination-Filter"} {
		if value := c.header.Get(name); value != "" {
			c.badRequest("[%s] Given data (%s) is not simulated", name, value)
		}
	}
	number, size := s.page(c)
	c.head = http.Header{
		"X-Pagination-Mode":   {"CachedObjectList-Pages"},
		"X-Pagination-Number": {strconv.Itoa(number)},
		"X-Pagination-Size":   {strconv.Itoa(size)},
	}
	if !s.behaviour.NoElements {
		c.head.Set("X-Pagination-Elements", strconv.Itoa(len(items)))
	}
	start := len(items)
	if number-1 <= len(items)/size { // and else the product might overflow
		start = min((number-1)*size, len(items))
	}
	items = items[start : start+min(size, len(items)-start)]
	page := make([]any, 0, len(items))
	for i, item := range items {
		page = append(page, object(item))
		switch third := i%3 == 2; {
		case third && s.behaviour.Nulls == NullsInstead:
			page[len(page)-1] = nil
		case third && s.behaviour.Nulls == NullsBetween:
			page = append(page, nil)
		}
	}
	return page
}

func (s *Server) page(c *call) (number, size int) {
	number, _ = strconv.Atoi(c.header.Get("X-Pagination-Number"))
	size, _ = strconv.Atoi(c.header.Get("X-Pagination-Size"))
	if size < 1 {
		size = 1000
	}
	if limit := s.behaviour.MaxPageSize; limit > 0 {
		size = min(size, limit)
	}
	return max(number, 1), size
}

// distinct returns each of all once, in the order of the first.
func distinct[T comparable](all []T) []T {
	once := []T{}
	for _, one := range all {
		if !slices.Contains(once, one) {
			once = append(once, one)
		}
	}
	return once
}

func filter[T any](all []T, fits func(T) bool) []T {
	return slices.DeleteFunc(slices.Clone(all), func(one T) bool { return !fits(one) })
}

func first[T any](all []*T, fits func(*T) bool) *T {
	if i := slices.IndexFunc(all, fits); i >= 0 {
		return all[i]
	}
	return nil
}

func each[T, R any](all []T, of func(T) R) []R {
	results := make([]R, len(all))
	for i, one := range all {
		results[i] = of(one)
	}
	return results
}
