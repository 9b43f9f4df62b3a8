// What a book of orders reads, and what it keeps of it: the rules of book.go, one by one, at their bounds.

package ovhrenew

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// A refresh reads the list unless a reading is at hand that is new enough, reaches back far
// enough and shows what is asked for.
func TestRefresh(t *testing.T) {
	t.Parallel()
	const ago = time.Minute
	known := func(listed bool) func(c *lookCase) {
		return func(c *lookCase) { c.r.book.orders[7] = &booked{Order: c.api.order, listed: listed} }
	}
	none := func(*lookCase) {}
	first := noon.Add(-orderHorizon)
	onward := func(settle time.Duration) time.Time { return noon.Add(-time.Hour - settle - time.Hour) }
	for _, tt := range []struct {
		name  string
		set   func(c *lookCase)
		after time.Duration // before now
		shows OrderID
		long  time.Duration // to settle
		from  time.Time     // of the list that is read; zero if none is
		err   error
	}{
		{"none at hand", func(c *lookCase) { c.r.book.at, c.r.book.upTo, c.r.book.settle = time.Time{}, time.Time{}, 0 }, 2 * ago, 0, 0, first, nil},
		{"at hand", none, ago + 1, 0, 0, time.Time{}, nil},
		{"at hand, of just then", none, ago, 0, 0, onward(defaultSettle), nil},
		{"too old", none, 0, 0, 0, onward(defaultSettle), nil},
		{"shows it", known(true), 2 * ago, 7, 0, time.Time{}, nil},
		{"knows it, and does not show it", known(false), 2 * ago, 7, 0, onward(defaultSettle), nil},
		{"does not know it", none, 2 * ago, 7, 0, onward(defaultSettle), nil},
		{"a longer time to settle", none, 2 * ago, 0, time.Hour, onward(time.Hour), nil},
		{"a shorter time to settle", none, 2 * ago, 0, time.Minute, time.Time{}, nil},
		{"a longer one before", func(c *lookCase) { c.r.book.settle = time.Hour }, 0, 0, 0, onward(time.Hour), nil},
		{"the list cannot be read", func(c *lookCase) { c.api.listErr = errDark }, 0, 0, 0, onward(defaultSettle), errDark},
		{"the journal cannot be read", func(c *lookCase) { c.r.journal.(*factsJournal).err = errDark }, 0, 0, 0, onward(defaultSettle), ErrJournal},
		{"the time cannot be read", func(c *lookCase) { c.api.timeErr = errDark }, 0, 0, 0, time.Time{}, errDark},
	} {
		synctest.Test(t, func(t *testing.T) {
			c := newLookCase(PhaseOrdered)
			b := c.r.book
			was := time.Now().Add(-ago)
			b.at, b.upTo, b.settle = was, noon.Add(-time.Hour), defaultSettle
			tt.set(c)
			was = b.at
			at, err := b.refresh(t.Context(), time.Now().Add(-tt.after), tt.shows, tt.long)
			if !errors.Is(err, tt.err) || (err == nil) != (tt.err == nil) || !c.api.query.From.Equal(tt.from) {
				t.Errorf("%s: %v, from %v; want %v, from %v", tt.name, err, c.api.query.From, tt.err, tt.from)
			}
			want, upTo := was, noon.Add(-time.Hour)
			if !tt.from.IsZero() && tt.err == nil {
				want, upTo = time.Now(), noon
			}
			if tt.err == nil && (!at.Equal(want) || !b.upTo.Equal(upTo)) || !b.at.Equal(want) {
				t.Errorf("%s: a reading of %v ago, up to %v; want %v, %v", tt.name, time.Since(at), b.upTo, time.Since(want), upTo)
			}
			if b.settle < max(defaultSettle, tt.long) {
				t.Errorf("%s: settles in %v", tt.name, b.settle)
			}
			release, err := b.hold(t.Context())
			if release(); err != nil {
				t.Errorf("%s: the book is held: %v", tt.name, err)
			}
		})
	}
	c := newLookCase(PhaseOrdered)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.r.book.refresh(ended, time.Now(), 0, 0); !errors.Is(err, context.Canceled) || len(c.api.asked) > 0 {
		t.Errorf("after the end: %v, asked %v", err, c.api.asked)
	}
}

