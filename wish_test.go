package ovhrenew_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ovhrenew/ovhrenew"
)

func fullWish() ovhrenew.Wish {
	return ovhrenew.Wish{
		Service: ovhrenew.Name("vps112233.ovh.net"), IncludeOptions: true, Period: ovhrenew.P3M,
		Alone: true, Only: []ovhrenew.ServiceID{11223344}, AtMost: ovhrenew.MustMoney("18 EUR"),
		Limit: ovhrenew.MustMoney("50 EUR"), PayWith: "the default payment method", From: ovhrenew.MustDate("2026-12-01"),
		Guards: ovhrenew.Guards{AnyState: true}, Patience: ovhrenew.Patience{Poll: 1}, Approve: true,
	}
}

func TestWishJSON(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]ovhrenew.Wish{
		"full":  fullWish(),
		"small": {Service: ovhrenew.ID(5), Period: ovhrenew.P1Y, Limit: ovhrenew.MustMoney("1 EUR"), PayWith: "payment method 5"},
	} {
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var got ovhrenew.Wish
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(ovhrenew.Target{}), cmp.Comparer(func(a, b ovhrenew.Money) bool { return a == b }), cmp.Comparer(func(a, b ovhrenew.Date) bool { return a == b }), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: %s comes back as (-want +got):\n%s", name, text, diff)
		}
	}
	if _, err := json.Marshal(ovhrenew.Wish{}); !errors.Is(err, ovhrenew.ErrBadInput) {
		t.Errorf("JSON of a wish for no service: %v, want %v", err, ovhrenew.ErrBadInput)
	}
}

// TestWishProposes: a wish proposes what the request of the same meaning does.
func TestWishProposes(t *testing.T) {
	t.Parallel()
	_, client := account()
	runner, err := ovhrenew.NewRunner(client, ovhrenew.NoJournal)
	if err != nil {
		t.Fatal(err)
	}
	wish := fullWish()
	wish.From, wish.IncludeOptions = ovhrenew.Date{}, false
	req, err := wish.Request()
	if err != nil {
		t.Fatal(err)
	}
	task, err := runner.Propose(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	if task.Target != 11223344 || task.Offer.Period != ovhrenew.P3M || task.Limit != wish.Limit || task.PayWith != ovhrenew.DefaultMethod || !task.Approve || !task.Guards.AnyState {
		t.Errorf("the task is %+v", task)
	}
	if task.Renewal() == "" || !strings.Contains(task.Renewal(), "11223344@") {
		t.Errorf("Renewal = %q", task.Renewal())
	}
	wish.AtMost = ovhrenew.MustMoney("17 EUR")
	if req, err = wish.Request(); err != nil {
		t.Fatal(err)
	}
	if _, err := runner.Propose(t.Context(), req); !errors.Is(err, ovhrenew.ErrNoStrategy) {
		t.Errorf("Propose above AtMost: %v, want %v", err, ovhrenew.ErrNoStrategy)
	}
}

func TestWishRefuses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*ovhrenew.Wish)
		want   error
	}{
		"Service":   {func(w *ovhrenew.Wish) { w.Service = ovhrenew.Target{} }, ovhrenew.ErrBadInput},
		"Period":    {func(w *ovhrenew.Wish) { w.Period = "" }, ovhrenew.ErrBadInput},
		"Limit":     {func(w *ovhrenew.Wish) { w.Limit = ovhrenew.Money{} }, ovhrenew.ErrNoLimit},
		"PayWith":   {func(w *ovhrenew.Wish) { w.PayWith = "" }, ovhrenew.ErrNoPayment},
		"text":      {func(w *ovhrenew.Wish) { w.PayWith = "a promise" }, ovhrenew.ErrBadInput},
		"DueWithin": {func(w *ovhrenew.Wish) { w.Guards.DueWithin = -1 }, ovhrenew.ErrBadInput},
	} {
		wish := fullWish()
		test.change(&wish)
		if _, err := wish.Request(); !errors.Is(err, test.want) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v, want %v that names it", name, err, test.want)
		}
	}
}

// TestWishReadsExactly: a member that is named otherwise, or twice, may be a bound.
func TestWishReadsExactly(t *testing.T) {
	t.Parallel()
	for text, field := range map[string]string{
		`{"limit":"1 EUR","limit":"1000 EUR"}`:                            "limit",
		`{"limit":"1 EUR","LIMIT":"1000 EUR"}`:                            "LIMIT",
		`{"limit":"1 EUR","l\u0069mit":"1000 EUR"}`:                       "limit",
		`{"ſervice":"vps2"}`:                                              "ſervice",
		`{"limit":"1000 EUR","atMst":"1 EUR"}`:                            "atMst",
		`{"alone":true,"alone":false}`:                                    "alone",
		`{"guards":{"takeOver":1,"takeOver":2}}`:                          "guards.takeOver",
		`{"guards":{"EARLY":true}}`:                                       "guards.EARLY",
		`{"patience":{"Settle":1}}`:                                       "patience.Settle",
		`{"limit":{"currencyCode":"EUR","value":1,"VALUE":1000}}`:         "limit",
		`{"limit":{"currencyCode":"EUR","value":1,"currencyCode":"USD"}}`: "limit",
		`{"only":[1,"2"]}`:                                                "only[1]",
	} {
		var wish ovhrenew.Wish
		err := json.Unmarshal([]byte(text), &wish)
		if wrong, ok := errors.AsType[*ovhrenew.InputError](err); !ok || wrong.Call != "Wish" || wrong.Field != field || !wish.Limit.IsZero() {
			t.Errorf("%s: %v, want a mistake in %s", text, err, field)
		}
	}
}
