package probe

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/ovhrenew/ovhrenew"
)

// orderDates asks whether the list of orders is that of a time, in whole.
func (p *probe) orderDates(ctx context.Context) Finding {
	f := Finding{
		Assumption: "GET /me/order keeps to date.from, or can be kept to it.",
		Looked:     "GET /me/order of a year", Verdict: notSeen,
	}
	if err := p.history(ctx); err != nil {
		p.unordered = err
		f.Saw, f.Verdict = failure(err), notRead
		return f
	}
	page, _ := p.wire.last("/me/order")
	objects, ids, nulls := elements(page.body)
	f.Saw = fmt.Sprintf("objects: %t, ids: %t, nulls: %t", objects > 0, ids > 0, nulls > 0)
	dated := 0
	for _, order := range p.orders {
		if !order.Date.IsZero() {
			dated++
		}
	}
	if len(p.orders) > 0 {
		f.Saw += fmt.Sprintf("; all orders have a date: %t", dated == len(p.orders))
		f.Verdict = verdict(dated == len(p.orders))
	}
	return f
}

func (p *probe) orderNumbers(context.Context) Finding {
	f := Finding{Assumption: "The numbers of orders grow with time.", Looked: "the orders of a year", Verdict: notSeen}
	if len(p.orders) < 2 {
		return f
	}
	growing := slices.IsSortedFunc(p.orders, func(a, b ovhrenew.Order) int {
		if a.Date.Equal(b.Date.Time) {
			return 0
		}
		return cmp.Compare(a.OrderID, b.OrderID)
	})
	f.Saw, f.Verdict = "growing: "+strconv.FormatBool(growing), verdict(growing)
	return f
}

func (p *probe) orderLines(context.Context) Finding {
	f := Finding{
		Assumption: "An order's line names its service as it is named; only lines of something new say *.",
		Looked:     "GET /me/order/{orderId}/details of the newest orders", Verdict: notSeen,
	}
	var saw []string
	for _, order := range p.newest() {
		for _, line := range p.lines[order.OrderID] {
			kind := "names something else"
			switch {
			case slices.ContainsFunc(p.services, func(s ovhrenew.Service) bool { return s.Name == line.Domain }):
				kind = "names a service"
			case line.Domain == "*":
				kind = "says *"
			case line.Domain == "":
				kind = "says nothing"
			}
			saw = append(saw, fmt.Sprintf("a %s line %s", line.DetailType, kind))
		}
	}
	if len(saw) > 0 {
		f.Saw = tally(saw)
		f.Verdict = seen
		for _, kind := range []string{"DURATION", "RENEW"} {
			if slices.Contains(saw, fmt.Sprintf("a %s line names a service", kind)) {
				f.Verdict = holds
			}
		}
		for _, kind := range []string{"DURATION", "RENEW"} {
			if slices.Contains(saw, fmt.Sprintf("a %s line says *", kind)) {
				f.Verdict = fails
			}
		}
	}
	return f
}

func (p *probe) lapsed(ctx context.Context) Finding {
	f := Finding{
		Assumption: "An order that was not paid in time shows notPaid, and later cancelled.",
		Looked:     "GET /me/order/{orderId}/status of orders past their expirationDate", Verdict: notSeen,
	}
	var saw []string
	ok := true
	for _, order := range p.orders {
		if len(saw) == few || order.ExpirationDate.IsZero() || time.Now().Before(order.ExpirationDate.Time) {
			continue
		}
		status, err := p.client.OrderStatus(ctx, order.OrderID)
		if err != nil {
			f.Saw, f.Verdict = failure(err), notRead
			return f
		}
		if status != ovhrenew.OrderDelivered { // paid ones keep their expirationDate
			saw = append(saw, string(status))
			ok = ok && (status == ovhrenew.OrderNotPaid || status == ovhrenew.OrderCancelled)
		}
	}
	if len(saw) > 0 {
		f.Saw, f.Verdict = tally(saw), verdict(ok)
	}
	return f
}

func (p *probe) twoOrders(context.Context) Finding {
	f := Finding{
		Assumption: "A second order for a service may be made while one is open: only this library prevents it.",
		Looked:     "orders of a year whose times to be paid overlap and whose lines name the same", Verdict: notSeen,
	}
	newest := p.newest()
	for i, a := range newest {
		for _, b := range newest[i+1:] {
			if b.Date.Before(a.ExpirationDate.Time) && slices.ContainsFunc(p.lines[a.OrderID], func(x ovhrenew.OrderDetail) bool {
				return x.Domain != "*" && slices.ContainsFunc(p.lines[b.OrderID], func(y ovhrenew.OrderDetail) bool { return x.Domain == y.Domain })
			}) {
				f.Saw, f.Verdict = "there are two such", holds
			}
		}
	}
	return f
}

