// These tests fail without it: TestMonthsAreReadOnward, TestMonthsOfOthers, TestOrderOfTwoMonths,
// TestDamagedMonth, TestReadBesideWriters, TestOddDates.

package ovhrenew

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"
)

const (
	ordersPrefix   = "orders-"
	receiptsPrefix = "receipts-"
	monthForm      = "2006-01"
	monthSuffix    = ".jsonl"
	// monthsKept is how many of the newest months' orders are remembered.
	monthsKept = 2
)

// A month is what was read of a month's orders. A batch asks for those of the last minutes
// again and again: only what the file has gained is read anew.
type month struct {
	end    int64 // of what was read
	orders map[OrderID]OrderFact
}

// monthFile returns the file of a time's month; of a year that is not written with four
// digits, the first or the last that is.
func monthFile(prefix string, t time.Time) string {
	t = t.UTC()
	switch year := t.Year(); {
	case year < 0:
		t = time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)
	case year > 9999:
		t = time.Date(9999, 12, 1, 0, 0, 0, 0, time.UTC)
	}
	return prefix + t.Format(monthForm) + monthSuffix
}

// monthsSince returns the names of the monthly files that may hold something since a
// time, the oldest first.
func (j *fileJournal) monthsSince(ctx context.Context, account, prefix string, since time.Time) (names []string, err error) {
	err = j.forAccount(ctx, account, false, func() error {
		entries, err := os.ReadDir(j.dir)
		if err != nil {
			return err
		}
		for _, entry := range entries { // sorted by name
			month, ours := strings.CutPrefix(entry.Name(), prefix)
			_, odd := time.Parse(monthForm+monthSuffix, month) // as of a file that somebody renamed
			if ours && odd == nil && entry.Name() >= monthFile(prefix, since) {
				names = append(names, entry.Name())
			}
		}
		return nil
	})
	return names, err
}

func (j *fileJournal) month(ctx context.Context, account, name string) (*month, error) {
	m := j.months[name]
	if m == nil {
		m = &month{orders: map[OrderID]OrderFact{}}
	}
	records, end, err := j.monthFrom(ctx, account, name, m.end, anOrder)
	if err != nil { // nothing is skipped: it may say that an order is another renewal's, and not to be paid for two
		delete(j.months, name) // if another file has taken its place, it is read from its start
		return nil, err
	}
	if end < m.end { // an older one has taken its place
		clear(m.orders)
	}
	for _, r := range records {
		m.add(*r.Order)
	}
	m.end = end
	j.months[name] = m
	return m, nil
}

// monthFrom returns the records of a month's file from a byte on, or all of a file that ends
// before it, and the byte behind them. Whole lines stay as they are: nobody who appends
// waits until they have been read.
func (j *fileJournal) monthFrom(ctx context.Context, account, name string, from int64, kind func(record) bool) (records []record, end int64, err error) {
	var file *os.File
	defer func() { file.Close() }()
	err = j.forAccount(ctx, account, false, func() (err error) {
		if file, err = os.Open(j.path(name)); err == nil {
			end, _, err = wholeLines(file)
		}
		return err
	})
	if err != nil {
		return nil, 0, err
	}
	if end < from {
		from = 0
	}
	data := make([]byte, end-from)
	if n, err := file.ReadAt(data, from); n < len(data) {
		return nil, 0, journalError(err)
	}
	records, end, err = parse(j.path(name), from, data, kind)
	return records, end, journalError(err)
}

// add takes in a fact. Whose an order is only states can say, and the first says when it
// was placed, unless somebody has read that.
func (m *month) add(fact OrderFact) {
	known, ok := m.orders[fact.Order]
	switch {
	case len(fact.Services) == 0:
		fact.Services = known.Services
	case ok:
		known.Services = fact.Services
		fact = known
	}
	m.orders[fact.Order] = fact
}

func (j *fileJournal) keepFacts(facts ...OrderFact) error {
	months := map[string][]byte{}
	for _, fact := range facts {
		line, err := record{Order: &fact}.line()
		if err != nil {
			return err
		}
		name := monthFile(ordersPrefix, fact.Date)
		months[name] = append(months[name], line...)
	}
	for name, lines := range months {
		if err := j.append(j.path(name), lines); err != nil {
			return err
		}
	}
	return nil
}

// Orders returns what is known of the orders placed since a time, by their dates. The
// error is [ErrJournal].
func (j *fileJournal) Orders(ctx context.Context, account string, since time.Time) ([]OrderFact, error) {
	// Two answers of the API can date an order a little apart, and in two months.
	from := since.AddDate(0, 0, -1)
	names, err := j.monthsSince(ctx, account, ordersPrefix, from)
	if err != nil {
		return nil, err
	}
	j.reading.Lock()
	defer j.reading.Unlock()
	all := month{orders: map[OrderID]OrderFact{}}
	for i, name := range names {
		m, err := j.month(ctx, account, name)
		if err != nil {
			return nil, err
		}
		for _, fact := range m.orders {
			if !fact.Date.Before(from) {
				all.add(fact)
			}
		}
		if i < len(names)-monthsKept {
			delete(j.months, name)
		}
	}
	maps.DeleteFunc(all.orders, func(_ OrderID, fact OrderFact) bool { return fact.Date.Before(since) })
	facts := slices.AppendSeq(make([]OrderFact, 0, len(all.orders)), maps.Values(all.orders))
	slices.SortFunc(facts, func(a, b OrderFact) int {
		return cmp.Or(a.Date.Compare(b.Date), cmp.Compare(a.Order, b.Order))
	})
	return facts, nil
}

// Remember keeps facts about foreign orders.
//
// The error is [ErrBadInput] for a fact without an order or a date, else [ErrJournal].
func (j *fileJournal) Remember(ctx context.Context, account string, facts ...OrderFact) error {
	facts = slices.Clone(facts)
	for i, fact := range facts {
		if fact.Order == 0 {
			return badInput("Remember", fmt.Sprintf("facts[%d].Order", i), fact.Order, "is no order")
		}
		if fact.Date.IsZero() {
			return badInput("Remember", fmt.Sprintf("facts[%d].Date", i), fact.Date, "is not set")
		}
		facts[i].Services = nil // which the states say
	}
	return j.forAccount(ctx, account, true, func() error { return j.keepFacts(facts...) })
}
