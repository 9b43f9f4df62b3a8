// What has to hold of the random schedules of several programs: of the money, of what is said
// of it, and of how they end.

package safety_test

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// sending is a spending call that was sent.
type sending struct {
	p       *program
	run     *proc
	journal int
	at      time.Time
	pays    bool
	order   int64 // that is paid, or was the answer
}

// telling is what a program told: of a receipt, or of the money.
type telling struct {
	want1
	p       *program
	run     *proc
	at      time.Time
	receipt *ovhrenew.Receipt
	err     error
	failed  *ovhrenew.StepError
	paid    ovhrenew.Paid
}

func (s *hosts) answered(number int, order int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sends[number].order = order
}

// tell notes what was told.
func (p *program) tell(run *proc, receipt *ovhrenew.Receipt, err error) {
	p.told(run, telling{want1: p.want1, receipt: receipt, err: err})
}

// tellItem notes what the report of a plan tells of an item.
func (p *program) tellItem(run *proc, item portfolio.ItemReport) {
	one := telling{want1: want1{target: p.target, period: item.Item.Period}, err: item.Err}
	for _, service := range item.Item.Services {
		one.services = append(one.services, service.ID)
	}
	if item.Outcome == portfolio.OutcomeRenewed {
		one.receipt = &ovhrenew.Receipt{Services: item.Services, Order: item.Order, Already: item.Already}
	} else if item.Err == nil {
		one.err = errors.New(string(item.Outcome))
	}
	if item.Outcome == portfolio.OutcomeOrdered {
		one.paid = ovhrenew.PaidNo // "certainly not paid"
	}
	p.told(run, one)
}

func (p *program) told(run *proc, one telling) {
	if run.dead.Load() {
		return
	}
	one.p, one.run, one.at = p, run, p.s.w.server.Now()
	if errors.As(one.err, &one.failed) && one.paid == "" {
		one.paid = one.failed.Paid
	}
	p.s.note("%s: told %v, paid %s", p.name, one.err, one.paid)
	if one.receipt != nil {
		p.s.note("%s: renewed by order %d, already %t", p.name, one.receipt.Order, one.receipt.Already)
	}
	p.s.mu.Lock()
	p.s.tellings = append(p.s.tellings, one)
	if !errors.Is(one.err, ovhrenew.ErrBusy) {
		p.done, p.last, p.lastAt = one.receipt != nil, one.err, one.at
	}
	p.s.mu.Unlock()
	if one.failed != nil {
		p.listen(one)
	}
}

// inText is the order that an error says is in the way.
var inText = regexp.MustCompile(`order (\d+) of \d{4}-`)

// listen lets a person read an error, and sometimes do what it offers: a person knows what an
// order is for, and names each to one program and in one way.
func (p *program) listen(one telling) {
	order, text := one.failed.Order, one.err.Error()
	if in := inText.FindStringSubmatch(text); in != nil && strings.Contains(text, "Guards.TakeOver") {
		n, _ := strconv.ParseInt(in[1], 10, 64)
		order = ovhrenew.OrderID(n)
	}
	i := slices.IndexFunc(p.s.w.server.Orders(), func(o ovhrenewtest.Order) bool { return o.ID == int64(order) })
	if i < 0 || !p.chance(30) {
		return
	}
	o := p.s.w.server.Orders()[i]
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	unpaid := o.Payments == 0 && !slices.ContainsFunc(p.s.sends, func(s sending) bool { return s.pays && s.order == o.ID })
	switch {
	case p.s.named[order] != "":
		return
	case errors.Is(one.err, ovhrenew.ErrRejected) && strings.Contains(text, "Guards.IgnoreOrders") && unpaid:
		p.guards.IgnoreOrders = append(p.guards.IgnoreOrders, order)
		p.s.named[order] = "ignored"
	case errors.Is(one.err, ovhrenew.ErrPending) && strings.Contains(text, "Guards.IgnoreOrders") && p.sawRenewed(o):
		p.guards.IgnoreOrders = append(p.guards.IgnoreOrders, order)
		p.s.named[order] = "for something else"
	case !strings.Contains(text, "Guards.TakeOver"):
		return
	case !slices.ContainsFunc(p.all(), func(id ovhrenew.ServiceID) bool { return slices.Contains(o.Services, int64(id)) }):
		p.guards.IgnoreOrders = append(p.guards.IgnoreOrders, order)
		p.s.named[order] = "for something else"
	case p.is(o.Services, o.Period) && unpaid:
		p.guards.TakeOver = order
		p.s.named[order] = "taken over"
	default:
		return
	}
	p.s.tell("%s: a person says of order %d: %s", p.name, order, p.s.named[order])
}

