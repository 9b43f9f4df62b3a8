package ovhrenew

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"reflect"
	"strings"
	"testing"
)

// TestJournalFromAnotherVersion refuses a record of a program that knows more, even
// where its fields are others.
func TestJournalFromAnotherVersion(t *testing.T) {
	t.Parallel()
	dir, log, _ := written(t, 1)
	for _, test := range []struct {
		before []byte
		text   string
	}{
		{log, "2 something else"}, {log, "99 \t{}"}, {log, "0 open"},
		{nil, `{"v":2,"account":7}`}, {nil, `{"account":"x"}`},
	} {
		line := fmt.Appendf(nil, "%08x %s\n", crc32.ChecksumIEEE([]byte(test.text)), test.text)
		putLog(t, dir, append(bytes.Clone(test.before), line...))
		_, err := OpenJournal(dir, OnlyJournal)
		want := fmt.Sprintf("at byte %d: a record has version", len(test.before))
		if !errors.Is(err, ErrJournal) || !strings.Contains(err.Error(), want) {
			t.Errorf("a record %s: error = %v, want %v %q", test.text, err, ErrJournal, want)
		}
	}
}

// FuzzJournal reads any log: without a panic, as records that were written whole, or
// as damaged. What it accepts it reads the same again.
func FuzzJournal(f *testing.F) {
	header, err := newHeader(account)
	if err != nil {
		f.Fatal(err)
	}
	log := header
	for _, s := range sampleRenewal(7) {
		line := newIndex().headOf(s).format([]byte(asJSON(f, s)))
		log = append(log, line...)
		f.Add(line)
		f.Add(append(bytes.Clone(header), line...))
	}
	f.Add(log)
	f.Add(log[:len(log)-9])
	f.Add([]byte("\n"))
	f.Add([]byte("00000000 \n"))
	f.Add(sealed([]byte("{}")))
	f.Add(append(bytes.Clone(header), sealed([]byte("1 open 1 2 3 "+strings.Repeat("0", 32)+" 1,2\t{}"))...))
	f.Fuzz(func(t *testing.T, log []byte) {
		x := newIndex()
		if err := x.read(bytes.NewReader(log), int64(len(log))); err != nil {
			return
		}
		if whole := int64(bytes.LastIndexByte(log, '\n') + 1); x.end != whole {
			t.Fatalf("read %d bytes of a log with whole lines up to %d", x.end, whole)
		}
		live := int64(0)
		for _, r := range x.renewals {
			live += r.size
		}
		if live != x.live {
			t.Fatalf("live = %d bytes, want %d", x.live, live)
		}
		for id := range x.services {
			for _, place := range x.concerning([]ServiceID{id}) {
				line := log[place.at : place.at+place.size-1]
				head, state, err := parseLine(line)
				if err != nil {
					t.Fatal(err)
				}
				again := head.format(state)
				headAgain, stateAgain, err := parseLine(again[:len(again)-1])
				if err != nil || !reflect.DeepEqual(head, headAgain) || !bytes.Equal(state, stateAgain) {
					t.Fatalf("the line %q is written %q: %v", line, again, err)
				}
				_, _ = parseState(line)
			}
		}
	})
}
