// These tests fail without it: TestRefresh, TestLearn, TestLive, TestLines, TestReadLines, TestRecent,
// TestIsService, TestBookReadsOnce, TestBookReadsLateLines, TestBookOfOddOrders, TestAttackListedBeforeRecorded.

package ovhrenew

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ovhrenew/ovhrenew/internal/names"
)

const (
	// orderHorizon is how far back a process reads the account's orders at first: one
	// that can still be paid may have been placed long ago.
	orderHorizon = 400 * day
	// clockSkew is how far two clocks of the API may be apart.
	clockSkew = 5 * time.Minute
	// underWay is how long an order can be on its way after the end of its time to be
	// paid.
	underWay = 15 * day
	// longGone is how long after that time one can still have taken money and come to
	// nothing, for what is due now.
	longGone = 60 * day
	// unknownOrder is one that a call may have placed whose answer was lost.
	unknownOrder OrderID = -1
)

// book is what a process knows of the account's orders. It reads the list onward from
// what it has read, once for all renewals; the lines of an order once ever, since they
// do not change once they name something.
type book struct {
	client  Reader
	journal Journal
	account string

	turn chan struct{} // held while the list or lines are read

	mu     sync.Mutex
	orders map[OrderID]*booked
	at     time.Time     // when the last reading of the list began, by this machine's clock
	upTo   time.Time     // the same by the API's
	settle time.Duration // the longest time to settle of any renewal
	known  map[string]bool
	reads  int // how many readings of the list were taken in

	numbers bool             // pages lack what the list of numbers shows; held with turn
	old     map[OrderID]bool // from before the horizon, where the list shows them; held with turn
}

type booked struct {
	Order
	fact    OrderFact
	read    bool      // the lines will not change any more
	listed  bool      // the list has shown it
	since   int       // the reading that showed it first
	at      time.Time // when the answer that Order is from was asked for
	linesAt time.Time // when a reading of the lines that named something began
}

func newBook(client Reader, journal Journal, account string) *book {
	return &book{
		client: client, journal: journal, account: account, turn: make(chan struct{}, 1),
		orders: map[OrderID]*booked{}, known: map[string]bool{},
	}
}

func (b *book) hold(ctx context.Context) (release func(), err error) {
	select {
	case b.turn <- struct{}{}:
		return func() { <-b.turn }, ctx.Err()
	case <-ctx.Done():
		return func() {}, ctx.Err()
	}
}

