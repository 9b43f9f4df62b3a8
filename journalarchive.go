// These tests fail without it: TestDamagedArchive, TestCompactForgetsFacts.

package ovhrenew

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// archived is a renewal that ended, or an order of one, as the month's archive has it.
type archived struct {
	Version  int         `json:"v"`
	Renewal  string      `json:"renewal"`
	Time     time.Time   `json:"time"` // of the state
	Order    OrderID     `json:"order,omitempty"`
	Date     time.Time   `json:"date,omitzero"` // of the order
	Services []ServiceID `json:"services"`
	Receipt  *Receipt    `json:"receipt,omitempty"` // of a renewal that was renewed
}

const (
	receiptsPrefix = "receipts-"
	ordersPrefix   = "orders-"
	monthForm      = "2006-01"
	monthSuffix    = ".jsonl"
)

func monthFile(prefix string, t time.Time) string {
	return prefix + t.UTC().Format(monthForm) + monthSuffix
}

// toArchive returns what the archive keeps of a line of the log.
func toArchive(line []byte) (archived, error) {
	head, _, err := parseLine(line)
	if err != nil {
		return archived{}, err
	}
	s, err := parseState(line)
	if err != nil {
		return archived{}, err
	}
	a := archived{Version: lineVersion, Renewal: s.Renewal, Time: s.Time, Order: s.Order, Services: s.Services}
	if s.Order != 0 {
		a.Date = fromMicro(head.date)
	}
	if s.Over() {
		a.Receipt = s.Receipt
	}
	return a, nil
}

// readArchive returns a month's archive. Archives are replaced as a whole, so nothing
// of one can be cut off.
func (j *fileJournal) readArchive(name string) ([]archived, error) {
	data, err := j.readAfter(name, 0)
	if err != nil {
		return nil, journalError(err)
	}
	var all []archived
	end := 0
	err = eachLine(bytes.NewReader(data), 0, func(line []byte, at int64) error {
		var a archived
		if err := unsealJSON(line, &a); err != nil {
			return err
		}
		all = append(all, a)
		end = int(at) + len(line) + 1
		return nil
	})
	if err == nil && end < len(data) {
		err = fmt.Errorf("at byte %d: %w", end, errDamaged)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %s, %w", ErrJournal, j.path(name), err)
	}
	return all, nil
}

// archivedSince returns the renewals with receipts of the archives and of fresh, each
// once, by the times of their ends. It has one month in memory at a time.
func (j *fileJournal) archivedSince(ctx context.Context, since time.Time, fresh []archived) iter.Seq2[archived, error] {
	return func(yield func(archived, error) bool) {
		names, err := j.months(receiptsPrefix, since)
		if err != nil {
			yield(archived{}, err)
			return
		}
		for _, a := range fresh {
			names = append(names, monthFile(receiptsPrefix, a.Time))
		}
		slices.Sort(names)
		seen := map[stateKey]bool{}
		for _, name := range slices.Compact(names) {
			if ctx.Err() != nil {
				yield(archived{}, fmt.Errorf("%w: reading %s: %w", ErrJournal, j.path(name), context.Cause(ctx)))
				return
			}
			month, err := j.readArchive(name)
			if err != nil {
				yield(archived{}, err)
				return
			}
			for _, a := range fresh {
				if monthFile(receiptsPrefix, a.Time) == name {
					month = append(month, a)
				}
			}
			slices.SortStableFunc(month, byTime)
			for _, a := range month {
				if a.Receipt == nil || a.Time.Before(since) || seen[keyOf(a.Renewal)] {
					continue
				}
				seen[keyOf(a.Renewal)] = true
				if !yield(a, nil) {
					return
				}
			}
		}
	}
}

func byTime(a, b archived) int {
	return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Order, b.Order))
}

// archive adds to the archives of the months. Each is written anew beside the old one
// and then takes its place, so that a crash leaves one of them whole. What is in it
// already, of a rewriting that was cut off after this, is not added again.
func (j *fileJournal) archive(more []archived) error {
	byMonth := map[string][]archived{}
	for _, a := range more {
		name := monthFile(receiptsPrefix, a.Time)
		byMonth[name] = append(byMonth[name], a)
	}
	for name, more := range byMonth {
		month, err := j.readArchive(name)
		if err != nil {
			return err
		}
		written := map[string]bool{}
		var text []byte
		for _, a := range slices.Concat(month, more) {
			json, err := json.Marshal(a)
			if err != nil {
				return err
			}
			if !written[string(json)] {
				written[string(json)] = true
				text = append(text, sealed(json)...)
			}
		}
		if err := j.replace(name, text); err != nil {
			return err
		}
	}
	if len(byMonth) == 0 {
		return nil
	}
	return j.syncIfPossible(j.dir)
}

// replace writes a file beside the one it takes the place of.
func (j *fileJournal) replace(name string, text []byte) error {
	path := j.path(name + ".new")
	file, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := j.write(file, text, 0); err != nil {
		return err
	}
	if err := j.sync(file); err != nil {
		return err
	}
	file.Close() // Windows renames no open file
	return j.rename(path, j.path(name))
}

// appendFacts adds facts to the files of their months. It is called with the log's
// lock. A line that an earlier crash has cut off is ended first, so that it alone is
// lost.
func (j *fileJournal) appendFacts(facts []OrderFact) error {
	byMonth := map[string][]byte{}
	for _, fact := range facts {
		fact.Services = nil // which the states say
		text, err := json.Marshal(fact)
		if err != nil {
			return journalError(err)
		}
		name := monthFile(ordersPrefix, fact.Date)
		byMonth[name] = append(byMonth[name], sealed(text)...)
	}
	for name, text := range byMonth {
		if err := j.appendTo(filepath.Join(j.dir, name), text); err != nil {
			return journalError(err)
		}
	}
	return nil
}

func (j *fileJournal) appendTo(path string, text []byte) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if end := info.Size(); end > 0 {
		last := make([]byte, 1)
		if _, err := file.ReadAt(last, end-1); err != nil {
			return err
		}
		if last[0] != '\n' {
			text = append([]byte("\n"), text...)
		}
	}
	_, err = j.write(file, text, info.Size())
	return err
}
