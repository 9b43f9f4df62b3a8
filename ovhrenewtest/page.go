package ovhrenewtest

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// defaultPageSize is that of a request for pages that names none.
const defaultPageSize = 1000

// stale is how old this call's list may be. The caller holds the lock.
func (s *Server) stale(c *call) time.Duration {
	if c.noCache() && !(s.behaviour.StalePages && s.expands(c)) {
		return 0
	}
	return s.behaviour.StaleCache
}

// expands says whether a call gets pages of objects instead of a list of ids.
func (s *Server) expands(c *call) bool {
	return c.header.Get("X-Pagination-Mode") == "CachedObjectList-Pages" && !s.behaviour.IgnoreExpand
}

// list answers the ids of items, or one page of the items themselves where the
// client asks for that. The caller holds the lock.
func list[T any, K int64 | string](s *Server, c *call, items []T, id func(T) K, object func(T) any) answer {
	if !s.expands(c) {
		ids := make([]K, len(items))
		for i, item := range items {
			ids[i] = id(item)
		}
		return ok(ids)
	}
	for _, name := range []string{"X-Pagination-Sort", "X-Pagination-Sort-Order", "X-Pagination-Filter"} {
		if value := c.header.Get(name); value != "" {
			return problem(http.StatusBadRequest, "Client::BadRequest", fmt.Sprintf("[%s] Given data (%s) is not simulated", name, value))
		}
	}
	number, size := s.page(c)
	total := len(items)
	if start := min((number-1)*size, total); start >= 0 {
		items = items[start:min(start+size, total)]
	}
	page := make([]any, 0, len(items))
	for i, item := range items {
		third := i%3 == 2
		if third && s.behaviour.Nulls == NullsInstead {
			page = append(page, nil)
			continue
		}
		page = append(page, object(item))
		if third && s.behaviour.Nulls == NullsBetween {
			page = append(page, nil)
		}
	}
	a := answer{body: page, header: http.Header{
		"X-Pagination-Mode":   {"CachedObjectList-Pages"},
		"X-Pagination-Number": {strconv.Itoa(number)},
		"X-Pagination-Size":   {strconv.Itoa(size)},
	}}
	if !s.behaviour.NoElements {
		a.header.Set("X-Pagination-Elements", strconv.Itoa(total))
	}
	return a
}

// page is which page the client wants, and how large it may be. Beyond a million
// elements a page is as good as unlimited, and its bounds cannot overflow.
func (s *Server) page(c *call) (number, size int) {
	const most = 1_000_000
	number, err := strconv.Atoi(c.header.Get("X-Pagination-Number"))
	if err != nil || number < 1 {
		number = 1
	}
	size, err = strconv.Atoi(c.header.Get("X-Pagination-Size"))
	if err != nil || size < 1 {
		size = defaultPageSize
	}
	if limit := s.behaviour.MaxPageSize; limit > 0 {
		size = min(size, limit)
	}
	return min(number, most), min(size, most)
}
