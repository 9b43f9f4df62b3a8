// What the tests of looks and of the loop share: an account at noon, and a renewal under way.

package ovhrenew

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"
)

// accountAPI answers of one account at noon, and keeps what was asked, in order.
type accountAPI struct {
	ordersAPI
	order                                            Order
	orderErr, timeErr, serviceErr, usageErr, listErr error
	list                                             []Order
	query                                            OrderQuery // of the list
	numbers                                          []OrderID  // of the list of numbers
	numbersErr                                       error
	numbersFrom                                      time.Time
	expiry                                           map[ServiceID]Date
	asked                                            []string
	buyErr                                           error
	notAfter                                         time.Time         // for the payment
	slow                                             time.Duration     // to answer of a service
	slowly                                           func()            // called as it answers of a service
	pays                                             func(c *lookCase) // called with a payment
	c                                                *lookCase
}

func (a *accountAPI) PlaceOrder(context.Context, Offer) (Order, error) {
	a.ask("place")
	return a.order, a.buyErr
}

func (a *accountAPI) Pay(ctx context.Context, id OrderID, with Payment) error {
	a.ask(fmt.Sprintf("pay %d with %s", id, with))
	a.notAfter = notAfter(ctx)
	if a.pays != nil {
		a.pays(a.c)
	}
	return a.buyErr
}

func (a *accountAPI) ask(what string) { a.asked = append(a.asked, what) }

func (a *accountAPI) Time(context.Context) (time.Time, error) {
	return noon, a.timeErr
}

func (a *accountAPI) Order(context.Context, OrderID) (Order, error) {
	a.ask("order")
	if a.orderErr != nil {
		return Order{}, a.orderErr
	}
	return a.order, nil
}

func (a *accountAPI) OrderStatus(ctx context.Context, id OrderID) (OrderStatus, error) {
	a.ask("status")
	return a.ordersAPI.OrderStatus(ctx, id)
}

func (a *accountAPI) OrderPayment(ctx context.Context, id OrderID) (OrderPayment, error) {
	a.ask("payment")
	return a.ordersAPI.OrderPayment(ctx, id)
}

func (a *accountAPI) OrderPaymentMethods(context.Context, OrderID) (OrderPaymentMethods, error) {
	a.ask("usable")
	return OrderPaymentMethods{}, a.usageErr
}

func (a *accountAPI) Orders(_ context.Context, q OrderQuery) iter.Seq2[Order, error] {
	a.ask("list")
	a.query = q
	return func(yield func(Order, error) bool) {
		if a.listErr != nil {
			yield(Order{}, a.listErr)
			return
		}
		for _, o := range a.list {
			if !yield(o, nil) {
				return
			}
		}
	}
}

func (a *accountAPI) FindOrders(_ context.Context, q OrderQuery) ([]OrderID, error) {
	a.ask("numbers")
	a.numbersFrom = q.From
	return a.numbers, a.numbersErr
}

func (a *accountAPI) Service(_ context.Context, id ServiceID) (Service, error) {
	a.ask("service")
	time.Sleep(a.slow) //nolint:forbidigo // of fake time
	if a.slowly != nil {
		a.slowly()
	}
	return Service{ID: id, Name: id.String(), Expiry: a.expiry[id], Mode: ModeManual, Lifecycle: "active"}, a.serviceErr
}

func (a *accountAPI) ListedService(_ context.Context, id ServiceID) (Service, error) {
	return Service{ID: id, Expiry: a.expiry[id]}, nil
}

// A lookCase is a renewal of service 1 whose order 7 was placed an hour ago by the account's
// only journal, and has been watched since.
type lookCase struct {
	*job
	api *accountAPI
}

var errAny = errors.New("any")

// costs is what the order costs.
var costs = Quote{PriceWithTax: MustMoney("12 EUR"), PriceWithoutTax: MustMoney("10 EUR"), Tax: MustMoney("2 EUR")}

const lookedFor = time.Hour

func newLookCase(phase Phase) *lookCase {
	c := &lookCase{api: &accountAPI{ordersAPI: ordersAPI{status: OrderNotPaid, paymentErr: ErrNotFound}, expiry: map[ServiceID]Date{1: MustDate("2026-12-01"), 2: MustDate("2026-12-01")}}}
	c.api.c = c
	ago := noon.Add(-lookedFor)
	c.api.order = Order{OrderID: 7, Date: Timestamp{ago}, ExpirationDate: Timestamp{noon.Add(6 * day)}, PriceWithoutTax: costs.PriceWithoutTax, PriceWithTax: costs.PriceWithTax, Tax: costs.Tax}
	c.api.list = []Order{c.api.order}
	journal := &factsJournal{sharing: OnlyJournal}
	c.job = &job{r: &Runner{account: "a", client: c.api, journal: journal, services: map[ServiceID]serviceRead{}, payable: map[string]payableSince{}, answers: map[string]error{}}}
	c.r.book = newBook(c.api, journal, "a")
	c.claim = &heldClaim{}
	c.task = taskOf(P1Y, "2026-12-01", 1)
	c.task.Offer.Strategy.Price = MustMoney("10 EUR")
	c.task.Limit, c.task.PayWith, c.task.Until = MustMoney("12 EUR"), Method(5), noon.Add(time.Hour)
	c.r.payable[c.task.PayWith.String()] = payableSince{Method(6), time.Now()}
	if phase != PhaseWanted {
		c.st = State{Phase: phase, Time: ago, Sent: ago, Ended: ago, Lapses: noon.Add(6 * day)}
	}
	if phase != PhaseWanted && phase != PhaseOrdering {
		c.st.Order, c.st.Placed, c.st.Watched = 7, ago, ago
		c.st.Cost = Quote{PriceWithTax: MustMoney("12 EUR")}
	}
	if phase == PhasePaying || phase == PhaseDeclined || phase == PhasePaid {
		c.st.Payment = "x"
	}
	return c
}

// placed makes the order one that was placed a while ago, whether or not anybody watched it.
func (c *lookCase) placed(ago time.Duration) {
	at := noon.Add(-ago)
	c.api.order.Date = Timestamp{at}
	c.api.list = []Order{c.api.order}
	c.st.Placed, c.st.Sent, c.st.Ended, c.st.Watched = at, at, at, time.Time{}
}

// read has the book know the list as it is, read some time ago.
func (c *lookCase) read(ago time.Duration) {
	c.r.book.at, c.r.book.upTo, c.r.book.settle = time.Now().Add(-ago), noon, defaultSettle
	for _, o := range c.api.list {
		c.r.book.orders[o.OrderID] = &booked{Order: o, listed: true, at: c.r.book.at}
	}
}

func (c *lookCase) moves(to string) { c.api.expiry[1] = MustDate(to) }

func (c *lookCase) changes(set func(o *Order)) { set(&c.api.order); c.api.list = []Order{c.api.order} }

func (c *lookCase) foreign() {
	o := c.api.order
	o.OrderID, o.Date = 3, Timestamp{noon.Add(-day)}
	c.api.list = append(c.api.list, o)
	c.r.book.orders[3] = &booked{read: true, fact: OrderFact{Order: 3, Names: []string{"1"}, Date: o.Date.Time}}
}

// paged gives the runner pages, and says when they were read.
func (c *lookCase) paged(ago time.Duration) {
	c.r.pages = map[ServiceID]Service{1: {ID: 1, Expiry: c.api.expiry[1], Mode: ModeManual}, 2: {ID: 2, Expiry: c.api.expiry[2], Mode: ModeManual}}
	c.r.pagesAt = time.Now().Add(-ago)
}
