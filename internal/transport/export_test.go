// What the tests need of what is not exported.

package transport

import (
	"context"
	"time"
)

// ClockOffset is the server's clock minus this machine's.
func (c *Client) ClockOffset(ctx context.Context) (time.Duration, error) {
	now, err := c.Time(ctx)
	return time.Until(now).Round(time.Second), err
}

// Drift is for the tests.
var Drift = drift