func (p *probe) defaultListed(ctx context.Context) Finding {
	f := Finding{
		Assumption: "An order lists the payment methods that it takes; whether the default is among them differs.",
		Looked:     "GET /me/order/{orderId}/paymentMethods of unpaid orders, GET /me/payment/method", Verdict: notSeen,
	}
	var def ovhrenew.Method
	for method, err := range p.client.PaymentMethods(ctx) {
		if err == nil && method.Default {
			def = method.PaymentMethodID
		}
	}
	for _, order := range p.newest() {
		status, err := p.client.OrderStatus(ctx, order.OrderID)
		if err != nil || status != ovhrenew.OrderNotPaid {
			continue
		}
		methods, err := p.client.OrderPaymentMethods(ctx, order.OrderID)
		if err != nil {
			f.Saw, f.Verdict = failure(err), notRead
			continue
		}
		body, _ := p.wire.last("/paymentMethods")
		f.Saw = fmt.Sprintf("%s; the default is listed: %t", shape(body.body, "registered", "paymentMethods", "available"), slices.Contains(methods.Registered, def))
		f.Verdict = seen
	}
	return f
}

func (p *probe) dryRun(ctx context.Context) Finding {
	f := Finding{
		Assumption: "A dry run gives a price and orders nothing.",
		Looked:     "POST /service/{serviceId}/renew with dryRun true, GET /me/order before and after", Verdict: notAsked,
	}
	if !p.quote {
		f.Saw = "only with --quote"
		return f
	}
	offer, err := p.offer(ctx)
	switch {
	case err != nil:
		p.unquoted, f.Saw, f.Verdict = err, failure(err), notRead
		return f
	case offer == nil:
		f.Verdict = notSeen
		return f
	}
	before, err1 := p.recent(ctx)
	quote, err := p.client.Quote(ctx, *offer)
	p.unquoted = err
	after, err2 := p.recent(ctx)
	if err != nil || err1 != nil || err2 != nil {
		f.Saw, f.Verdict = fmt.Sprintf("%s, %s, %s", outcome("the quote", err), outcome("before", err1), outcome("after", err2)), notRead
		return f
	}
	p.quoted = &quote
	body, _ := p.wire.last("/renew")
	f.Saw = fmt.Sprintf("%s; orders more than before: %d", shape(body.body, "orderId", "date", "expirationDate", "password", "url", "pdfUrl"), after-before)
	f.Verdict = verdict(after == before)
	return f
}

// offer is the first that there is, or nil. The error is that of services whose offers
// could not be read, if none could.
func (p *probe) offer(ctx context.Context) (*ovhrenew.Offer, error) {
	var unread error
	for _, service := range p.some(func(s ovhrenew.Service) bool { return s.Parent == 0 && !expired(s) }) {
		descriptions, err := p.client.Renewals(ctx, service.ID, false)
		if offers := ovhrenew.Offers(service.ID, descriptions); err == nil && len(offers) > 0 {
			return &offers[0], nil
		}
		unread = cmp.Or(unread, err)
	}
	return nil, unread
}

// recent counts the orders of the last hour.
func (p *probe) recent(ctx context.Context) (n int, err error) {
	for _, err := range p.client.Orders(ctx, ovhrenew.OrderQuery{From: time.Now().Add(-time.Hour)}) {
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func (p *probe) beforeTax(context.Context) Finding {
	f := Finding{Assumption: "An offer's price is before tax.", Looked: "the offer and its quote", Verdict: notAsked, Saw: "only with --quote"}
	if p.quote {
		f.Saw, f.Verdict = "", notSeen
	}
	if q := p.quoted; q != nil {
		same := q.Offer.Price() == q.PriceWithoutTax
		f.Saw = fmt.Sprintf("equal to the quote without tax: %t; there is tax: %t", same, q.Tax.Sign() != 0)
		f.Verdict = verdict(same)
	}
	return f
}

func (p *probe) tooMany(context.Context) Finding {
	f := Finding{
		Assumption: "Who asks too fast is answered 429, perhaps with Retry-After.",
		Looked:     "nothing: the probe does not ask fast, and would only notice", Verdict: notSeen,
	}
	if limited, ok := p.wire.limited(); ok {
		f.Saw = fmt.Sprintf("Retry-After: %t; %s", limited.header.Get("Retry-After") != "", shape(limited.body, "class", "errorCode", "message"))
		f.Verdict = seen
	}
	return f
}

func (p *probe) delay(context.Context) Finding {
	return Finding{
		Assumption: "The new expiry shows soon after an order was delivered.",
		Looked:     "nothing: it takes a renewal to see", Verdict: notAsked,
	}
}
