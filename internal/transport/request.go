package transport

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Kind says what may be done with a request whose answer did not come.
type Kind int

// The kinds of requests.
const (
	Read     Kind = iota // may be repeated
	Write                // changes something, but spends nothing; sent again only if no connection was made
	Spend                // a Write that can spend; has more time
	Harmless             // changes nothing, whatever its method is; repeated like a Read
)

func (k Kind) repeatable() bool { return k == Read || k == Harmless }

// Request is what to send.
type Request struct {
	Method string // GET or HEAD for a Read, anything in capitals else
	Path   string // from a slash on, with its query, escaped: signed and sent as it is
	Route  string // for errors and logs, such as GET /me/order/{orderId}
	Body   any    // sent as JSON, if not nil
	Header http.Header
	Kind   Kind
	NoAuth bool // send it unsigned and without a token
	// NotAfter is the time after which a Spend is no longer sent, by the wall clock
	// of this machine. If zero, there is none.
	NotAfter time.Time
}

// Response is a complete answer, whatever its status.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

type call struct {
	Request
	query string
	body  any // json.RawMessage, or nil
}

func newCall(r Request) (*call, error) {
	path, query, _ := strings.Cut(r.Path, "?")
	r.Route = cmp.Or(r.Route, r.Method)
	p := &call{Request: r, query: query}
	if err := cmp.Or(checkMethod(r.Method, r.Kind), checkPath(path, query)); err != nil || r.Body == nil {
		return p, err
	}
	// Encoded once, so that every attempt sends the same bytes, and so that no
	// foreign MarshalJSON runs while the signer is locked.
	body, err := json.Marshal(r.Body)
	if err != nil {
		return p, fmt.Errorf("body: %w", err)
	}
	p.body = json.RawMessage(body)
	return p, nil
}

// checkMethod refuses what would be repeated by mistake: Read is the zero Kind.
func checkMethod(method string, kind Kind) error {
	switch {
	case strings.ContainsFunc(method, func(c rune) bool { return c < 'A' || c > 'Z' }):
		return fmt.Errorf("method %q is not in capital letters", method)
	case method == "": // it would be signed as empty and sent as GET
		return errors.New("no method")
	case kind < Read || kind > Harmless:
		return fmt.Errorf("unknown kind %d", kind)
	case kind == Read && method != http.MethodGet && method != http.MethodHead:
		return fmt.Errorf("a %s is not a Read", method)
	}
	return nil
}

// checkPath refuses a path that a server might read as another one, so that an
// empty or dotted id cannot turn a call into a different call, and bytes that
// might not be sent as they were signed.
func checkPath(path, query string) error {
	if !strings.HasPrefix(path, "/") {
		return fmt.Errorf("path %q does not start with a slash", path)
	}
	for _, c := range []byte(path + query) {
		if c <= ' ' || c > '~' || c == '#' {
			return fmt.Errorf("path %q or its query has the byte %#x, which must be escaped", path, c)
		}
	}
	for segment := range strings.SplitSeq(path[1:], "/") {
		switch strings.ReplaceAll(strings.ToLower(segment), "%2e", ".") {
		case "", ".", "..":
			return fmt.Errorf("path %q has the segment %q", path, segment)
		}
	}
	return nil
}
