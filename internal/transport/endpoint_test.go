package transport_test

import (
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew/internal/transport"
)

func TestEndpoint(t *testing.T) {
	t.Parallel()
	for endpoint, want := range map[string]string{
		"https://eu.api.ovh.com/1.0":      "",
		"https://eu.api.ovh.com/v1":       "",
		"https://api.us.ovhcloud.com/1.0": "",
		"http://127.0.0.1:8080":           "",
		"http://sandbox:8080/1.0":         "",
		"https://eu.api.ovh.com":          `lacks the version of the API: want "https://eu.api.ovh.com/1.0"`,
		"https://EU.API.OVH.COM":          "lacks the version",
		"http://eu.api.ovh.com/1.0":       "is http",
		"http://api.us.ovhcloud.com/1.0":  "is http",
		"https://eu.api.ovh.com/1.0\n":    "has white space",
		" https://eu.api.ovh.com/1.0":     "has white space",
		"\ufeffhttps://eu.api.ovh.com":    "characters that a URL cannot have",
		"https://:443/1.0":                "not an http or https URL",
	} {
		_, err := transport.New(transport.Config{API: keyed(t, endpoint)})
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("New with %q: %v, want %q", endpoint, err, want)
		}
	}
}
