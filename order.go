package ovhrenew

import (
	"context"
	"fmt"
	"iter"
	"net/url"
	"strings"
	"time"

	"github.com/ovhrenew/ovhrenew/internal/transport"
)

// Order is an invitation to pay, which lapses by itself.
// API: billing.Order, service.renew.RenewOrder
type Order struct {
	OrderID         OrderID   `json:"orderId"`
	Date            Timestamp `json:"date"`
	ExpirationDate  Timestamp `json:"expirationDate"` // when it lapses unpaid
	RetractionDate  Timestamp `json:"retractionDate"` // none for a renewal
	PriceWithTax    Money     `json:"priceWithTax"`   // what paying it costs
	PriceWithoutTax Money     `json:"priceWithoutTax"`
	Tax             Money     `json:"tax"`
	Password        Secret    `json:"password"` // with the URLs it opens the order
	URL             Secret    `json:"url"`
	PdfURL          Secret    `json:"pdfUrl"`
	Metadatas       []string  `json:"metadatas,omitempty"`
}

func (o Order) identity() string { return identity(o.OrderID) }

// Quote is what an offer would cost. It is no order: nothing can pay it.
// API: service.renew.RenewOrder of a dry run
type Quote struct {
	Offer           Offer `json:"-"`
	PriceWithTax    Money `json:"priceWithTax"`
	PriceWithoutTax Money `json:"priceWithoutTax"`
	Tax             Money `json:"tax"`
}

// OrderDetail is a line of an order.
// API: billing.OrderDetail
type OrderDetail struct {
	OrderDetailID int64  `json:"orderDetailId"`
	Description   string `json:"description"`
	DetailType    string `json:"detailType"`
	Domain        string `json:"domain"` // the service's name, "*" for a new one
	Quantity      string `json:"quantity"`
	UnitPrice     Money  `json:"unitPrice"`
	TotalPrice    Money  `json:"totalPrice"`
	Cancelled     bool   `json:"cancelled"`
}

func (o OrderDetail) identity() string { return identity(o.OrderDetailID) }

// OrderPayment is how an order was paid.
// API: billing.Payment
type OrderPayment struct {
	PaymentDate       Timestamp `json:"paymentDate"`
	PaymentIdentifier string    `json:"paymentIdentifier"`
	PaymentType       string    `json:"paymentType"`
}

// OrderQuery narrows a list of orders. Its zero value lists them all.
type OrderQuery struct {
	From, To time.Time // of the order's date; zero is unbounded
}

func (q OrderQuery) values() url.Values {
	text := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format(time.RFC3339)
	}
	return onlyGiven(url.Values{"date.from": {text(q.From)}, "date.to": {text(q.To)}})
}

// outside reports whether an order's date is out of the query's bounds. The US
// region's list takes no dates, and an unknown parameter may be ignored anywhere.
func (q OrderQuery) outside(order Order) bool {
	date := order.Date
	return !date.IsZero() && (date.Before(q.From.Truncate(time.Second)) || !q.To.IsZero() && date.After(q.To))
}

// Renewals lists how a service can be renewed: one description for each period, with its
// strategies. The error is [ErrUnsupported] in a region that does not renew by order; it
// is asked once a day.
// API: GET /service/{serviceId}/renew (EU)
func (a *API) Renewals(ctx context.Context, id ServiceID, includeOptions bool) ([]RenewDescription, error) {
	if err := checkID("Renewals", "id", id); err != nil {
		return nil, err
	}
	if a.made() {
		if err := a.region.known(); err != nil {
			return nil, err
		}
	}
	var query url.Values
	if includeOptions {
		query = url.Values{"includeOptions": {"true"}}
	}
	descriptions, err := fetch[[]RenewDescription](ctx, a, request{
		route: "GET /service/{serviceId}/renew", args: []string{id.String()}, query: query, head: fresh,
	})
	a.region.learn(err)
	return descriptions, err
}

// sendRenew sends what an order sends, and as a dry run a quote. DryRun is always there: what
// the API makes of a request without it is not known.
func sendRenew[T any](ctx context.Context, a *API, o Offer, call string, dryRun bool) (answer T, name string, err error) {
	if err := o.check(call); err != nil {
		return answer, "", err
	}
	r := request{
		route: "POST /service/{serviceId}/renew", args: []string{o.Service.String()}, kind: transport.Spend,
		body: map[string]any{"dryRun": dryRun, "duration": o.Period, "services": o.Strategy.Services},
	}
	if dryRun {
		r.kind = transport.Harmless
	}
	answer, err = fetch[T](ctx, a, r)
	return answer, callName(r.route, r.path()), err
}

