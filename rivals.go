// These tests fail without it: TestRivals, TestUnpaidOrderMeans, TestVagueOrderMeans, TestLater, TestOurs,
// TestForgotten, TestAttackRestoredStates, TestAttackOneRunnerTwice, TestAttackLines, TestAttackTwoHosts.

package ovhrenew

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

const vaguely = 3 * day // how long a delivered order that does not say what for stands for a renewal

// concern is what an order has to do with a renewal.
type concern uint8

const (
	concernsNot concern = iota
	concernsIt          // its lines name a service of the renewal
	concernsMay         // they do not say, and the price could be that of an offer
)

type rival struct {
	booked
	concern concern
	status  OrderStatus
	means   others
}

type rivals struct {
	book   *book
	task   Task
	now    time.Time // the API's
	mine   OrderID
	since  time.Time // when a lost order was sent; zero if there is none
	before []OrderID // what was there then
	claim  Claim
}

// forgotten reports whether an order of this journal's, or of this process without one, is for
// a service of the renewal, and no state of the service is of it, or of a renewal that was
// begun later, as far as the state says when: nobody looks at its renewal.
func (r rivals) forgotten(o *booked) bool {
	return r.claim != nil && slices.ContainsFunc(r.task.Services, func(one Renewed) bool {
		return slices.Contains(o.fact.Services, one.ServiceID) && !slices.ContainsFunc(r.claim.States(), func(s State) bool {
			began := cmp.Or(s.Placed, s.Sent, s.Time)
			if s.Order == 0 { // that of its call may be dated a little before
				began = began.Add(-sameMoment)
			}
			return s.Order == o.OrderID || slices.Contains(s.Services, one.ServiceID) && !began.Before(o.Date.Time)
		})
	})
}

// look reads every order that may concern the renewal, and returns what they mean
// together, with the order that is in the way and why.
func (r rivals) look(ctx context.Context) (means others, found []rival, err error) {
	for _, o := range r.book.live(r.now, r.task.Guards.TakeOver, r.forgotten) {
		if o.OrderID == r.mine || slices.Contains(r.task.Guards.IgnoreOrders, o.OrderID) || o.past(r.now) && !r.couldCost(o) && !r.named(o) {
			continue
		}
		one, err := r.judge(ctx, o)
		if err != nil {
			return othersDark, nil, err
		}
		if one.means != othersClear {
			found = append(found, one)
		}
	}
	return together(found), found, nil
}

// together is what several orders mean: the gravest.
func together(found []rival) others {
	count := map[others]int{}
	for _, r := range found {
		count[r.means]++
	}
	if count[othersOne] > 1 {
		count[othersMany]++
	}
	for _, means := range []others{othersPaid, othersMany, othersOne, othersOpen, othersDark, othersNamed} {
		if count[means] > 0 {
			return means
		}
	}
	return othersClear
}

func (r rivals) judge(ctx context.Context, o booked) (rival, error) {
	if o.fact.Status != "" {
		return rival{}, nil // it came to its end, and is remembered so
	}
	o, about, err := r.concerns(ctx, o)
	one := rival{booked: o, concern: about}
	if err != nil || about == concernsNot && o.OrderID != r.task.Guards.TakeOver {
		return one, err
	}
	one.status, err = r.book.client.OrderStatus(ctx, o.OrderID)
	switch {
	case errors.Is(err, ErrNotFound): // listed, and not to be had yet
		one.means, err = othersDark, nil
	case err == nil:
		one.means, err = r.means(ctx, one)
		if about == concernsNot && one.means != othersClear && (len(o.fact.Names) > 0 || len(o.fact.Services) > 0) {
			one.means = othersOpen // a person has named an order of something else
		}
	}
	return one, err
}

// concerns says whether an order is, or may be, for a service of the renewal.
//
// Assumption: a line names its service by Domain, where it names one. That a domain,
// its zone and its hosting share a name can refuse too much, and never too little.
func (r rivals) concerns(ctx context.Context, o booked) (booked, concern, error) {
	o, err := r.book.lines(ctx, o.OrderID, r.now)
	if err != nil {
		return o, concernsNot, err
	}
	switch {
	case r.forgotten(&o):
		return o, concernsIt, nil
	case len(o.fact.Services) > 0: // of this journal's: its renewal is looked at by itself
		return o, concernsNot, nil
	}
	if r.named(o) {
		return o, concernsIt, nil
	}
	if !r.couldCost(o) {
		return o, concernsNot, nil
	}
	if o.fact.Vague {
		return o, concernsMay, nil
	}
	for _, name := range o.fact.Names {
		known, err := r.book.isService(ctx, name)
		if err != nil {
			return o, concernsNot, err
		}
		if !known {
			return o, concernsMay, nil // a name that the account has for nothing else
		}
	}
	return o, concernsNot, nil
}

