package temporal_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/temporal"
)

func TestApplicationRefused(t *testing.T) {
	t.Parallel()
	for field, change := range map[string]func(*temporal.Application){
		"Account": func(a *temporal.Application) { a.Account = "" }, "Plan": func(a *temporal.Application) { a.Plan = "" },
		"PayWith": func(a *temporal.Application) { a.PayWith = "" }, "cash": func(a *temporal.Application) { a.PayWith = "cash" },
		"Total[1]": func(a *temporal.Application) {
			a.Total = []ovhrenew.Money{ovhrenew.MustMoney("1 EUR"), ovhrenew.MustMoney("2 EUR")}
		},
		"AtOnce": func(a *temporal.Application) { a.AtOnce = -1 }, "StopAfter": func(a *temporal.Application) { a.StopAfter = -1 },
		"PerRun": func(a *temporal.Application) { a.PerRun = -1 }, "GiveUp": func(a *temporal.Application) { a.GiveUp = -1 },
	} {
		in := application()
		change(&in)
		if err := in.Check(); err == nil || !strings.Contains(err.Error(), field) || !errors.Is(err, ovhrenew.ErrBadInput) && !errors.Is(err, ovhrenew.ErrNoPayment) {
			t.Errorf("%s: %v", field, err)
		}
	}
}
