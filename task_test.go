package ovhrenew_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ovhrenew/ovhrenew"
)

// taskOfVPS is a task that can be carried out.
func taskOfVPS() ovhrenew.Task {
	offer := offerOf("P3M", "17.97 EUR", vps)
	return ovhrenew.Task{
		Target: vps, Offer: offer,
		Services: []ovhrenew.Renewed{{ServiceID: vps, Name: "vps112233.ovh.net", From: ovhrenew.MustDate("2026-06-15"), To: ovhrenew.MustDate("2026-09-15")}},
		Limit:    ovhrenew.MustMoney("50 EUR"), PayWith: ovhrenew.DefaultMethod,
	}
}

// Every field of a task survives JSON: none is forgotten in its wire form.
func TestTaskJSON(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	task := taskOfVPS()
	task.Prices = []ovhrenew.Money{ovhrenew.MustMoney("5.99 EUR"), ovhrenew.MustMoney("17.97 EUR")}
	task.Quoted = ovhrenew.MustMoney("21.56 EUR")
	task.PayWith = guideMean
	task.Guards = ovhrenew.Guards{DueWithin: 40 * 24 * time.Hour, TakeOver: 7, IgnoreOrders: []ovhrenew.OrderID{8}, Early: true}
	task.Patience = ovhrenew.Patience{Poll: time.Second, Settle: time.Minute, Delivery: time.Hour}
	task.Approve, task.Hold, task.Phase, task.Order = true, true, ovhrenew.PhaseOrdered, 123456789
	task.Next, task.Until = noon, noon.Add(time.Hour)
	task.Receipt = &ovhrenew.Receipt{Services: task.Services, Period: "P3M", Order: 123456789, PaidWith: "x", Verified: noon}
	for i, value := 0, reflect.ValueOf(task); i < value.NumField(); i++ {
		if value.Field(i).IsZero() {
			t.Errorf("the test leaves Task.%s at zero", value.Type().Field(i).Name)
		}
	}
	text, err := json.Marshal(task)
	if err != nil {
		t.Fatal(err)
	}
	var back ovhrenew.Task
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	exact := cmp.Comparer(func(a, b ovhrenew.Money) bool { return a == b })
	dates := cmp.Comparer(func(a, b ovhrenew.Date) bool { return a == b })
	if diff := cmp.Diff(task, back, exact, dates, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s comes back as (-want +got):\n%s", text, diff)
	}
	before := back
	if err := json.Unmarshal([]byte(`{"target": 5, "payWith": "cash"}`), &back); !errors.Is(err, ovhrenew.ErrBadInput) || back.Target != before.Target {
		t.Errorf("a payment that is none: %v, %+v, want ErrBadInput, and what was there", err, back)
	}
}

// A task that cannot be carried out is refused before anything is sent.
func TestTaskRefused(t *testing.T) {
	t.Parallel()
	client, mock := mocked(t)
	runner, err := ovhrenew.NewRunner(client, ovhrenew.NoJournal)
	if err != nil {
		t.Fatal(err)
	}
	for says, change := range map[string]func(*ovhrenew.Task){
		"Offer":                         func(task *ovhrenew.Task) { *task = ovhrenew.Task{} },
		"Task.Offer \"P3M":              func(task *ovhrenew.Task) { task.Offer.Strategy.Price = ovhrenew.Money{} },
		"Task.Offer.Period":             func(task *ovhrenew.Task) { task.Offer.Period = "P1X" },
		"Task.Services are not":         func(task *ovhrenew.Task) { task.Services = nil },
		"names a service twice":         func(task *ovhrenew.Task) { task.Offer.Strategy.Services = []ovhrenew.ServiceID{vps, vps} },
		"has no expiry to renew from":   func(task *ovhrenew.Task) { task.Services[0].From = ovhrenew.Date{} },
		"has no name":                   func(task *ovhrenew.Task) { task.Services[0].Name = "" },
		"Task.Target \"5\"":             func(task *ovhrenew.Task) { task.Target = 5 },
		"Task.Limit is missing":         func(task *ovhrenew.Task) { task.Limit = ovhrenew.Money{} },
		"Task.Limit \"-1.00 EUR\"":      func(task *ovhrenew.Task) { task.Limit = ovhrenew.MustMoney("-1 EUR") },
		"Task.PayWith is missing":       func(task *ovhrenew.Task) { task.PayWith = nil },
		"Patience.Poll":                 func(task *ovhrenew.Task) { task.Patience.Poll = -1 },
		"Guards.DueWithin":              func(task *ovhrenew.Task) { task.Guards.DueWithin = -1 },
		"Task.Approve needs a journal:": func(task *ovhrenew.Task) { task.Approve = true },
	} {
		for call, do := range map[string]func(ovhrenew.Task) (ovhrenew.Task, error){
			"Advance": func(task ovhrenew.Task) (ovhrenew.Task, error) { return runner.Advance(t.Context(), task) },
			"Run":     func(task ovhrenew.Task) (ovhrenew.Task, error) { return runner.Run(t.Context(), task) },
		} {
			task := taskOfVPS()
			change(&task)
			_, err := do(task)
			failed, ok := errors.AsType[*ovhrenew.StepError](err)
			bad := errors.Is(err, ovhrenew.ErrBadInput) || errors.Is(err, ovhrenew.ErrNoLimit) || errors.Is(err, ovhrenew.ErrNoPayment)
			if !ok || failed.Paid != ovhrenew.PaidNo || !bad || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), call+": ") {
				t.Errorf("%s: %v, want a StepError that names the call and says %s", call, err, says)
			}
		}
	}
	if n := mock.GetTotalCallCount(); n != 0 {
		t.Errorf("%d requests sent, want none", n)
	}
}
