package portfolio

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/words"
)

// Progress is how far the application of a plan is.
type Progress struct {
	Item ItemReport // of the item that changed, as it stands
	// Items is how many there are. Each of the others counts those that have come so far:
	// one that is renewed was paid and ordered too.
	Items, Ordered, Paid, Renewed, Failed int
	Spent                                 []ovhrenew.Money // tax included; what may have been paid counts
	// Until is when all will be done at the pace of the last payments; zero if that cannot
	// be said.
	Until time.Time
}

// String returns the progress in a line.
func (p Progress) String() string {
	text := fmt.Sprintf("%d of %d renewed, %d paid, %d ordered", p.Renewed, p.Items, p.Paid, p.Ordered)
	if p.Failed > 0 {
		text += fmt.Sprintf(", %d failed", p.Failed)
	}
	if len(p.Spent) > 0 {
		text += "; " + words.Listed(p.Spent)
	}
	if !p.Until.IsZero() {
		text += "; until about " + p.Until.Format("15:04")
	}
	return text
}

func (a *application) tell(changed *applied) {
	if a.how.Progress == nil {
		return
	}
	p := Progress{Item: changed.report, Items: len(a.items)}
	for _, item := range a.items {
		if item.stage == ended && item.report.Outcome != OutcomeRenewed {
			p.Failed++
		}
		phase := item.task.Phase
		renewed := item.report.Outcome == OutcomeRenewed
		paid := renewed || phase == ovhrenew.PhasePaid
		if renewed {
			p.Renewed++
		}
		if paid {
			p.Paid++
		}
		if paid || paySent(phase) || item.report.Outcome == OutcomeUnsure {
			p.Spent, _ = addTo(p.Spent, cmp.Or(item.report.Spent, item.task.Limit)) // for the eye alone
		}
		if paid || phase == ovhrenew.PhaseOrdered || paySent(phase) {
			p.Ordered++
		}
	}
	p.Until = a.until()
	a.how.Progress(p)
}

const (
	paceOf   = 50 // how many payments the pace is reckoned from, and paceFrom the fewest
	paceFrom = 5
)

// until is when all will be done if the others are paid at the pace of the last payments.
// What goes alone has no pace.
func (a *application) until() time.Time {
	unpaid, waits := a.count(queued)+a.count(placed), a.count(waiting) > 0
	n := len(a.paid)
	switch {
	case a.alone, unpaid > 0 && n < paceFrom, unpaid == 0 && (!waits || n == 0):
		return time.Time{}
	case unpaid == 0:
		return later(a.paid[n-1].Add(a.verify.expects()), time.Now().Add(a.how.pause(pagePause)))
	}
	first := max(0, n-paceOf)
	each := time.Since(a.paid[first]) / time.Duration(n-first)
	return time.Now().Add(each*time.Duration(unpaid) + a.verify.expects())
}

// addTo adds an amount to the sum of its currency. The error is [ovhrenew.ErrRange], and
// the sums stay as they were then.
func addTo(sums []ovhrenew.Money, m ovhrenew.Money) ([]ovhrenew.Money, error) {
	i := slices.IndexFunc(sums, func(s ovhrenew.Money) bool { return s.Currency() == m.Currency() })
	if i < 0 {
		return append(sums, m), nil
	}
	sum, err := sums[i].Add(m)
	if err == nil {
		sums[i] = sum
	}
	return sums, err
}