// One that waited for another to read the list takes what that one read.
func TestRefreshTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newLookCase(PhaseOrdered)
		release, _ := c.r.book.hold(t.Context())
		done := make(chan error)
		go func() {
			_, err := c.r.book.refresh(t.Context(), time.Now().Add(time.Hour), 7, defaultSettle)
			done <- err
		}()
		synctest.Wait()
		c.r.book.at, c.r.book.settle = time.Now().Add(time.Second), defaultSettle
		release()
		if err := <-done; err != nil || len(c.api.asked) > 0 {
			t.Errorf("%v, asked %v", err, c.api.asked)
		}
	})
}

// What the journal knows is asked while it can say something new, and taken in.
func TestLearn(t *testing.T) {
	t.Parallel()
	young, old := noon.Add(time.Second-2*clockSkew), noon.Add(-2*clockSkew)
	own := []ServiceID{2}
	names := OrderFact{Order: 7, Names: []string{"a"}, Prices: []Money{MustMoney("1 EUR")}}
	for name, tt := range map[string]struct {
		known *booked
		dated time.Time
		fact  OrderFact
		asks  bool
		want  OrderFact // without number and date
		read  bool
	}{
		"new":                           {nil, old, OrderFact{}, true, OrderFact{}, false},
		"new, and the journal's":        {nil, old, OrderFact{Order: 7, Services: own}, true, OrderFact{Services: own}, false},
		"new, and read by another":      {nil, old, names, true, names, true},
		"new, and vague for another":    {nil, old, OrderFact{Order: 7, Vague: true}, true, OrderFact{Vague: true}, true},
		"new, and ended":                {nil, old, OrderFact{Order: 7, Status: OrderCancelled}, true, OrderFact{Status: OrderCancelled}, false},
		"of which only the order":       {nil, old, OrderFact{Order: 8, Services: own}, true, OrderFact{}, false},
		"read, and old":                 {&booked{read: true}, old, OrderFact{Order: 7, Services: own}, false, OrderFact{}, true},
		"read, and young":               {&booked{read: true}, young, OrderFact{Order: 7, Services: own}, true, OrderFact{Services: own}, true},
		"read, and otherwise elsewhere": {&booked{read: true, fact: OrderFact{Names: []string{"b"}}}, young, names, true, OrderFact{Names: []string{"b"}}, true},
		"not read":                      {&booked{}, old, names, true, names, true},
		"ended here":                    {&booked{read: true, fact: OrderFact{Status: OrderDelivered}}, young, names, true, OrderFact{Status: OrderDelivered}, true},
		"the journal's, and young":      {&booked{fact: OrderFact{Services: own}}, young, names, false, OrderFact{Services: own}, false},
	} {
		c := newLookCase(PhaseOrdered)
		b, journal := c.r.book, c.r.journal.(*factsJournal)
		b.reads = 4
		if tt.known != nil {
			tt.known.Order = Order{OrderID: 7, Date: Timestamp{tt.dated}}
			b.orders[7] = tt.known
		}
		c.api.order.Date = Timestamp{tt.dated}
		if journal.facts = []OrderFact{{Order: 9}, tt.fact}; tt.known != nil && tt.known.Order.Date.IsZero() {
			t.Fatal("undated")
		}
		from := noon.Add(-time.Hour)
		for range 2 { // the second finds it listed
			listed := booked{Order: c.api.order, at: noon}
			if err := b.learn(t.Context(), []booked{listed}, from, noon); err != nil {
				t.Fatal(err)
			}
			got := b.orders[7]
			if got.since != 5 || !got.listed || !got.at.Equal(noon) || !got.PriceWithTax.Equal(costs.PriceWithTax) || got.read != tt.read || !got.fact.Date.Equal(tt.dated) {
				t.Errorf("%s: %+v", name, got)
			}
			fact := got.fact
			if fact.Date = (time.Time{}); fact.Order != 7 && tt.known == nil {
				t.Errorf("%s: the fact is of order %d", name, fact.Order)
			}
			if fact.Order = 0; tt.want.Order != 0 {
				tt.want.Order = 0
			}
			if !reflect.DeepEqual(fact, tt.want) {
				t.Errorf("%s: %+v, want %+v", name, fact, tt.want)
			}
			if asked := !journal.since.IsZero(); asked != tt.asks || asked && !journal.since.Equal(from.Add(-day)) {
				t.Errorf("%s: the journal was asked since %v, want it asked: %t", name, journal.since, tt.asks)
			}
		}
	}
}

