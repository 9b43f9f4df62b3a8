package temporal_test

import (
	"encoding/json"
	"testing"

	enumspb "go.temporal.io/api/enums/v1"

	"github.com/google/go-cmp/cmp"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/temporal"
)

// The same renewal has the same id, however it is asked for, and another has another.
func TestRenewalID(t *testing.T) {
	t.Parallel()
	task := ovhrenew.Task{
		Offer: ovhrenew.Offer{Service: vps, Period: "P12M", Strategy: ovhrenew.RenewStrategy{Services: []ovhrenew.ServiceID{5, vps}}},
		Services: []ovhrenew.Renewed{
			{ServiceID: 5, From: ovhrenew.MustDate("2026-06-15")}, {ServiceID: vps, From: ovhrenew.MustDate("2026-06-16")},
		},
	}
	year, other := task, task
	year.Offer.Period, year.Limit, year.Phase = "P1Y", ovhrenew.MustMoney("5 EUR"), ovhrenew.PhasePaid
	other.Offer.Period = "P1M"
	wish := func(change func(*ovhrenew.Wish)) temporal.Renewal {
		in := renewal()
		change(in.Wish)
		return in
	}
	for want, in := range map[string]temporal.Renewal{
		"ovhrenew/guide/5@2026-06-15/11223344@2026-06-16/P12M":  {Account: account, Task: &task},
		"ovhrenew/other/5@2026-06-15/11223344@2026-06-16/P12M":  {Account: "other", Task: &year},
		"ovhrenew/guide/5@2026-06-15/11223344@2026-06-16/P1M":   {Account: account, Task: &other},
		"ovhrenew/guide/vps112233.ovh.net+alone/P3M":            wish(func(*ovhrenew.Wish) {}),
		"ovhrenew/guide/vps112233.ovh.net@2026-06-15+alone/P3M": wish(func(w *ovhrenew.Wish) { w.From = ovhrenew.MustDate("2026-06-15") }),
		"ovhrenew/guide/11223344+5+7/P12M": wish(func(w *ovhrenew.Wish) {
			w.Service, w.Alone, w.Only, w.Period = ovhrenew.ID(vps), false, []ovhrenew.ServiceID{5, 7}, ovhrenew.P1Y
		}),
	} {
		if got := in.ID(); got != want {
			t.Errorf("ID %q, want %q", got, want)
		}
		start := in.Start("renewals")
		if start.ID != want || start.TaskQueue != "renewals" || start.WorkflowIDConflictPolicy != enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING {
			t.Errorf("%+v", start)
		}
	}
}

// The inputs survive JSON, in which Temporal keeps them.
func TestInputsAsJSON(t *testing.T) {
	t.Parallel()
	in := application()
	in.Total = []ovhrenew.Money{ovhrenew.MustMoney("5 EUR")}
	for _, value := range []any{renewal(), in} {
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		var again any
		switch value.(type) {
		case temporal.Renewal:
			var back temporal.Renewal
			err = json.Unmarshal(text, &back)
			again = back
		default:
			var back temporal.Application
			err = json.Unmarshal(text, &back)
			again = back
		}
		second, err2 := json.Marshal(again)
		if diff := cmp.Diff(string(text), string(second)); err != nil || err2 != nil || diff != "" {
			t.Errorf("%v, %v (-first +second):\n%s", err, err2, diff)
		}
	}
}
