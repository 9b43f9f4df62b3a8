// What a renewal leaves in the database, and what a process that is not known to be dead has begun to pay.

package postgres_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
	"github.com/ovhrenew/ovhrenew/postgres"
)

// quick is patience in milliseconds.
var quick = ovhrenew.Patience{Poll: time.Millisecond, Settle: 300 * time.Millisecond, Delivery: 5 * time.Second}

func world(t *testing.T) (*ovhrenewtest.Server, ovhrenew.Client) {
	t.Helper()
	server := ovhrenewtest.Start(t, ovhrenewtest.Behaviour{ChargeTwice: true})
	ovhrenewtest.Guide(server)
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		t.Fatal(err)
	}
	return server, client
}

func request(j ovhrenew.Journal) ovhrenew.Request {
	return ovhrenew.Request{
		Service: ovhrenew.Name(ovhrenewtest.GuideVPS), Rules: []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M), ovhrenew.Alone},
		Limit: ovhrenew.MustMoney("50 EUR"), PayWith: ovhrenew.DefaultMethod, Patience: quick, Journal: j,
	}
}

// TestRenew: renewals by turns through two handles, with a payment whose answer is lost,
// and what SQL says of them.
func TestRenew(t *testing.T) {
	t.Parallel()
	pool := database(t)
	server, client := world(t)
	a, b := open(t, pool, postgres.Options{}), open(t, pool, postgres.Options{NoSession: true})
	server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Reset, When: ovhrenewtest.After})
	for i, j := range []ovhrenew.Journal{a, b, a} {
		receipt, err := ovhrenew.Renew(t.Context(), client, request(j))
		if err != nil {
			t.Fatalf("run %d: %v", i, err)
		}
		if receipt.Already != (i > 0) {
			t.Errorf("run %d: Already = %v", i, receipt.Already)
		}
	}
	if n := len(server.Payments()); n != 1 {
		t.Errorf("%d payments, want 1", n)
	}
	var text string
	if err := pool.QueryRow(t.Context(), "select concat_ws(' ', services, period, price, tax, currency, paid_with) from ovhrenew_receipt").Scan(&text); err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("{%d} P3M 21.56 3.59 EUR payment method 5678901 or somebody else", ovhrenewtest.GuideVPSID); text != want {
		t.Errorf("the receipt by SQL is %q, want %q", text, want)
	}
	exec(t, pool, "delete from ovhrenew_renewal") // as the README allows for old ones
	told := 0
	for receipt, err := range a.Receipts(t.Context(), accountOf(t, client), time.Time{}) {
		if told++; err != nil || receipt.Price.String() != "21.56 EUR" {
			t.Errorf("the receipt is %v, %v", receipt, err)
		}
	}
	if told != 1 {
		t.Errorf("%d receipts, want 1", told)
	}
}

// TestDoubt: a payment that a process had begun which is not known to be dead is not sent
// again, also not by the run after the one that found it, and when the order shows it
// paid, all ends well.
func TestDoubt(t *testing.T) {
	t.Parallel()
	pool := database(t)
	server, client := world(t)
	a, b := open(t, pool, postgres.Options{}), open(t, pool, postgres.Options{})
	runner, err := ovhrenew.NewRunner(client, a)
	if err != nil {
		t.Fatal(err)
	}
	task, err := runner.Propose(t.Context(), request(a))
	if err != nil {
		t.Fatal(err)
	}
	if task, err = runner.Advance(t.Context(), task); err != nil || task.Phase != ovhrenew.PhaseOrdered {
		t.Fatalf("Advance = %s, %v, want it ordered", task.Phase, err)
	}
	// The process writes that it pays, and is suspended before it does.
	begun, err := a.Claim(t.Context(), accountOf(t, client), task.Target)
	if err != nil {
		t.Fatal(err)
	}
	state := begun.States()[0]
	state.Phase, state.Sent = ovhrenew.PhasePaying, state.Time
	if err := begun.Append(t.Context(), state); err != nil {
		t.Fatal(err)
	}
	a.ExpireLeases()
	for range 2 {
		_, err := ovhrenew.Renew(t.Context(), client, request(b))
		if !errors.Is(err, ovhrenew.ErrUnsure) || !strings.Contains(err.Error(), "a run that may be alive had begun to pay it") {
			t.Fatalf("Renew = %v, want %v", err, ovhrenew.ErrUnsure)
		}
	}
	if n := server.Count(ovhrenewtest.RoutePay); n != 0 {
		t.Fatalf("%d payments were sent", n)
	}
	if err := begun.Append(t.Context(), state); !errors.Is(err, ovhrenew.ErrJournal) {
		t.Errorf("the append of who was suspended = %v, want %v", err, ovhrenew.ErrJournal)
	}
	if err := client.Pay(t.Context(), task.Order, ovhrenew.Method(5678901)); err != nil { // it wakes, and its request leaves
		t.Fatal(err)
	}
	receipt, err := ovhrenew.Renew(t.Context(), client, request(b))
	if err != nil || receipt.Order != task.Order {
		t.Errorf("Renew = %v, %v, want the receipt of order %d", receipt, err, task.Order)
	}
	if n := len(server.Payments()); n != 1 {
		t.Errorf("%d payments, want 1", n)
	}
}

func accountOf(t *testing.T, client ovhrenew.Client) string {
	t.Helper()
	name, err := client.Account(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return name
}
