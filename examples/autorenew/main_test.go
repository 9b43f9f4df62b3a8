package main

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func TestAutorenew(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args  []string
		fails bool
		want  string
	}{
		{want: "vps112233.ovh.net (11223344): manual, to be deleted -> automatic, every P1M;\n    OVHcloud will charge it by itself when it expires, "},
		{want: "): renews with the service it belongs to\ndone: vps112233.ovh.net\n"},
		{args: []string{"-preview"}, want: "-> automatic"},
		{args: []string{"-mode", ""}, want: "manual, to be deleted -> manual\n"},
		{args: []string{"-mode", "manual", "-keep=false"}, want: "manual, to be deleted, as it is\n"},
		{args: []string{"-keep=false"}, fails: true},
		{args: []string{"-every", "P5Y"}, fails: true},
		{args: []string{"-service", "nobody.ovh.net"}, fails: true},
	} {
		var out bytes.Buffer
		if err := run(t.Context(), c.args, strings.NewReader(""), &out); (err != nil) != c.fails {
			t.Errorf("autorenew %v: %v\n%s", c.args, err, &out)
		}
		if !strings.Contains(out.String(), c.want) {
			t.Errorf("autorenew %v does not say %q:\n%s", c.args, c.want, &out)
		}
	}
}

// With -live nothing is changed without a yes, and nothing is asked where nothing
// would change.
func TestAutorenewLive(t *testing.T) {
	server := ovhrenewtest.Start(t, ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	keys := server.Credentials()
	t.Chdir(t.TempDir())
	for name, value := range map[string]string{
		"HOME": t.TempDir(), "OVH_ENDPOINT": server.Endpoint(), "OVH_APPLICATION_KEY": keys.AppKey,
		"OVH_APPLICATION_SECRET": keys.AppSecret, "OVH_CONSUMER_KEY": keys.ConsumerKey,
	} {
		t.Setenv(name, value)
	}
	for _, c := range []struct {
		mode, answer string
		asked, fails bool
	}{
		{mode: "automatic", answer: "n\n", asked: true, fails: true},
		{mode: "automatic", asked: true, fails: true},
		{mode: "manual", answer: "y\n"},
	} {
		var out bytes.Buffer
		err := run(t.Context(), []string{"-live", "-mode", c.mode}, strings.NewReader(c.answer), &out)
		if (err != nil) != c.fails || strings.Contains(out.String(), "[y/N]") != c.asked {
			t.Errorf("%s, answered %q: %v\n%s", c.mode, c.answer, err, &out)
		}
	}
	for _, r := range server.Requests() {
		if r.Method != http.MethodGet {
			t.Errorf("%s was sent without a yes", r.Route)
		}
	}
}
