package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/examples/internal/ask"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// asked renews as the program does with -live, on a simulated account, and returns
// what it has shown.
func asked(ctx context.Context, t *testing.T, server *ovhrenewtest.Server, journal ovhrenew.Journal, in io.Reader) (string, error) {
	t.Helper()
	api, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	err = renew(ctx, &ask.Client{Client: api, By: ovhrenew.DefaultMethod, In: in, Out: &out}, ovhrenew.Request{
		Service: ovhrenew.Name(ovhrenewtest.GuideVPS), Rules: []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M), ovhrenew.Alone},
		Limit: ovhrenew.MustMoney("50 EUR"), PayWith: ovhrenew.DefaultMethod, Journal: journal,
		Patience: ovhrenew.Patience{Poll: time.Millisecond, Settle: 5 * time.Millisecond},
	}, &out)
	return out.String(), err
}

func guide(t *testing.T) (*ovhrenewtest.Server, ovhrenew.Journal) {
	t.Helper()
	server := ovhrenewtest.Start(t, ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	journal, err := ovhrenew.OpenJournal(t.TempDir(), ovhrenew.OnlyJournal)
	if err != nil {
		t.Fatal(err)
	}
	return server, journal
}

// Nothing but yes is yes, and without it nothing is ordered or paid.
func TestAnswers(t *testing.T) {
	t.Parallel()
	for answer, yes := range map[string]bool{
		"y\n": true, "Y\n": true, " yes ": true, "n\n": false, "\n": false, "yes, no\n": false, "\ny\n": false, "": false,
	} {
		server, journal := guide(t)
		out, err := asked(t.Context(), t, server, journal, strings.NewReader(answer))
		if !strings.Contains(out, "\nPay 21.56 EUR, tax included, by the default payment method? A payment cannot be taken back. [y/N] ") {
			t.Errorf("%q: the question is not there:\n%s", answer, out)
		}
		if n := len(server.Payments()); yes && (err != nil || n != 1) {
			t.Errorf("%q: %d payments, %v", answer, n, err)
		}
		if n := len(server.Orders()); !yes && (n != 0 || !errors.Is(err, ovhrenew.ErrNotSent) || errors.Is(err, ovhrenew.ErrUnsure)) {
			t.Errorf("%q: %d orders, %v, want none and a plain no", answer, n, err)
		}
	}
}

// What the journal knows to be done, or what is refused, is not asked about.
func TestAsksOnlyToSpend(t *testing.T) {
	t.Parallel()
	server, journal := guide(t)
	if _, err := asked(t.Context(), t, server, journal, strings.NewReader("y\n")); err != nil {
		t.Fatal(err)
	}
	out, err := asked(t.Context(), t, server, journal, strings.NewReader(""))
	if err != nil || strings.Contains(out, "[y/N]") || !strings.Contains(out, "by an earlier run") {
		t.Errorf("run again: %v\n%s", err, out)
	}
	other, err := ovhrenew.OpenJournal(t.TempDir(), ovhrenew.OnlyJournal)
	if err != nil {
		t.Fatal(err)
	}
	out, err = asked(t.Context(), t, server, other, strings.NewReader("y\n"))
	if !errors.Is(err, ovhrenew.ErrNotDue) || strings.Contains(out, "[y/N]") {
		t.Errorf("with another journal: %v\n%s", err, out)
	}
	if n := len(server.Payments()); n != 1 {
		t.Errorf("%d payments, want 1", n)
	}
}

// A payment that an earlier run has sent, and not seen, is seen without a question.
func TestTakesUpWithoutAsking(t *testing.T) {
	t.Parallel()
	server, journal := guide(t)
	ctx, die := context.WithCancel(t.Context())
	server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.Reset, When: ovhrenewtest.After})
	server.OnAnswer(func(r ovhrenewtest.Request) {
		if r.Route == ovhrenewtest.RoutePay {
			die()
		}
	})
	if _, err := asked(ctx, t, server, journal, strings.NewReader("y\n")); !errors.Is(err, ovhrenew.ErrUnsure) {
		t.Fatalf("cut off while paying: %v", err)
	}
	out, err := asked(t.Context(), t, server, journal, strings.NewReader(""))
	if err != nil || strings.Contains(out, "[y/N]") || len(server.Payments()) != 1 {
		t.Errorf("taken up: %v, %d payments\n%s", err, len(server.Payments()), out)
	}
}

