// These tests fail without it: TestMakeDir, TestDirectoryWithoutSync,
// TestOpenJournalRefuses.

package ovhrenew

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"time"
)

// fileJournal is a Journal in a directory, which holds:
//   - journal.log: the states of the renewals that are open, and of each service the one
//     that ended last, if within 400 days. It is rewritten when most of it is old.
//   - receipts-2026-11.jsonl: the renewals that ended in a month, once the log has let
//     them go.
//   - orders-2026-11.jsonl: facts about the foreign orders placed in a month, for 400
//     days.
//   - claims: a locked file for each claim.
//   - journal.lock, locked for the moment of a reading or writing; compact.lock, locked
//     by whoever rewrites the log.
//
// Every line stands behind its checksum.
type fileJournal struct {
	dir     string
	sharing Sharing
	// The file operations that matter to a crash. A disk that is full fails in them.
	write  func(file *os.File, data []byte, at int64) (int, error)
	sync   func(file *os.File) error
	rename func(from, to string) error
	open   func(path string) (*os.File, error) // of monthly files

	turn    chan struct{} // holds one value while index is in use
	index   *index
	compact int64 // the size of the log from which it may be rewritten

	mu   sync.Mutex
	held map[ServiceID]*fileClaim

	reading sync.Mutex // guards read
	read    map[string]*month
}

// OpenJournal opens the journal in a directory, and creates the directory if needed;
// [JournalDir] is the one that a user's programs keep by default. Any number of processes
// of one machine can share it. It is not for network file systems. A directory is for one
// account. The error is [ErrBadInput] or [ErrJournal].
func OpenJournal(dir string, sharing Sharing) (Journal, error) {
	const call = "OpenJournal"
	switch {
	case sharing != OnlyJournal && sharing != OneOfSeveral:
		return nil, badInput(call, "sharing", int(sharing),
			"does not say who shares the account: write OnlyJournal if every program that renews its services uses this journal, else OneOfSeveral")
	case oddDir(dir) != "":
		return nil, badInput(call, "dir", dir, oddDir(dir))
	}
	dir, err := filepath.Abs(dir) // a later change of the working directory changes nothing
	if err != nil {
		return nil, journalError(err)
	}
	j := newFileJournal(dir, sharing)
	if err := j.makeDir(); err != nil {
		return nil, journalError(notWritable(dir, err))
	}
	h, err := j.hold(context.Background())
	if err != nil {
		return nil, notWritable(dir, err)
	}
	h.release()
	j.compactIfDue()
	return j, nil
}

// notWritable says what a journal's directory lacks, if that is the right to write there.
func notWritable(dir string, err error) error {
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, errReadOnly) {
		return fmt.Errorf("%s cannot be written by this user: choose a directory of its own that stays: %w", dir, err)
	}
	return err
}

func newFileJournal(dir string, sharing Sharing) *fileJournal {
	return &fileJournal{
		dir: dir, sharing: sharing,
		write: (*os.File).WriteAt, sync: (*os.File).Sync, rename: os.Rename, open: os.Open,
		turn: make(chan struct{}, 1), index: newIndex(), compact: compactFrom, held: map[ServiceID]*fileClaim{}, read: map[string]*month{},
	}
}

// makeDir creates the directory, and makes the names of what it creates survive a
// crash. Where the directory exists already, its name has survived.
func (j *fileJournal) makeDir() error {
	missing := []string{}
	for dir := j.dir; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) || dir == filepath.Dir(dir) {
			break
		}
		missing = append(missing, dir)
	}
	if err := os.MkdirAll(filepath.Join(j.dir, "claims"), 0o700); err != nil {
		return err
	}
	for _, dir := range missing {
		if err := j.syncDir(filepath.Dir(dir)); err != nil {
			return err
		}
	}
	if len(missing) > 0 {
		return nil
	}
	// Whoever created the directory may not have synced its name. A parent that
	// cannot be read or synced is no reason to refuse what works.
	return j.syncIfPossible(filepath.Dir(j.dir))
}

// syncIfPossible is syncDir where the system may refuse it: the directory exists, and its
// file system keeps its entries as it does.
func (j *fileJournal) syncIfPossible(dir string) error {
	err := j.syncDir(dir)
	for _, harmless := range []error{fs.ErrPermission, syscall.EINVAL, errReadOnly, errors.ErrUnsupported} {
		if errors.Is(err, harmless) {
			return nil
		}
	}
	return err
}

