// What each kind of order means for a renewal: the rules of rivals.go, one by one, at their bounds.

package ovhrenew

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"
)

var errDark = errors.New("dark")

// ordersAPI answers of one order: its status, its payment and its lines. The account's
// services are named in it.
type ordersAPI struct {
	Client
	status     OrderStatus
	statusErr  error
	payment    OrderPayment
	paymentErr error
	lines      []OrderDetail
	linesErr   error
	services   []string
	serviceErr error
	asked      string // the name of a service
}

func (a *ordersAPI) OrderStatus(context.Context, OrderID) (OrderStatus, error) {
	return a.status, a.statusErr
}

func (a *ordersAPI) OrderPayment(context.Context, OrderID) (OrderPayment, error) {
	return a.payment, a.paymentErr
}

func (a *ordersAPI) OrderDetails(context.Context, OrderID) ([]OrderDetail, error) {
	return a.lines, a.linesErr
}

func (a *ordersAPI) FindServices(_ context.Context, q ServiceQuery) ([]ServiceID, error) {
	if a.asked = q.ResourceName; slices.Contains(a.services, q.ResourceName) {
		return []ServiceID{5}, a.serviceErr
	}
	return nil, a.serviceErr
}

func (a *ordersAPI) Service(_ context.Context, id ServiceID) (Service, error) {
	return Service{ID: id, Name: a.asked}, nil
}

// factsJournal has facts, and keeps what is remembered.
type factsJournal struct {
	noJournal
	facts []OrderFact
	err   error
	kept  []OrderFact
	since time.Time // for which it was asked
}

func (j *factsJournal) Orders(_ context.Context, _ string, since time.Time) ([]OrderFact, error) {
	j.since = since
	return j.facts, j.err
}

func (j *factsJournal) Remember(_ context.Context, _ string, facts ...OrderFact) error {
	j.kept = append(j.kept, facts...)
	return nil
}

// rivalsCase is order 7 of a day ago, unpaid, for the service 1 alone at the price of its
// renewal, and what else a test makes of it.
type rivalsCase struct {
	rivals
	api     *ordersAPI
	journal *factsJournal
	order   *booked
}

func newRivalsCase() *rivalsCase {
	c := &rivalsCase{api: &ordersAPI{status: OrderNotPaid, paymentErr: ErrNotFound}, journal: &factsJournal{}}
	c.rivals = rivals{book: newBook(c.api, c.journal, "a"), now: noon, task: taskOf(P1Y, "2026-12-01", 1)}
	c.task.Offer.Strategy.Price = MustMoney("10 EUR")
	c.task.Prices = []Money{MustMoney("10 EUR"), MustMoney("1 EUR")}
	c.order = c.add(7)
	return c
}

func (c *rivalsCase) add(id OrderID) *booked {
	o := &booked{read: true, listed: true, fact: OrderFact{Order: id, Names: []string{"1"}, Date: noon.Add(-day)}}
	o.Order = Order{OrderID: id, Date: Timestamp{noon.Add(-day)}, ExpirationDate: Timestamp{noon.Add(6 * day)}, PriceWithoutTax: MustMoney("10 EUR"), PriceWithTax: MustMoney("12 EUR")}
	c.book.orders[id] = o
	return o
}

func (c *rivalsCase) vague()             { c.order.fact.Names, c.order.fact.Vague = nil, true }
func (c *rivalsCase) dated(t time.Time)  { c.order.Date = Timestamp{t} }
func (c *rivalsCase) lapses(t time.Time) { c.order.ExpirationDate = Timestamp{t} }
func (c *rivalsCase) paid(at time.Time) {
	c.api.payment, c.api.paymentErr = OrderPayment{PaymentDate: Timestamp{at}}, nil
}
func (c *rivalsCase) costs(text string) { c.order.PriceWithoutTax = MustMoney(text) }
func (c *rivalsCase) lost()             { c.since = noon.Add(-time.Minute); c.dated(noon) }
func (c *rivalsCase) delivered()        { c.api.status = OrderDelivered }
func (c *rivalsCase) cancelledOf(age time.Duration) {
	c.api.status = OrderCancelled
	c.dated(noon.Add(-age))
}

type rivalsRow struct {
	name string
	set  func(c *rivalsCase)
	want others
	err  error
}

