// These tests fail without it: TestJournalAgainstModel, TestRewriteKeepsWhatCounts, TestPowerLoss,
// TestRewriteCutAnywhere, TestHalfKeptBundle, TestJournalCrashes.

package ovhrenew

import (
	"slices"
	"strconv"
	"time"
)

func (j *fileJournal) statesOf(id ServiceID) string {
	return j.path(servicesDir, strconv.FormatInt(int64(id), 10)+".jsonl")
}

// append writes a state to the files of all its services, claimed or not. A receipt is
// written before its state. An order is written after the first state that names it, as
// one that no state names is never paid, and would be in nobody's way; and once more
// before the second by another claim, as a crash may have come between the first two.
func (c *fileClaim) append(s *State) error {
	j, r := c.journal, record{Changed: time.Now().UnixNano(), State: s}
	for _, old := range c.records {
		r.Changed = max(r.Changed, old.Changed+1)
	}
	ids := inOrder(s.Services)
	files, sizes := make([][]record, len(ids)), make([]int64, len(ids))
	for i, id := range ids {
		var err error
		if files[i], sizes[i], err = j.read(j.statesOf(id), aState); err != nil {
			return err
		}
		for _, old := range files[i] {
			r.Changed = max(r.Changed, old.Changed+1)
			if s.Order != 0 && old.State.Renewal == s.Renewal && old.State.Order == s.Order {
				r.Named, r.Noted = old.Named, r.Noted || old.Noted || c.noted == s.Order
			}
		}
	}
	first := s.Order != 0 && r.Named.IsZero()
	if first {
		r.Named = s.Time.UTC()
	}
	own := OrderFact{Order: s.Order, Date: r.Named, Services: s.Services}
	if s.Order != 0 && !first && !r.Noted {
		if err := j.keepFacts(own); err != nil {
			return err
		}
		r.Noted = true
	}
	if err := j.keepReceipt(s, slices.Concat(files...)...); err != nil {
		return err
	}
	// A process may have died between a rewriting and the sync of the new file's name.
	rewritten := func(file []record) bool { return len(file) > 0 && file[0].First }
	if !c.named && slices.ContainsFunc(files, rewritten) {
		if err := j.syncIfPossible(j.path(servicesDir)); err != nil {
			return err
		}
	}
	c.named = false
	for i, id := range ids {
		if err := j.keepState(id, append(files[i], r), sizes[i]); err != nil {
			return err
		}
	}
	c.named = true
	c.records = concerning(append(c.records, r), c.services)
	if !first {
		return nil
	}
	if err := j.keepFacts(own); err != nil {
		return err
	}
	c.noted = s.Order
	return nil
}

// keepState adds the last of a service's records to its file, or rewrites a file of which
// most is old. Where a rewritten file could be lost with the name of the old one, it is
// not rewritten.
func (j *fileJournal) keepState(id ServiceID, records []record, size int64) error {
	line, err := records[len(records)-1].line()
	if err != nil {
		return err
	}
	if size+int64(len(line)) > rewriteFrom {
		var text []byte
		for i, r := range concerning(records, []ServiceID{id}) {
			r.First = i == 0
			line, err := r.line()
			if err != nil {
				return err
			}
			text = append(text, line...)
		}
		if int64(2*len(text)) < size && j.syncDir(j.path(servicesDir)) == nil {
			return j.replace(j.statesOf(id), text)
		}
	}
	return j.append(j.statesOf(id), line)
}

// concerning returns those records that count: of each renewal the last state, if it is
// open and concerns one of the services or is the one that ended last of one of them.
func concerning(records []record, services []ServiceID) (kept []record) {
	later, ended := map[string]bool{}, map[ServiceID]bool{}
	for _, r := range slices.Backward(records) {
		if later[r.State.Renewal] {
			continue
		}
		later[r.State.Renewal] = true
		counts := false
		for _, id := range r.State.Services {
			counts = counts || slices.Contains(services, id) && !(r.State.Over() && ended[id])
			ended[id] = ended[id] || r.State.Over()
		}
		if counts {
			kept = append(kept, r)
		}
	}
	slices.Reverse(kept)
	return kept
}
