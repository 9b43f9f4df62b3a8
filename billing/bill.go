package billing

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/url"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/words"
)

// Reader reads routes of the API and their lists. [ovhrenew.API] is one.
type Reader interface {
	Read(ctx context.Context, route string, v any) error
	ReadList(ctx context.Context, route, item string) iter.Seq2[json.RawMessage, error]
}

var _ Reader = (*ovhrenew.API)(nil)

// Bill is a bill.
// API: billing.Bill, in the US region billing.Invoice
type Bill struct {
	BillID  string             `json:"billId"`
	OrderID ovhrenew.OrderID   `json:"orderId"`
	Date    ovhrenew.Timestamp `json:"date"`
	// Category is what the bill is for, such as autorenew or purchase-web. The US
	// region has none.
	Category         string          `json:"category"`
	PriceWithTax     ovhrenew.Money  `json:"priceWithTax"`
	PriceWithoutTax  ovhrenew.Money  `json:"priceWithoutTax"`
	Tax              ovhrenew.Money  `json:"tax"`
	Password         ovhrenew.Secret `json:"password"` // like the links, it opens the bill to whoever holds it
	URL              ovhrenew.Secret `json:"url"`
	PdfURL           ovhrenew.Secret `json:"pdfUrl"`
	HTMLURL          ovhrenew.Secret `json:"htmlUrl"` // in the US region only
	EInvoicingID     string          `json:"eInvoicingId"`
	EInvoicingStatus string          `json:"eInvoicingStatus"`
}

// Query narrows a list of bills. Its zero value lists them all.
type Query struct {
	Order ovhrenew.OrderID // only the bills of this order; 0: of any
	// From and To bound the date of the bill; zero: unbounded.
	From, To time.Time
	// Category keeps the bills of this category. The US region has none.
	Category string
}

func (q Query) route() string {
	values := url.Values{}
	for name, value := range map[string]time.Time{"date.from": q.From, "date.to": q.To} {
		if !value.IsZero() {
			values.Set(name, value.UTC().Format(time.RFC3339))
		}
	}
	if q.Order != 0 {
		values.Set("orderId", q.Order.String())
	}
	if q.Category != "" {
		values.Set("category", q.Category)
	}
	return (&url.URL{Path: "/me/bill", RawQuery: values.Encode()}).String()
}

// outside reports whether a bill is not what the query asks for: a server may ignore
// what it does not know.
func (q Query) outside(bill Bill) bool {
	date := bill.Date
	return q.Order != 0 && bill.OrderID != q.Order ||
		q.Category != "" && bill.Category != q.Category ||
		!date.IsZero() && (date.Before(q.From.Truncate(time.Second)) || !q.To.IsZero() && date.After(q.To))
}

// Bills streams the account's bills, uncached. An error that concerns one bill does not
// end the stream. The error is [ovhrenew.ErrBadInput] if query.Order is no id.
//
// API: GET /me/bill, expanded, or with GET /me/bill/{billId}
//
// IAM: account:apiovh:me/bill/get
func Bills(ctx context.Context, r Reader, query Query) iter.Seq2[Bill, error] {
	return func(yield func(Bill, error) bool) {
		if query.Order < 0 {
			yield(Bill{}, &ovhrenew.InputError{Call: "billing.Bills", Field: "Order", Value: query.Order.String(), Why: "is not an id"})
			return
		}
		for raw, err := range r.ReadList(ctx, query.route(), "/me/bill/{billId}") {
			var bill Bill
			if err == nil {
				if err = json.Unmarshal(raw, &bill); err != nil {
					bill, err = Bill{}, fmt.Errorf("GET /me/bill: %w: %s", ovhrenew.ErrMalformed, words.Clean(err.Error()))
				} else if query.outside(bill) {
					continue
				}
			}
			if !yield(bill, err) {
				return
			}
		}
	}
}
