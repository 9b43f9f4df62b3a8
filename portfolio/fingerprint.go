package portfolio

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash"
	"slices"
	"strconv"

	"github.com/ovhrenew/ovhrenew"
)

// digest makes the fingerprint of what a plan is made from.
type digest struct {
	hash   hash.Hash
	buffer []byte
	// What follows is for the offers of one service, kept for those of the next.
	offers []byte
	lines  [][]byte
	ids    []ovhrenew.ServiceID
}

func newDigest(policy Policy) *digest {
	d := &digest{hash: sha256.New()}
	d.addText("ovhrenew plan 2")
	text, _ := json.Marshal(policy) // cannot fail: texts, numbers, and Money
	d.addText(string(text))
	return d
}

func (d *digest) addText(text string) {
	d.buffer = strconv.AppendQuote(d.buffer[:0], text)
	d.write()
}

func (d *digest) add(s *Surveyed) {
	d.facts(s)
	d.write()
}

func (d *digest) write() {
	d.buffer = append(d.buffer, '\n')
	d.hash.Write(d.buffer)
}

func (d *digest) sum() string { return "sha256:" + hex.EncodeToString(d.hash.Sum(nil)) }

// facts writes all that a plan heeds of a service, so that equal facts are equal bytes,
// in whatever order its offers come. They are good until it is called again.
func (d *digest) facts(s *Surveyed) []byte {
	b := d.buffer[:0]
	number := func(n int64) { b = append(strconv.AppendInt(b, n, 10), ' ') }
	text := func(s string) { b = append(strconv.AppendQuote(b, s), ' ') }
	date := func(d ovhrenew.Date) {
		if d.IsZero() {
			number(0)
			return
		}
		year, month, day := d.Time().Date()
		number(int64(year)*10000 + int64(month)*100 + int64(day))
	}
	number(int64(s.ID))
	text(s.Name)
	text(s.Product)
	for _, d := range []ovhrenew.Date{s.Expiry, s.Created, s.NextDate} {
		date(d)
	}
	number(int64(s.Parent))
	text(string(s.Period))
	text(string(s.PricePeriod))
	for _, state := range []string{string(s.Mode), string(s.Type), s.Lifecycle, s.State, s.Billing} {
		text(state)
	}
	number(int64(len(s.PendingActions)))
	for _, action := range s.PendingActions {
		text(action)
	}
	number(int64(len(s.Tags)))
	for _, tag := range s.Tags {
		text(tag)
	}
	b = strconv.AppendBool(b, s.OffersRead)
	d.buffer = d.appendOffers(append(b, ' '), s.Offers)
	return d.buffer
}

func (d *digest) appendOffers(b []byte, offers []ovhrenew.Offer) []byte {
	d.offers, d.lines = d.offers[:0], d.lines[:0]
	for _, o := range offers {
		start := len(d.offers)
		line := append(strconv.AppendInt(d.offers, int64(o.Service), 10), ' ')
		line = append(strconv.AppendQuote(line, string(o.Period)), ' ')
		line = append(strconv.AppendInt(line, o.Price().Ucents(), 10), ' ')
		line = strconv.AppendQuote(line, string(o.Price().Currency()))
		d.ids = append(d.ids[:0], o.Strategy.Services...)
		slices.Sort(d.ids)
		for _, id := range d.ids {
			line = strconv.AppendInt(append(line, ' '), int64(id), 10)
		}
		d.offers = line
		d.lines = append(d.lines, line[start:])
	}
	slices.SortFunc(d.lines, bytes.Compare)
	for _, line := range d.lines {
		b = append(append(b, line...), ';')
	}
	return b
}
