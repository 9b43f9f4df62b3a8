// How services are found by what people type and paste, in recorded lists.

package recorded_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// TestFindAsTyped finds services by what people type and paste.
func TestFindAsTyped(t *testing.T) {
	t.Parallel()
	server := ovhrenewtest.Start(t, ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	for id, route := range map[int64][2]string{
		501: {"/telephony/lines/0033972101010", "0033972101010"},
		502: {"/ip/203.0.113.0%2F24", "203.0.113.0/24"},
		503: {"/domain/xn--exmple-cua.ovh", "xn--exmple-cua.ovh"},
		504: {"/domain/xn--blcher-4ya.ovh", "blücher.ovh"},
		505: {"/vps/VPS-Upper.example", "VPS-Upper.example"},
	} {
		server.AddService(ovhrenewtest.Service{ID: id, Route: route[0], Name: route[1]})
	}
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		text  string
		id    ovhrenew.ServiceID
		is    error
		hints string
	}{
		{text: "vps112233.ovh.net.", id: 11223344},
		{text: " VPS112233.ovh.net\r\n", id: 11223344},
		{text: "\ufeff\"vps112233.ovh.net\",", id: 11223344},
		{text: "https://www.ovh.com/manager/#/dedicated/vps/vps112233.ovh.net/dashboard", id: 11223344},
		{text: "https://vps112233.ovh.net/?session=1", id: 11223344},
		{text: "11223344", id: 11223344},
		{text: "0033972101010", id: 501},
		{text: "+33972101010", id: 501},
		{text: "+33 9 72 10 10 10", id: 501},
		{text: "203.0.113.0/24", id: 502},
		{text: "/ip/203.0.113.0/24", id: 502},
		{text: "https://www.ovh.com/manager/#/ip/203.0.113.0%2F24", id: 502},
		{text: "exämple.ovh", id: 503},
		{text: "EXÄMPLE.OVH", id: 503},
		{text: "blücher.ovh", id: 504},
		{text: "xn--blcher-4ya.ovh", id: 504},
		{text: "vps-upper.example", id: 505},
		{text: "https://example.ovh/", is: ovhrenew.ErrAmbiguous, hints: "/hosting/web/example.ovh"},
		{text: "vps112234.ovh.net", is: ovhrenew.ErrNotFound, hints: "similar names: vps112233.ovh.net"},
		{text: "vps112233", is: ovhrenew.ErrNotFound, hints: "similar names: vps112233.ovh.net"},
		{text: "0033972101011", is: ovhrenew.ErrNotFound, hints: "similar names: 0033972101010"},
		{text: "nothing.example.org", is: ovhrenew.ErrNotFound, hints: "give the whole name"},
		{text: "/vsp/vps112233.ovh.net", is: ovhrenew.ErrNotFound, hints: "check its spelling"},
	} {
		target, err := ovhrenew.ParseTarget(test.text)
		if err != nil {
			t.Errorf("ParseTarget(%q): %v", test.text, err)
			continue
		}
		id, err := ovhrenew.Find(t.Context(), client, target)
		if id != test.id || !errors.Is(err, test.is) || err != nil && !strings.Contains(err.Error(), test.hints) {
			t.Errorf("Find(%q) = %d, %v, want %d, %v, %q", test.text, id, err, test.id, test.is, test.hints)
		}
		if err != nil && strings.Contains(err.Error(), "session") {
			t.Errorf("Find(%q): %v shows the query", test.text, err)
		}
	}
}
