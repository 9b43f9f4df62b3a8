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

type secret struct{ text, small string } // what is looked for, and the same in small letters

// secretsOf returns the credentials and what r has of them, which may be nil.
func (c *Client) secretsOf(r *http.Request) []secret {
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
func spelled(texts []string) (all []secret) {
	for _, text := range texts {
		if len(text) < shortestSecret {
			continue
		}
		all = append(all, secret{text, strings.ToLower(text)})
		for n := range 3 { // what stays the same whatever stands in front of it
			code := base64.StdEncoding.EncodeToString([]byte("  "[:n] + text))[(8*n+5)/6 : 8*(n+len(text))/6]
			all = append(all, secret{code, strings.ToLower(code)})
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
	if id := a.Header.Get("X-Ovh-QueryID"); hide(id, "REDACTED", secrets) != id { // which texts have
		a.Header = a.Header.Clone()
		a.Header.Set("X-Ovh-QueryID", hide(id, "REDACTED", secrets))
	}
	if text := string(a.Body[:end]); text != "" {
		a.Body = append([]byte(hide(text, "REDACTED", secrets)), a.Body[end:]...)
	}
}

// hide puts something else in the place of secrets, and of a text that spells one otherwise.
func hide(text, instead string, secrets []secret) string {
	plain := plainly(text)
	for _, s := range secrets {
		if !strings.Contains(plain, s.small) {
			continue
		}
		if text = strings.ReplaceAll(text, s.text, instead); strings.Contains(plainly(text), s.small) {
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
