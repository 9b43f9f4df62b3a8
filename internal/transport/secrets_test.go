package transport_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/ovhrenew/ovhrenew/internal/transport"
)

// spellings are how a server may repeat a text.
var spellings = map[string]func(string) string{
	"as it is": func(s string) string { return s },
	"capitals": strings.ToUpper,
	"small":    strings.ToLower,
	"percent":  eachLetter("%%%02X"), "twice": eachLetter("%%25%02x"),
	"json": eachLetter(`\u%04x`), "json in json": eachLetter(`\\u%04X`),
	"decimal": eachLetter("&#%d;"), "hexadecimal": eachLetter("&#x%02x;"),
	"base64":   func(s string) string { return base64.StdEncoding.EncodeToString([]byte("user:" + s + "@")) },
	"base64 1": func(s string) string { return base64.StdEncoding.EncodeToString([]byte("a" + s)) },
	"base64 2": func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	"lines":    func(s string) string { return s[:9] + "\r\n " + s[9:] },
	"escaped":  func(s string) string { return s[:9] + `\n` + s[9:] },
	"tags":     func(s string) string { return s[:9] + "<wbr>" + s[9:] },
}

func eachLetter(format string) func(string) string {
	return func(s string) string {
		var b strings.Builder
		for _, c := range []byte(s) {
			fmt.Fprintf(&b, format, c)
		}
		return b.String()
	}
}

// TestAnswersHideSecrets repeats the credentials in bodies and headers of all statuses, in
// all spellings. What stands around one that is spelt as it is stays.
func TestAnswersHideSecrets(t *testing.T) {
	t.Parallel()
	for name, spell := range spellings {
		for _, secret := range []string{appKey, appSecret, consumerKey, "signature"} {
			for _, status := range []int{200, 302, 400, 403, 501} {
				synctest.Test(t, func(t *testing.T) {
					w := newWorld(t, func(out http.ResponseWriter, r *http.Request) {
						if secret == "signature" {
							secret = r.Header.Get("X-Ovh-Signature")
						}
						out.Header().Set("X-Ovh-QueryID", "100%-"+strings.ReplaceAll(spell(secret), "\r\n", ""))
						out.WriteHeader(status)
						fmt.Fprintf(out, `{"of":"R&D, 100%% (%s)"}`, spell(secret))
					})
					r, err := w.client(transport.Config{}).Do(t.Context(), transport.Request{Method: "GET", Path: "/me"})
					if err != nil {
						t.Fatal(err)
					}
					got, want := r.Header.Get("X-Ovh-QueryID")+" "+string(r.Body), "REDACTED REDACTED"
					if spell(secret) == secret {
						want = `100%-REDACTED {"of":"R&D, 100% (REDACTED)"}`
					}
					if !strings.HasPrefix(name, "base64") && got != want || strings.Contains(got, secret) || strings.Count(got, "REDACTED") != 2 {
						t.Errorf("%s, %d: got %s, want %s", name, status, got, want)
					}
				})
			}
		}
	}
}
