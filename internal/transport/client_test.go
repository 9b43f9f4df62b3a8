package transport_test

import (
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/ovhrenew/ovhrenew/internal/transport"
)

func TestHarmlessIsRepeated(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"408": status(408), "429": status(429), "500": status(500), "504": status(504), "lost": lose, "cut": cut,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				for kind, want := range map[transport.Kind]int{transport.Harmless: 3, transport.Write: 1, transport.Spend: 1} {
					w := newWorld(t, answer, answer)
					r, err := w.client(transport.Config{}).Do(t.Context(), post(kind))
					if got := len(w.calls()); got != want || want == 3 && (err != nil || r.Status != 200) {
						t.Errorf("Do of kind %d = %v, %v in %d requests, want %d", kind, r, err, got, want)
					}
				}
			})
		})
	}
}

// What blames the signature or the key may be about the clock: it is read again, once.
func TestDoubtfulClock(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		again  bool
	}{
		"signature": {text(400, `{"class":"Client::BadRequest","message":"Invalid signature"}`), true},
		"key":       {text(403, `{"class":"Client::Forbidden","message":"This application key is invalid"}`), true},
		"another":   {text(403, `{"class":"Client::Forbidden","message":"This credential is not valid"}`), false},
		"elsewhere": {text(404, `{"message":"Invalid signature"}`), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				want := 1
				if test.again {
					want = 2
				}
				for _, kind := range []transport.Kind{transport.Read, transport.Harmless, transport.Spend} {
					w := newWorld(t, test.answer, test.answer, test.answer)
					r := post(kind)
					if kind == transport.Read {
						r = read("/me")
					}
					c := w.client(transport.Config{})
					answer, err := c.Do(t.Context(), r)
					if kind == transport.Spend {
						want = 1
					}
					if err != nil || answer.Status == 200 || len(w.calls()) != want || w.clockRequests() != want {
						t.Errorf("Do of kind %d = %v, %v in %d requests, %d for the time; want the refusal in %d", kind, answer, err, len(w.calls()), w.clockRequests(), want)
					}
				}
			})
		})
	}
}
