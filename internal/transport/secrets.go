package transport

import (
	"encoding/base64"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/ovhrenew/ovhrenew/internal/words"
)

// shortestSecret is from which length on a credential is looked for. Those of OVHcloud are
// longer; a shorter one is part of any text.
const shortestSecret = 12

// secretsOf returns the credentials and what r has of them, which may be nil.
func (c *Client) secretsOf(r *http.Request) []string {
	if r == nil {
		return c.credentials.hidden
	}
	var sent []string
	for _, name := range []string{"X-Ovh-Signature", "Authorization", "Cookie"} {
		for _, value := range r.Header.Values(name) {
			sent = append(sent, strings.TrimPrefix(value, "Bearer "))
		}
	}
	return slices.Concat(c.credentials.hidden, spelled(sent))
}

// spelled returns secrets as they are and in base64.
func spelled(all []string) []string {
	all = slices.DeleteFunc(all, func(s string) bool { return len(s) < shortestSecret })
	for _, secret := range all {
		for n := range 3 { // what stays the same whatever stands in front of it
			code := base64.StdEncoding.EncodeToString([]byte("  "[:n] + secret))
			all = append(all, code[(8*n+5)/6:8*(n+len(secret))/6])
		}
	}
	return all
}

// conceal takes the secrets of r out of an answer that repeats them. Of one that is no
// refusal, texts have the beginning at most.
func (c *Client) conceal(a *Response, r *http.Request) {
	secrets, end := c.secretsOf(r), len(a.Body)
	if a.Status < http.StatusBadRequest {
		end = min(end, words.MaxRead)
	}
	a.Header = a.Header.Clone()
	for _, values := range a.Header {
		for i := range values {
			values[i] = hide(values[i], "REDACTED", secrets)
		}
	}
	if text := string(a.Body[:end]); text != "" {
		a.Body = append([]byte(hide(text, "REDACTED", secrets)), a.Body[end:]...)
	}
}

// hide puts something else in the place of secrets, and of a text that has one in another
// spelling.
func hide(text, instead string, secrets []string) string {
	plain := plainly(text)
	for _, secret := range secrets {
		small := strings.ToLower(secret)
		if !strings.Contains(plain, small) {
			continue
		}
		if text = strings.ReplaceAll(text, secret, instead); strings.Contains(plainly(text), small) {
			return instead
		}
	}
	return text
}

var (
	coded  = regexp.MustCompile(`(?:%(?:25)?|\\+u00)[0-9A-Fa-f]{2}`)
	breaks = strings.NewReplacer(" ", "", "\t", "", "\r", "", "\n", "", `\t`, "", `\r`, "", `\n`, "", `\`, "", "<wbr>", "", "<br>", "", "<b>", "", "</b>", "")
)

// plainly is a text in small letters without what URLs, JSON and HTML do to it, and without
// what it is broken by.
func plainly(text string) string {
	if strings.Contains(text, "%") || strings.Contains(text, `\u00`) {
		text = coded.ReplaceAllStringFunc(text, func(s string) string {
			code, _ := strconv.ParseUint(s[len(s)-2:], 16, 8) // which it is
			return string(rune(code))
		})
	}
	return strings.ToLower(breaks.Replace(html.UnescapeString(text)))
}
