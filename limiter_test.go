package ovhrenew_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	"github.com/ovh/go-ovh/ovh"
	"golang.org/x/time/rate"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func TestNewLimiter(t *testing.T) {
	t.Parallel()
	for name, limiter := range map[string]func(perMinute, burst int) interface{ Wait(context.Context) error }{
		"ours": func(perMinute, burst int) interface{ Wait(context.Context) error } {
			return ovhrenew.NewLimiter(perMinute, burst)
		},
		"rate": func(perMinute, burst int) interface{ Wait(context.Context) error } {
			return rate.NewLimiter(rate.Limit(perMinute)/60, burst)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { ovhrenewtest.TestLimiter(t, limiter) })
		})
	}
}

func TestNewLimiterRefuses(t *testing.T) {
	t.Parallel()
	login := &ovh.Client{AccessToken: "canaryAccessToken"}
	if err := login.SetEndpoint(ovh.OvhEU); err != nil {
		t.Fatal(err)
	}
	for _, bad := range [][2]int{{0, 1}, {-1, 1}, {1, 0}, {1, -1}} {
		limiter := ovhrenew.NewLimiter(bad[0], bad[1])
		if err := limiter.Wait(t.Context()); !errors.Is(err, ovhrenew.ErrBadInput) {
			t.Errorf("NewLimiter(%d, %d).Wait = %v, want ErrBadInput", bad[0], bad[1], err)
		}
		if _, err := ovhrenew.NewWithConfig(login, ovhrenew.Config{Limiter: limiter}); !errors.Is(err, ovhrenew.ErrBadInput) {
			t.Errorf("NewWithConfig with NewLimiter(%d, %d) = %v, want ErrBadInput", bad[0], bad[1], err)
		}
	}
}
