package renewer_test

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ovhrenew/ovhrenew"
	renewer "github.com/ovhrenew/ovhrenew/examples/testing"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

const name = "example.ovh"

// account has one domain that ends in ten days. StartPipe and synctest let half an
// hour of waiting pass in no time.
func account(t *testing.T, b ovhrenewtest.Behaviour) (*ovhrenewtest.Server, *ovhrenew.API) {
	t.Helper()
	server := ovhrenewtest.StartPipe(t, b)
	id := server.AddService(ovhrenewtest.Service{Name: name, Route: "/domain/" + name, Expiry: time.Now().AddDate(0, 0, 10)})
	server.Offer("P1Y", "9.99", id)
	server.AddPaymentMethod(ovhrenewtest.PaymentMethod{Default: true})
	client, err := ovhrenew.New(server.Client())
	if err != nil {
		t.Fatal(err)
	}
	return server, client
}

// TestNightly has the same night with different answers.
func TestNightly(t *testing.T) {
	t.Parallel()
	const pay = ovhrenewtest.RoutePay
	for title, c := range map[string]struct {
		behaviour ovhrenewtest.Behaviour
		arrange   func(*ovhrenewtest.Server)
		limit     string
		want      string
		wantErr   error
		payments  int
	}{
		"all is well":               {want: name + ": renewed for 11.99 EUR", payments: 1},
		"a slow delivery":           {behaviour: ovhrenewtest.Behaviour{DeliveryDelay: 20 * time.Minute}, want: name + ": renewed for 11.99 EUR", payments: 1},
		"the price has gone up":     {limit: "10 EUR", want: name + ": not renewed", wantErr: ovhrenew.ErrOverLimit},
		"the card is refused":       {behaviour: ovhrenewtest.Behaviour{DefaultRefused: true}, want: name + ": not renewed", wantErr: ovhrenew.ErrNoPayment},
		"a region without renewing": {behaviour: ovhrenewtest.Behaviour{NoRenewRoute: true}, want: name + ": not renewed", wantErr: ovhrenew.ErrUnsupported},
		"it renews by itself":       {arrange: func(s *ovhrenewtest.Server) { s.SetMode(s.Services()[0].ID, "automatic") }, want: name + ": nothing to do"},
		"the payment's answer is lost": {
			arrange: func(s *ovhrenewtest.Server) {
				s.Inject(ovhrenewtest.Fault{Route: pay, Kind: ovhrenewtest.Reset, When: ovhrenewtest.After})
			},
			want: name + ": renewed for 11.99 EUR", payments: 1,
		},
		"the payment never arrives": {
			arrange: func(s *ovhrenewtest.Server) {
				s.Inject(ovhrenewtest.Fault{Route: pay, Kind: ovhrenewtest.Reset, When: ovhrenewtest.Before})
			},
			want: name + ": not renewed", wantErr: ovhrenew.ErrNoEffect,
		},
	} {
		t.Run(title, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server, client := account(t, c.behaviour)
				if c.arrange != nil {
					c.arrange(server)
				}
				limit := ovhrenew.MustMoney("20 EUR")
				if c.limit != "" {
					limit = ovhrenew.MustMoney(c.limit)
				}
				lines, err := renewer.Nightly(t.Context(), client, ovhrenewtest.NewMemory(ovhrenew.OnlyJournal), limit, name)
				if !slices.Equal(lines, []string{c.want}) || !errors.Is(err, c.wantErr) {
					t.Errorf("Nightly = %q, %v, want %q, %v", lines, err, c.want, c.wantErr)
				}
				if n := len(server.Payments()); n != c.payments {
					t.Errorf("%d payments, want %d", n, c.payments)
				}
			})
		})
	}
}

// TestNightlyTwice: the second night finds nothing due.
func TestNightlyTwice(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server, client := account(t, ovhrenewtest.Behaviour{})
		for _, want := range []string{name + ": renewed for 11.99 EUR", name + ": nothing to do"} {
			lines, err := renewer.Nightly(t.Context(), client, ovhrenew.NoJournal, ovhrenew.MustMoney("20 EUR"), name)
			if err != nil || !slices.Equal(lines, []string{want}) {
				t.Errorf("Nightly = %q, %v, want %q", lines, err, want)
			}
			time.Sleep(24 * time.Hour) //nolint:forbidigo // of fake time
		}
		if n := len(server.Payments()); n != 1 {
			t.Errorf("%d payments, want 1", n)
		}
	})
}

// The journal of the first night tells the second that the work is done.
func TestSecondNight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server, client := account(t, ovhrenewtest.Behaviour{})
		journal, err := ovhrenew.OpenJournal(t.TempDir(), ovhrenew.OnlyJournal)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{name + ": renewed for 11.99 EUR", name + ": renewed on an earlier night"} {
			lines, err := renewer.Nightly(t.Context(), client, journal, ovhrenew.MustMoney("20 EUR"), name)
			if err != nil || !slices.Equal(lines, []string{want}) {
				t.Errorf("Nightly = %q, %v, want %q", lines, err, want)
			}
			time.Sleep(24 * time.Hour) //nolint:forbidigo // of fake time
		}
		if n := len(server.Payments()); n != 1 {
			t.Errorf("%d payments, want 1", n)
		}
	})
}
