package ovhrenewtest_test

import (
	"errors"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func TestMemory(t *testing.T) {
	t.Parallel()
	ovhrenewtest.TestJournal(t, func(*testing.T) (a, b ovhrenew.Journal) {
		m := ovhrenewtest.NewMemory(ovhrenew.OneOfSeveral)
		return m, m.Another()
	})
}

// The death of a process frees what it held, and ends its handle alone.
func TestLose(t *testing.T) {
	t.Parallel()
	const account = "ab12345-ovh"
	m := ovhrenewtest.NewMemory(ovhrenew.OnlyJournal)
	other := m.Another()
	held, err := m.Claim(t.Context(), account, 1, 2)
	if err != nil {
		t.Fatal(err)
	}
	state := ovhrenew.State{Version: 1, Renewal: "r", Phase: ovhrenew.PhasePaying, Services: []ovhrenew.ServiceID{1}, Time: time.Now()}
	if err := held.Append(t.Context(), state); err != nil {
		t.Fatal(err)
	}
	m.Lose()
	if err := held.Append(t.Context(), state); !errors.Is(err, ovhrenew.ErrJournal) {
		t.Errorf("Append after Lose = %v, want %v", err, ovhrenew.ErrJournal)
	}
	if _, err := m.Claim(t.Context(), account, 3); !errors.Is(err, ovhrenew.ErrJournal) {
		t.Errorf("Claim after Lose = %v, want %v", err, ovhrenew.ErrJournal)
	}
	next, err := other.Claim(t.Context(), account, 1, 2)
	if err != nil {
		t.Fatal(err)
	}
	if next.Inherited() || len(next.States()) != 1 || next.States()[0].Phase != ovhrenew.PhasePaying {
		t.Errorf("the next has %v, inherited: %t; want the payment, from a holder that is dead", next.States(), next.Inherited())
	}
}