func checkRivals(t *testing.T, rows []rivalsRow) {
	t.Helper()
	for _, row := range rows {
		c := newRivalsCase()
		row.set(c)
		means, found, err := c.look(t.Context())
		if means != row.want || !errors.Is(err, row.err) || (err == nil) != (row.err == nil) {
			t.Errorf("%s: means %d, %v; want %d, %v", row.name, means, err, row.want, row.err)
		}
		if (len(found) > 0) != (means != othersClear && err == nil) {
			t.Errorf("%s: means %d because of %v", row.name, means, found)
		}
	}
}

func TestUnpaidOrderMeans(t *testing.T) {
	t.Parallel()
	checkRivals(t, []rivalsRow{
		{"waits", func(*rivalsCase) {}, othersOpen, nil},
		{"over for a day", func(c *rivalsCase) { c.lapses(noon.Add(-day)) }, othersOpen, nil},
		{"over for good", func(c *rivalsCase) { c.lapses(noon.Add(-day - time.Second)) }, othersClear, nil},
		{"over for good, and paid", func(c *rivalsCase) { c.lapses(noon.Add(-day - time.Second)); c.paid(noon) }, othersClear, nil},
		{"without an end", func(c *rivalsCase) { c.lapses(time.Time{}) }, othersOpen, nil},
		{"a payment on record", func(c *rivalsCase) { c.paid(noon) }, othersPaid, nil},
		{"a payment without a date", func(c *rivalsCase) { c.paid(time.Time{}) }, othersPaid, nil},
		{"of a region without payments", func(c *rivalsCase) { c.api.paymentErr = ErrUnsupported }, othersOpen, nil},
		{"its payment cannot be read", func(c *rivalsCase) { c.api.paymentErr = errDark }, othersDark, errDark},
		{"its status cannot be read", func(c *rivalsCase) { c.api.statusErr = errDark }, othersDark, errDark},
		{"not to be had yet", func(c *rivalsCase) { c.api.statusErr = ErrNotFound }, othersDark, nil},
		{"of a status nobody knows", func(c *rivalsCase) { c.api.status = "newOf2031" }, othersPaid, nil},
		{"over, as the journal knows", func(c *rivalsCase) { c.order.fact.Status = OrderCancelled; c.api.statusErr = errDark }, othersClear, nil},
		{"ignored", func(c *rivalsCase) { c.task.Guards.IgnoreOrders = []OrderID{7}; c.api.statusErr = errDark }, othersClear, nil},
		{"the renewal's own", func(c *rivalsCase) { c.mine = 7; c.api.statusErr = errDark }, othersClear, nil},
		{"named", func(c *rivalsCase) { c.task.Guards.TakeOver = 7 }, othersNamed, nil},
		{"named, and paid", func(c *rivalsCase) { c.task.Guards.TakeOver = 7; c.paid(noon) }, othersPaid, nil},
		{"named, with an own one before it", func(c *rivalsCase) { c.task.Guards.TakeOver = 7; c.mine = 3 }, othersClear, nil},
		{"named, with an own one after it", func(c *rivalsCase) { c.task.Guards.TakeOver = 7; c.mine = 9 }, othersOpen, nil},
		{"named, at another price", func(c *rivalsCase) { c.task.Guards.TakeOver = 7; c.vague(); c.costs("99 EUR") }, othersNamed, nil},
		{"named, for something else", func(c *rivalsCase) { c.task.Guards.TakeOver = 7; c.order.fact.Names = []string{"2"}; c.costs("99 EUR") }, othersOpen, nil},
		{"named, of a renewal of this journal's", func(c *rivalsCase) { c.task.Guards.TakeOver = 7; c.order.fact.Services = []ServiceID{1} }, othersOpen, nil},
		{"named, for another of its services", func(c *rivalsCase) {
			c.task.Guards.TakeOver = 7
			c.order.fact.Names, c.order.fact.Services = nil, []ServiceID{2}
		}, othersOpen, nil},
	})
}

