package ovhrenew

import (
	"context"
	"errors"
	"fmt"
	"strings"
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
		"another, lost":                    {states: []State{state(shorter, PhaseOrdering, 5, "")}, others: 1},
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
		j := &job{r: &Runner{client: clock{}, answers: map[string]error{mine.Renewal(): errDark}}, claim: claim, task: mine}
		if tt.ignore != 0 {
			j.task.Guards.IgnoreOrders = []OrderID{tt.ignore}
		}
		if err := j.load(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		closed := 0
		for _, s := range claim.kept {
			if s.Phase == PhaseClosed {
				closed++
				if of := tt.states[0]; !strings.Contains(s.Why, "IgnoreOrders") || s.Order != tt.ignore || s.Renewal != of.Renewal || !s.Time.Equal(noon) {
					t.Errorf("%s: closed as %+v", name, s)
				}
			}
		}
		if j.st.Phase != tt.phase || len(j.inTheWay) != tt.others || j.refused != tt.refused || j.undone.Order != tt.undone || closed != tt.closed {
			t.Errorf("%s: phase %q, %d in the way, refused %d, undone %d, %d closed; want %+v", name, j.st.Phase, len(j.inTheWay), j.refused, j.undone.Order, closed, tt)
		}
		for _, other := range j.inTheWay {
			if other.r != j.r || other.claim != j.claim || !other.swept || other.st.Task.Renewal() != other.task.Renewal() || other.st.Order == 0 || !other.task.Until.Equal(j.task.Until) {
				t.Errorf("%s: in the way is %+v", name, other)
			}
		}
		if !j.loaded || j.answer != errDark {
			t.Errorf("%s: would be loaded again", name)
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

// A doubt stays, and nothing is written where nothing is new.
func TestTakeUpAgain(t *testing.T) {
	t.Parallel()
	mine := taskOf(P1Y, "2026-12-01", 1)
	for name, tt := range map[string]struct {
		ended            time.Time
		doubt, inherited bool
		want             bool // doubt
		kept             int
	}{
		"known":           {noon.Add(-time.Hour), false, false, false, 0},
		"in doubt":        {noon.Add(-time.Hour), true, false, true, 0},
		"in doubt still":  {noon.Add(-time.Hour), true, true, true, 0},
		"now in doubt":    {noon.Add(-time.Hour), false, true, true, 1},
		"without its end": {time.Time{}, true, false, true, 1},
	} {
		claim := &heldClaim{inherited: tt.inherited}
		j := &job{r: &Runner{client: clock{}}, claim: claim, task: mine, st: State{Phase: PhasePaying, Ended: tt.ended, Doubt: tt.doubt}}
		want := tt.ended
		if want.IsZero() {
			want = noon
		}
		if err := j.takeUp(t.Context(), noon); err != nil || j.st.Doubt != tt.want || !j.st.Ended.Equal(want) || len(claim.kept) != tt.kept {
			t.Errorf("%s: %v, doubt %t, ended %v, %d kept", name, err, j.st.Doubt, j.st.Ended, len(claim.kept))
		}
	}
	for name, states := range map[string][]State{
		"a call":            {{Phase: PhasePaying, Order: 5, Task: mine, Renewal: mine.Renewal()}},
		"an order to leave": {{Phase: PhaseOrdered, Order: 6, Task: mine, Renewal: mine.Renewal()}},
	} {
		j := &job{r: &Runner{client: clock{}}, claim: &heldClaim{states: states, full: 1}, task: mine}
		j.task.Guards.IgnoreOrders = []OrderID{6}
		if err := j.load(t.Context()); !errors.Is(err, ErrJournal) {
			t.Errorf("%s that cannot be kept: %v", name, err)
		}
	}
}

// A task whose payment was sent is not begun anew where another run has closed its renewal.
func TestClosedByAnotherRun(t *testing.T) {
	t.Parallel()
	mine, other := taskOf(P1Y, "2026-12-01", 1), taskOf(P1M, "2026-12-01", 1)
	for name, tt := range map[string]struct {
		phase  Phase // of the task
		order  OrderID
		of     Task
		closed Phase
		unsure bool
		want   Paid // empty if it is begun anew
	}{
		"paying":                 {PhasePaying, 5, mine, PhaseClosed, false, PaidUnsure},
		"declined":               {PhaseDeclined, 5, mine, PhaseClosed, false, PaidUnsure},
		"paid":                   {PhasePaid, 5, mine, PhaseClosed, false, PaidYes},
		"paid, closed as unsure": {PhasePaid, 5, mine, PhaseClosed, true, PaidUnsure},
		"ordered":                {PhaseOrdered, 5, mine, PhaseClosed, false, ""},
		"of another order":       {PhasePaid, 6, mine, PhaseClosed, false, ""},
		"another renewal":        {PhasePaid, 5, other, PhaseClosed, false, ""},
		"not closed":             {PhasePaid, 5, mine, PhasePaid, false, ""},
	} {
		claim := &heldClaim{states: []State{{Phase: tt.closed, Order: 5, Task: tt.of, Renewal: tt.of.Renewal(), Why: "the reason", Unsure: tt.unsure}}}
		j := &job{r: &Runner{client: clock{}}, claim: claim, task: mine}
		j.task.Phase, j.task.Order = tt.phase, tt.order
		err := j.load(t.Context())
		failed, _ := errors.AsType[*StepError](err)
		if tt.want == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if failed == nil || failed.Paid != tt.want || failed.Order != 5 || failed.Step != StepWatch || failed.Service != j.target() || !errors.Is(err, ErrNeedsHuman) || !strings.Contains(err.Error(), "the reason") {
			t.Errorf("%s: %v, want it paid %s", name, err, tt.want)
		}
	}
}

// The patience goes on where a task is in the phase it was in, and begins anew in another.
func TestPatienceBeginsAnew(t *testing.T) {
	t.Parallel()
	mine, until := taskOf(P1Y, "2026-12-01", 1), noon.Add(time.Minute)
	for _, tt := range []struct {
		task, state Phase
		until, want time.Time
	}{
		{PhaseOrdered, PhaseOrdered, until, until}, {"", "", until, until}, {PhaseWanted, "", until, until},
		{PhaseOrdered, PhaseOrdered, time.Time{}, noon.Add(defaultDelivery)},
		{PhaseOrdered, PhasePaid, until, noon.Add(2 * defaultDelivery)}, {"", PhaseOrdered, until, noon.Add(defaultDelivery)},
	} {
		claim := &heldClaim{}
		if tt.state != "" {
			claim.states = []State{{Phase: tt.state, Order: 5, Task: mine, Renewal: mine.Renewal()}}
		}
		j := &job{r: &Runner{client: clock{}}, claim: claim, task: mine}
		j.task.Phase, j.task.Until = tt.task, tt.until
		if err := j.load(t.Context()); err != nil || !j.task.Until.Equal(tt.want) {
			t.Errorf("a task in %q, and a state in %q: until %v, want %v", tt.task, tt.state, j.task.Until, tt.want)
		}
	}
}

// Without the time nothing is decided, and what is said of the money is what the journal has.
func TestLoadWithoutTheTime(t *testing.T) {
	t.Parallel()
	held := &heldClaim{}
	both := &job{r: &Runner{client: clock{err: errDark}}, claim: held, task: taskOf(P1Y, "2026-12-01", 1)}
	for _, period := range []Period{P1Y, P1M} {
		of := taskOf(period, "2026-12-01", 1)
		held.states = append(held.states, State{Phase: PhasePaid, Order: 5, Task: of, Renewal: of.Renewal()})
	}
	if failed, ok := errors.AsType[*StepError](both.load(t.Context())); !ok || failed.Paid != PaidYes {
		t.Errorf("its own is paid, and another is in the way: %v", failed)
	}
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
		j.r.client = clock{} // it is read again
		if err := j.load(t.Context()); err != nil || len(j.inTheWay)+len(j.st.Phase) != max(1, len(j.st.Phase)) {
			t.Errorf("%s in %s, with the time: %v, %s and %d in the way", tt.of.Offer, tt.phase, err, j.st.Phase, len(j.inTheWay))
		}
	}
}

// A renewal that waits for another of the journal's says of the money what that one says: also
// that it is unsure, where its phase alone would say no.
func TestBlockedBy(t *testing.T) {
	t.Parallel()
	of := func(paid Paid, err error) error { return &StepError{Step: StepPay, Order: 5, Paid: paid, Err: err} }
	for name, tt := range map[string]struct {
		phase  Phase
		err    error
		paid   Paid
		is     error
		wraps  bool // that it is under way
		within string
	}{
		"under way":          {PhasePaying, refuse(ErrUnderWay, "so it is"), PaidUnsure, ErrUnderWay, true, "so it is"},
		"ordered":            {PhaseOrdered, of(PaidNo, ErrUnread), PaidNo, ErrUnread, true, "(order 5)"},
		"moved by somebody":  {PhaseClosed, of(PaidUnsure, ErrExpiryMoved), PaidUnsure, ErrExpiryMoved, true, "(order 5)"},
		"beside another":     {PhaseOrdered, of(PaidUnsure, ErrForeignOrder), PaidUnsure, ErrForeignOrder, true, "(order 5)"},
		"paid":               {PhasePaid, of(PaidYes, ErrPending), PaidYes, ErrPending, true, "(order 5)"},
		"the journal failed": {PhaseOrdered, of(PaidNo, fmt.Errorf("%w: full", ErrJournal)), PaidNo, ErrJournal, false, "full"},
		"it is under way":    {PhaseOrdered, of(PaidNo, refuse(ErrUnderWay, "wanted")), PaidNo, ErrUnderWay, true, "wanted"},
	} {
		j, other := &job{task: taskOf(P1Y, "2026-12-01", 1)}, &job{task: taskOf(P1M, "2026-12-01", 1), st: State{Phase: tt.phase, Order: 5}}
		err := j.blockedBy(other, tt.err)
		failed, _ := errors.AsType[*StepError](err)
		if failed == nil || failed.Step != StepGuard || failed.Order != 5 || failed.Service != j.target() || failed.Paid != tt.paid {
			t.Errorf("%s: %v, want it paid %s", name, err, tt.paid)
		}
		if !errors.Is(err, tt.is) || errors.Is(err, ErrUnderWay) != tt.wraps || !strings.Contains(err.Error(), tt.within) || strings.Count(err.Error(), ErrUnderWay.Error()) > 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
}
