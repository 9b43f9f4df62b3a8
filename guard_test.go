package ovhrenew_test

import (
	"errors"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
)

// Guards that make no sense are refused with the field and before anything is sent.
func TestGuardsRefused(t *testing.T) {
	t.Parallel()
	for field, g := range map[string]ovhrenew.Guards{
		"Guards.DueWithin":          {DueWithin: -time.Hour},
		"Guards.RenewsItselfWithin": {RenewsItselfWithin: 90},
		"Guards.IgnoreOrders[1]":    {IgnoreOrders: []ovhrenew.OrderID{1, 0}},
		"Guards.TakeOver":           {TakeOver: -1},
	} {
		server, client, req := renewalCase{request: func(r *ovhrenew.Request) { r.Guards = g }}.inBubble(t)
		_, err := ovhrenew.Renew(t.Context(), client, req)
		var wrong *ovhrenew.InputError
		if !errors.As(err, &wrong) || wrong.Field != "Request."+field && wrong.Field != field {
			t.Errorf("%s: %v", field, err)
		}
		if n := len(server.Requests()); n != 0 {
			t.Errorf("%s: %d requests were sent", field, n)
		}
	}
}
