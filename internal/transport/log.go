package transport

import (
	"context"
	"log/slog"
)

type routeKey struct{}

// RouteOf returns the Route of the request that ctx belongs to, or nothing.
func RouteOf(ctx context.Context) string {
	route, _ := ctx.Value(routeKey{}).(string)
	return route
}

// log tells of one attempt: never its path, its query, its headers or bodies. What
// happens next, if it is not the end, makes it a warning.
func (c *Client) log(ctx context.Context, p *call, n int, a attempt, next string) {
	if c.config.Logger == nil || !a.tried {
		return
	}
	level := slog.LevelDebug
	if next != "" {
		level = slog.LevelWarn
	}
	attrs := []slog.Attr{slog.String("route", p.Route), slog.Int("attempt", n), slog.Duration("duration", a.took)}
	if a.answer != nil {
		attrs = append(attrs, slog.Int("status", a.answer.Status), slog.String("query_id", a.answer.Header.Get("X-Ovh-QueryID")))
	}
	if a.err != nil {
		attrs = append(attrs, slog.String("error", a.err.Error()))
	}
	if next != "" {
		attrs = append(attrs, slog.String("next", next))
	}
	c.config.Logger.LogAttrs(ctx, level, "OVHcloud API request", attrs...)
}
