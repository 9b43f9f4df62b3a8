// These tests fail without it: TestJournalCutAnywhere, TestJournalDamage, TestPowerLoss,
// TestJournalFullDisk, TestJournalSyncs, TestJournalCrashes.

package ovhrenew

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/ovhrenew/ovhrenew/internal/flock"
)

// fileJournal is a Journal in a directory, which holds:
//   - account.jsonl: whose it is. It is locked while any of the files is read or written.
//   - services/123.jsonl: the states of a service's renewals. Nothing is read of services
//     that are not claimed, so that a journal may grow old.
//   - claims/123: locked while the service is claimed.
//   - orders-2026-11.jsonl: what is known of the orders placed in a month.
//   - receipts-2026-11.jsonl: the receipts of the renewals that ended in a month.
//
// A file has lines, each a record behind its checksum. A last line without its end is a
// write that was cut off: nobody was told that it is kept.
type fileJournal struct {
	dir     string
	sharing Sharing
	// The file operations that matter to a crash. A disk that is full fails in them.
	write  func(file *os.File, data []byte, at int64) (int, error)
	sync   func(file *os.File) error
	rename func(from, to string) error

	turn chan struct{} // holds one value while a file is in use

	reading sync.Mutex // guards months
	months  map[string]*month
}

const (
	accountFile = "account.jsonl"
	servicesDir = "services"
	claimsDir   = "claims"
	// rewriteFrom is the size of a file of states that is worth rewriting.
	rewriteFrom = 8 << 10
)

func newFileJournal(dir string, sharing Sharing) *fileJournal {
	return &fileJournal{
		dir: dir, sharing: sharing, write: (*os.File).WriteAt, sync: (*os.File).Sync, rename: os.Rename,
		turn: make(chan struct{}, 1), months: map[string]*month{},
	}
}

func (j *fileJournal) path(names ...string) string {
	return filepath.Join(append([]string{j.dir}, names...)...)
}

// Sharing returns who shares the account, as the journal was opened with.
func (j *fileJournal) Sharing() Sharing { return j.sharing }

// record is what a line says: an account, a state, an order, or a receipt.
type record struct {
	Version int        `json:"v"`
	Account string     `json:"account,omitempty"`
	Changed int64      `json:"changed,omitempty"` // rises with each state of a service
	Named   time.Time  `json:"named,omitzero"`    // when a state first named the state's order
	Noted   bool       `json:"noted,omitempty"`   // the order is among those of its month
	First   bool       `json:"first,omitempty"`   // of a file that was rewritten
	State   *State     `json:"state,omitempty"`
	Order   *OrderFact `json:"order,omitempty"`
	Renewal string     `json:"renewal,omitempty"`
	Ended   time.Time  `json:"ended,omitzero"`
	Receipt *Receipt   `json:"receipt,omitempty"`
}

func (r record) line() ([]byte, error) {
	r.Version = stateVersion
	text, err := json.Marshal(r)
	return fmt.Appendf(nil, "%08x %s\n", crc32.ChecksumIEEE(text), text), err
}

var errDamaged = errors.New("a record is damaged; move the file away to go on without what it says: " +
	"orders that it names may then be taken for somebody's, and its receipts are not counted")

func parseRecord(line []byte) (r record, err error) {
	sum, text, _ := bytes.Cut(line, []byte(" "))
	if string(sum) != fmt.Sprintf("%08x", crc32.ChecksumIEEE(text)) {
		return r, errDamaged
	}
	err = json.Unmarshal(text, &r)
	if r.Version != stateVersion {
		err = fmt.Errorf("a record has version %d, and this program knows %d: use a newer one", r.Version, stateVersion)
	}
	return r, err
}

// The kinds of records that a file may have.
var (
	anAccount = func(r record) bool { return r.Account != "" }
	aState    = func(r record) bool { return r.State != nil }
	anOrder   = func(r record) bool { return r.Order != nil }
	aReceipt  = func(r record) bool { return r.Receipt != nil }
)