// Which orders can still matter.
func TestLive(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		set       func(o *booked)
		named     OrderID
		forgotten bool
		live      bool
		past      bool
	}{
		"waits":                       {func(*booked) {}, 0, false, true, false},
		"not listed":                  {func(o *booked) { o.listed = false }, 0, false, false, false},
		"the journal's":               {func(o *booked) { o.fact.Services = []ServiceID{1} }, 0, false, false, false},
		"the journal's, and named":    {func(o *booked) { o.fact.Services = []ServiceID{1} }, 7, false, true, false},
		"the journal's, forgotten":    {func(o *booked) { o.fact.Services = []ServiceID{1} }, 0, true, true, false},
		"not listed, forgotten":       {func(o *booked) { o.listed = false }, 0, true, true, false},
		"over, and may be under way":  {func(o *booked) { o.ExpirationDate = Timestamp{noon.Add(-underWay)} }, 0, false, true, false},
		"over for long":               {func(o *booked) { o.ExpirationDate = Timestamp{noon.Add(-underWay - 1)} }, 0, false, true, true},
		"over for as long as counts":  {func(o *booked) { o.ExpirationDate = Timestamp{noon.Add(-longGone)} }, 0, false, true, true},
		"over for longer":             {func(o *booked) { o.ExpirationDate = Timestamp{noon.Add(-longGone - 1)} }, 0, false, false, true},
		"over for longer, forgotten":  {func(o *booked) { o.ExpirationDate = Timestamp{noon.Add(-longGone - 1)} }, 0, true, false, true},
		"over for long, and ended":    {func(o *booked) { o.ExpirationDate, o.fact.Status = Timestamp{noon.Add(-underWay - 1)}, OrderCancelled }, 0, false, false, true},
		"ended":                       {func(o *booked) { o.fact.Status = OrderCancelled }, 0, false, true, false},
		"delivered":                   {func(o *booked) { o.fact.Status, o.Date = OrderDelivered, Timestamp{noon.Add(-underWay)} }, 0, false, true, false},
		"delivered long ago":          {func(o *booked) { o.fact.Status, o.Date = OrderDelivered, Timestamp{noon.Add(-underWay - 1)} }, 0, false, false, true},
		"delivered, without a date":   {func(o *booked) { o.fact.Status, o.Date = OrderDelivered, Timestamp{} }, 0, false, true, false},
		"cancelled long ago":          {func(o *booked) { o.fact.Status, o.Date = OrderCancelled, Timestamp{noon.Add(-underWay - 1)} }, 0, false, true, false},
		"without an end, of long ago": {func(o *booked) { o.ExpirationDate, o.Date = Timestamp{}, Timestamp{noon.Add(-2 * longGone)} }, 0, false, true, false},
	} {
		c := newRivalsCase()
		tt.set(c.order)
		live := c.book.live(noon, tt.named, func(*booked) bool { return tt.forgotten })
		if (len(live) == 1) != tt.live || c.order.past(noon) != tt.past {
			t.Errorf("%s: %d live, past %t; want %t, %t", name, len(live), c.order.past(noon), tt.live, tt.past)
		}
	}
	c := newRivalsCase()
	for id := range OrderID(20) {
		c.add(id + 1)
	}
	live := c.book.live(noon, 0, func(*booked) bool { return false })
	if !slices.IsSortedFunc(live, func(a, b booked) int { return int(a.OrderID - b.OrderID) }) || len(live) != 20 {
		t.Errorf("%d orders, out of order", len(live))
	}
}

