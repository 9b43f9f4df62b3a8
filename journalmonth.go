// These tests fail without it: TestMonthsAreReadOnward, TestMonthsOfOthers.

package ovhrenew

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"
)

// A month is what was read of the orders in a monthly file. A batch asks for those of the
// last minutes again and again: only what the file has gained is read anew.
type month struct {
	info   os.FileInfo
	end    int64 // of what was read
	orders map[OrderID]OrderFact
}

// monthsKept is how many of the newest monthly files of each kind are remembered.
const monthsKept = 2

// months returns the names of the monthly files that may hold something since a time,
// the oldest first.
func (j *fileJournal) months(prefix string, since time.Time) ([]string, error) {
	entries, err := os.ReadDir(j.dir)
	if err != nil {
		return nil, journalError(err)
	}
	var names []string
	for _, entry := range entries { // sorted by name
		month, found := strings.CutPrefix(entry.Name(), prefix)
		month, whole := strings.CutSuffix(month, monthSuffix)
		if !found || !whole {
			continue
		}
		if _, err := time.Parse(monthForm, month); err != nil {
			return nil, fmt.Errorf("%w: %s is named after no month", ErrJournal, j.path(entry.Name()))
		}
		if entry.Name() >= monthFile(prefix, since) {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}

// readAfter returns what stands in a file behind some bytes; nothing if there is no file.
func (j *fileJournal) readAfter(name string, at int64) ([]byte, error) {
	file, err := j.open(j.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if _, err := file.Seek(at, io.SeekStart); err != nil {
		return nil, err
	}
	return io.ReadAll(file)
}

// eachOrder calls f with the orders of the monthly files of a kind that may be dated since
// a time. What read adds to a month is what it finds behind the month's end.
func (j *fileJournal) eachOrder(ctx context.Context, prefix string, since time.Time, read func(string, *month) error, f func(OrderFact)) error {
	names, err := j.months(prefix, since)
	if err != nil {
		return err
	}
	j.reading.Lock()
	defer j.reading.Unlock()
	for i, name := range names {
		if ctx.Err() != nil {
			return fmt.Errorf("%w: reading %s: %w", ErrJournal, j.path(name), context.Cause(ctx))
		}
		m, err := j.month(name, read)
		if err != nil {
			return err
		}
		if i < len(names)-monthsKept {
			delete(j.read, name)
		}
		for _, fact := range m.orders {
			if !fact.Date.Before(since) {
				f(fact)
			}
		}
	}
	return nil
}

// month returns what a monthly file has, as it is now.
func (j *fileJournal) month(name string, read func(string, *month) error) (*month, error) {
	info, err := os.Stat(j.path(name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, journalError(err)
	}
	m := j.read[name]
	switch {
	case err != nil: // removed just now
		return &month{}, nil
	case m != nil && os.SameFile(m.info, info) && m.info.Size() == info.Size() && m.info.ModTime().Equal(info.ModTime()):
		return m, nil
	case m == nil || !os.SameFile(m.info, info) || info.Size() < m.end:
		m = &month{orders: map[OrderID]OrderFact{}}
	}
	m.info = info
	delete(j.read, name)
	if err := read(name, m); err != nil {
		return nil, err
	}
	j.read[name] = m
	return m, nil
}

// archivedOrders reads the orders of a month's archive, which is replaced as a whole.
func (j *fileJournal) archivedOrders(name string, m *month) error {
	all, err := j.readArchive(name)
	if err != nil {
		return err
	}
	for _, a := range all {
		if have, ok := m.orders[a.Order]; a.Order != 0 && (!ok || a.Date.Before(have.Date)) {
			m.orders[a.Order] = OrderFact{Order: a.Order, Date: a.Date, Services: a.Services}
		}
	}
	return nil
}

// factsOfMonth reads onward what a month's file says of foreign orders. Lines that are
// damaged are left out: what they said is read from the API again.
func (j *fileJournal) factsOfMonth(name string, m *month) error {
	data, err := j.readAfter(name, m.end)
	if err != nil {
		return journalError(err)
	}
	for line := range bytes.Lines(data) {
		whole, ended := bytes.CutSuffix(line, []byte("\n"))
		if ended { // else it may still be written, and is read again
			m.end += int64(len(line))
		}
		var fact OrderFact
		if text, err := unsealed(whole); err == nil && json.Unmarshal(text, &fact) == nil {
			m.orders[fact.Order] = fact
		}
	}
	return nil
}
