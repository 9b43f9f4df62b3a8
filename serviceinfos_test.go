package ovhrenew_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ovhrenew/ovhrenew"
)

// TestContractServiceInfos reads the billing of every product that has a route for it.
func TestContractServiceInfos(t *testing.T) {
	t.Parallel()
	c := readContract(t)
	for _, infos := range c.ServiceInfos {
		s := &contractServer{sample: sample{contract: c}}
		route, left := strings.TrimSuffix(infos.Path, "/serviceInfos"), infos.Path
		for strings.Contains(left, "{") {
			_, after, _ := strings.Cut(left, "{")
			name, rest, _ := strings.Cut(after, "}")
			route, left = strings.Replace(route, "{"+name+"}", "x."+name+"%2F1", 1), rest
		}
		got, err := s.api(t).ServiceInfos(t.Context(), route)
		if err != nil || len(s.wrong) > 0 {
			t.Errorf("ServiceInfos(%s): %v %v", route, err, s.wrong)
			continue
		}
		if call := s.calls[len(s.calls)-1]; call != "GET "+infos.Path {
			t.Errorf("ServiceInfos(%s) calls %s", route, call)
		}
		if got.Name == "" || got.Route != route || infos.Out == "services.Service" && got.Expiry.IsZero() {
			t.Errorf("ServiceInfos(%s) = %+v", route, got)
		}
	}
	t.Logf("called: %d serviceInfos paths", len(c.ServiceInfos))
}

// What a product says of its billing, as recorded and beyond.
func TestServiceInfos(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	for body, want := range map[string]ovhrenew.Service{
		`{}`: {},
		`{"serviceId":5000000000,"domain":"vps1","status":"ok","creation":"2023-09-23T00:00:00+02:00","expiration":"2026-09-23","renewalType":"automaticV2016",
			"renew":{"automatic":false,"manualPayment":true,"deleteAtExpiration":true,"period":12,"forced":false},"new":[1]}`: {
			ID: 5_000_000_000, Name: "vps1", Billing: "ok", Created: ovhrenew.MustDate("2023-09-23"), Expiry: ovhrenew.MustDate("2026-09-23"),
			Type: "automaticV2016", Automatic: &no, ManualPayment: &yes, Period: "P12M", PendingActions: []string{"deleteAtExpiration"},
		},
		`{"status":"unPaid","renew":{"automatic":true,"manualPayment":null,"period":null}}`: {Billing: "unPaid", Automatic: &yes},
		`{"status":"inCreation","renew":null,"expiration":null}`:                            {Billing: "inCreation"},
	} {
		want.Route = "/vps/vps1"
		got, err := answering(t, "GET /vps/vps1/serviceInfos", 200, body).ServiceInfos(t.Context(), "/vps/vps1")
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("ServiceInfos of %s: %v (-want +got):\n%s", body, err, diff)
		}
	}
	for _, body := range []string{``, `[]`, `{"expiration":"soon"}`, `{"renew":{"automatic":"yes"}}`} {
		if got, err := answering(t, "GET /vps/vps1/serviceInfos", 200, body).ServiceInfos(t.Context(), "/vps/vps1"); !errors.Is(err, ovhrenew.ErrMalformed) {
			t.Errorf("ServiceInfos of %s = %+v, %v, want ErrMalformed", body, got, err)
		}
	}
	_, err := answering(t, "GET /vps/vps1/serviceInfos", 460, `{"message":"This Service is expired"}`).ServiceInfos(t.Context(), "/vps/vps1")
	if !errors.Is(err, ovhrenew.ErrExpired) {
		t.Errorf("ServiceInfos of an expired service: %v, want %v", err, ovhrenew.ErrExpired)
	}
}