// The lines of an order are read until they will not change, and not twice in a look.
func TestLines(t *testing.T) {
	t.Parallel()
	lines := []OrderDetail{{DetailType: "DURATION", Domain: "b"}}
	for name, tt := range map[string]struct {
		set  func(c *rivalsCase)
		want []string
		read bool // for good
		kept int
		said bool // that the lines were read at all
		err  error
	}{
		"read":                       {func(*rivalsCase) {}, []string{"b"}, true, 1, true, nil},
		"known":                      {func(c *rivalsCase) { c.order.read = true }, []string{"1"}, true, 0, false, nil},
		"the journal's":              {func(c *rivalsCase) { c.order.fact.Services = []ServiceID{1} }, []string{"1"}, false, 0, false, nil},
		"young":                      {func(c *rivalsCase) { c.dated(noon.Add(-clockSkew)) }, []string{"b"}, false, 0, true, nil},
		"just old enough":            {func(c *rivalsCase) { c.dated(noon.Add(-clockSkew - 1)) }, []string{"b"}, true, 1, true, nil},
		"without a date":             {func(c *rivalsCase) { c.dated(time.Time{}); c.order.fact.Date = time.Time{} }, []string{"b"}, true, 0, true, nil},
		"of something":               {func(c *rivalsCase) { c.api.lines = []OrderDetail{{DetailType: "DURATION", Domain: "*"}} }, nil, true, 1, true, nil},
		"without lines":              {func(c *rivalsCase) { c.api.lines = nil }, nil, false, 0, true, nil},
		"lines that are not there":   {func(c *rivalsCase) { c.api.lines, c.api.linesErr = nil, ErrNotFound }, nil, false, 0, true, nil},
		"lines that are dark":        {func(c *rivalsCase) { c.api.linesErr = errDark }, []string{"1"}, false, 0, true, errDark},
		"read in this look":          {func(c *rivalsCase) { c.order.linesAt, c.book.at = noon.Add(1), noon }, []string{"1"}, false, 0, false, nil},
		"read before this look":      {func(c *rivalsCase) { c.order.linesAt, c.book.at = noon, noon }, []string{"b"}, true, 1, true, nil},
		"read, and no list was read": {func(c *rivalsCase) { c.order.linesAt = noon }, []string{"b"}, true, 1, true, nil},
	} {
		c := newRivalsCase()
		c.order.read, c.api.lines = false, lines
		tt.set(c)
		began := time.Now()
		got, err := c.book.lines(t.Context(), 7, noon)
		if !errors.Is(err, tt.err) || (err == nil) != (tt.err == nil) || c.api.linesRead != tt.said {
			t.Errorf("%s: %v, asked %t; want %v, %t", name, err, c.api.linesRead, tt.err, tt.said)
		}
		if err == nil && !reflect.DeepEqual(got, *c.order) || !slices.Equal(c.order.fact.Names, tt.want) || c.order.read != tt.read || len(c.journal.kept) != tt.kept {
			t.Errorf("%s: %v, read %t, %d kept; want %v, %t, %d", name, c.order.fact.Names, c.order.read, len(c.journal.kept), tt.want, tt.read, tt.kept)
		}
		if vague := len(tt.want) == 0; c.order.fact.Vague != vague {
			t.Errorf("%s: vague %t", name, !vague)
		}
		if at := c.order.linesAt; tt.said && err == nil && (len(c.api.lines) > 0) != at.After(began) {
			t.Errorf("%s: lines of %v", name, at)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	c := newRivalsCase()
	c.order.read = false
	if _, err := c.book.lines(ended, 7, noon); !errors.Is(err, context.Canceled) || c.api.linesRead {
		t.Errorf("after the end: %v, asked %t", err, c.api.linesRead)
	}
	if got, err := newRivalsCase().book.lines(t.Context(), 99, noon); err != nil || got.OrderID != 0 {
		t.Errorf("of an order that is not known: %v, %v", got, err)
	}
}

// What the lines of an order say.
func TestReadLines(t *testing.T) {
	t.Parallel()
	eur := func(texts ...string) (all []Money) {
		for _, text := range texts {
			all = append(all, MustMoney(text+" EUR"))
		}
		return all
	}
	line := func(kind, domain string, unit, total Money) OrderDetail {
		return OrderDetail{DetailType: kind, Domain: domain, UnitPrice: unit, TotalPrice: total}
	}
	one, two := eur("1")[0], eur("2")[0]
	gone := line("DURATION", "x", two, two)
	gone.Cancelled = true
	for name, tt := range map[string]struct {
		lines  []OrderDetail
		names  []string
		prices []Money
		vague  bool
	}{
		"none":                {nil, nil, nil, true},
		"one":                 {[]OrderDetail{line("DURATION", "B.example.", one, one)}, []string{"b.example"}, eur("1"), false},
		"several months":      {[]OrderDetail{line("DURATION", "b", one, two)}, []string{"b"}, eur("2", "1"), false},
		"two":                 {[]OrderDetail{line("DURATION", "b", one, one), line("DURATION", "a", two, two)}, []string{"a", "b"}, eur("1", "2", "3"), false},
		"one twice":           {[]OrderDetail{line("DURATION", "b", one, one), line("DURATION", "b", one, one)}, []string{"b"}, eur("1", "2"), false},
		"a star":              {[]OrderDetail{line("DURATION", "*001", one, one), line("DURATION", "b", Money{}, Money{})}, []string{"b"}, eur("1"), true},
		"something new":       {[]OrderDetail{line(detailInstallation, "b", one, one)}, nil, eur("1"), false},
		"a voucher":           {[]OrderDetail{line(detailVoucher, "b", one, one)}, nil, nil, true},
		"a voucher beside":    {[]OrderDetail{line(detailVoucher, "*", two, two), line("DURATION", "b", one, one)}, []string{"b"}, eur("1"), false},
		"cancelled":           {[]OrderDetail{gone}, nil, nil, true},
		"cancelled, beside":   {[]OrderDetail{gone, line("DURATION", "b", one, one)}, []string{"b"}, eur("1"), false},
		"other money between": {[]OrderDetail{line("DURATION", "b", one, one), line("DURATION", "b", MustMoney("2 USD"), MustMoney("2 USD")), line("DURATION", "b", two, two)}, []string{"b"}, []Money{one, MustMoney("2 USD"), two, eur("3")[0]}, false},
		"other money":         {[]OrderDetail{line("DURATION", "b", one, one), line("DURATION", "a", MustMoney("2 USD"), MustMoney("2 USD"))}, []string{"a", "b"}, []Money{one, MustMoney("2 USD")}, false},
	} {
		names, prices, vague := readLines(tt.lines)
		if !slices.Equal(names, tt.names) || fmt.Sprint(prices) != fmt.Sprint(tt.prices) || vague != tt.vague {
			t.Errorf("%s: %v at %v, vague %t; want %v at %v, %t", name, names, prices, vague, tt.names, tt.prices, tt.vague)
		}
	}
}

// The orders that a lost answer could be taken for are those of others that are young.
func TestRecent(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		set  func(c *rivalsCase)
		want bool
	}{
		"young":          {func(c *rivalsCase) { c.dated(noon.Add(1 - 2*clockSkew)) }, true},
		"old":            {func(c *rivalsCase) { c.dated(noon.Add(-2 * clockSkew)) }, false},
		"without a date": {func(c *rivalsCase) { c.dated(time.Time{}) }, true},
		"the journal's":  {func(c *rivalsCase) { c.dated(noon); c.order.fact.Services = []ServiceID{1} }, false},
		"not listed":     {func(c *rivalsCase) { c.dated(noon); c.order.listed = false }, false},
	} {
		c := newRivalsCase()
		tt.set(c)
		if got := c.book.recent(noon); slices.Contains(got, 7) != tt.want {
			t.Errorf("%s: %v, want %t", name, got, tt.want)
		}
	}
}

// Whether a name is a service's is asked once, and not at all where pages have shown it.
func TestIsService(t *testing.T) {
	t.Parallel()
	c := newRivalsCase()
	c.book.services(map[ServiceID]Service{1: {Name: "Paged.example"}, 2: {Name: "*"}})
	c.api.services = []string{"known", "*"}
	for _, tt := range []struct {
		name  string
		want  bool
		asked int
	}{{"paged.example", true, 0}, {"known", true, 1}, {"known", true, 1}, {"new", false, 2}, {"new", false, 2}} {
		if got, err := c.book.isService(t.Context(), tt.name); got != tt.want || err != nil || c.api.lookedUp != tt.asked {
			t.Errorf("%s: %t, %v after %d requests; want %t after %d", tt.name, got, err, c.api.lookedUp, tt.want, tt.asked)
		}
	}
	c.api.serviceErr = errDark
	for range 2 { // an error is not remembered as an answer
		if _, err := c.book.isService(t.Context(), "dark"); err != errDark {
			t.Errorf("%v, want %v", err, errDark)
		}
	}
	if len(c.book.known) != 3 {
		t.Errorf("knows %v", c.book.known)
	}
}
