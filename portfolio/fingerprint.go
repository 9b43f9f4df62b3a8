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

// digest makes the fingerprint of what a plan is made from. Its buffers are kept from one
// service to the next.
type digest struct {
	hash           hash.Hash
	buffer, offers []byte
	lines          [][]byte
	ids            []ovhrenew.ServiceID
}

func newDigest(policy Policy) *digest {
	text, _ := json.Marshal(policy) // cannot fail: texts, numbers, and Money
	d := &digest{hash: sha256.New()}
	d.add(append([]byte("ovhrenew plan 2\n\n"), text...))
	return d
}

func (d *digest) add(facts []byte) {
	d.hash.Write(append(facts, '\n'))
}

func (d *digest) sum() string { return "sha256:" + hex.EncodeToString(d.hash.Sum(nil)) }

// facts writes all that a plan heeds of a service, so that equal facts are equal bytes,
// in whatever order its offers come. They are good until it is called again.
func (d *digest) facts(s *Surveyed) []byte {
	b := strconv.AppendBool(d.buffer[:0], s.OffersRead)
	for _, n := range [...]int64{
		int64(s.ID), int64(s.Parent), s.Expiry.Time().Unix(), s.Created.Time().Unix(), s.NextDate.Time().Unix(),
		int64(len(s.PendingActions)), int64(len(s.Tags)),
	} {
		b = strconv.AppendInt(append(b, ' '), n, 10)
	}
	one := [...]string{s.Name, s.Product, string(s.Period), string(s.PricePeriod), string(s.Mode), string(s.Type), s.Lifecycle, s.State, s.Billing}
	for _, texts := range [...][]string{one[:], s.PendingActions, s.Tags} {
		for _, text := range texts {
			b = strconv.AppendQuote(append(b, ' '), text)
		}
	}
	d.offers, d.lines = d.offers[:0], d.lines[:0]
	for _, o := range s.Offers {
		start := len(d.offers)
		line := strconv.AppendInt(d.offers, int64(o.Service), 10)
		line = strconv.AppendQuote(line, string(o.Period))
		line = strconv.AppendInt(line, o.Price().Ucents(), 10)
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
		b = append(append(b, ';'), line...)
	}
	d.buffer = b
	return b
}
