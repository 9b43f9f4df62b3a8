package words_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew/internal/words"
)

func TestWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ got, want string }{
		{words.Printable("vps1.ovh.net"), "vps1.ovh.net"},
		{words.Printable("a\x1b[2Jb"), `"a\x1b[2Jb"`},
		{words.Printable(""), "(no name)"},
		{words.Called("", int64(7)), "service 7"},
		{words.Called("a\nb", int64(7)), `"a\nb" (7)`},
		{words.Count(1, "day"), "1 day"},
		{words.Count(0, "day"), "0 days"},
		{words.Count(-2, "day"), "-2 days"},
		{words.Listed([]int{1, 2}), "1, 2"},
		{words.Listed[string](nil), "none"},
		{words.Span(10 * time.Minute), "10m"},
		{words.Span(2 * time.Hour), "2h"},
		{words.Span(2*time.Hour + 20*time.Second), "2h0m20s"},
		{words.Span(0), "0s"},
		{words.InLine(errors.Join(errors.New("a"), errors.New("b"))), "a; b"},
	} {
		if c.got != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
}

func TestNamed(t *testing.T) {
	t.Parallel()
	names := map[int64]string{12: "a.ovh", 3: "b.ovh"}
	name := func(id int64) string { return names[id] }
	called := func(id int64) string { return words.Called(names[id], id) }
	for text, want := range map[string]string{
		"full":                         "full",
		"service 12: taken":            "a.ovh (12): taken",
		"service 123: taken by 4":      "service 123: taken by 4",
		"service 5 waits for 12":       "a.ovh (12): service 5: b.ovh (3): service 5 waits for 12",
		"a.ovh (12) and service 3":     "a.ovh (12) and b.ovh (3)",
		"service 12, since 2026-03-03": "a.ovh (12), since 2026-03-03",
	} {
		err := errors.New(text)
		got := words.Named(err, called, 12, 5, 3)
		if got.Error() != want || !errors.Is(got, err) {
			t.Errorf("Named(%q) = %q, want %q", text, got, want)
		}
	}
	if got := words.CalledAll(name, []int64{3, 5}); got != "b.ovh (3) + service 5" {
		t.Errorf("CalledAll = %s", got)
	}
	if got := words.Called("7", int64(7)); got != "service 7" {
		t.Errorf("Called by its number = %s", got)
	}
}

func TestClean(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"no secret here":                          "no secret here",
		"https://x/?orderPassword=abc&id=1":       "https://x/?orderPassword=REDACTED&id=1",
		`{"password":"abc","id":1}`:               `{"password":"REDACTED","id":1}`,
		"token%3dabc":                             "token%3dREDACTED",
		"Invalid signature: see the clock":        "Invalid signature: see the clock",
		"the token: expired, secret: missing":     "the token: expired, secret: missing",
		"password: \"abc\", token: a1b, esign:ab": "password: \"REDACTED\", token: REDACTED, esign:REDACTED",
		"X-Ovh-Signature: $1$abc":                 "X-Ovh-Signature: REDACTED",
		"a\r\nb\x1b[2Jc\u202ed\u0000":             "a b [2Jc d ",
		"\xff":                                    "?",
		strings.Repeat("é", 250) + "é":            strings.Repeat("é", 250) + "…",
		"token=" + strings.Repeat("a", 40<<10):    "token=REDACTED",
		strings.Repeat(" ", 40<<10) + "token=a":   strings.Repeat(" ", 500) + "…",
	} {
		if got := words.Clean(text); got != want {
			t.Errorf("Clean(%.40q) = %.80q, want %.80q", text, got, want)
		}
	}
}