// An order that an earlier run has left unpaid is asked about before it is paid, and
// not paid if somebody has done so while the question stood.
func TestAsksAboutUnpaidOrder(t *testing.T) {
	t.Parallel()
	server, journal := guide(t)
	server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.StatusFault, Status: 403})
	if _, err := asked(t.Context(), t, server, journal, strings.NewReader("y\n")); !errors.Is(err, ovhrenew.ErrDenied) {
		t.Fatalf("not allowed to pay: %v", err)
	}
	const question = "order 123456789, which was left unpaid\nPay 21.56 EUR, tax included, by payment method 5678901?"
	out, err := asked(t.Context(), t, server, journal, strings.NewReader("n\n"))
	if !strings.Contains(out, question) || !errors.Is(err, ovhrenew.ErrNotSent) || errors.Is(err, ovhrenew.ErrUnsure) {
		t.Errorf("answered no: %v\n%s", err, out)
	}
	if n := len(server.Payments()); n != 0 {
		t.Errorf("%d payments without a yes", n)
	}
	somebody := readerFunc(func(p []byte) (int, error) {
		server.Pay(123456789)
		return copy(p, "y\n"), nil
	})
	if out, err = asked(t.Context(), t, server, journal, somebody); !errors.Is(err, ovhrenew.ErrExpiryMoved) {
		t.Errorf("paid by somebody while it asked: %v\n%s", err, out)
	}
	if n := server.Count(ovhrenewtest.RoutePay); n != 1 {
		t.Errorf("%d payments were sent, want the one that was refused", n)
	}
}

// What happens to the service while a question stands is seen before it is paid: here,
// somebody renews it by another order.
func TestRenewedWhileItAsked(t *testing.T) {
	t.Parallel()
	server, journal := guide(t)
	server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.StatusFault, Status: 403})
	if _, err := asked(t.Context(), t, server, journal, strings.NewReader("y\n")); !errors.Is(err, ovhrenew.ErrDenied) {
		t.Fatalf("not allowed to pay: %v", err)
	}
	somebody := readerFunc(func(p []byte) (int, error) {
		server.Pay(server.AddOrder(ovhrenewtest.Order{Status: "notPaid", Services: []int64{ovhrenewtest.GuideVPSID}, Period: "P3M", Price: "17.97"}))
		return copy(p, "y\n"), nil
	})
	out, err := asked(t.Context(), t, server, journal, somebody)
	if n := server.PaymentsFor(ovhrenewtest.GuideVPSID); n != 1 || !errors.Is(err, ovhrenew.ErrExpiryMoved) {
		t.Errorf("renewed by somebody while it asked: %d payments, %v\n%s", n, err, out)
	}
}

// An order that comes to nothing while a run takes it up is replaced by one at the price
// of the earlier run's quote: the question says it.
func TestAsksForAPriceAlways(t *testing.T) {
	t.Parallel()
	server, journal := guide(t)
	server.Inject(ovhrenewtest.Fault{Route: ovhrenewtest.RoutePay, Kind: ovhrenewtest.StatusFault, Status: 403})
	if _, err := asked(t.Context(), t, server, journal, strings.NewReader("y\n")); !errors.Is(err, ovhrenew.ErrDenied) {
		t.Fatalf("not allowed to pay: %v", err)
	}
	looked := false
	server.OnAnswer(func(r ovhrenewtest.Request) {
		if r.Route == ovhrenewtest.RouteStatus && !looked {
			looked = true
			server.SetStatus(123456789, "cancelled")
		}
	})
	out, err := asked(t.Context(), t, server, journal, strings.NewReader("y\n"))
	if err != nil || !strings.Contains(out, "\nPay 21.56 EUR, tax included, by") || len(server.Payments()) != 1 {
		t.Errorf("%v, %d payments\n%s", err, len(server.Payments()), out)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// Ctrl-C at the question is a no.
func TestInterruptedQuestion(t *testing.T) {
	t.Parallel()
	server, journal := guide(t)
	ctx, interrupt := context.WithCancel(t.Context())
	never := make(chan bool)
	defer close(never)
	nobody := readerFunc(func([]byte) (int, error) {
		interrupt()
		<-never
		return 0, io.EOF
	})
	out, err := asked(ctx, t, server, journal, nobody)
	if !errors.Is(err, ovhrenew.ErrNotSent) || errors.Is(err, ovhrenew.ErrUnsure) || len(server.Orders()) != 0 {
		t.Errorf("interrupted: %v, %d orders\n%s", err, len(server.Orders()), out)
	}
}
