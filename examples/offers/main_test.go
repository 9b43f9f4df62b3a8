package main

import (
	"bytes"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

var (
	update = flag.Bool("update", false, "write the golden files anew")
	date   = regexp.MustCompile(`\d{4}-\d{2}-\d{2}`)
)

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestOffers(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := run(t.Context(), nil, &out); err != nil {
		t.Fatal(err)
	}
	golden(t, "offers.txt", date.ReplaceAllString(out.String(), "YYYY-MM-DD"))
}

// liveAccount starts a simulated account to which the environment points.
func liveAccount(t *testing.T, b ovhrenewtest.Behaviour) *ovhrenewtest.Server {
	t.Helper()
	server := ovhrenewtest.Start(t, b)
	ovhrenewtest.Guide(server)
	keys := server.Credentials()
	t.Chdir(t.TempDir())
	for name, value := range map[string]string{
		"HOME": t.TempDir(), "OVH_ENDPOINT": server.Endpoint(), "OVH_APPLICATION_KEY": keys.AppKey,
		"OVH_APPLICATION_SECRET": keys.AppSecret, "OVH_CONSUMER_KEY": keys.ConsumerKey,
	} {
		t.Setenv(name, value)
	}
	return server
}

func TestOffersLive(t *testing.T) {
	server := liveAccount(t, ovhrenewtest.Behaviour{})
	server.Withdraw(ovhrenewtest.GuideHostingID)
	server.Inject(ovhrenewtest.Fault{Route: "GET /services/{serviceId}", Skip: 1, Kind: ovhrenewtest.StatusFault, Status: 403, Body: `{"message":"no"}`})
	var out bytes.Buffer
	err := run(t.Context(), []string{"-live", "-options"}, &out)
	if err == nil || err.Error() != "1 of 3 services could not be read" {
		t.Errorf("run: %v, want the one that could not be read", err)
	}
	for _, want := range []string{"P3M", "17.97 EUR", "12345", "HTTP 403: no", "nothing offered"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("printed without %q:\n%s", want, out.String())
		}
	}
	for _, r := range server.Requests() {
		if r.Method != http.MethodGet {
			t.Errorf("%s %s sent by a report", r.Method, r.Path)
		}
	}
}

func TestOffersFails(t *testing.T) {
	server := liveAccount(t, ovhrenewtest.Behaviour{NoRenewRoute: true})
	for name, test := range map[string]struct {
		prepare func()
		args    []string
		want    string
	}{
		"no renewals in the region": {func() {}, []string{"-live"}, "this region has no such route"},
		"wrong keys":                {func() { t.Setenv("OVH_CONSUMER_KEY", "wrongConsumerKey") }, []string{"-live"}, "NOT_CREDENTIAL"},
	} {
		test.prepare()
		var out bytes.Buffer
		err := run(t.Context(), test.args, &out)
		t.Setenv("OVH_CONSUMER_KEY", server.Credentials().ConsumerKey)
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want one line with %q", name, err, test.want)
		}
	}
}
