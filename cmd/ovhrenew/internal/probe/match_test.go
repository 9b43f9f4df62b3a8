package probe

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write recorded.json anew")

// published reads testdata/recorded: bodies, with their names.
func published(t *testing.T) (all []record, bodies []json.RawMessage) {
	t.Helper()
	names, err := filepath.Glob("../../../../testdata/recorded/*.json")
	if err != nil || len(names) < 100 {
		t.Fatalf("%d records: %v", len(names), err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var file struct {
			record
			Body json.RawMessage
		}
		if err := json.Unmarshal(data, &file); err != nil {
			t.Fatal(err)
		}
		r := record{Name: strings.TrimSuffix(filepath.Base(name), ".json"), Route: file.Route, Status: file.Status, Kind: file.Kind, Date: file.Date}
		if r.Status >= http.StatusBadRequest {
			r.Error = &errorWords{}
			_ = json.Unmarshal(file.Body, r.Error) // a page has no words
		} else {
			var value any
			if file.Body != nil {
				if err := json.Unmarshal(file.Body, &value); err != nil {
					t.Fatal(err)
				}
			}
			r.Shape = map[string]string{}
			shapeOf(value, "", r.Shape)
		}
		all, bodies = append(all, r), append(bodies, file.Body)
	}
	return all, bodies
}

// TestRecorded: what the program carries is what testdata/recorded says.
func TestRecorded(t *testing.T) {
	t.Parallel()
	all, _ := published(t)
	text, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	text = append(text, '\n')
	if *update {
		if err := os.WriteFile("recorded.json", text, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(text, recordedJSON) {
		t.Error("recorded.json is not of testdata/recorded: go test ./internal/probe -update")
	}
}

// TestMatchRecords answers with each published answer: it matches itself, or one of the
// same form.
func TestMatchRecords(t *testing.T) {
	t.Parallel()
	all, bodies := published(t)
	for i, r := range all {
		route := r.Route
		if r.Error != nil {
			route = "GET /service/{serviceId}"
		}
		got := matched(answer{route: route, status: r.Status, body: bodies[i]})
		if bodies[i] == nil {
			got = matched(answer{route: route, status: r.Status, body: []byte("null")})
		}
		if !strings.Contains(got, " is as ") {
			t.Errorf("%s: %s", r.Name, got)
		}
	}
}

// TestMatch has answers that differ from all that were published.
func TestMatch(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		route, body string
		status      int
		want        string
	}{
		{"GET /me/order/{orderId}/status", `"delivered"`, 200, "is as status-delivered ("},
		{"GET /me/order/{orderId}/status", `{"status":"delivered"}`, 200, "is nearest to status-"},
		{"GET /auth/time", `1`, 200, "is as time-"},
		{"GET /nowhere", `1`, 200, "is not among the records"},
		{"GET /auth/time", `<html>`, 200, "is no JSON"},
		{"GET /me/order/{orderId}/availableRegisteredPaymentMean", `[{"paymentMean":"bankAccount"}]`, 200, "is as means ("},
		{"GET /vps/{serviceName}/serviceInfos", `{"serviceId":1,"icon":1,"of-12345":2}`, 200, "is nearest to serviceinfos-id-only, has more: icon (a name)"},
		{"GET /vps/{serviceName}/serviceInfos", `{"serviceId":1}`, 200, "is as serviceinfos-id-only ("},
		{"GET /service/{serviceId}/renew", `[]`, 200, "is an empty list"},
		{"GET /services", `[1,2]`, 200, "is as services-list ("},
		{"GET /services", `[{"serviceId":1}]`, 200, "GET /services in pages: 1 x is nearest to services-"},
		{"GET /me", `{"class":"Client::Forbidden","message":"This application key is invalid"}`, 403, "is as error-403-class-appkey ("},
		{"GET /me", `{"class":"Client::Forbidden","message":"Of tomorrow"}`, 403, "has the form of error-403-"},
		{"GET /me", `<html>`, 418, "is not among the records"},
	} {
		if got := matched(answer{route: tt.route, status: tt.status, body: []byte(tt.body)}); !strings.Contains(got, tt.want) || strings.Contains(got, "12345") {
			t.Errorf("%s: %d %s: %s, want %q", tt.route, tt.status, tt.body, got, tt.want)
		}
	}
}
