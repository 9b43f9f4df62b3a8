// How the list of orders is read: the rules of orderlist.go, one by one.

package ovhrenew

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// An order of this journal's that pages should show by now, and do not, has the list of numbers
// read in their place, and what is new in it one by one.
func TestListFromNumbers(t *testing.T) {
	t.Parallel()
	own := func(since time.Duration) func(c *lookCase) {
		return func(c *lookCase) {
			c.r.book.own(c.api.order, c.task.ids(), time.Now().Add(-since))
			c.api.list, c.api.numbers = nil, []OrderID{7}
		}
	}
	late := own(showsLate + time.Second)
	old := func(c *lookCase) { c.api.order.Date = Timestamp{noon.Add(-orderHorizon - time.Second)} }
	for name, tt := range map[string]struct {
		set     func(c *lookCase)
		asked   string
		orders  []OrderID
		numbers bool // from now on
		err     error
	}{
		"pages show it":  {func(c *lookCase) { late(c); c.api.list = []Order{c.api.order} }, "list", []OrderID{7}, false, nil},
		"may still show": {own(showsLate - time.Second), "list", nil, false, nil},
		"pages lack it":  {late, "list numbers numbers", []OrderID{7}, true, nil},
		"an earlier run's": {func(c *lookCase) {
			late(c)
			c.r.book.orders[7].at, c.r.book.orders[7].Order = time.Time{}, Order{OrderID: 7}
		}, "list numbers order numbers order", []OrderID{7}, true, nil},
		"somebody's":                     {func(c *lookCase) { late(c); c.r.book.orders[7].fact.Services = nil }, "list", nil, false, nil},
		"listed before":                  {func(c *lookCase) { late(c); c.r.book.orders[7].listed = true }, "list", nil, false, nil},
		"numbers lack it too":            {func(c *lookCase) { late(c); c.api.numbers = nil }, "list numbers", nil, false, nil},
		"numbers show another":           {func(c *lookCase) { late(c); c.api.numbers = []OrderID{8}; c.api.order.OrderID = 8 }, "list numbers order", []OrderID{8}, false, nil},
		"and pages too":                  {func(c *lookCase) { late(c); c.api.numbers = []OrderID{8}; c.api.list = []Order{{OrderID: 8}} }, "list numbers", []OrderID{8}, false, nil},
		"pages are not read any more":    {func(c *lookCase) { late(c); c.r.book.numbers = true }, "numbers", []OrderID{7}, true, nil},
		"and go on unread":               {func(c *lookCase) { c.r.book.numbers = true; c.api.numbers = []OrderID{7} }, "numbers order", []OrderID{7}, true, nil},
		"numbers that cannot be read":    {func(c *lookCase) { late(c); c.api.numbersErr = errDark }, "list numbers", nil, false, errDark},
		"pages that cannot be read":      {func(c *lookCase) { c.api.listErr = errDark }, "list", nil, false, errDark},
		"an order that cannot be read":   {func(c *lookCase) { c.r.book.numbers, c.api.numbers, c.api.orderErr = true, []OrderID{8}, errDark }, "numbers order", nil, true, errDark},
		"an order that is another":       {func(c *lookCase) { c.r.book.numbers, c.api.numbers = true, []OrderID{8} }, "numbers order", nil, true, ErrMalformed},
		"an order that is not there":     {func(c *lookCase) { c.r.book.numbers, c.api.numbers, c.api.orderErr = true, []OrderID{8}, ErrNotFound }, "numbers order", []OrderID{8}, true, nil},
		"an element that is not there":   {func(c *lookCase) { c.api.listErr = &ElementError{ID: 8, Err: ErrNotFound} }, "list", []OrderID{8}, false, nil},
		"an element without a number":    {func(c *lookCase) { c.api.listErr = &ElementError{Err: ErrNotFound} }, "list", nil, false, ErrNotFound},
		"an element that cannot be read": {func(c *lookCase) { c.api.listErr = &ElementError{ID: 8, Err: errDark} }, "list", nil, false, errDark},
		"one as old as any that is read": {func(c *lookCase) {
			c.r.book.numbers, c.api.numbers = true, []OrderID{7}
			c.api.order.Date = Timestamp{noon.Add(-orderHorizon)}
		}, "numbers order", []OrderID{7}, true, nil},
		"one from before": {func(c *lookCase) { c.r.book.numbers, c.api.numbers = true, []OrderID{7}; old(c) }, "numbers order list", nil, true, nil},
		"one from before, that is known": {func(c *lookCase) {
			c.r.book.numbers, c.api.numbers, c.r.book.old = true, []OrderID{7}, map[OrderID]bool{7: true}
		}, "numbers", nil, true, nil},
		"another from before": {func(c *lookCase) {
			c.r.book.numbers, c.api.numbers, c.r.book.old = true, []OrderID{7}, map[OrderID]bool{6: true}
			old(c)
		}, "numbers order", nil, true, nil},
		"from before, and pages are dark": {func(c *lookCase) {
			c.r.book.numbers, c.api.numbers, c.api.listErr = true, []OrderID{7}, errDark
			old(c)
		}, "numbers order list", nil, true, errDark},
		"from before, and an element is": {func(c *lookCase) {
			c.r.book.numbers, c.api.numbers, c.api.listErr = true, []OrderID{7}, &ElementError{ID: 5, Err: errDark}
			old(c)
		}, "numbers order list", nil, true, nil},
		"from before, and pages show others": {func(c *lookCase) {
			c.r.book.numbers, c.api.numbers = true, []OrderID{7, 6, 5, 4}
			old(c)
			young, undated := c.api.order, c.api.order
			young.OrderID, young.Date = 5, Timestamp{noon}
			undated.OrderID, undated.Date = 4, Timestamp{}
			before := c.api.order
			before.OrderID = 6
			c.api.list = []Order{before, young, undated}
			c.r.book.orders[5], c.r.book.orders[4] = &booked{Order: young}, &booked{Order: undated}
		}, "numbers order list", []OrderID{5, 4}, true, nil},
	} {
		c := newLookCase(PhaseOrdered)
		c.api.list = nil
		tt.set(c)
		from := noon.Add(-day)
		orders, err := c.r.book.list(t.Context(), from, noon, false)
		var got []OrderID
		for _, o := range orders {
			got = append(got, o.OrderID)
			if asked := slices.ContainsFunc(c.api.asked, func(s string) bool { return s == "list" || s == "order" }); asked && o.at.IsZero() && o.PriceWithTax.IsZero() {
				t.Errorf("%s: order %d is of no time", name, o.OrderID)
			}
		}
		if asked := strings.Join(c.api.asked, " "); asked != tt.asked || fmt.Sprint(got) != fmt.Sprint(tt.orders) || !errors.Is(err, tt.err) || (err == nil) != (tt.err == nil) || c.r.book.numbers != tt.numbers {
			t.Errorf("%s: asked %q for %v, %v, by numbers %t; want %q, %v, %v, %t", name, asked, got, err, c.r.book.numbers, tt.asked, tt.orders, tt.err, tt.numbers)
		}
		if to := noon.Add(-orderHorizon); strings.HasSuffix(tt.asked, "order list") && (!c.api.query.To.Equal(to) || !c.api.query.From.IsZero()) || strings.HasPrefix(tt.asked, "list") && !c.api.query.From.Equal(from) {
			t.Errorf("%s: asked for %+v", name, c.api.query)
		}
		if strings.Contains(tt.asked, "numbers numbers") || strings.Contains(tt.asked, "numbers order numbers") {
			from = noon.Add(-orderHorizon) // pages may have hidden some before
		}
		if strings.Contains(tt.asked, "numbers") && !c.api.numbersFrom.Equal(from) {
			t.Errorf("%s: asked for numbers from %v", name, c.api.numbersFrom)
		}
		if strings.Contains(name, "from before") && err == nil && !c.r.book.old[7] {
			t.Errorf("%s: is not set aside: %v", name, c.r.book.old)
		}
	}
}