func TestLostOrderMeans(t *testing.T) {
	t.Parallel()
	checkRivals(t, []rivalsRow{
		{"appeared", func(c *rivalsCase) { c.lost() }, othersOne, nil},
		{"appeared, without a date", func(c *rivalsCase) { c.lost(); c.dated(time.Time{}) }, othersOne, nil},
		{"appeared, dated by another clock", func(c *rivalsCase) { c.lost(); c.dated(c.since.Add(-clockSkew)) }, othersOne, nil},
		{"dated too early", func(c *rivalsCase) { c.lost(); c.dated(c.since.Add(-clockSkew - time.Second)) }, othersOpen, nil},
		{"was there before", func(c *rivalsCase) { c.lost(); c.before = []OrderID{7} }, othersOpen, nil},
		{"appeared twice", func(c *rivalsCase) { c.lost(); c.add(8).Date = Timestamp{noon} }, othersMany, nil},
		{"appeared, and paid", func(c *rivalsCase) { c.lost(); c.paid(noon) }, othersPaid, nil},
		{"for more", func(c *rivalsCase) { c.lost(); c.order.fact.Names = []string{"1", "2"} }, othersMany, nil},
		{"for more that it does not name", func(c *rivalsCase) { c.lost(); c.order.fact.Vague = true }, othersMany, nil},
		{"does not say what for", func(c *rivalsCase) { c.lost(); c.vague() }, othersMany, nil},
		{"does not say what for, at the price of another offer", func(c *rivalsCase) { c.lost(); c.vague(); c.costs("1 EUR") }, othersMany, nil},
		{"does not say what for, at no offer's price", func(c *rivalsCase) { c.lost(); c.vague(); c.costs("99 EUR") }, othersClear, nil},
		{"for both of two", func(c *rivalsCase) {
			c.lost()
			c.task.Services = []Renewed{{ServiceID: 1, Name: "b"}, {ServiceID: 2, Name: "a"}}
			c.order.fact.Names = []string{"a", "b"}
		}, othersOne, nil},
		{"of this journal's, of which a file was lost", func(c *rivalsCase) {
			c.lost()
			c.order.fact.Names, c.order.fact.Services = nil, []ServiceID{1}
			c.claim = &heldClaim{states: []State{{Services: []ServiceID{1}, Sent: c.since}}}
		}, othersOne, nil},
		{"at another price", func(c *rivalsCase) { c.lost(); c.costs("1 EUR") }, othersOpen, nil},
		{"at the quote", func(c *rivalsCase) { c.lost(); c.task.Quoted = MustMoney("12 EUR") }, othersOne, nil},
		{"at another price than the quote", func(c *rivalsCase) { c.lost(); c.task.Quoted = MustMoney("12.01 EUR") }, othersOpen, nil},
		{"one appeared, and one was there", func(c *rivalsCase) { c.lost(); c.add(8); c.before = []OrderID{8} }, othersOne, nil},
		{"one appeared, and one that does not say what for", func(c *rivalsCase) {
			c.lost()
			o := c.add(8)
			o.Date, o.fact.Names, o.fact.Vague = Timestamp{noon}, nil, true
		}, othersMany, nil},
	})
}

func TestVagueOrderMeans(t *testing.T) {
	t.Parallel()
	checkRivals(t, []rivalsRow{
		{"old enough to say", func(c *rivalsCase) { c.vague(); c.dated(noon.Add(-defaultSettle)) }, othersOpen, nil},
		{"may still say", func(c *rivalsCase) { c.vague(); c.dated(noon.Add(time.Second - defaultSettle)) }, othersDark, nil},
		{"without a date", func(c *rivalsCase) { c.vague(); c.dated(time.Time{}) }, othersDark, nil},
		{"young, and it says", func(c *rivalsCase) { c.dated(noon) }, othersOpen, nil},
		{"of another offer's price", func(c *rivalsCase) { c.vague(); c.costs("1 EUR") }, othersOpen, nil},
		{"of no offer's price", func(c *rivalsCase) { c.vague(); c.costs("99 EUR") }, othersClear, nil},
		{"with a line of an offer's price", func(c *rivalsCase) { c.vague(); c.costs("99 EUR"); c.order.fact.Prices = []Money{MustMoney("1 EUR")} }, othersOpen, nil},
		{"with lines of no offer's price", func(c *rivalsCase) {
			c.vague()
			c.order.PriceWithoutTax = Money{}
			c.order.fact.Prices = []Money{MustMoney("99 EUR")}
		}, othersClear, nil},
		{"without a price", func(c *rivalsCase) { c.vague(); c.order.PriceWithoutTax = Money{} }, othersOpen, nil},
		{"of the quote's price", func(c *rivalsCase) { c.vague(); c.costs("99 EUR"); c.task.Quoted = MustMoney("12 EUR") }, othersOpen, nil},
		{"of another price than the quote's", func(c *rivalsCase) { c.vague(); c.costs("99 EUR"); c.task.Quoted = MustMoney("13 EUR") }, othersClear, nil},
		{"without a price with tax, and no quote", func(c *rivalsCase) { c.vague(); c.costs("99 EUR"); c.order.PriceWithTax = Money{} }, othersClear, nil},
		{"names nothing known", func(c *rivalsCase) { c.order.fact.Names = []string{"new"} }, othersOpen, nil},
		{"names nothing known, at no offer's price", func(c *rivalsCase) { c.order.fact.Names = []string{"new"}; c.costs("99 EUR") }, othersClear, nil},
		{"names another service", func(c *rivalsCase) { c.order.fact.Names, c.api.services = []string{"2"}, []string{"2"} }, othersClear, nil},
		{"names another service, and one that is not known", func(c *rivalsCase) { c.order.fact.Names, c.api.services = []string{"2", "3"}, []string{"2"} }, othersOpen, nil},
		{"names what cannot be looked up", func(c *rivalsCase) { c.order.fact.Names, c.api.serviceErr = []string{"2"}, errDark }, othersDark, errDark},
		{"names the service as the offer does", func(c *rivalsCase) {
			c.order.fact.Names, c.api.services = []string{"x"}, []string{"x"}
			c.task.Offer.Strategy.ServicesDetails = []RenewService{{ServiceID: 1, ServiceName: "x"}}
		}, othersOpen, nil},
		{"its lines cannot be read", func(c *rivalsCase) { c.order.read = false; c.api.linesErr = errDark }, othersDark, errDark},
		{"has no lines yet", func(c *rivalsCase) { c.order.read = false; c.order.fact.Names = nil; c.dated(noon) }, othersDark, nil},
		{"of this journal's, whose renewal is looked at by itself", func(c *rivalsCase) { c.order.fact.Services = []ServiceID{1} }, othersClear, nil},
		{"over for long, at no offer's price", func(c *rivalsCase) {
			c.lapses(noon.Add(-underWay - time.Second))
			c.costs("99 EUR")
			c.api.statusErr = errDark
		}, othersClear, nil},
		{"over for long", func(c *rivalsCase) { c.lapses(noon.Add(-underWay - time.Second)); c.delivered() }, othersPaid, nil},
		{"over for long, at another price", func(c *rivalsCase) { c.lapses(noon.Add(-underWay)); c.costs("99 EUR"); c.delivered() }, othersPaid, nil},
	})
}

