package transport_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ovh/go-ovh/ovh"
	"github.com/ovhrenew/ovhrenew/internal/transport"
)

// oddities are what a copied key brings along, and what the error calls it.
var oddities = []struct {
	change func(key string) string
	want   string
}{
	{func(k string) string { return k + "\n" }, "ends with a line break"},
	{func(k string) string { return k + "\r\n" }, "has a line break"},
	{func(k string) string { return k + "\r" }, "ends with a line break"},
	{func(k string) string { return "\n" + k }, "begins with a line break"},
	{func(k string) string { return k[:5] + "\n" + k[5:] }, "has a line break"},
	{func(k string) string { return " " + k }, "begins with a blank"},
	{func(k string) string { return k + " " }, "ends with a blank"},
	{func(k string) string { return k[:5] + " " + k[5:] }, "has a blank"},
	{func(k string) string { return k + "\t" }, "ends with a tab"},
	{func(k string) string { return k + "\u00a0" }, "ends with a no-break space"},
	{func(k string) string { return `"` + k + `"` }, "begins with a quotation mark"},
	{func(k string) string { return "'" + k + "'" }, "begins with a quotation mark"},
	{func(k string) string { return k + "”" }, "ends with a quotation mark"},
	{func(k string) string { return "\ufeff" + k }, "begins with a byte order mark"},
	{func(k string) string { return k[:5] + "\u200b" + k[5:] }, "has an invisible character"},
	{func(k string) string { return k + "\u00ad" }, "ends with an invisible character"},
	{func(k string) string { return k + "\x00" }, "ends with a control character"},
	{func(k string) string { return k + `\n` }, "has a backslash"},
	{func(k string) string { return "<" + k + ">" }, "begins with a bracket"},
	{func(k string) string { return "${" + k + "}" }, "begins with a bracket, a dollar sign"},
	{func(k string) string { return k + "," }, "ends with a bracket, a dollar sign, a comma"},
	{func(k string) string { return "é" + k[1:] }, "begins with a character that is not ASCII"},
	{func(k string) string { return k[:5] + "\xff" + k[6:] }, "has a character that is not ASCII"},
	{func(string) string { return " \n" }, "is nothing but white space"},
	{func(string) string { return "\u00a0" }, "is nothing but white space"},
}

// secretFields are the fields of a go-ovh client that a key is put in.
var secretFields = []struct {
	name, setting string
	login         ovh.Client
	field         func(*ovh.Client) *string
}{
	{"application key", "application_key", ovh.Client{AppKey: appKey, AppSecret: appSecret, ConsumerKey: consumerKey}, func(c *ovh.Client) *string { return &c.AppKey }},
	{"application secret", "application_secret", ovh.Client{AppKey: appKey, AppSecret: appSecret, ConsumerKey: consumerKey}, func(c *ovh.Client) *string { return &c.AppSecret }},
	{"consumer key", "consumer_key", ovh.Client{AppKey: appKey, AppSecret: appSecret, ConsumerKey: consumerKey}, func(c *ovh.Client) *string { return &c.ConsumerKey }},
	{"OAuth2 client id", "client_id", ovh.Client{ClientID: clientID, ClientSecret: clientPass}, func(c *ovh.Client) *string { return &c.ClientID }},
	{"OAuth2 client secret", "client_secret", ovh.Client{ClientID: clientID, ClientSecret: clientPass}, func(c *ovh.Client) *string { return &c.ClientSecret }},
	{"access token", "access_token", ovh.Client{AccessToken: accessToken}, func(c *ovh.Client) *string { return &c.AccessToken }},
}

// sent fails the test when anything is sent.
type sent struct{ t *testing.T }

func (s sent) RoundTrip(r *http.Request) (*http.Response, error) {
	s.t.Errorf("%s was sent", r.URL.Path)
	return nil, context.Canceled
}

// TestOddCredentials has each field of each login with whatever a copy brings along: the
// error names the field and not the value, and nothing is sent.
func TestOddCredentials(t *testing.T) {
	t.Parallel()
	for _, field := range secretFields {
		for _, odd := range oddities {
			api := field.login
			if err := api.SetEndpoint(ovh.OvhEU); err != nil {
				t.Fatal(err)
			}
			value := field.field(&api)
			*value = odd.change(*value)
			_, err := transport.New(transport.Config{API: &api, Transport: sent{t}})
			want := "the " + field.name + " of the go-ovh client (OVH_" + strings.ToUpper(field.setting) + ", or " + field.setting + " in ovh.conf) " + odd.want
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%q: %v, want %q", *value, err, want)
				continue
			}
			noSecrets(t, err)
			for _, part := range []string{"canary", "anary", "\n"} {
				if strings.Contains(err.Error(), part) {
					t.Errorf("%v shows the value", err)
				}
			}
		}
	}
}

// TestOddCredentialsFromOutside reads them as go-ovh does, from the environment and from
// a file.
func TestOddCredentialsFromOutside(t *testing.T) {
	refused := func(what string) {
		t.Helper()
		api, err := ovh.NewDefaultClient()
		if err != nil {
			t.Fatal(err)
		}
		_, err = transport.New(transport.Config{API: api, Transport: sent{t}})
		if err == nil || !strings.Contains(err.Error(), "consumer key of the go-ovh client (OVH_CONSUMER_KEY") || !strings.Contains(err.Error(), what) {
			t.Errorf("%v, want the consumer key that %s", err, what)
		}
		noSecrets(t, err)
	}
	t.Setenv("HOME", t.TempDir())
	t.Chdir(t.TempDir())
	for name, value := range map[string]string{
		"OVH_ENDPOINT": "ovh-eu", "OVH_APPLICATION_KEY": appKey, "OVH_APPLICATION_SECRET": appSecret, "OVH_CONSUMER_KEY": consumerKey + "\r\n",
	} {
		t.Setenv(name, value)
	}
	refused("has a line break")
	for _, name := range []string{"OVH_ENDPOINT", "OVH_APPLICATION_KEY", "OVH_APPLICATION_SECRET", "OVH_CONSUMER_KEY"} {
		t.Setenv(name, "")
	}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	file := "\ufeff[default]\nendpoint=ovh-eu\n[ovh-eu]\napplication_key=" + appKey + "\napplication_secret=" + appSecret + "\nconsumer_key=“" + consumerKey + "”\n"
	if err := os.WriteFile(filepath.Join(dir, "ovh.conf"), []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	refused("begins with a quotation mark")
}
