// These tests fail without it: TestJournalCutAnywhere, TestJournalDamage,
// TestJournalFullDisk, TestJournalSyncs.

package ovhrenew

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/ovhrenew/ovhrenew/internal/flock"
)

// readAtOnce is how many bytes are read while others wait. More is read before, as
// what a log holds at some moment changes no more.
const readAtOnce = 1 << 20

// holding is the log's lock, with the log open and all of it in the index.
type holding struct {
	journal   *fileJournal
	log, lock *os.File
	end       int64 // of the log
	stale     bool  // the index is not of the log as it is; see holdEnd
}

func (j *fileJournal) path(name string) string { return filepath.Join(j.dir, name) }

// hold waits for the log's lock and reads what others have appended.
func (j *fileJournal) hold(ctx context.Context) (*holding, error) {
	return j.holdWith(ctx, (*holding).take)
}

// holdEnd is hold for an append, which must not wait until a log that another process
// has just rewritten is read: it looks at the log's account and its end. If there is
// much to read it leaves the index as it is.
func (j *fileJournal) holdEnd(ctx context.Context) (*holding, error) {
	return j.holdWith(ctx, (*holding).takeEnd)
}

func (j *fileJournal) holdWith(ctx context.Context, take func(*holding, context.Context) error) (*holding, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrJournal, j.dir, context.Cause(ctx))
	}
	select {
	case j.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: waiting for %s: %w", ErrJournal, j.dir, context.Cause(ctx))
	}
	h := &holding{journal: j}
	if err := take(h, ctx); err != nil {
		h.release()
		return nil, journalError(err)
	}
	return h, nil
}

// take locks and reads until little is left to read, which it reads with the lock.
func (h *holding) take(ctx context.Context) error {
	j := h.journal
	for stuck := false; ; {
		if err := h.open(ctx); err != nil {
			return err
		}
		size, same, err := h.meet()
		if err != nil {
			return err
		}
		if !same {
			j.index = newIndex()
		}
		start := j.index.end
		if stuck || size-start <= readAtOnce {
			return h.refresh(size)
		}
		if err := flock.Unlock(h.lock); err != nil {
			return err
		}
		// A last line that was cut off may be replaced by another process while it
		// is read. So an error counts only if it is found with the lock.
		if err := j.index.read(h.log, size); err != nil {
			j.index = newIndex()
			stuck = true
		}
		stuck = stuck || j.index.end == start
		h.log.Close()
	}
}

// open locks and opens the log.
func (h *holding) open(ctx context.Context) (err error) {
	if h.lock == nil {
		if h.lock, err = os.OpenFile(h.journal.path("journal.lock"), os.O_CREATE|os.O_RDWR, 0o600); err != nil {
			return err
		}
	}
	if err := flock.Lock(ctx, h.lock); err != nil {
		return fmt.Errorf("waiting for %s: %w", h.journal.dir, err)
	}
	h.log, err = os.OpenFile(h.journal.path("journal.log"), os.O_CREATE|os.O_RDWR, 0o600)
	return err
}

// meet returns the log's size, and whether the log is the one that the index is of.
func (h *holding) meet() (size int64, same bool, err error) {
	x := h.journal.index
	info, err := h.log.Stat()
	if err != nil {
		return 0, false, err
	}
	if info.Size() < x.end {
		return info.Size(), false, nil
	}
	header := make([]byte, len(x.header))
	if _, err := h.log.ReadAt(header, 0); err != nil && len(header) > 0 {
		return 0, false, err
	}
	return info.Size(), string(header) == x.header, nil
}

// takeEnd locks and, if there is much to read, looks at the first line and the end only.
func (h *holding) takeEnd(ctx context.Context) error {
	x := h.journal.index
	if err := h.open(ctx); err != nil {
		return err
	}
	size, same, err := h.meet()
	if err != nil {
		return err
	}
	if !same && size <= readAtOnce {
		h.journal.index, same = newIndex(), true
	}
	if same && size-h.journal.index.end <= readAtOnce {
		return h.refresh(size)
	}
	h.stale = true
	first := newIndex()
	line, err := bufio.NewReader(io.NewSectionReader(h.log, 0, size)).ReadBytes('\n')
	if err == nil {
		err = first.read(bytes.NewReader(line), int64(len(line)))
	}
	if err != nil {
		return fmt.Errorf("%s: %w", h.log.Name(), err)
	}
	if first.account != x.account {
		return fmt.Errorf("%s: the account was %q, and now it is %q", h.log.Name(), x.account, first.account)
	}
	return h.cutEnd(size)
}

