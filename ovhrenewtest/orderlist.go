package ovhrenewtest

import (
	"slices"
	"time"
)

// listOrders answers the orders that show by now.
func (s *Server) listOrders(c *call) answer {
	from, a, good := c.moment("date.from")
	if !good {
		return a
	}
	to, a, good := c.moment("date.to")
	if !good {
		return a
	}
	if s.behaviour.WholeList {
		from, to = time.Time{}, time.Time{}
	}
	stale := s.stale(c)
	orders := slices.DeleteFunc(slices.Clone(s.orders.all), func(o *order) bool {
		return !from.IsZero() && o.Date.Before(from) || !to.IsZero() && o.Date.After(to) ||
			stale > 0 && c.now.Sub(o.Date) < stale || c.now.Sub(o.placed) < s.listLag(o)
	})
	return list(s, c, orders,
		func(o *order) int64 { return o.ID },
		func(o *order) any { return s.billingOrder(o) })
}

// listLag is how long after it was placed an order shows in the list. Shuffled,
// it is a share of the longest that is spread evenly over neighbouring ids.
func (s *Server) listLag(o *order) time.Duration {
	lag := s.behaviour.ListLag
	if s.behaviour.ListShuffle {
		const golden = 0x9e3779b97f4a7c15 // 2⁶⁴ over the golden ratio
		share := float64(uint64(o.ID)*golden) / (1 << 64)
		lag = time.Duration(share * float64(lag))
	}
	return lag
}
