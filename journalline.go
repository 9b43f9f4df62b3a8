// These tests fail without it: TestJournalFromAnotherVersion, FuzzJournal.

package ovhrenew

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// lineVersion is the form of the lines written. A change of the form of a State
// raises it too.
const lineVersion = 1

// stateKey stands for State.Renewal: memory is for the many, texts are on disk.
type stateKey [16]byte

func keyOf(renewal string) stateKey {
	sum := sha256.Sum256([]byte(renewal))
	return stateKey(sum[:16])
}

// class is what a line says of its renewal.
type class string

const (
	classOpen     class = "open"
	classEnded    class = "ended"
	classArchived class = "archived" // ended, and in the month's archive
)

// lineHead is what is known of a State without decoding it. Times are in microseconds
// since 1970.
type lineHead struct {
	class    class
	order    OrderID
	date     int64 // of the first state that named the order
	time     int64 // of the state
	key      stateKey
	services []ServiceID
}

// logHeader is the first line of a log. Each log has another Log, so that a reader
// sees that the one it knows was replaced: file numbers are used again.
type logHeader struct {
	Version int    `json:"v"`
	Log     string `json:"log"`
	Account string `json:"account"`
}

// sealed puts a checksum before a text and makes a line of both.
func sealed(text []byte) []byte {
	line := make([]byte, 0, len(text)+10)
	line = fmt.Appendf(line, "%08x ", crc32.ChecksumIEEE(text))
	return append(append(line, text...), '\n')
}

var errDamaged = errors.New("a record is damaged; move the directory away to go on without it")

// unsealed returns the text of a line without its end.
func unsealed(line []byte) ([]byte, error) {
	var sum [4]byte
	if len(line) < 9 || line[8] != ' ' || bytes.ContainsAny(line[:8], "ABCDEF") {
		return nil, errDamaged
	}
	if _, err := hex.Decode(sum[:], line[:8]); err != nil || binary.BigEndian.Uint32(sum[:]) != crc32.ChecksumIEEE(line[9:]) {
		return nil, errDamaged
	}
	return line[9:], nil
}

func otherVersion(version int) error {
	return fmt.Errorf("a record has version %d, and this program knows %d: use a newer one", version, lineVersion)
}

// unsealJSON decodes the JSON of a line into value, which has the line's version.
func unsealJSON(line []byte, value any) error {
	text, err := unsealed(line)
	if err != nil {
		return err
	}
	var version struct {
		Version int `json:"v"`
	}
	if err := json.Unmarshal(text, &version); err != nil {
		return err
	}
	if version.Version != lineVersion {
		return otherVersion(version.Version)
	}
	return json.Unmarshal(text, value)
}

// format returns the line of a state's JSON behind its head. JSON has no tab of its own.
func (h lineHead) format(state []byte) []byte {
	text := fmt.Appendf(nil, "%d %s %d %d %d %x ", lineVersion, h.class, h.order, h.date, h.time, h.key[:])
	for i, id := range h.services {
		if i > 0 {
			text = append(text, ',')
		}
		text = strconv.AppendInt(text, int64(id), 10)
	}
	text = append(text, '\t')
	return sealed(append(text, state...))
}

// parseLine returns the head and the state's JSON of a line without its end.
func parseLine(line []byte) (lineHead, []byte, error) {
	text, err := unsealed(line)
	if err != nil {
		return lineHead{}, nil, err
	}
	first, state, _ := bytes.Cut(text, []byte("\t"))
	version, rest, _ := strings.Cut(string(first), " ")
	if n, err := strconv.Atoi(version); err != nil {
		return lineHead{}, nil, fmt.Errorf("a record begins with %q, want a version", version)
	} else if n != lineVersion {
		return lineHead{}, nil, otherVersion(n)
	}
	h, err := parseHead(rest)
	return h, state, err
}

func parseHead(text string) (lineHead, error) {
	var h lineHead
	if n := strings.Count(text, " "); n != 5 {
		return h, fmt.Errorf("a record has %d fields before its state, want 6", n+1)
	}
	next := func() (field string) {
		field, text, _ = strings.Cut(text, " ")
		return field
	}
	name := class(next())
	classes := []class{classOpen, classEnded, classArchived}
	at := slices.Index(classes, name)
	if at < 0 {
		return h, fmt.Errorf("a record is of the class %q, which is none", string(name))
	}
	h.class = classes[at] // and not name, which would keep the whole line in memory
	var numbers [3]int64
	for i := range numbers {
		n, err := strconv.ParseInt(next(), 10, 64)
		if err != nil {
			return h, err
		}
		numbers[i] = n
	}
	h.order, h.date, h.time = OrderID(numbers[0]), numbers[1], numbers[2]
	key := next()
	if n, err := hex.Decode(h.key[:], []byte(key[:min(len(key), 32)])); err != nil || n != len(h.key) || len(key) != 32 {
		return h, fmt.Errorf("a record has the renewal %q, want 32 hexadecimal digits", key)
	}
	h.services = make([]ServiceID, 0, strings.Count(text, ",")+1)
	for id := range strings.SplitSeq(text, ",") {
		n, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			return h, err
		}
		h.services = append(h.services, ServiceID(n))
	}
	return h, nil
}

// parseState decodes the state of a line.
func parseState(line []byte) (State, error) {
	var s State
	_, text, err := parseLine(line)
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	if err == nil && s.Version != lineVersion {
		err = otherVersion(s.Version)
	}
	return s, err
}

// sizedReader is an io.SectionReader or a bytes.Reader.
type sizedReader interface {
	io.Reader
	Size() int64
}

// eachLine calls f with each whole line of r, without its end, and the byte at which
// it starts. A last line without its end is left out.
func eachLine(r sizedReader, start int64, f func(line []byte, at int64) error) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, min(r.Size()+1, 256<<10)), math.MaxInt)
	lines.Split(func(data []byte, _ bool) (int, []byte, error) {
		line, _, whole := bytes.Cut(data, []byte("\n"))
		if !whole {
			return 0, nil, nil
		}
		return len(line) + 1, line, nil
	})
	at := start
	for lines.Scan() {
		line := lines.Bytes()
		if err := f(line, at); err != nil {
			return fmt.Errorf("at byte %d: %w", at, err)
		}
		at += int64(len(line)) + 1
	}
	return lines.Err()
}

func fromMicro(n int64) time.Time { return time.UnixMicro(n).UTC() }
