package ovhrenewtest_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	. "github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// moments is what an order and its service tell as time goes by.
func moments(t *testing.T, s *Server, clock *Clock, path string, steps ...time.Duration) []string {
	t.Helper()
	var told []string
	for _, step := range steps {
		clock.Advance(step)
		status := get[string](t, s, path+"/status")
		expiry := get[object](t, s, "/vps/vps112233.ovh.net/serviceInfos")["expiration"]
		told = append(told, fmt.Sprint(status, " ", expiry))
	}
	return told
}

func TestOrderLife(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		behaviour Behaviour
		want      []string // after 0, 1, 2, 3, 4 … minutes
	}{
		"at once": {Behaviour{}, []string{"delivered 2027-02-28"}},
		"slowly": {
			Behaviour{StatusLag: time.Minute, DeliveryDelay: 2 * time.Minute, ExpiryLag: time.Minute},
			[]string{
				"notPaid 2026-11-30", "checking 2026-11-30", "delivering 2026-11-30",
				"delivered 2026-11-30", "delivered 2027-02-28",
			},
		},
		"needs documents": {
			Behaviour{AfterPay: "documentsRequested", StatusLag: time.Minute},
			[]string{"notPaid 2026-11-30", "documentsRequested 2026-11-30", "documentsRequested 2026-11-30"},
		},
		"cancelled": {
			Behaviour{CancelAfterPay: 3 * time.Minute, StatusLag: time.Minute, DeliveryDelay: 2 * time.Minute},
			[]string{"notPaid 2026-11-30", "checking 2026-11-30", "delivering 2026-11-30", "cancelled 2026-11-30"},
		},
		"cancelled long after it should be delivered": {
			Behaviour{CancelAfterPay: 2 * time.Minute},
			[]string{"delivering 2026-11-30", "delivering 2026-11-30", "cancelled 2026-11-30", "cancelled 2026-11-30"},
		},
		"cancelled before the payment shows": {
			Behaviour{CancelAfterPay: time.Minute, StatusLag: 2 * time.Minute},
			[]string{"notPaid 2026-11-30", "cancelled 2026-11-30", "cancelled 2026-11-30"},
		},
	} {
		s, clock := clocked(t, test.behaviour)
		path := order(t, s)
		mustSend(t, s, "POST", path+"/pay", payDefault)
		steps := make([]time.Duration, len(test.want))
		for i := range steps[1:] {
			steps[i+1] = time.Minute
		}
		if diff := cmp.Diff(test.want, moments(t, s, clock, path, steps...)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

func TestLapsedOrder(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		behaviour Behaviour
		status    string
		paid      string
	}{
		{Behaviour{}, "cancelled", "400 Client::BadRequest: This order is not payable anymore"},
		{Behaviour{LapsedStatus: "notPaid"}, "notPaid", "400 Client::BadRequest: This order is not payable anymore"},
		{Behaviour{LapsedStatus: "notPaid", LapsedPayable: true}, "notPaid", "<nil>"},
		{Behaviour{LapsedPayable: true}, "cancelled", "<nil>"},
	} {
		test.behaviour.OrderValidity = 24 * time.Hour
		s, clock := clocked(t, test.behaviour)
		path := order(t, s)
		clock.Advance(24*time.Hour - time.Second)
		if got := get[string](t, s, path+"/status"); got != "notPaid" {
			t.Errorf("%+v: status %s a second before, want notPaid", test.behaviour, got)
		}
		clock.Advance(time.Second)
		if got := get[string](t, s, path+"/status"); got != test.status {
			t.Errorf("%+v: status %s, want %s", test.behaviour, got, test.status)
		}
		_, err := send(t, s, "POST", path+"/pay", payDefault)
		wantFailure(t, fmt.Sprintf("%+v", test.behaviour), err, test.paid)
	}
}

func TestStatusSetByHand(t *testing.T) {
	t.Parallel()
	s, _ := clocked(t, Behaviour{AfterPay: "checking"})
	path := order(t, s)
	mustSend(t, s, "POST", path+"/pay", payDefault)
	s.SetStatus(GuideOrderID, "somethingNew")
	if got := get[string](t, s, path+"/status"); got != "somethingNew" {
		t.Errorf("status = %s, want somethingNew", got)
	}
	for range 2 { // delivered once
		s.SetStatus(GuideOrderID, "delivered")
	}
	if got := s.Expiry(GuideVPSID).Format(time.DateOnly); got != "2027-02-28" {
		t.Errorf("Expiry = %s, want 2027-02-28", got)
	}
}

func TestCheckFirst(t *testing.T) {
	t.Parallel()
	s, clock := clocked(t, Behaviour{CheckFirst: 2 * time.Minute, SecondOrder: SecondOrderRefused})
	path := order(t, s)
	clock.Advance(2*time.Minute - time.Second)
	if got := get[string](t, s, path+"/status"); got != "checking" {
		t.Errorf("status = %s a second before, want checking", got)
	}
	_, err := send(t, s, "POST", path+"/pay", payDefault)
	wantFailure(t, "paying", err, "400 Client::BadRequest: This order is not payable yet")
	_, err = send(t, s, "POST", "/service/11223344/renew", vpsOrder)
	wantFailure(t, "a second order", err, "409 Client::Conflict::ResourceBusy: Order 123456789 for this service is waiting for its payment")
	clock.Advance(time.Second)
	if got := get[string](t, s, path+"/status"); got != "notPaid" {
		t.Errorf("status = %s, want notPaid", got)
	}
	mustSend(t, s, "POST", path+"/pay", payDefault)
	if got := s.PaymentsFor(GuideVPSID); got != 1 {
		t.Errorf("PaymentsFor = %d, want 1", got)
	}
}

// Expiry is the real one, however late the API tells it.
func TestExpiryIsReal(t *testing.T) {
	t.Parallel()
	s, _ := clocked(t, Behaviour{ExpiryLag: time.Hour})
	mustSend(t, s, "POST", order(t, s)+"/pay", payDefault)
	if got := s.Expiry(GuideVPSID).Format(time.DateOnly); got != "2027-02-28" {
		t.Errorf("Expiry = %s, want 2027-02-28", got)
	}
	if got := get[object](t, s, "/service/11223344")["expirationDate"]; got != "2026-11-30" {
		t.Errorf("/service tells %v, want 2026-11-30", got)
	}
}

// Expiries move from where they were, by calendar months, each from its own.
func TestExpiriesMove(t *testing.T) {
	t.Parallel()
	s := Start(t, Behaviour{})
	date := func(text string) time.Time {
		d, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, test := range []struct{ from, period, to string }{
		{"2027-01-31", "P1M", "2027-02-28"},
		{"2028-01-31", "P1M", "2028-02-29"},
		{"2028-02-29", "P1Y", "2029-02-28"},
		{"2027-11-30", "P3M", "2028-02-29"},
		{"2027-12-31", "P12M", "2028-12-31"},
		{"2027-12-31", "P7D", "2028-01-07"},
		{"2027-12-31", "P1Y2M", "2029-02-28"},
		{"2020-05-05", "P2W", "2020-05-19"},
	} {
		a := s.AddService(Service{Name: "a", Expiry: date(test.from)})
		b := s.AddService(Service{Name: "b", Expiry: date("2027-07-07")})
		id := s.AddOrder(Order{Services: []int64{a, b}, Period: test.period, Price: "1"})
		s.Pay(id)
		if got := s.Expiry(a).Format(time.DateOnly); got != test.to {
			t.Errorf("%s + %s = %s, want %s", test.from, test.period, got, test.to)
		}
		if !s.Expiry(b).After(date("2027-07-07")) {
			t.Errorf("%s: the second service did not move", test.period)
		}
	}
}
