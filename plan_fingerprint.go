package ovhrenew

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash"
	"slices"
	"strconv"
)

// digest makes the fingerprint of what a plan is made from.
type digest struct {
	hash   hash.Hash
	buffer []byte
}

func newDigest(policy Policy) *digest {
	d := &digest{hash: sha256.New()}
	d.addText("ovhrenew plan 1")
	text, _ := json.Marshal(policy) // cannot fail: texts, numbers, and Money
	d.addText(string(text))
	return d
}

func (d *digest) addText(text string) {
	d.buffer = strconv.AppendQuote(d.buffer[:0], text)
	d.write()
}

func (d *digest) add(s *Surveyed) {
	d.buffer = appendFacts(d.buffer[:0], s)
	d.write()
}

func (d *digest) write() {
	d.buffer = append(d.buffer, '\n')
	d.hash.Write(d.buffer)
}

func (d *digest) sum() string { return "sha256:" + hex.EncodeToString(d.hash.Sum(nil)) }

// appendFacts writes all that a plan heeds of a service, so that equal facts are equal
// bytes, in whatever order its offers come.
func appendFacts(b []byte, s *Surveyed) []byte {
	number := func(n int64) { b = append(strconv.AppendInt(b, n, 10), ' ') }
	text := func(s string) { b = append(strconv.AppendQuote(b, s), ' ') }
	date := func(d Date) { number(int64(d.Year())*10000 + int64(d.Month())*100 + int64(d.Day())) }
	number(int64(s.ServiceID))
	text(s.Name)
	text(s.Product)
	for _, d := range []Date{s.Expiry, s.Created, s.NextDate} {
		date(d)
	}
	number(int64(s.Parent))
	for _, state := range []string{string(s.Mode), string(s.RenewalType), string(s.Lifecycle), string(s.Resource), string(s.Billing)} {
		text(state)
	}
	number(int64(len(s.PendingActions)))
	for _, action := range s.PendingActions {
		text(string(action))
	}
	number(int64(len(s.Tags)))
	for _, tag := range s.Tags {
		text(tag)
	}
	b = strconv.AppendBool(b, s.OffersRead)
	return appendOffers(append(b, ' '), s.Offers)
}

func appendOffers(b []byte, offers []Offer) []byte {
	lines := make([][]byte, 0, len(offers))
	var ids []ServiceID
	room := make([]byte, 0, 64*len(offers))
	for _, o := range offers {
		start := len(room)
		room = append(strconv.AppendInt(room, int64(o.Service), 10), ' ')
		room = append(strconv.AppendQuote(room, string(o.Period)), ' ')
		room = append(strconv.AppendInt(room, o.Price().Ucents(), 10), ' ')
		room = strconv.AppendQuote(room, string(o.Price().Currency()))
		ids = append(ids[:0], o.Strategy.Services...)
		slices.Sort(ids)
		for _, id := range ids {
			room = strconv.AppendInt(append(room, ' '), int64(id), 10)
		}
		lines = append(lines, room[start:len(room):len(room)])
	}
	slices.SortFunc(lines, bytes.Compare)
	for _, line := range lines {
		b = append(append(b, line...), ';')
	}
	return b
}