func (r rivals) names() []string {
	var names []string
	for _, s := range r.task.Services {
		names = append(names, normalName(s.Name), normalName(r.task.Offer.Name(s.ServiceID)))
	}
	return names
}

// named reports whether the lines of an order, as far as they are known, name a service.
func (r rivals) named(o booked) bool {
	ours := r.names()
	return slices.ContainsFunc(o.fact.Names, func(name string) bool { return slices.Contains(ours, name) })
}

// couldCost reports whether an order's price could be that of an offer of the services.
// One that cannot be compared could.
func (r rivals) couldCost(o booked) bool {
	if o.PriceWithoutTax.Currency() == "" && len(o.fact.Prices) == 0 {
		return true
	}
	offered := append([]Money{r.task.Offer.Price()}, r.task.Prices...)
	for _, price := range append([]Money{o.PriceWithoutTax}, o.fact.Prices...) {
		if slices.Contains(offered, price) {
			return true
		}
	}
	return !r.task.Quoted.IsZero() && o.PriceWithTax == r.task.Quoted
}

// exact reports whether an order is for exactly the renewal's services at its price.
func (r rivals) exact(one rival) bool {
	var names []string
	for _, s := range r.task.Services {
		names = append(names, normalName(s.Name))
	}
	slices.Sort(names)
	same := !one.fact.Vague && slices.Equal(one.fact.Names, slices.Compact(names)) || slices.Equal(one.fact.Services, r.task.ids())
	return same && r.samePrice(one)
}

func (r rivals) samePrice(one rival) bool {
	return one.PriceWithoutTax == r.task.Offer.Price() && (r.task.Quoted.IsZero() || one.PriceWithTax == r.task.Quoted)
}

func (r rivals) age(o booked) time.Duration {
	if o.Date.IsZero() {
		return 0
	}
	return r.now.Sub(o.Date.Time)
}

func (r rivals) means(ctx context.Context, one rival) (others, error) {
	switch one.status {
	case OrderNotPaid:
		return r.unpaid(ctx, one)
	case OrderCancelled:
		return r.cancelled(ctx, one)
	case OrderDelivered:
		return r.delivered(ctx, one)
	}
	return othersPaid, nil // it is under way, or does not say
}

// delivered judges an order whose effect may not show yet. It may have been paid long
// after it was placed: what counts is its payment, or, where that has no date, the last
// moment at which it could be paid.
func (r rivals) delivered(ctx context.Context, one rival) (others, error) {
	limit := recently
	if one.concern == concernsMay {
		limit = vaguely
	}
	if r.age(one.booked) <= limit {
		return othersPaid, nil
	}
	payment, err := r.book.client.OrderPayment(ctx, one.OrderID)
	if err != nil && !errors.Is(err, ErrNotFound) && !errors.Is(err, ErrUnsupported) {
		return othersDark, err
	}
	switch since := r.now.Sub(cmp.Or(payment.PaymentDate.Time, one.ExpirationDate.Time)); {
	case since <= limit:
		return othersPaid, nil
	case since <= recently:
		return othersClear, nil // for this renewal: another may find it named
	}
	return othersClear, r.book.ended(ctx, one.OrderID, one.status)
}

func (r rivals) unpaid(ctx context.Context, one rival) (others, error) {
	if !one.ExpirationDate.IsZero() && r.now.Sub(one.ExpirationDate.Time) > lapsedFor {
		return othersClear, nil // it shows notPaid for ever
	}
	paid, err := onRecord(ctx, r.book.client, one.OrderID)
	switch {
	case err != nil:
		return othersDark, err
	case paid:
		return othersPaid, nil
	case one.OrderID == r.task.Guards.TakeOver && r.mine == 0:
		return othersNamed, nil
	case r.appeared(one) && r.exact(one):
		return othersOne, nil
	case r.appeared(one) && (r.samePrice(one) || one.concern == concernsMay):
		return othersMany, nil
	case r.later(one):
		return othersClear, nil // whoever placed it finds the renewal's before it
	case one.concern == concernsMay && r.age(one.booked) < r.task.patience().Settle:
		return othersDark, nil // its lines, or the journal, may still say what it is for
	}
	return othersOpen, nil
}