// read returns the records of a file, and the byte behind them. A file that is not there has
// none.
func (j *fileJournal) read(path string, kind func(record) bool) (records []record, end int64, err error) {
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, 0, err
	}
	return parse(path, 0, data, kind)
}

func parse(path string, at int64, data []byte, kind func(record) bool) (records []record, end int64, err error) {
	for line := range bytes.Lines(data) {
		text, whole := bytes.CutSuffix(line, []byte("\n"))
		if !whole {
			break
		}
		r, err := parseRecord(text)
		if err == nil && !kind(r) {
			err = errDamaged
		}
		if err != nil {
			return records, at, fmt.Errorf("%s, at byte %d: %w", path, at, err)
		}
		records = append(records, r)
		at += int64(len(line))
	}
	return records, at, nil
}

// append adds whole lines to a file, and waits until the disk has them. A write that
// fails is taken back as far as the disk allows.
func (j *fileJournal) append(path string, lines []byte) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	end, size, err := wholeLines(file)
	if err == nil && end < size {
		err = file.Truncate(end)
	}
	if err == nil && end == 0 { // the file's name may not be on the disk yet
		err = j.syncIfPossible(filepath.Dir(path))
	}
	if err != nil {
		return err
	}
	if _, err = j.write(file, lines, end); err == nil {
		err = j.sync(file)
	}
	if err != nil {
		return errors.Join(err, file.Truncate(end))
	}
	return nil
}

// wholeLines returns where the last whole line of a file ends, and the file.
func wholeLines(file *os.File) (end, size int64, err error) {
	info, err := file.Stat()
	if err != nil {
		return 0, 0, err
	}
	piece := make([]byte, 4<<10)
	for end = info.Size(); end > 0; {
		from := max(0, end-int64(len(piece)))
		part := piece[:end-from]
		if _, err := file.ReadAt(part, from); err != nil {
			return 0, 0, err
		}
		at := bytes.LastIndexByte(part, '\n')
		if end = from + int64(at) + 1; at >= 0 {
			break
		}
	}
	return end, info.Size(), nil
}

// replace lets lines take the place of a file's, which a crash leaves whole or not at all.
func (j *fileJournal) replace(path string, lines []byte) error {
	file, err := os.OpenFile(path+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := j.write(file, lines, 0); err != nil {
		return err
	}
	if err := j.sync(file); err != nil {
		return err
	}
	file.Close() // Windows renames no open file
	if err := j.rename(file.Name(), path); err != nil {
		return err
	}
	return j.syncDir(filepath.Dir(path))
}

// locked calls f while nobody else reads or writes the journal, in this process or
// another.
func (j *fileJournal) locked(ctx context.Context, f func() error) error {
	select {
	case j.turn <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("%w: waiting for %s: %w", ErrJournal, j.dir, context.Cause(ctx))
	}
	defer func() { <-j.turn }()
	lock, err := os.OpenFile(j.path(accountFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return journalError(err)
	}
	defer lock.Close()
	if err := flock.Lock(ctx, lock); err != nil {
		return fmt.Errorf("%w: waiting for %s: %w", ErrJournal, j.dir, err)
	}
	defer func() { _ = flock.Unlock(lock) }() // if it fails, closing does it
	return journalError(f())
}

// forAccount is locked for an account, which has to be the journal's. A journal without
// one takes it if begin is true.
func (j *fileJournal) forAccount(ctx context.Context, account string, begin bool, f func() error) error {
	if account == "" {
		return badInput("Journal", "account", account, "names no account")
	}
	return j.locked(ctx, func() error {
		have, err := j.account()
		switch {
		case err != nil:
			return err
		case have == "" && begin:
			line, err := record{Account: account}.line()
			if err == nil {
				err = j.append(j.path(accountFile), line)
			}
			if err != nil {
				return err
			}
		case have != account && have != "":
			return fmt.Errorf("%s is the journal of the account %q, not of %q: an account has a directory of its own", j.dir, have, account)
		}
		return f()
	})
}

func (j *fileJournal) account() (string, error) {
	records, _, err := j.read(j.path(accountFile), anAccount)
	if err != nil || len(records) == 0 {
		return "", err
	}
	return records[0].Account, nil
}
