package ovhrenew

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"
)

// A heldClaim is a claim with states, which keeps what is appended.
type heldClaim struct {
	states, kept []State
	inherited    bool
	full         int // which is refused, with all after it; none if zero
}

func (c *heldClaim) States() []State { return c.states }
func (c *heldClaim) Inherited() bool { return c.inherited }
func (c *heldClaim) Append(_ context.Context, s State) error {
	if c.full > 0 && len(c.kept) == c.full-1 {
		return errDark
	}
	c.kept = append(c.kept, s)
	return nil
}
func (c *heldClaim) Release() error { return nil }

// A clock is a Client that knows the time and nothing else.
type clock struct {
	Client
	err error
}

func (c clock) Time(context.Context) (time.Time, error) { return noon, c.err }

func taskOf(period Period, from string, ids ...ServiceID) Task {
	t := Task{Offer: Offer{Service: ids[0], Period: period}}
	for _, id := range ids {
		t.Services = append(t.Services, Renewed{ServiceID: id, Name: fmt.Sprint(id), From: MustDate(from)})
	}
	return t
}

// What a run takes up of what the journal has of its services.
func TestLoad(t *testing.T) {
	t.Parallel()
	mine := taskOf(P1Y, "2026-12-01", 1, 2)
	state := func(of Task, phase Phase, order OrderID, answer Answer) State {
		s := State{Phase: phase, Order: order, Answer: answer, Task: of, Renewal: of.Renewal(), Services: of.ids(), Sent: noon}
		if phase == PhaseRenewed {
			s.Receipt = &Receipt{Order: order}
		}
		return s
	}
	shorter, part, last := taskOf(P1M, "2026-12-01", 1, 2), taskOf(P1Y, "2026-12-01", 2), taskOf(P1Y, "2025-12-01", 1, 2)
	for name, tt := range map[string]struct {
		states          []State
		ignore          OrderID
		phase           Phase
		others          int
		refused, undone OrderID
		closed          int // states kept as closed
	}{
		"nothing":                          {},
		"its own":                          {states: []State{state(mine, PhaseOrdered, 5, "")}, phase: PhaseOrdered},
		"its own, ended":                   {states: []State{state(mine, PhaseRenewed, 5, "")}, phase: PhaseRenewed},
		"its own, ended and ignored":       {states: []State{state(mine, PhaseRenewed, 5, "")}, ignore: 5},
		"its own, closed":                  {states: []State{state(mine, PhaseClosed, 5, "")}},
		"its own, agreed to and closed":    {states: []State{state(mine, PhaseClosed, 5, AnswerYes)}},
		"another":                          {states: []State{state(shorter, PhasePaying, 5, "")}, others: 1},
		"another, ignored":                 {states: []State{state(shorter, PhasePaying, 5, "")}, ignore: 5, closed: 1},
		"a no":                             {states: []State{state(mine, PhaseClosed, 5, AnswerNo)}, refused: 5},
		"a no to another period":           {states: []State{state(shorter, PhaseClosed, 5, AnswerNo)}, refused: 5},
		"a no to a part":                   {states: []State{state(part, PhaseClosed, 5, AnswerNo)}, refused: 5},
		"a no that was taken back":         {states: []State{state(shorter, PhaseClosed, 5, AnswerNo)}, ignore: 5},
		"last year's no":                   {states: []State{state(last, PhaseClosed, 5, AnswerNo)}},
		"renewed by another, from here":    {states: []State{state(part, PhaseRenewed, 5, "")}, undone: 5},
		"renewed by another, from before":  {states: []State{state(last, PhaseRenewed, 5, "")}},
		"one open, one ended, one refused": {states: []State{state(last, PhaseRenewed, 5, ""), state(shorter, PhaseClosed, 6, AnswerNo), state(part, PhaseOrdered, 7, "")}, others: 1, refused: 6},
	} {
		claim := &heldClaim{states: tt.states}
		j := &job{r: &Runner{client: clock{}}, claim: claim, task: mine}
		j.task.Guards.IgnoreOrders = []OrderID{tt.ignore}
		if err := j.load(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		closed := 0
		for _, s := range claim.kept {
			if s.Phase == PhaseClosed {
				closed++
			}
		}
		if j.st.Phase != tt.phase || len(j.inTheWay) != tt.others || j.refused != tt.refused || j.undone.Order != tt.undone || closed != tt.closed {
			t.Errorf("%s: phase %q, %d in the way, refused %d, undone %d, %d closed; want %+v", name, j.st.Phase, len(j.inTheWay), j.refused, j.undone.Order, closed, tt)
		}
		if j.st.Receipt != nil && (!j.st.Receipt.Already || tt.states[0].Receipt.Already) {
			t.Errorf("%s: the receipt is %+v, and the journal's %+v", name, j.st.Receipt, tt.states[0].Receipt)
		}
	}
}

// A payment that was under way when a claim passed on from a holder that may be alive is
// doubted, and is looked for from now on.
func TestTakeUp(t *testing.T) {
	t.Parallel()
	mine := taskOf(P1Y, "2026-12-01", 1)
	for _, phase := range modelPhases {
		for _, inherited := range []bool{false, true} {
			claim := &heldClaim{inherited: inherited, states: []State{{Phase: phase, Order: 5, Task: mine, Renewal: mine.Renewal()}}}
			j := &job{r: &Runner{client: clock{}}, claim: claim, task: mine}
			if err := j.load(t.Context()); err != nil {
				t.Fatal(err)
			}
			sent := phase == PhaseOrdering || phase == PhasePaying
			if j.st.Doubt != (inherited && phase == PhasePaying) || j.st.Ended.Equal(noon) != sent || (len(claim.kept) > 0) != sent {
				t.Errorf("%s, inherited %t: doubt %t, ended %v, %d kept", phase, inherited, j.st.Doubt, j.st.Ended, len(claim.kept))
			}
		}
	}
}

// Without the time nothing is decided, and what is said of the money is what the journal has.
func TestLoadWithoutTheTime(t *testing.T) {
	t.Parallel()
	mine, other := taskOf(P1Y, "2026-12-01", 1), taskOf(P1M, "2026-12-01", 1)
	for _, tt := range []struct {
		of    Task
		phase Phase
		want  Paid
	}{{mine, PhasePaid, PaidYes}, {mine, PhasePaying, PaidUnsure}, {mine, PhaseOrdered, PaidNo}, {other, PhasePaid, PaidUnsure}, {other, PhaseOrdered, PaidUnsure}} {
		j := &job{r: &Runner{client: clock{err: errors.New("dark")}}, task: mine}
		j.claim = &heldClaim{states: []State{{Phase: tt.phase, Order: 5, Task: tt.of, Renewal: tt.of.Renewal()}}}
		var failed *StepError
		if err := j.load(t.Context()); !errors.As(err, &failed) || failed.Paid != tt.want || j.loaded {
			t.Errorf("%s in %s: %v, want %s", tt.of.Offer, tt.phase, err, tt.want)
		}
	}
}
