package ovhrenew

import (
	"context"
	"iter"
	"net/url"
	"time"
)

// Bill is a bill.
// API: billing.Bill, in the US region billing.Invoice
type Bill struct {
	BillID          string       `json:"billId"`
	OrderID         OrderID      `json:"orderId"`
	Date            Timestamp    `json:"date"`
	Category        BillCategory `json:"category"` // not in the US region
	PriceWithTax    Money        `json:"priceWithTax"`
	PriceWithoutTax Money        `json:"priceWithoutTax"`
	Tax             Money        `json:"tax"`
	// Password and the links open the bill to whoever holds them.
	Password         Secret           `json:"password"`
	URL              Secret           `json:"url"`
	PdfURL           Secret           `json:"pdfUrl"`
	HTMLURL          Secret           `json:"htmlUrl"` // in the US region only
	EInvoicingID     string           `json:"eInvoicingId"`
	EInvoicingStatus EInvoicingStatus `json:"eInvoicingStatus"`
}

func (o Bill) identity() string { return o.BillID }

// BillQuery narrows a list of bills. Its zero value lists them all.
type BillQuery struct {
	// Order keeps the bills of this order; 0: of any.
	Order OrderID
	// From and To bound the date of the bill; zero: unbounded.
	From, To time.Time
	// Category keeps the bills of this category. The US region has none.
	Category BillCategory
}

func (q BillQuery) values() url.Values {
	values := OrderQuery{From: q.From, To: q.To}.values()
	if q.Order != 0 {
		values.Set("orderId", q.Order.String())
	}
	if q.Category != "" {
		values.Set("category", string(q.Category))
	}
	return values
}

// outside reports whether a bill is not what the query asks for: a server may
// ignore what it does not know.
func (q BillQuery) outside(bill Bill) bool {
	return q.Order != 0 && bill.OrderID != q.Order ||
		q.Category != "" && bill.Category != q.Category ||
		OrderQuery{From: q.From, To: q.To}.outside(Order{Date: bill.Date})
}

// Bills streams the account's bills, uncached. An error that concerns one bill
// does not end the stream.
//
// API: GET /me/bill, expanded, or with GET /me/bill/{billId}
//
// IAM: account:apiovh:me/bill/get
func (a *API) Bills(ctx context.Context, query BillQuery) iter.Seq2[Bill, error] {
	return func(yield func(Bill, error) bool) {
		if query.Order < 0 {
			yield(Bill{}, badInput("Bills", "Order", query.Order, "is not an id"))
			return
		}
		all := list[Bill](ctx, a, listing{
			request: request{route: "GET /me/bill", query: query.values(), head: fresh},
			item:    "GET /me/bill/{billId}",
		})
		for bill, err := range all {
			if err == nil && query.outside(bill) {
				continue
			}
			if !yield(bill, err) {
				return
			}
		}
	}
}

// Bill reads one bill. The error is [ErrNotFound] if the account has no such bill.
//
// API: GET /me/bill/{billId}
//
// IAM: account:apiovh:me/bill/get
func (a *API) Bill(ctx context.Context, id string) (Bill, error) {
	if err := checkName("Bill", "id", id); err != nil {
		return Bill{}, err
	}
	return get[Bill](ctx, a, "GET /me/bill/{billId}", id)
}