// Quote returns what an offer would cost, tax included. It orders nothing.
// API: POST /service/{serviceId}/renew with dryRun true (EU)
func (a *API) Quote(ctx context.Context, offer Offer) (Quote, error) {
	quote, call, err := sendRenew[Quote](ctx, a, offer, "Quote", true)
	if err == nil && quote.PriceWithTax.Currency() == "" {
		err = fmt.Errorf("%s: %w: priceWithTax is %s", call, ErrMalformed, quote.PriceWithTax)
	}
	quote.Offer = offer
	return quote, err
}

// PlaceOrder orders an offer. An order that is not paid lapses by itself. The request is
// sent once. The error is [ErrUnsure] if the order may exist all the same. After any
// other error it does not.
// API: POST /service/{serviceId}/renew with dryRun false (EU)
func (a *API) PlaceOrder(ctx context.Context, offer Offer) (Order, error) {
	order, call, err := sendRenew[Order](ctx, a, offer, "PlaceOrder", false)
	switch {
	case err != nil:
	case order.OrderID <= 0:
		err = fmt.Errorf("%s: %w: orderId is %d", call, ErrMalformed, order.OrderID)
	case order.PriceWithTax.Currency() == "":
		err = fmt.Errorf("%s: %w: priceWithTax is %s", call, ErrMalformed, order.PriceWithTax)
	}
	return order, unsure(err)
}

// Orders streams the account's orders. An error about one order does not end the stream.
// API: GET /me/order, expanded (the US region cannot narrow by date: this does)
func (a *API) Orders(ctx context.Context, query OrderQuery) iter.Seq2[Order, error] {
	all := list[Order](ctx, a, listing{
		request: request{route: "GET /me/order", query: query.values(), head: fresh},
		item:    "GET /me/order/{orderId}",
	})
	return func(yield func(Order, error) bool) {
		for order, err := range all {
			if err == nil && query.outside(order) {
				continue
			}
			if !yield(order, err) {
				return
			}
		}
	}
}

// FindOrders lists the numbers of the orders that the query lets through, uncached. The
// US region does not narrow them by date.
// API: GET /me/order
func (a *API) FindOrders(ctx context.Context, query OrderQuery) ([]OrderID, error) {
	return fetch[[]OrderID](ctx, a, request{route: "GET /me/order", query: query.values(), head: fresh})
}

// Order reads an order. The error is [ErrNotFound] if the account has no such order.
// API: GET /me/order/{orderId}
func (a *API) Order(ctx context.Context, id OrderID) (Order, error) {
	return byID[Order](ctx, a, "Order", "GET /me/order/{orderId}", id)
}

// OrderStatus reads where an order stands.
// API: GET /me/order/{orderId}/status
func (a *API) OrderStatus(ctx context.Context, id OrderID) (OrderStatus, error) {
	status, err := byID[OrderStatus](ctx, a, "OrderStatus", "GET /me/order/{orderId}/status", id)
	if err == nil && strings.TrimSpace(string(status)) == "" {
		err = fmt.Errorf("GET /me/order/%d/status: %w: the status is empty", id, ErrMalformed)
	}
	return status, err
}

// OrderDetails lists the lines of an order. Right after ordering there may be none.
// API: GET /me/order/{orderId}/details, expanded
func (a *API) OrderDetails(ctx context.Context, id OrderID) ([]OrderDetail, error) {
	if err := checkID("OrderDetails", "id", id); err != nil {
		return nil, err
	}
	var lines []OrderDetail
	for line, err := range list[OrderDetail](ctx, a, listing{
		request: request{route: "GET /me/order/{orderId}/details", args: []string{id.String()}, head: fresh},
		item:    "GET /me/order/{orderId}/details/{orderDetailId}",
	}) {
		if err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// OrderPayment reads how an order was paid. The error is [ErrNotFound] if it was not.
// API: GET /me/order/{orderId}/payment (EU, CA)
func (a *API) OrderPayment(ctx context.Context, id OrderID) (OrderPayment, error) {
	return byID[OrderPayment](ctx, a, "OrderPayment", "GET /me/order/{orderId}/payment", id)
}
