package probe

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/exact"
)

// watcher lets through what only reads, refuses everything else before it leaves, and
// keeps what was answered.
type watcher struct {
	base  http.RoundTripper
	quote bool

	mu           sync.Mutex
	answers      []answer
	gets, quotes int // that were let through
}

// answer is one that came.
type answer struct {
	route  string // as the API writes it; empty: of none
	path   string // with the query
	status int
	header http.Header
	body   []byte
}

type extraHeader struct{}

// with adds a header to the requests of a context. Headers are not signed.
func with(ctx context.Context, pairs ...string) context.Context {
	header := http.Header{}
	for i := 0; i+1 < len(pairs); i += 2 {
		header.Set(pairs[i], pairs[i+1])
	}
	return context.WithValue(ctx, extraHeader{}, header)
}

// RoundTrip is the only way out.
func (w *watcher) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := w.allow(r); err != nil {
		return nil, err
	}
	w.mu.Lock()
	switch {
	case r.Method == http.MethodGet:
		w.gets++
	case renewPath.MatchString(r.URL.Path):
		w.quotes++
	}
	w.mu.Unlock()
	if extra, ok := r.Context().Value(extraHeader{}).(http.Header); ok {
		r = r.Clone(r.Context())
		for name, values := range extra {
			r.Header[name] = values
		}
	}
	response, err := w.base.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	response.Body.Close()
	response.Body = io.NopCloser(bytes.NewReader(body))
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answers = append(w.answers, answer{ovhrenew.RouteOf(r.Context()), r.URL.RequestURI(), response.StatusCode, response.Header, body})
	return response, err
}

var (
	renewPath = regexp.MustCompile(`^/(1\.0|v1)/service/[0-9]+/renew$`)
	tokenPath = regexp.MustCompile(`^(/(1\.0|v1))?/auth/oauth2/token$`)
)

// renewal is the body of a request that orders, or with DryRun only asks for a price.
type renewal struct {
	DryRun   bool            `json:"dryRun"`
	Duration string          `json:"duration"`
	Services json.RawMessage `json:"services"`
}

// allow refuses whatever could change something. A token's request is let through: it
// is how an OAuth2 client signs in.
func (w *watcher) allow(r *http.Request) error {
	switch {
	case r.Method == http.MethodGet, r.Method == http.MethodPost && tokenPath.MatchString(r.URL.Path):
		return nil
	case r.Method != http.MethodPost || !w.quote || !renewPath.MatchString(r.URL.Path) || r.Body == nil:
		return fmt.Errorf("the probe does not send %s", r.Method)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	var sent renewal
	// A member that is there twice, or spelt otherwise, could be read otherwise there.
	if err := errors.Join(exact.Members(body, reflect.TypeFor[renewal]()), json.Unmarshal(body, &sent)); err != nil || !sent.DryRun {
		return errors.New("the probe orders nothing")
	}
	return nil
}

// since are the answers from the nth on.
func (w *watcher) since(n int) []answer {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.answers[n:])
}

// sent is how many requests were let through, answered or not. Those for a token are not
// counted.
func (w *watcher) sent() (gets, quotes int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.gets, w.quotes
}

// last is the last answer to a path that ends so; ok is false if there was none.
func (w *watcher) last(suffix string) (found answer, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, a := range w.answers {
		path, _, _ := strings.Cut(a.path, "?")
		if strings.HasSuffix(path, suffix) {
			found, ok = a, true
		}
	}
	return found, ok
}

// limited is the first answer that said to go slower.
func (w *watcher) limited() (found answer, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, a := range w.answers {
		if a.status == http.StatusTooManyRequests {
			return a, true
		}
	}
	return answer{}, false
}
