package ovhrenew_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew"
)

func TestSecretString(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"":     "",
		"aBcD": "REDACTED",
		"https://www.ovh.com/cgi-bin/order/displayOrder.cgi?orderId=1&orderPassword=aBcD": "REDACTED",
		"https://www.ovh.com/order": "REDACTED",
	} {
		if got := ovhrenew.NewSecret(value).String(); got != want {
			t.Errorf("(%q).String() = %q, want %q", value, got, want)
		}
	}
}

// hidden are secrets of each kind; what must not be seen of them is aBcD.
var hidden = []ovhrenew.Secret{
	ovhrenew.NewSecret("aBcD"),
	ovhrenew.NewSecret("https://me:aBcD@www.ovh.com/cgi-bin/order?orderId=1&orderPassword=aBcD&esign=aBcD#aBcD"),
}

func TestSecretFormat(t *testing.T) {
	t.Parallel()
	for _, secret := range hidden {
		nested := struct{ Password ovhrenew.Secret }{secret}
		private := struct{ password ovhrenew.Secret }{secret}
		for _, verb := range "vsqxXdcbeEfFgGoOtUp" {
			for _, flags := range []string{"", "+", "#", "-", " ", "0", "100", ".50", "+#"} {
				format := "%" + flags + string(verb)
				for _, value := range []any{secret, &secret, nested, &nested, private, &private, []ovhrenew.Secret{secret}, map[string]ovhrenew.Secret{"a": secret}, map[ovhrenew.Secret]int{secret: 1}} {
					if got := fmt.Sprintf(format, value); leaks(got) {
						t.Errorf("%s of %T = %q", format, value, got)
					}
				}
			}
		}
		tooMany, asWidth := []any{1, secret}, []any{secret, 1}
		for _, got := range []string{
			fmt.Sprint(secret), fmt.Sprintln(nested), fmt.Sprintf("%d", tooMany...), fmt.Sprintf("%*d", asWidth...),
			fmt.Errorf("pay %v", secret).Error(),
		} {
			if leaks(got) {
				t.Errorf("printed %q", got)
			}
		}
	}
	for format, want := range map[string]string{"%v": "REDACTED", "%+v": "REDACTED", "%#v": `"REDACTED"`, "%q": `"REDACTED"`, "%10s": "  REDACTED", "%x": "5245444143544544", "%d": "%!d(string=REDACTED)"} {
		if got := fmt.Sprintf(format, hidden[0]); got != want {
			t.Errorf("%s = %q, want %q", format, got, want)
		}
	}
}

// leaks reports whether aBcD can be read in s, in hexadecimal too.
func leaks(s string) bool {
	hex := strings.NewReplacer("0x", "", " ", "").Replace(strings.ToLower(s))
	return strings.Contains(s, "aBcD") || strings.Contains(hex, "61426344") || strings.Contains(s, "aBc")
}

func TestSecretEncodings(t *testing.T) {
	t.Parallel()
	for _, secret := range hidden {
		value := struct{ Password ovhrenew.Secret }{secret}
		asJSON, err1 := json.Marshal(value)
		asXML, err2 := xml.Marshal(secret)
		asText, err3 := secret.MarshalText()
		if err1 != nil || err2 != nil || err3 != nil {
			t.Fatal(err1, err2, err3)
		}
		var log bytes.Buffer
		for _, handler := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
			slog.New(handler).Info("paid", "password", secret, "order", value, "order", &value, "group", slog.GroupValue(slog.Any("password", secret)))
		}
		for _, got := range []string{string(asJSON), string(asXML), string(asText), log.String()} {
			if leaks(got) || !strings.Contains(got, "REDACTED") {
				t.Errorf("%s is not redacted", got)
			}
		}
	}
}

func TestSecretUnmarshalJSON(t *testing.T) {
	t.Parallel()
	for data, want := range map[string]string{`"aBcD"`: "aBcD", `"\u0061BcD"`: "aBcD", `""`: "", `null`: "", `0`: ""} {
		got := ovhrenew.NewSecret("before")
		if err := json.Unmarshal([]byte(data), &got); err != nil || got.Reveal() != want {
			t.Errorf("%s is %q, %v, want %q", data, got.Reveal(), err, want)
		}
	}
	for _, data := range []string{`61426344`, `0.5`, `true`, `{"password":"aBcD"}`, `["aBcD"]`} {
		got := ovhrenew.NewSecret("before")
		err := json.Unmarshal([]byte(data), &got)
		if err == nil || got.Reveal() != "before" || leaks(err.Error()) {
			t.Errorf("%s is %q, %v, want an error that does not show it", data, got.Reveal(), err)
		}
	}
}