// syncDir makes the entries of a directory survive a crash. Windows keeps them with
// the files.
func (j *fileJournal) syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return j.sync(d)
}

// Sharing returns who shares the account, as the journal was opened with.
func (j *fileJournal) Sharing() Sharing { return j.sharing }

// Orders returns what is known of the orders placed since a time, by their dates. The
// error is [ErrJournal].
func (j *fileJournal) Orders(ctx context.Context, account string, since time.Time) ([]OrderFact, error) {
	h, err := j.holdFor(ctx, account, false)
	if err != nil {
		return nil, err
	}
	own := map[OrderID]OrderFact{}
	for order, p := range j.index.orders {
		if date := fromMicro(p.date); !date.Before(since) {
			own[order] = OrderFact{Order: order, Date: date, Services: p.services}
		}
	}
	h.release()
	// A state may bear a time that is a little before the order's, as two answers of the
	// API can: a month's archive may have an order of the next.
	facts := map[OrderID]OrderFact{}
	err = errors.Join(
		j.eachOrder(ctx, receiptsPrefix, since.AddDate(0, 0, -1), j.archivedOrders, func(a OrderFact) {
			if have, ok := own[a.Order]; !a.Date.Before(since) && (!ok || a.Date.Before(have.Date)) {
				own[a.Order] = a
			}
		}),
		j.eachOrder(ctx, ordersPrefix, since, j.factsOfMonth, func(fact OrderFact) { facts[fact.Order] = fact }),
	)
	if err != nil {
		return nil, err
	}
	for order, fact := range own {
		foreign, ok := facts[order]
		if ok {
			foreign.Services = fact.Services
			fact = foreign
		}
		facts[order] = fact
	}
	return slices.SortedFunc(maps.Values(facts), func(a, b OrderFact) int {
		return cmp.Or(a.Date.Compare(b.Date), cmp.Compare(a.Order, b.Order))
	}), nil
}

// Remember keeps facts about foreign orders. They are not synced to the disk, as
// losing them costs requests only.
//
// The error is [ErrBadInput] for a fact without an order or a date, else [ErrJournal].
func (j *fileJournal) Remember(ctx context.Context, account string, facts ...OrderFact) error {
	for i, fact := range facts {
		if fact.Order == 0 {
			return badInput("Remember", fmt.Sprintf("facts[%d].Order", i), fact.Order, "is no order")
		}
		if fact.Date.IsZero() {
			return badInput("Remember", fmt.Sprintf("facts[%d].Date", i), fact.Date, "is not set")
		}
	}
	h, err := j.holdFor(ctx, account, true)
	if err != nil {
		return err
	}
	defer h.release()
	return j.appendFacts(facts)
}

// Receipts returns the receipts of the renewals that ended since a time, oldest first.
// It claims nothing. The error is [ErrJournal].
func (j *fileJournal) Receipts(ctx context.Context, account string, since time.Time) iter.Seq2[Receipt, error] {
	return func(yield func(Receipt, error) bool) {
		fresh, err := j.freshReceipts(ctx, account, since)
		if err != nil {
			yield(Receipt{}, err)
			return
		}
		for a, err := range j.archivedSince(ctx, since, fresh) {
			if err != nil {
				yield(Receipt{}, err)
				return
			}
			if !yield(*a.Receipt, nil) {
				return
			}
		}
	}
}

// freshReceipts returns the renewals with receipts that are in no archive yet. They are
// read before the archives: what is moved meanwhile is then read twice, not never.
func (j *fileJournal) freshReceipts(ctx context.Context, account string, since time.Time) ([]archived, error) {
	h, err := j.holdFor(ctx, account, false)
	if err != nil {
		return nil, err
	}
	defer h.release()
	var fresh []archived
	for _, place := range j.index.ended {
		line, err := h.line(place)
		if err != nil {
			return nil, err
		}
		a, err := toArchive(line)
		if err != nil {
			return nil, journalError(err)
		}
		if a.Receipt != nil && !a.Time.Before(since) {
			fresh = append(fresh, a)
		}
	}
	return fresh, nil
}
