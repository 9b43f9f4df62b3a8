// These tests fail without it: TestCompactKeepsWhatCounts, TestCompactCutAnywhere,
// TestCompactFails.

package ovhrenew

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/ovhrenew/ovhrenew/internal/flock"
)

const (
	// compactFrom is the size of a log that is worth rewriting.
	compactFrom = 4 << 20
	// keptFor is how long what has ended is kept in the log, reckoned from the latest
	// state: a clock that is wrong ends nothing.
	keptFor = 400 * 24 * time.Hour
)

// compactIfDue rewrites the log if more than half of it is old. An error is not
// returned, as nothing is lost by it: the log stays as it is, and the rewriting is
// tried again when the log has grown.
func (j *fileJournal) compactIfDue() {
	j.turn <- struct{}{}
	size, due := j.index.end, j.index.end >= j.compact && j.index.end > 2*j.index.live
	<-j.turn
	if due && j.compactNow(context.Background()) != nil {
		j.turn <- struct{}{}
		j.compact = size + compactFrom
		<-j.turn
	}
}

// rewriting is what a compaction does with the lines of a log.
type rewriting struct {
	size    int64            // of the log when it began
	header  string           // of the log
	account string           // of the log
	keep    map[int64]bool   // lines that go to the new log
	archive map[int64]bool   // lines that go to the archives
	old     func(int64) bool // times that are out of the log's span
}

// compactNow rewrites the log. Other processes go on meanwhile: they wait only while
// what they have appended is copied and the new log takes the place of the old one.
//
// It is cut off without loss at any point. First the archives get what they lack; what
// is then still in the log is known to be there twice. Then the new log is written
// beside, synced, and renamed, which either happens or does not.
func (j *fileJournal) compactNow(ctx context.Context) error {
	lock, err := os.OpenFile(j.path("compact.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer lock.Close()
	if err := flock.TryLock(lock); err != nil {
		if errors.Is(err, flock.ErrLocked) { // another process is at it
			return nil
		}
		return err
	}
	defer func() { _ = flock.Unlock(lock) }()
	h, err := j.hold(ctx)
	if err != nil {
		return err
	}
	w := j.index.rewriting()
	h.release()
	if w.account == "" {
		return nil
	}
	old, err := os.Open(j.path("journal.log"))
	if err != nil {
		return err
	}
	defer old.Close()
	if err := j.archiveLines(old, w); err != nil {
		return err
	}
	file, err := os.OpenFile(j.path("journal.log.new"), os.O_CREATE|os.O_TRUNC|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	end, err := j.writeKept(file, old, w)
	if err != nil {
		return err
	}
	old.Close() // Windows replaces no open file
	return j.switchTo(ctx, file, end, w)
}

// rewriting decides about each line that counts for something.
func (x *index) rewriting() rewriting {
	oldest := x.newest - keptFor.Microseconds()
	w := rewriting{
		size: x.end, header: x.header, account: x.account,
		keep: make(map[int64]bool, len(x.renewals)), archive: map[int64]bool{},
		old: func(t int64) bool { return t < oldest },
	}
	for _, r := range x.renewals {
		if r.class == classOpen || !w.old(r.time) {
			w.keep[r.at] = true
		}
	}
	for _, place := range x.ended {
		w.archive[place.at] = true
	}
	open := map[int64]bool{}
	for _, r := range x.renewals {
		if r.class == classOpen {
			open[r.at] = true
		}
	}
	for _, p := range x.orders {
		if !open[p.at] {
			w.archive[p.at] = true
		}
	}
	return w
}

// archiveLines adds to the archives, which are made of many months at most in the
// first rewriting of a long log.
func (j *fileJournal) archiveLines(old io.ReaderAt, w rewriting) error {
	var more []archived
	err := eachLine(io.NewSectionReader(old, 0, w.size), 0, func(line []byte, at int64) error {
		if !w.archive[at] {
			return nil
		}
		a, err := toArchive(line)
		if err != nil {
			return err
		}
		if a.Order != 0 || a.Receipt != nil {
			more = append(more, a)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return j.archive(more)
}

// fileWriter writes at the end of a file by the journal's write.
type fileWriter struct {
	journal *fileJournal
	file    *os.File
	end     int64
}

func (w *fileWriter) Write(data []byte) (int, error) {
	n, err := w.journal.write(w.file, data, w.end)
	w.end += int64(n)
	return n, err
}

// writeKept writes a new log and returns its size.
func (j *fileJournal) writeKept(file *os.File, old io.ReaderAt, w rewriting) (int64, error) {
	header, err := newHeader(w.account)
	if err != nil {
		return 0, err
	}
	out := &fileWriter{j, file, 0}
	buffered := bufio.NewWriterSize(out, 256<<10)
	_, err = buffered.Write(header)
	if err != nil {
		return 0, err
	}
	err = eachLine(io.NewSectionReader(old, 0, w.size), 0, func(line []byte, at int64) error {
		if !w.keep[at] {
			return nil
		}
		head, state, err := parseLine(line)
		if err != nil {
			return err
		}
		if head.class == classEnded {
			head.class = classArchived
		}
		_, err = buffered.Write(head.format(state))
		return err
	})
	if err == nil {
		err = buffered.Flush()
	}
	if err == nil {
		err = j.sync(file)
	}
	return out.end, err
}

// switchTo copies what was appended meanwhile and lets the new log take the place of
// the old one.
func (j *fileJournal) switchTo(ctx context.Context, file *os.File, end int64, w rewriting) error {
	out := &fileWriter{j, file, end}
	for copied := w.size; ; {
		h, err := j.hold(ctx)
		if err != nil {
			return err
		}
		if j.index.header != w.header {
			h.release()
			return fmt.Errorf("%w: the log in %s was replaced", ErrJournal, j.dir)
		}
		size := j.index.end
		if size-copied <= readAtOnce {
			err = j.switchNow(h, out, copied)
			h.release()
			return err
		}
		_, err = io.Copy(out, io.NewSectionReader(h.log, copied, readAtOnce))
		h.release()
		copied += readAtOnce
		if err == nil {
			err = j.sync(file)
		}
		if err != nil {
			return err
		}
	}
}

// switchNow does with the log's lock what must be done with it.
func (j *fileJournal) switchNow(h *holding, out *fileWriter, copied int64) error {
	if copied < j.index.end {
		if _, err := io.Copy(out, io.NewSectionReader(h.log, copied, j.index.end-copied)); err != nil {
			return err
		}
		if err := j.sync(out.file); err != nil {
			return err
		}
	}
	oldest := fromMicro(j.index.newest).Add(-keptFor)
	out.file.Close() // Windows renames no open file, and replaces none
	h.log.Close()
	if err := j.rename(out.file.Name(), j.path("journal.log")); err != nil {
		return err
	}
	if err := j.syncIfPossible(j.dir); err != nil {
		return err
	}
	return j.forgetFacts(oldest)
}

// forgetFacts removes the facts of months that lie wholly before a time.
func (j *fileJournal) forgetFacts(before time.Time) error {
	all, err := j.months(ordersPrefix, time.Time{})
	if err != nil {
		return err
	}
	recent, err := j.months(ordersPrefix, before)
	if err != nil {
		return err
	}
	for _, name := range all[:len(all)-len(recent)] {
		if err := os.Remove(j.path(name)); err != nil {
			return err
		}
	}
	return nil
}
