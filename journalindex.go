// These tests fail without it: TestLongJournal, TestCompactAgainstModel.

package ovhrenew

import (
	"cmp"
	"io"
	"slices"
)

// index is what a journal knows of its log: where the state of each renewal is that
// still counts. Its size follows what is open and recent.
type index struct {
	header   string // the first line, with its end; empty if the log is
	account  string
	end      int64 // of what has been read
	live     int64 // bytes of the lines that count
	newest   int64 // the latest time of a state, in microseconds
	renewals map[stateKey]*indexed
	services map[ServiceID][]stateKey
	orders   map[OrderID]placed     // of the lines that are not archived
	ended    map[stateKey]linePlace // likewise
}

// linePlace is where a line is, with its end.
type linePlace struct{ at, size int64 }

// indexed is the last line of a renewal.
type indexed struct {
	linePlace
	class      class
	order      OrderID
	date, time int64
	refs       int // services of which it is open or ended last
}

// placed is the last line that names an order, its services, and the time of the first.
type placed struct {
	linePlace
	date     int64
	services []ServiceID
}

func newIndex() *index {
	return &index{
		renewals: map[stateKey]*indexed{}, services: map[ServiceID][]stateKey{},
		orders: map[OrderID]placed{}, ended: map[stateKey]linePlace{},
	}
}

// read adds the lines up to limit.
func (x *index) read(r io.ReaderAt, limit int64) error {
	if x.end == 0 { // maps that need not grow are filled in half the time
		lines := min(limit/600, 1<<17) // about
		x.renewals = make(map[stateKey]*indexed, lines)
		x.services = make(map[ServiceID][]stateKey, lines)
	}
	return eachLine(io.NewSectionReader(r, x.end, limit-x.end), x.end, func(line []byte, at int64) error {
		place := linePlace{at, int64(len(line)) + 1}
		if at == 0 {
			var header logHeader
			if err := unsealJSON(line, &header); err != nil {
				return err
			}
			x.header, x.account = string(line)+"\n", header.Account
		} else {
			h, _, err := parseLine(line)
			if err != nil {
				return err
			}
			x.add(h, place)
		}
		x.end = at + place.size
		return nil
	})
}

func (x *index) add(h lineHead, place linePlace) {
	r := x.renewals[h.key]
	if r == nil {
		r = &indexed{}
		x.renewals[h.key] = r
	}
	x.live += place.size - r.size
	*r = indexed{place, h.class, h.order, h.date, h.time, r.refs}
	x.newest = max(x.newest, h.time)
	if h.class != classArchived {
		if h.order != 0 {
			x.orders[h.order] = placed{place, h.date, h.services}
		}
		if h.class == classEnded {
			x.ended[h.key] = place
		}
	}
	for _, id := range h.services {
		x.concern(id, h.key, r)
	}
}

// concern adds a renewal to those of a service. One that has ended takes the place
// of those that ended before it.
func (x *index) concern(id ServiceID, key stateKey, r *indexed) {
	keys := x.services[id]
	if !slices.Contains(keys, key) {
		keys = append(keys, key)
		r.refs++
	}
	if r.class != classOpen {
		keys = slices.DeleteFunc(keys, func(other stateKey) bool {
			o := x.renewals[other]
			if other == key || o.class == classOpen {
				return false
			}
			if o.refs--; o.refs == 0 {
				x.live -= o.size
				delete(x.renewals, other)
			}
			return true
		})
	}
	x.services[id] = keys
}

// concerning returns the lines of the renewals that are open or ended last, of any of
// the services, in their order.
func (x *index) concerning(services []ServiceID) []linePlace {
	seen := map[stateKey]bool{}
	var places []linePlace
	for _, id := range services {
		for _, key := range x.services[id] {
			if !seen[key] {
				seen[key] = true
				places = append(places, x.renewals[key].linePlace)
			}
		}
	}
	slices.SortFunc(places, func(a, b linePlace) int { return cmp.Compare(a.at, b.at) })
	return places
}

// placedAt returns when the order of a state was placed: by the first state that
// named it, which is the state itself if none did.
func (x *index) placedAt(s State) int64 {
	if p, ok := x.orders[s.Order]; ok {
		return p.date
	}
	if r := x.renewals[keyOf(s.Renewal)]; r != nil && r.order == s.Order {
		return r.date
	}
	return s.Time.UnixMicro()
}

// headOf returns the head of a state's line.
func (x *index) headOf(s State) lineHead {
	h := lineHead{class: classEnded, order: s.Order, time: s.Time.UnixMicro(), key: keyOf(s.Renewal), services: s.Services}
	if !s.Over() {
		h.class = classOpen
	}
	if s.Order != 0 {
		h.date = x.placedAt(s)
	}
	return h
}
