// These tests fail without it: TestReceipts, TestReceiptsOfOneRenewal, TestDamagedReceipts.

package ovhrenew

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"time"
)

// keepReceipt keeps the receipt of a state, unless one of the records before it has it: what
// was kept first is what counts.
func (j *fileJournal) keepReceipt(s *State, before ...record) error {
	has := func(old record) bool {
		o := old.State
		return o.Renewal == s.Renewal && o.Over() && o.Receipt != nil && o.Receipt.Order == s.Receipt.Order
	}
	if !s.Over() || s.Receipt == nil || slices.ContainsFunc(before, has) {
		return nil
	}
	line, err := record{Renewal: s.Renewal, Ended: s.Time, Receipt: s.Receipt}.line()
	if err != nil {
		return err
	}
	return j.append(j.path(monthFile(receiptsPrefix, s.Time)), line)
}

// Receipts returns the receipts of the renewals that ended since a time, oldest first.
// It claims nothing. The error is [ErrJournal].
func (j *fileJournal) Receipts(ctx context.Context, account string, since time.Time) iter.Seq2[Receipt, error] {
	return func(yield func(Receipt, error) bool) {
		// A run that died behind a receipt is gone on with later, and writes it anew: what was
		// there before is not told again. A service that was taken back and renewed once more
		// has two, of two orders.
		seen := map[string]bool{}
		again := func(r record) bool {
			this := fmt.Sprintf("%d %s", r.Receipt.Order, r.Renewal)
			told := seen[this]
			seen[this] = true
			return told
		}
		names, err := j.monthsSince(ctx, account, receiptsPrefix, since.AddDate(0, -1, 0))
		for i := 0; i < len(names) && err == nil; i++ { // one month in memory at a time
			var records []record
			records, _, err = j.monthFrom(ctx, account, names[i], 0, aReceipt)
			records = slices.DeleteFunc(records, again)
			slices.SortStableFunc(records, func(a, b record) int {
				return cmp.Or(a.Ended.Compare(b.Ended), cmp.Compare(a.Receipt.Order, b.Receipt.Order))
			})
			for _, r := range records {
				if !r.Ended.Before(since) && !yield(*r.Receipt, nil) {
					return
				}
			}
		}
		if err != nil {
			yield(Receipt{}, err)
		}
	}
}
