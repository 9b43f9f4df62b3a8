package ovhrenew

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovh/go-ovh/ovh"
)

type trips func(*http.Request) (*http.Response, error)

func (f trips) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// bare returns an API with a token, which needs no clock, and that transport.
func bare(t *testing.T, f trips) *API {
	t.Helper()
	login := &ovh.Client{AccessToken: "canaryAccessToken"}
	if err := login.SetEndpoint("https://api.test/1.0"); err != nil {
		t.Fatal(err)
	}
	api, err := NewWithConfig(login, Config{Transport: f, Limiter: Unlimited})
	if err != nil {
		t.Fatal(err)
	}
	return api
}

func TestStalePaymentIsNotSent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var bodies []string
		api := bare(t, func(r *http.Request) (*http.Response, error) {
			<-time.After(time.Minute) // connecting
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return nil, err
			}
			bodies = append(bodies, string(body))
			return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader("null"))}, nil
		})
		late := withNotAfter(t.Context(), time.Now().Add(59*time.Second))
		if err := api.Pay(late, 7, Method(1)); !errors.Is(err, errStale) || !errors.Is(err, ErrNotSent) || errors.Is(err, ErrUnsure) || !notExecuted(err) {
			t.Errorf("Pay too late = %v, want errStale and ErrNotSent", err)
		}
		_, err := api.PlaceOrder(withNotAfter(t.Context(), time.Now()), Offer{Service: 1, Period: P1Y, Strategy: RenewStrategy{Services: []ServiceID{1}}})
		if !errors.Is(err, errStale) {
			t.Errorf("PlaceOrder too late = %v, want errStale", err)
		}
		if len(bodies) != 0 {
			t.Errorf("sent %q, want nothing", bodies)
		}
		if err := api.Pay(withNotAfter(t.Context(), time.Now().Add(61*time.Second)), 7, Method(1)); err != nil || len(bodies) != 1 {
			t.Errorf("Pay in time = %v, sent %q", err, bodies)
		}
	})
}

func TestTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const ahead = 26 * time.Hour
		reads := 0
		api := bare(t, func(r *http.Request) (*http.Response, error) {
			reads++
			if r.URL.Path != "/1.0/auth/time" || r.Header.Get("Authorization") != "" {
				t.Errorf("request %s with %v, want an unsigned one for the time", r.URL.Path, r.Header)
			}
			return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(strconv.FormatInt(time.Now().Add(ahead).Unix(), 10)))}, nil
		})
		for range 3 {
			got, err := api.Time(t.Context())
			if err != nil || !got.Equal(time.Now().Add(ahead)) {
				t.Errorf("Time() = %v, %v, want %v", got, err, time.Now().Add(ahead))
			}
			<-time.After(time.Hour)
		}
		if reads != 1 {
			t.Errorf("%d requests for the time, want 1", reads)
		}
	})
	for name, api := range map[string]*API{"nil": nil, "zero": {}} {
		if _, err := api.Time(t.Context()); !errors.Is(err, ErrBadInput) {
			t.Errorf("Time() of a %s API = %v, want ErrBadInput", name, err)
		}
	}
}

func TestTimeUnknown(t *testing.T) {
	t.Parallel()
	api := bare(t, func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 404, Body: io.NopCloser(strings.NewReader("{}"))}, nil
	})
	if got, err := api.Time(t.Context()); err == nil || !got.IsZero() {
		t.Errorf("Time() = %v, %v, want an error", got, err)
	}
}

func TestConfigUserAgent(t *testing.T) {
	t.Parallel()
	login := &ovh.Client{AccessToken: "canaryAccessToken"}
	if err := login.SetEndpoint("https://api.test/1.0"); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"a\r\nX-Evil: 1", "a\x00", "é", "\t"} {
		_, err := NewWithConfig(login, Config{UserAgent: bad})
		if refused, ok := errors.AsType[*InputError](err); !ok || refused.Field != "Config.UserAgent" || refused.Value != bad {
			t.Errorf("NewWithConfig with the user agent %q: %v, want it refused", bad, err)
		}
	}
}

// An API that New did not make has no endpoint, and says so.
func TestAPINotMade(t *testing.T) {
	t.Parallel()
	for _, api := range []*API{nil, {}} {
		if got := api.Endpoint(); got != "" {
			t.Errorf("Endpoint() = %q", got)
		}
		if _, err := api.Time(t.Context()); !errors.Is(err, ErrBadInput) {
			t.Errorf("Time: %v, want %v", err, ErrBadInput)
		}
	}
}
