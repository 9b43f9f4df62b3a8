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

func TestClean(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"no secret here":                        "no secret here",
		"https://x/?orderPassword=abc&id=1":     "https://x/?orderPassword=REDACTED&id=1",
		`{"password":"abc","id":1}`:             `{"password":"REDACTED","id":1}`,
		"token%3dabc":                           "token%3dREDACTED",
		"\xff":                                  "?",
		strings.Repeat("é", 250) + "é":          strings.Repeat("é", 250) + "…",
		"token=" + strings.Repeat("a", 40<<10):  "token=REDACTED",
		strings.Repeat(" ", 40<<10) + "token=a": strings.Repeat(" ", 500) + "…",
	} {
		if got := words.Clean(text); got != want {
			t.Errorf("Clean(%.40q) = %.80q, want %.80q", text, got, want)
		}
	}
}
