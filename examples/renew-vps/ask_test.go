// What the program asks before it spends.

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
	"github.com/ovhrenew/ovhrenew/examples/internal/command"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// asked renews with somebody who is asked, and returns what was printed.
func asked(ctx context.Context, t *testing.T, server *ovhrenewtest.Server, journal ovhrenew.Journal, in io.Reader) (string, error) {
	t.Helper()
	api, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	err = renew(ctx, api, ovhrenew.Request{
		Service: ovhrenew.Name(ovhrenewtest.GuideVPS), Rules: []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M), ovhrenew.Alone},
		Limit: ovhrenew.MustMoney("50 EUR"), PayWith: ovhrenew.DefaultMethod, Journal: journal,
		Approve: func(ctx context.Context, a ovhrenew.Approval) (ovhrenew.Answer, error) {
			return command.Ask(ctx, a, in, &out)
		}, Patience: ovhrenew.Patience{Poll: time.Millisecond, Settle: 20 * time.Millisecond},
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

const question = "\nPay 21.56 EUR, tax included, by the default payment method? A payment cannot be taken back, and a no is remembered. [y/N] "

// A yes pays, once, and what is done is not asked about again.
func TestYes(t *testing.T) {
	t.Parallel()
	server, journal := guide(t)
	out, err := asked(t.Context(), t, server, journal, strings.NewReader("Yes\n"))
	if err != nil || !strings.Contains(out, question) || len(server.Payments()) != 1 {
		t.Errorf("yes: %v, %d payments\n%s", err, len(server.Payments()), out)
	}
	out, err = asked(t.Context(), t, server, journal, strings.NewReader(""))
	if err != nil || strings.Contains(out, "[y/N]") || len(server.Payments()) != 1 {
		t.Errorf("again: %v, %d payments\n%s", err, len(server.Payments()), out)
	}
}

// Anything else pays nothing, and is kept: nothing further is ordered.
func TestNo(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{"n\n", "\n", "", "yes please\n"} {
		server, journal := guide(t)
		for range 2 {
			out, err := asked(t.Context(), t, server, journal, strings.NewReader(answer))
			if !errors.Is(err, ovhrenew.ErrRejected) || errors.Is(err, ovhrenew.ErrUnsure) || len(server.Payments()) != 0 || len(server.Orders()) != 1 {
				t.Errorf("%q: %v, %d payments, %d orders\n%s", answer, err, len(server.Payments()), len(server.Orders()), out)
			}
		}
	}
}

// What happens to the service while a question stands is seen before it is paid: here,
// somebody renews it by another order.
func TestRenewedWhileItAsked(t *testing.T) {
	t.Parallel()
	server, journal := guide(t)
	somebody := readerFunc(func(p []byte) (int, error) {
		server.Pay(server.AddOrder(ovhrenewtest.Order{Status: "notPaid", Services: []int64{ovhrenewtest.GuideVPSID}, Period: "P3M", Price: "17.97"}))
		return copy(p, "y\n"), nil
	})
	out, err := asked(t.Context(), t, server, journal, somebody)
	if n := server.PaymentsFor(ovhrenewtest.GuideVPSID); n != 1 || !errors.Is(err, ovhrenew.ErrExpiryMoved) {
		t.Errorf("renewed by somebody while it asked: %d payments, %v\n%s", n, err, out)
	}
}

// Ctrl-C at the question is no answer: the order is asked about the next time.
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
	if out, err := asked(ctx, t, server, journal, nobody); !errors.Is(err, context.Canceled) || errors.Is(err, ovhrenew.ErrUnsure) {
		t.Errorf("interrupted: %v\n%s", err, out)
	}
	out, err := asked(t.Context(), t, server, journal, strings.NewReader("y\n"))
	if err != nil || len(server.Payments()) != 1 || len(server.Orders()) != 1 {
		t.Errorf("the next time: %v, %d payments, %d orders\n%s", err, len(server.Payments()), len(server.Orders()), out)
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
