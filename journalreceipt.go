// These tests fail without it: TestReceipts, TestReceiptsOfOneRenewal, TestDamagedReceipts.

package ovhrenew

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"time"
)

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
		// A run that died behind a receipt is gone on with later, and writes it anew: what was
		// there before is not told again. A service that was taken back and renewed once more
		// has two, of two orders.
		type one struct {
			renewal string
			order   OrderID
		}
		names, err := j.monthsSince(ctx, account, receiptsPrefix, since.AddDate(0, -1, 0))
		if err != nil {
			yield(Receipt{}, err)
			return
		}
		seen := map[one]bool{}
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
				this := one{r.Renewal, r.Receipt.Order}
				again := seen[this]
				seen[this] = true
				if !again && !r.Ended.Before(since) && !yield(*r.Receipt, nil) {
					return
				}
			}
		}
	}
}