func TestCancelledOrderMeans(t *testing.T) {
	t.Parallel()
	checkRivals(t, []rivalsRow{
		{"before its time", func(c *rivalsCase) { c.cancelledOf(day) }, othersPaid, nil},
		{"at its time", func(c *rivalsCase) { c.cancelledOf(day); c.lapses(noon) }, othersClear, nil},
		{"without an end", func(c *rivalsCase) { c.cancelledOf(day); c.lapses(time.Time{}) }, othersClear, nil},
		{"lapsed, a payment on record", func(c *rivalsCase) { c.cancelledOf(day); c.lapses(noon); c.paid(noon) }, othersPaid, nil},
		{"its payment cannot be read", func(c *rivalsCase) { c.cancelledOf(day); c.api.paymentErr = errDark }, othersDark, errDark},
		{"as old as any that is read", func(c *rivalsCase) { c.cancelledOf(orderHorizon); c.paid(noon) }, othersPaid, nil},
		{"older", func(c *rivalsCase) { c.cancelledOf(orderHorizon + time.Second); c.paid(noon) }, othersClear, nil},
	})
}

func TestDeliveredOrderMeans(t *testing.T) {
	t.Parallel()
	long := noon.Add(-day - recently)
	old := func(c *rivalsCase) { c.delivered(); c.dated(long); c.lapses(long) }
	checkRivals(t, []rivalsRow{
		{"placed lately", func(c *rivalsCase) { old(c); c.dated(noon.Add(-recently)) }, othersPaid, nil},
		{"placed long ago", old, othersClear, nil},
		{"a payment cannot be read", func(c *rivalsCase) { old(c); c.api.paymentErr = errDark }, othersDark, errDark},
		{"of a region without payments", func(c *rivalsCase) { old(c); c.api.paymentErr = ErrUnsupported }, othersClear, nil},
		{"paid lately", func(c *rivalsCase) { old(c); c.paid(noon.Add(-recently)) }, othersPaid, nil},
		{"paid long ago", func(c *rivalsCase) { old(c); c.paid(long) }, othersClear, nil},
		{"paid long ago, though it could be until lately", func(c *rivalsCase) { old(c); c.paid(long); c.lapses(noon) }, othersClear, nil},
		{"could be paid until lately", func(c *rivalsCase) { old(c); c.lapses(noon.Add(-recently)) }, othersPaid, nil},
		{"paid without a date, could be until lately", func(c *rivalsCase) { old(c); c.paid(time.Time{}); c.lapses(noon.Add(-recently)) }, othersPaid, nil},
		{"vague, placed lately", func(c *rivalsCase) { old(c); c.vague(); c.dated(noon.Add(-vaguely)) }, othersPaid, nil},
		{"vague, paid lately", func(c *rivalsCase) { old(c); c.vague(); c.paid(noon.Add(-vaguely)) }, othersPaid, nil},
		{"vague, paid a while ago", func(c *rivalsCase) {
			old(c)
			c.vague()
			c.dated(noon.Add(-4 * day))
			c.paid(noon.Add(-vaguely - time.Second))
		}, othersClear, nil},
	})
	// What has ended is remembered, unless another renewal may find that it is for it.
	for name, tt := range map[string]struct {
		set  func(c *rivalsCase)
		kept int
	}{
		"long ago":           {old, 1},
		"vague, long ago":    {func(c *rivalsCase) { old(c); c.vague() }, 1},
		"vague, a while ago": {func(c *rivalsCase) { old(c); c.vague(); c.paid(noon.Add(-recently)) }, 0},
		"lately":             {func(c *rivalsCase) { c.delivered() }, 0},
		"lapsed":             {func(c *rivalsCase) { c.cancelledOf(day); c.lapses(noon) }, 1},
		"without a date":     {func(c *rivalsCase) { old(c); c.order.fact.Date = time.Time{}; c.paid(long) }, 0},
		"not read for good":  {func(c *rivalsCase) { old(c); c.order.read = false; c.order.linesAt = noon; c.book.at = noon.Add(-day) }, 0},
	} {
		c := newRivalsCase()
		tt.set(c)
		for range 2 { // the second finds it in the book
			if _, _, err := c.look(t.Context()); err != nil || len(c.journal.kept) != tt.kept {
				t.Errorf("%s: %v, %d kept, want %d", name, err, len(c.journal.kept), tt.kept)
			}
		}
		if tt.kept > 0 && c.journal.kept[0].Status != c.api.status {
			t.Errorf("%s: kept as %q", name, c.journal.kept[0].Status)
		}
	}
}

