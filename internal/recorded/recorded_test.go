// Package recorded replays the answers of the API that people have published, which
// are in testdata/recorded, through the library.
package recorded_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
)

// record is a recorded answer, with where it is from.
type record struct {
	name                            string
	Route, Kind, Source, Date, Note string
	Status                          int
	Headers                         map[string]string
	Expect                          []string
	Body                            json.RawMessage
}

// artefact reports whether the answer is known to be none of the API.
func (r record) artefact() bool { return strings.HasPrefix(r.Kind, "artefact") }

// records reads all recorded answers.
func records(t *testing.T) []record {
	t.Helper()
	names, err := filepath.Glob("../../testdata/recorded/*.json")
	if err != nil {
		t.Fatal(err)
	}
	all := make([]record, 0, len(names))
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		r := record{name: strings.TrimSuffix(filepath.Base(name), ".json")}
		if err := json.Unmarshal(data, &r); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if r.Body == nil {
			r.Body = json.RawMessage("null")
		}
		all = append(all, r)
	}
	return all
}

// server answers what it was given by method and path, and the time.
type server struct {
	mu      sync.Mutex
	answers map[string]record
	asked   []string
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := r.Method + " " + r.URL.EscapedPath()
	s.asked = append(s.asked, asked)
	answer, ok := s.answers[asked]
	w.Header().Set("Content-Type", "application/json")
	switch {
	case ok:
		for name, value := range answer.Headers {
			w.Header().Set(name, value)
		}
		w.WriteHeader(answer.Status)
		_, _ = w.Write(answer.bytes())
	case asked == "GET /auth/time":
		_ = json.NewEncoder(w).Encode(time.Now().Unix())
	default:
		w.WriteHeader(http.StatusTeapot)
	}
}

// bytes are what was on the wire: a text in a record of an error is a page.
func (r record) bytes() []byte {
	var page string
	if strings.HasPrefix(r.Route, "error") && json.Unmarshal(r.Body, &page) == nil {
		return []byte(page)
	}
	return r.Body
}

// answering starts a server and returns a client of it.
func answering(t *testing.T, answers map[string]record) (*ovhrenew.API, *server) {
	t.Helper()
	s := &server{answers: answers}
	return clientOf(t, s), s
}

// clientOf returns a client of a server on loopback.
func clientOf(t *testing.T, handler http.Handler) *ovhrenew.API {
	t.Helper()
	listening := httptest.NewServer(handler)
	t.Cleanup(listening.Close)
	api := &ovh.Client{AppKey: "app", AppSecret: "secret", ConsumerKey: "consumer", Client: listening.Client(), Timeout: time.Minute}
	if err := api.SetEndpoint(listening.URL); err != nil {
		t.Fatal(err)
	}
	client, err := ovhrenew.NewWithConfig(api, ovhrenew.Config{Limiter: ovhrenew.Unlimited, Attempts: 1})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// generic decodes JSON without a type, numbers as they are written.
func generic(t *testing.T, data []byte) any {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

// at is the member of a decoded object at a path such as billing.plan.code; nil if it
// is null or not there.
func at(value any, path string) any {
	for _, name := range strings.Split(path, ".") {
		members, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = members[name]
	}
	return value
}