// later reports whether an order was placed after the renewal's own. Their dates tell, if
// they are far enough apart that two readings cannot differ about it, and else their
// numbers: nobody has said that numbers rise. In between, both have to agree.
func (r rivals) later(one rival) bool {
	own, _ := r.book.get(r.mine)
	number := one.OrderID > r.mine
	if r.mine == 0 || one.Date.IsZero() || own.Date.IsZero() {
		return r.mine != 0 && number
	}
	switch after := one.Date.Sub(own.Date.Time); {
	case after.Abs() < sameMoment:
		return number
	case after.Abs() > 2*sameMoment:
		return after > 0
	default:
		return number && after > 0
	}
}

// appeared reports whether an order may be the one whose answer was lost.
func (r rivals) appeared(one rival) bool {
	return !r.since.IsZero() && !slices.Contains(r.before, one.OrderID) && (one.Date.IsZero() || !one.Date.Time.Before(r.since.Add(-clockSkew)))
}

// cancelled judges an order that came to nothing, or was paid and taken back. One that
// was cancelled before its time may have been paid, though no payment is on record now.
func (r rivals) cancelled(ctx context.Context, one rival) (others, error) {
	if r.age(one.booked) > orderHorizon {
		return othersClear, nil
	}
	paid, err := onRecord(ctx, r.book.client, one.OrderID)
	switch {
	case err != nil:
		return othersDark, err
	case paid, r.now.Before(one.ExpirationDate.Time):
		return othersPaid, nil
	}
	return othersClear, r.book.ended(ctx, one.OrderID, one.status)
}

// onRecord reports whether a payment of an order is on record, with a date or without.
func onRecord(ctx context.Context, client Reader, id OrderID) (bool, error) {
	_, err := client.OrderPayment(ctx, id)
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, ErrNotFound), errors.Is(err, ErrUnsupported):
		return false, nil
	}
	return false, err
}

// String says which order is in the way, and what it is.
func (one rival) String() string {
	what := "it does not say what for"
	switch {
	case len(one.fact.Services) > 0 && one.concern == concernsIt:
		what = "placed from here, with no record of what became of it"
	case len(one.fact.Services) > 0:
		what = "placed from here"
	case len(one.fact.Names) > 0:
		what = "for " + printable(strings.Join(one.fact.Names, " + "))
	}
	text := fmt.Sprintf("order %d of %s, %s, of %s, is %s", one.OrderID, DateOf(one.Date.Time), what, one.PriceWithTax, cmp.Or(one.status, "not to be read"))
	if one.status == OrderNotPaid && !one.ExpirationDate.IsZero() {
		text += ", and lapses on " + DateOf(one.ExpirationDate.Time).String()
	}
	return text
}

func inTheWay(found []rival) (OrderID, string) {
	if len(found) == 0 {
		return 0, "the account's orders could not be judged"
	}
	texts := make([]string, 0, len(found))
	for _, one := range found {
		texts = append(texts, one.String())
	}
	advice := ": let it come to its end, or name it in Guards.TakeOver to pay it for this, or in Guards.IgnoreOrders if it is for something else"
	if found[0].concern == concernsNot && found[0].means == othersOpen {
		advice = ": it is for something else, and cannot be taken over"
	}
	return found[0].OrderID, strings.Join(texts, "; ") + advice
}

// sameMoment is how much earlier than the call an order may be dated that it placed: two
// clocks of the API may be apart.
const sameMoment = 30 * time.Second

// ours reports whether a call placed the order that it was answered with, which may have been
// open already. While it was under way, a reading for another renewal may have shown the new
// order: only those before it count. Price and lines decide of one dated before the call.
func (j *job) ours(ctx context.Context, order Order, readings int, called time.Time) (bool, error) {
	known, _ := j.r.book.get(order.OrderID)
	dated := !order.Date.IsZero()
	if known.listed && known.since <= readings || len(known.fact.Services) > 0 ||
		dated && order.Date.Time.Before(j.st.Sent.Add(-sameMoment)) ||
		dated && order.Date.Time.Before(called.Add(-time.Second)) && order.PriceWithoutTax != j.task.Offer.Price() {
		return false, nil
	}
	since := j.st.Sent.Add(-sameMoment - clockSkew) // nobody knew its number before it was placed
	if !dated {
		since = j.st.Sent.Add(-day)
	}
	facts, err := j.r.journal.Orders(ctx, j.r.account, since)
	if err != nil {
		return false, journalError(err)
	}
	if slices.ContainsFunc(facts, func(f OrderFact) bool { return f.Order == order.OrderID && len(f.Services) > 0 }) {
		return false, nil // another renewal of this journal has it
	}
	if !order.Date.Time.Before(j.st.Sent.Add(-time.Second)) {
		return true, nil
	}
	return j.mayBeFor(ctx, order.OrderID)
}