// The gravest of several counts.
func TestGravestOrderMeans(t *testing.T) {
	t.Parallel()
	grave := []others{othersNamed, othersDark, othersOpen, othersOne, othersMany, othersPaid}
	for i, a := range grave {
		for k, b := range grave {
			want := grave[max(i, k)]
			if a == othersOne && b == othersOne {
				want = othersMany
			}
			if got := together([]rival{{means: a}, {means: b}}); got != want {
				t.Errorf("%d and %d mean %d, want %d", a, b, got, want)
			}
		}
		if got := together([]rival{{means: a}}); got != a {
			t.Errorf("%d means %d", a, got)
		}
	}
}

// Of two orders, dates that are far enough apart say which is later, and else the numbers, and in
// between both have to.
func TestLater(t *testing.T) {
	t.Parallel()
	const near, far = sameMoment - time.Second, 2*sameMoment + time.Second
	for _, tt := range []struct {
		mine  OrderID
		after time.Duration // of order 7, after one's own
		want  bool
	}{
		{5, near, true}, {5, -near, true}, {9, near, false}, {9, -near, false},
		{5, sameMoment, true}, {5, -sameMoment, false}, {9, sameMoment, false}, {9, -sameMoment, false},
		{5, 2 * sameMoment, true}, {5, -2 * sameMoment, false}, {9, 2 * sameMoment, false}, {9, -2 * sameMoment, false},
		{5, far, true}, {5, -far, false}, {9, far, true}, {9, -far, false},
		{5, 0, true}, {9, 0, false}, {0, far, false}, {0, -far, false},
	} {
		c := newRivalsCase()
		c.mine = tt.mine
		c.add(tt.mine).Date = Timestamp{c.order.Date.Add(-tt.after)}
		if got := c.later(rival{booked: *c.order}); got != tt.want {
			t.Errorf("order 7, %v after order %d, is later: %t, want %t", tt.after, tt.mine, got, tt.want)
		}
		for _, undated := range []OrderID{7, tt.mine} {
			date := c.book.orders[undated].Date
			c.book.orders[undated].Date = Timestamp{}
			if got := c.later(rival{booked: *c.order}); got != (tt.mine != 0 && tt.mine < 7) {
				t.Errorf("order 7, beside order %d, of which %d has no date, is later: %t", tt.mine, undated, got)
			}
			c.book.orders[undated].Date = date
		}
	}
}