// cutEnd finds the end of the last whole line and cuts off what is behind it.
func (h *holding) cutEnd(size int64) error {
	piece := make([]byte, 4<<10)
	for h.end = size; h.end > 0; {
		from := max(0, h.end-int64(len(piece)))
		n, err := h.log.ReadAt(piece[:h.end-from], from)
		if err != nil {
			return err
		}
		if at := bytes.LastIndexByte(piece[:n], '\n'); at >= 0 {
			h.end = from + int64(at) + 1
			break
		}
		h.end = from
	}
	if h.end < size {
		return h.log.Truncate(h.end)
	}
	return nil
}

// refresh reads the lines up to size. A last line without its end is a write that was
// cut off: it was never acknowledged, so it is cut off for good.
func (h *holding) refresh(size int64) error {
	x := h.journal.index
	if err := x.read(h.log, size); err != nil {
		return fmt.Errorf("%s: %w", h.log.Name(), err)
	}
	h.end = x.end
	if x.end < size {
		return h.log.Truncate(x.end)
	}
	return nil
}

// release can be called on what was taken in part.
func (h *holding) release() {
	if h.log != nil {
		h.log.Close()
	}
	if h.lock != nil {
		_ = flock.Unlock(h.lock) // if it fails, closing does it
		h.lock.Close()
	}
	<-h.journal.turn
}

// holdFor is hold for an account, which has to be the journal's. A journal without
// one takes it if begin is true.
func (j *fileJournal) holdFor(ctx context.Context, account string, begin bool) (*holding, error) {
	if account == "" {
		return nil, badInput("Journal", "account", account, "names no account")
	}
	h, err := j.hold(ctx)
	if err != nil {
		return nil, err
	}
	if err := h.check(account, begin); err != nil {
		h.release()
		return nil, err
	}
	return h, nil
}

// check compares the account with the journal's. A journal without one takes it if
// begin is true.
func (h *holding) check(account string, begin bool) error {
	j := h.journal
	switch {
	case j.index.account == account || j.index.account == "" && !begin:
		return nil
	case j.index.account == "":
		return h.begin(account)
	}
	return fmt.Errorf("%w: %s is the journal of the account %q, not of %q: an account has a directory of its own",
		ErrJournal, j.dir, j.index.account, account)
}

// begin writes the first line of a log.
func (h *holding) begin(account string) error {
	line, err := newHeader(account)
	if err != nil {
		return journalError(err)
	}
	// The file may be new, and its name not on the disk yet.
	if err := h.journal.syncIfPossible(h.journal.dir); err != nil {
		return journalError(err)
	}
	return h.append(line)
}

func newHeader(account string) ([]byte, error) {
	text, err := json.Marshal(logHeader{lineVersion, rand.Text(), account})
	return sealed(text), err
}

// append writes a line and waits until the disk has it. A write that fails is taken
// back as far as the disk allows; what remains of it is no whole line.
func (h *holding) append(line []byte) error {
	j := h.journal
	end := h.end
	_, err := j.write(h.log, line, end)
	if err == nil {
		err = j.sync(h.log)
	}
	if err != nil {
		return errors.Join(journalError(err), h.log.Truncate(end))
	}
	if h.stale {
		return nil
	}
	if err := h.refresh(end + int64(len(line))); err != nil {
		return journalError(err)
	}
	return nil
}

// line reads a line of the log, without its end.
func (h *holding) line(place linePlace) ([]byte, error) {
	line := make([]byte, place.size-1)
	if _, err := h.log.ReadAt(line, place.at); err != nil {
		return nil, journalError(err)
	}
	return line, nil
}