// refresh reads the list, unless a reading is at hand that began after a time and shows an
// order, if one is named. It returns when the reading began.
func (b *book) refresh(ctx context.Context, after time.Time, shows OrderID, settle time.Duration) (time.Time, error) {
	called := time.Now()
	release, err := b.hold(ctx)
	defer release()
	if err != nil {
		return time.Time{}, err
	}
	b.mu.Lock()
	at, upTo, settle := b.at, b.upTo, max(settle, b.settle, defaultSettle)
	enough := settle == b.settle // else the readings at hand may have left out what shows later
	shown := shows == 0 || b.orders[shows] != nil && b.orders[shows].listed
	b.settle = settle
	b.mu.Unlock()
	if enough && shows != unknownOrder && (at.After(called) || at.After(after) && shown) {
		return at, nil
	}
	began := time.Now()
	now, err := b.client.Time(ctx)
	if err != nil {
		return time.Time{}, err
	}
	// An order shows in the list some time after it was placed, and in pages that are cached
	// later than that: what is read onward overlaps by it.
	from := now.Add(-orderHorizon)
	if !upTo.IsZero() {
		from = upTo.Add(-settle - time.Hour)
	}
	orders, err := b.list(ctx, from, now, shows == unknownOrder)
	if err != nil {
		return time.Time{}, err
	}
	if err := b.learn(ctx, orders, from, now); err != nil {
		return time.Time{}, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.at, b.upTo = began, now
	return began, nil
}

// learn takes in a reading. What the journal knows of orders that are new is asked first:
// they may be its own. It is asked again while they are young, since another process may
// have placed them, and not heard so yet when they were listed.
func (b *book) learn(ctx context.Context, orders []booked, from, now time.Time) error {
	b.mu.Lock()
	unknown := slices.ContainsFunc(orders, func(o booked) bool {
		known := b.orders[o.OrderID]
		return known == nil || len(known.fact.Services) == 0 && (!known.read || now.Sub(o.Date.Time) < 2*clockSkew)
	})
	b.mu.Unlock()
	var facts []OrderFact
	if unknown {
		var err error
		if facts, err = b.journal.Orders(ctx, b.account, from.Add(-day)); err != nil {
			return journalError(err)
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reads++
	for _, order := range orders {
		o := b.orders[order.OrderID]
		if o == nil {
			o = &booked{fact: OrderFact{Order: order.OrderID}}
			b.orders[order.OrderID] = o
		}
		if !o.listed {
			o.since = b.reads
		}
		o.Order, o.fact.Date, o.at, o.listed = order.Order, order.Date.Time, order.at, true
	}
	for _, fact := range facts {
		if o := b.orders[fact.Order]; o != nil {
			o.take(fact)
		}
	}
	return nil
}

func (o *booked) take(fact OrderFact) {
	if len(fact.Services) > 0 {
		o.fact.Services = fact.Services
		return
	}
	if !o.read && (len(fact.Names) > 0 || fact.Vague) {
		o.fact.Names, o.fact.Prices, o.fact.Vague, o.read = fact.Names, fact.Prices, fact.Vague, true
	}
	if fact.Status != "" {
		o.fact.Status = fact.Status
	}
}

// own tells the book that an order is this journal's, and when the call was sent that
// was answered with it: zero if an earlier run did.
func (b *book) own(order Order, services []ServiceID, sent time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	o := b.orders[order.OrderID]
	if o == nil {
		o = &booked{Order: order, at: sent}
		b.orders[order.OrderID] = o
	}
	o.fact.Services = services
}

func (b *book) get(id OrderID) (booked, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if o := b.orders[id]; o != nil {
		return *o, true
	}
	return booked{}, false
}

func (b *book) readings() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.reads
}

// live returns the orders that can still be paid or be under way, and those that may have
// been paid lately and come to nothing, by number. This journal's own are left out, as their
// renewals are looked at by themselves, except for one that is named or forgotten.
func (b *book) live(now time.Time, named OrderID, forgotten func(*booked) bool) []booked {
	b.mu.Lock()
	defer b.mu.Unlock()
	var ids []OrderID
	for id, o := range b.orders {
		if (o.listed && (len(o.fact.Services) == 0 || id == named) || forgotten(o)) && !o.gone(now) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	live := make([]booked, 0, len(ids))
	for _, id := range ids {
		live = append(live, *b.orders[id])
	}
	return live
}

// gone reports whether the order means nothing for a renewal any more.
func (o *booked) gone(now time.Time) bool {
	return o.past(now) && (o.fact.Status != "" || now.Sub(o.ExpirationDate.Time) > longGone)
}

// past reports whether the order can neither be paid any more nor be under way.
func (o *booked) past(now time.Time) bool {
	if o.fact.Status == OrderDelivered && !o.Date.IsZero() && now.Sub(o.Date.Time) > underWay {
		return true
	}
	return !o.ExpirationDate.IsZero() && now.Sub(o.ExpirationDate.Time) > underWay
}

// lines reads what an order's lines name, unless it is known for good or was read since the
// list was: both are then of one look.
func (b *book) lines(ctx context.Context, id OrderID, now time.Time) (booked, error) {
	if o, ok := b.get(id); !ok || len(o.fact.Services) > 0 || b.knows(o) {
		return o, nil
	}
	release, err := b.hold(ctx)
	defer release()
	if err != nil {
		return booked{}, err
	}
	o, _ := b.get(id)
	if b.knows(o) {
		return o, nil
	}
	began := time.Now()
	lines, err := b.client.OrderDetails(ctx, id)
	if err != nil && !errors.Is(err, ErrNotFound) { // which is to have none yet
		return booked{}, err
	}
	b.mu.Lock()
	known := b.orders[id]
	known.fact.Names, known.fact.Prices, known.fact.Vague = readLines(lines)
	// None yet, or not all: they come some time after the order.
	known.read = len(lines) > 0 && now.Sub(known.Date.Time) > clockSkew
	if len(lines) > 0 {
		known.linesAt = began
	}
	o = *known
	b.mu.Unlock()
	if !o.read || o.fact.Date.IsZero() { // without a date it has no place in a journal
		return o, nil
	}
	return o, journalError(b.journal.Remember(ctx, b.account, o.fact))
}

// knows reports whether the lines of an order need not be read now.
func (b *book) knows(o booked) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return o.read || !b.at.IsZero() && o.linesAt.After(b.at)
}

func (b *book) ended(ctx context.Context, id OrderID, status OrderStatus) error {
	b.mu.Lock()
	o := b.orders[id]
	if !o.read || len(o.fact.Services) > 0 {
		b.mu.Unlock()
		return nil
	}
	o.fact.Status = status
	fact := o.fact
	b.mu.Unlock()
	if fact.Date.IsZero() {
		return nil
	}
	return journalError(b.journal.Remember(ctx, b.account, fact))
}

func (b *book) isService(ctx context.Context, name string) (bool, error) {
	b.mu.Lock()
	known, asked := b.known[name]
	b.mu.Unlock()
	if asked {
		return known, nil
	}
	found, err := namesakes(ctx, b.client, name)
	if err != nil && !isFact(ctx, err) && !errors.Is(err, ErrAmbiguous) { // which say nothing of the name
		return false, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.known[name] = len(found) > 0
	return len(found) > 0, nil
}

func (b *book) services(pages map[ServiceID]Service) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, service := range pages {
		if name := normalName(service.Name); name != "" {
			b.known[name] = true
		}
	}
}

// Lines that neither renew anything nor hide that others do.
var (
	lineOfMoney = []string{detailVoucher, detailRefund, detailGift, detailCaution}
	lineOfNew   = []string{detailInstallation, detailCreation, detailTransfer}
)

// readLines returns which services the lines may renew, the prices that may be theirs,
// and whether a line leaves open what it is for. A voucher's or a refund's line says
// nothing of the others beside it.
func readLines(lines []OrderDetail) (names []string, prices []Money, vague bool) {
	var sum Money
	add := func(m Money) {
		if m.Currency() != "" && !slices.Contains(prices, m) {
			prices = append(prices, m)
		}
	}
	said := false
	for _, line := range lines {
		if line.Cancelled || slices.Contains(lineOfMoney, line.DetailType) {
			continue
		}
		said = true
		add(line.TotalPrice)
		add(line.UnitPrice)
		if sum.Currency() == "" {
			sum = line.TotalPrice
		} else if total, err := sum.Add(line.TotalPrice); err == nil {
			sum = total
		}
		switch name := normalName(line.Domain); {
		case slices.Contains(lineOfNew, line.DetailType):
		case name == "":
			vague = true
		default:
			names = append(names, name)
		}
	}
	add(sum)
	slices.Sort(names)
	return slices.Compact(names), prices, vague || !said
}

// normalName is the one form in which names are compared; empty for what names nothing,
// which an order writes as a star with or without more behind it.
func normalName(name string) string {
	if name = names.Normal(name); strings.HasPrefix(name, "*") {
		return ""
	}
	return name
}

// recent returns the orders of others that an answer lost from now on could be taken for:
// an earlier one is dated so.
func (b *book) recent(now time.Time) []OrderID {
	b.mu.Lock()
	defer b.mu.Unlock()
	var ids []OrderID
	for id, o := range b.orders {
		if o.listed && len(o.fact.Services) == 0 && (o.Date.IsZero() || now.Sub(o.Date.Time) < 2*clockSkew) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}
