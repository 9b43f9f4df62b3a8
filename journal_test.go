package ovhrenew

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"time"
)

// unsaid is a journal that does not say who shares it.
type unsaid struct{ noJournal }

func (unsaid) Sharing() Sharing { return "onlyJournal" }

func TestCheckJournal(t *testing.T) {
	t.Parallel()
	for want, j := range map[string]Journal{"Request.Journal is missing: set it to": nil, "says neither OnlyJournal nor OneOfSeveral": unsaid{}} {
		if err := checkJournal("Renew", "Request.Journal", j); !errors.Is(err, ErrBadInput) || !strings.Contains(err.Error(), want) {
			t.Errorf("checkJournal(%v) = %v, want %v %q", j, err, ErrBadInput, want)
		}
	}
	for _, j := range []Journal{NoJournal, mustOpen(t, t.TempDir())} {
		if err := checkJournal("Renew", "Request.Journal", j); err != nil {
			t.Errorf("checkJournal(%v) = %v", j, err)
		}
	}
}

// TestNoJournal remembers nothing, and counts as one of several.
func TestNoJournal(t *testing.T) {
	t.Parallel()
	j := NoJournal
	if j.Sharing() != OneOfSeveral {
		t.Errorf("Sharing = %s", j.Sharing())
	}
	for range 2 { // nobody is in the way
		c := mustClaim(t, j, 1)
		if len(c.States()) != 0 || c.Inherited() {
			t.Errorf("States = %v, Inherited = %v", c.States(), c.Inherited())
		}
		mustAppend(t, c, sampleRenewal(1)...)
	}
	if err := j.Remember(t.Context(), account, OrderFact{Order: 1, Date: noon}); err != nil {
		t.Error(err)
	}
	if orders, receipts := ordersOf(t, j, time.Time{}), receiptsOf(t, j, time.Time{}); len(orders)+len(receipts) != 0 {
		t.Errorf("Orders = %v, Receipts = %v", orders, receipts)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := j.Claim(ctx, account, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("Claim with an ended context = %v", err)
	}
}

func TestStateOver(t *testing.T) {
	t.Parallel()
	over := map[Phase]bool{PhaseRenewed: true, PhaseClosed: true}
	for _, p := range []Phase{PhaseWanted, PhaseOrdering, PhaseOrdered, PhasePaying, PhasePaid, PhaseRenewed, PhaseClosed, "new"} {
		if got := (State{Phase: p}).Over(); got != over[p] {
			t.Errorf("Over of %s = %v", p, got)
		}
	}
}

func TestJournalError(t *testing.T) {
	t.Parallel()
	for _, err := range []error{nil, ErrJournal, ErrBusy, ErrBadInput} {
		if got := journalError(err); !errors.Is(got, err) || got != nil && !errors.Is(err, ErrJournal) && errors.Is(got, ErrJournal) {
			t.Errorf("journalError(%v) = %v, want it as it was", err, got)
		}
	}
	if got := journalError(fs.ErrPermission); !errors.Is(got, ErrJournal) || !errors.Is(got, fs.ErrPermission) {
		t.Errorf("journalError(%v) = %v", fs.ErrPermission, got)
	}
}