// sawRenewed reports whether an order has renewed other services than those of the program, and
// a person has seen that.
func (p *program) sawRenewed(o ovhrenewtest.Order) bool {
	covers := !slices.ContainsFunc(p.all(), func(id ovhrenew.ServiceID) bool { return !slices.Contains(o.Services, int64(id)) })
	return !covers && slices.ContainsFunc(p.s.w.server.Payments(), func(one ovhrenewtest.Payment) bool {
		return one.Order == o.ID && p.s.w.server.Now().After(one.Time.Add(p.s.b.StatusLag+p.s.b.DeliveryDelay+p.s.b.ExpiryLag))
	})
}

// check fails the test if money was spent that should not have been, or if something untrue
// was told.
func (s *hosts) check() {
	s.w.tb.Helper()
	for id := range s.w.old {
		var payments []ovhrenewtest.Payment
		for _, p := range s.w.server.Payments() {
			if slices.Contains(p.Services, int64(id)) {
				payments = append(payments, p)
			}
		}
		for i, second := range payments {
			for _, first := range payments[:i] {
				if s.window(id, first, second) == "" {
					s.w.tb.Errorf("service %d was paid for twice: %+v and %+v", id, first, second)
				}
			}
		}
	}
	for _, one := range s.sends {
		if o := s.order(one.order); one.pays && int64(o.WithTax) > one.p.limit.Ucents() {
			s.w.tb.Errorf("%s paid order %d of %s with a limit of %s", one.p.name, o.ID, o.WithTax, one.p.limit)
		}
	}
	for _, one := range s.tellings {
		s.checkReceipt(one)
		s.checkPaid(one)
	}
}

func (s *hosts) order(id int64) ovhrenewtest.Order {
	for _, o := range s.w.server.Orders() {
		if o.ID == id {
			return o
		}
	}
	return ovhrenewtest.Order{}
}

func (s *hosts) checkReceipt(one telling) {
	if one.receipt == nil {
		return
	}
	for _, is := range one.receipt.Services {
		if now := s.w.expiry(is.ServiceID); !is.To.After(is.From) || now.Before(is.To) {
			s.w.tb.Errorf("%s: a receipt says %s to %s, and %d expires on %s", one.p.name, is.From, is.To, is.ServiceID, now)
		}
	}
	if s.order(int64(one.receipt.Order)).Payments == 0 {
		s.w.tb.Errorf("%s: a receipt for order %d, which nobody has paid", one.p.name, one.receipt.Order)
	}
}

// checkPaid compares what was said of the money with the payments. No is also untrue of what
// was sent before and took its effect after it was said.
func (s *hosts) checkPaid(one telling) {
	if one.failed == nil && one.paid == "" {
		return
	}
	for _, payment := range s.w.server.Payments() {
		sent, ok := s.senderOf(payment)
		// The journal was not read, or others had the claim since.
		alone := one.failed != nil && one.failed.Step == ovhrenew.StepFind || errors.Is(one.err, context.DeadlineExceeded) ||
			one.run.passed.Load() && !errors.Is(one.err, ovhrenew.ErrBusy)
		if one.paid != ovhrenew.PaidNo || !ok || !one.is(payment.Services, s.order(payment.Order).Period) ||
			sent.journal != one.run.number || !sent.at.Before(one.at) || alone && sent.run != one.run || s.receiptFor(one, payment.Order) {
			continue
		}
		s.w.tb.Errorf("%s: told at %s as not paid, and order %d was paid by a call of %s: %v", one.p.name, one.at, payment.Order, sent.at, one.err)
	}
	if one.paid == ovhrenew.PaidYes && !slices.ContainsFunc(s.w.server.Payments(), func(p ovhrenewtest.Payment) bool {
		return p.Order == int64(one.failed.Order) && !p.Time.After(one.at)
	}) {
		s.w.tb.Errorf("%s: told as paid, and nobody has paid order %d: %v", one.p.name, one.failed.Order, one.err)
	}
}

// senderOf returns the call that made a payment: the last before it.
func (s *hosts) senderOf(payment ovhrenewtest.Payment) (sender sending, ok bool) {
	for _, sent := range s.sends {
		if sent.pays && sent.order == payment.Order && !sent.at.After(payment.Time) {
			sender, ok = sent, !payment.Elsewhere
		}
	}
	return sender, ok
}

