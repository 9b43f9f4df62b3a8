// Package autorenew sets how services renew by themselves: the only way to renew in
// regions without renewal by order. [Preview] returns what a setting would change, and
// [Set] changes it:
//
//	plan, err := autorenew.Set(ctx, client, ovhrenew.Name("vps112233.ovh.net"), autorenew.Setting{
//		Mode: ovhrenew.ModeAutomatic, Period: ovhrenew.P1M,
//	})
//
// Setting a service to automatic spends, only later: it is charged to the account's
// default payment method when its day comes, at the price of that day, with no limit.
package autorenew

import (
	"context"
	"time"

	"github.com/ovhrenew/ovhrenew"
)

// Reader is what Preview reads with. It can neither write nor spend. [ovhrenew.API] is one.
type Reader interface {
	ovhrenew.Finder
	ListedService(ctx context.Context, id ovhrenew.ServiceID) (ovhrenew.Service, error)
	// Time returns the API's time.
	Time(ctx context.Context) (time.Time, error)
	// Read decodes the answer to GET route into v.
	Read(ctx context.Context, route string, v any) error
}

// Client is a Reader that also writes settings. [ovhrenew.API] is one.
type Client interface {
	Reader
	// Put sends body to PUT route, once. The error is [ovhrenew.ErrUnsure] if the
	// setting may have been changed all the same.
	Put(ctx context.Context, route string, body any) error
}

var _ Client = (*ovhrenew.API)(nil)
