// These tests fail without it: TestWait, TestPauses, TestRenewProgress.

package ovhrenew

import "time"

// wait says when to look again: when time has brought what only time can, or after a
// pause that grows with the wait.
func (j *job) wait(l *look) {
	p := j.task.patience()
	j.pause = min(max(p.Poll, l.now.Sub(j.st.Time)/2), max(maxPoll, p.Poll))
	if l.wake.After(l.now) {
		j.pause = l.wake.Sub(l.now)
	}
	if !j.task.Until.IsZero() && !l.over {
		j.pause = min(j.pause, max(j.task.Until.Sub(l.now), p.Poll))
	}
	j.task.Next = time.Now().Add(j.pause)
	if j.st.Phase == PhaseOrdered || j.st.Phase == PhaseOrdering || j.st.Phase.sent() {
		j.progress(Progress{Step: StepSettle, Order: j.order(), Until: time.Now().Add(j.pause)})
	} else if l.status != "" {
		j.progress(Progress{Step: StepWatch, Order: j.order(), Status: l.status})
	}
}

func (j *job) order() Order {
	if j.last != nil && j.last.own.OrderID != 0 {
		return j.last.own
	}
	c := j.st.Cost
	return Order{OrderID: j.st.Order, PriceWithTax: c.PriceWithTax, PriceWithoutTax: c.PriceWithoutTax, Tax: c.Tax, ExpirationDate: Timestamp{j.st.Lapses}}
}

func (j *job) progress(p Progress) {
	if j.tell != nil {
		j.tell(p)
	}
}

func (j *job) told(to Phase, l *look) {
	switch to {
	case PhaseOrdered:
		j.progress(Progress{Step: StepOrder, Order: j.order()})
	case PhasePaid:
		j.progress(Progress{Step: StepPay, Order: j.order()})
	case PhaseRenewed:
		j.progress(Progress{Step: StepVerify, Order: j.order(), Renewed: l.renewed})
	}
}