// receiptFor reports whether the journal had a receipt for the order when something was told:
// the money of a later try is another matter.
func (s *hosts) receiptFor(one telling, order int64) bool {
	if one.run.handle == nil {
		return false
	}
	for receipt, err := range one.run.handle.Receipts(context.Background(), s.accountName, time.Time{}) {
		if err == nil && receipt.Order == ovhrenew.OrderID(order) && !receipt.Verified.After(one.at) {
			return true
		}
	}
	return false
}

// atTheEnd checks that each service is renewed after enough calm nights, or that the last
// word of each program that wants it says what is in the way.
func (s *hosts) atTheEnd() {
	for _, p := range s.programs {
		if p.done || s.lastWord(p) != "" {
			continue
		}
		s.w.tb.Errorf("%s was not renewed after %d calm nights, and told %v", p.name, calmNights, p.last)
	}
}

// lastWord is the error with which a program may end, or nothing if it may not.
func (s *hosts) lastWord(p *program) string {
	renewed := s.w.expiry(p.target).After(s.w.old[p.target])
	paid := s.w.payments(p.all()) > 0
	fits := p.limit.Ucents() > 10*unit
	is := func(err error) bool { return errors.Is(p.last, err) }
	switch {
	case renewed && (is(ovhrenew.ErrNotDue) || is(ovhrenew.ErrExpiryMoved) || is(ovhrenew.ErrForeignOrder) || is(ovhrenew.ErrUnderWay)):
		return "renewed by another"
	case renewed && p.last == nil && p.form == byApply:
		return "nothing is planned"
	case !fits && (is(ovhrenew.ErrOverLimit) || p.last == nil && p.form == byApply):
		return "over the limit"
	case (is(ovhrenew.ErrForeignOrder) || is(ovhrenew.ErrPriceChanged) || is(ovhrenew.ErrLapsed)) && s.comesToAnEnd(p.last, p.lastAt):
		return "an order that comes to an end"
	case is(ovhrenew.ErrPending) && s.paidLately(p):
		return "paid in the last night"
	case (is(ovhrenew.ErrPending) || is(ovhrenew.ErrUnderWay)) && strings.Contains(p.last.Error(), "Guards.IgnoreOrders"):
		return "an order of another's is named"
	case is(ovhrenew.ErrRejected):
		return "a person said no"
	case s.b.AfterPay != "" && paid && (is(ovhrenew.ErrNeedsHuman) || is(ovhrenew.ErrForeignOrder) || is(ovhrenew.ErrUnderWay)):
		return "documents"
	case s.b.Expired == ovhrenewtest.ExpiredEverywhere && is(ovhrenew.ErrExpired):
		return "expired"
	}
	return ""
}

// paidLately reports whether what a program waits for may come yet.
func (s *hosts) paidLately(p *program) bool {
	return slices.ContainsFunc(s.w.server.Payments(), func(one ovhrenewtest.Payment) bool {
		mine := slices.ContainsFunc(p.all(), func(id ovhrenew.ServiceID) bool { return slices.Contains(one.Services, int64(id)) })
		return mine && p.lastAt.Before(one.Time.Add(s.b.StatusLag+s.b.DeliveryDelay+s.b.ExpiryLag))
	})
}

// comesToAnEnd reports whether the order that an error names will be out of the way: when its
// time is over, or fifteen days after it was paid, or could be.
func (s *hosts) comesToAnEnd(err error, at time.Time) bool {
	failed, ok := errors.AsType[*ovhrenew.StepError](err)
	if !ok {
		return false
	}
	order := s.order(int64(failed.Order))
	until := order.Expiration.Add(days)
	if order.Status == "delivered" {
		for _, p := range s.w.server.Payments() {
			if p.Order == order.ID && len(s.b.Absent) == 0 && !s.b.PaymentUndated {
				until = p.Time
			}
		}
		until = until.Add(15 * days)
	}
	return at.Before(until) || order.Status == s.b.AfterPay
}

func (s *hosts) finish(sum *hostsTally) {
	sum.mu.Lock()
	defer sum.mu.Unlock()
	sum.schedules++
	sum.starts += s.starts
	sum.deaths += s.deaths
	sum.slept += s.slept
	sum.faults += len(s.w.server.Faults())
	sum.orders += len(s.w.server.Orders())
	payments := s.w.server.Payments()
	sum.paid += len(payments)
	for i, second := range payments {
		for _, first := range payments[:i] {
			for _, id := range second.Services {
				if slices.Contains(first.Services, id) {
					sum.windows[s.window(ovhrenew.ServiceID(id), first, second)]++
				}
			}
		}
	}
	for _, p := range s.programs {
		if sum.services++; !p.done {
			sum.not++
			sum.ends[s.lastWord(p)]++
		}
	}
}
