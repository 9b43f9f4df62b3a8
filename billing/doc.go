// Package billing reads what an accountant asks of an account: its bills, whose it is,
// and its prepaid money and points. [Bills] streams the bills of an order or of a time:
//
//	for bill, err := range billing.Bills(ctx, client, billing.Query{Order: receipt.Order}) {
//
// The client is that of [ovhrenew.New]. Nothing here can write or spend. One bill whose
// number is known is read by client.Read(ctx, "/me/bill/FR1", &bill), and what an order
// became by /me/order/{orderId}/associatedObject.
package billing

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"strings"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/words"
)

// Reader reads routes of the API and their lists. [ovhrenew.API] is one.
type Reader interface {
	Read(ctx context.Context, route string, v any) error
	ReadList(ctx context.Context, route, item string) iter.Seq2[json.RawMessage, error]
}

var _ Reader = (*ovhrenew.API)(nil)

// stream decodes the elements of a list.
func stream[T any](ctx context.Context, r Reader, route, item string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for raw, err := range r.ReadList(ctx, route, item) {
			var value, none T
			if err == nil {
				if err = json.Unmarshal(raw, &value); err != nil {
					path, _, _ := strings.Cut(route, "?")
					err = fmt.Errorf("GET %s: %w: %s", path, ovhrenew.ErrMalformed, words.Clean(err.Error()))
					value = none
				}
			}
			if !yield(value, err) {
				return
			}
		}
	}
}
