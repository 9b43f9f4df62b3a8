// These tests fail without it: TestReceipts, TestDamagedReceipts.

package ovhrenew

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"time"
)

// keepReceipt adds the receipt of a renewal that ended to those of its month.
func (j *fileJournal) keepReceipt(s *State) error {
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
		names, err := j.monthsSince(ctx, account, receiptsPrefix, since)
		if err != nil {
			yield(Receipt{}, err)
			return
		}
		seen := map[string]bool{}
		for _, name := range names { // one month in memory at a time
			var data []byte
			err := j.forAccount(ctx, account, false, func() (err error) {
				data, err = readFrom(j.path(name), 0)
				return err
			})
			records, _, damaged := parse(j.path(name), 0, data, aReceipt) // while others go on
			if err = cmp.Or(err, damaged); err != nil {
				yield(Receipt{}, journalError(err))
				return
			}
			slices.SortStableFunc(records, func(a, b record) int {
				return cmp.Or(a.Ended.Compare(b.Ended), cmp.Compare(a.Receipt.Order, b.Receipt.Order))
			})
			for _, r := range records {
				if r.Ended.Before(since) || seen[r.Renewal] {
					continue
				}
				seen[r.Renewal] = true
				if !yield(*r.Receipt, nil) {
					return
				}
			}
		}
	}
}
