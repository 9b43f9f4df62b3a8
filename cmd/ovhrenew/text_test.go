package main

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// TestWrap: no line is wider than 80 columns unless it is one word, no word is lost, and a
// call of the API stays whole.
func TestWrap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[a-zé/→]{1,30}`), 1, 40).Draw(t, "words")
		indent := strings.Repeat(" ", rapid.IntRange(0, 12).Draw(t, "indent"))
		got := wrap(strings.Join(words, " "), indent)
		if back := strings.Join(strings.Fields(got), " "); back != strings.Join(words, " ") {
			t.Errorf("%q became %q", words, back)
		}
		for i, line := range strings.Split(got, "\n") {
			whole := strings.Contains(strings.ReplaceAll(strings.TrimSpace(line), " /", "_/"), " ")
			if utf8.RuneCountInString(line) > columns && whole || i > 0 && !strings.HasPrefix(line, indent) {
				t.Errorf("line %d is %q", i, line)
			}
		}
	})
	long := strings.Repeat("a", 76)
	if got, want := wrap(long+" GET /me", "  "), long+"\n  GET /me"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestTable: a table is shortened where it may be, the last of these columns first, and its
// numbers stay whole.
func TestTable(t *testing.T) {
	t.Parallel()
	cols := []column{{title: "NAME", least: 16}, {title: "ID", right: true}, {title: "PRODUCT", least: 12}}
	for _, c := range []struct{ name, product, want string }{
		{"a.example", "vps", "NAME              ID  PRODUCT\na.example  134043847  vps\n"},
		{
			strings.Repeat("n", 40), strings.Repeat("p", 40),
			"NAME                                             ID  PRODUCT\n" + strings.Repeat("n", 40) + "  134043847  " + strings.Repeat("p", 26) + "…\n",
		},
		{
			strings.Repeat("n", 90), strings.Repeat("p", 40),
			"NAME" + strings.Repeat(" ", 60) + "ID  PRODUCT\n" + strings.Repeat("n", 54) + "…  134043847  " + strings.Repeat("p", 11) + "…\n",
		},
	} {
		var b strings.Builder
		if err := table(&b, columns, cols, [][]string{{c.name, "134043847", c.product}}); err != nil || b.String() != c.want {
			t.Errorf("%v\n%swant\n%s", err, &b, c.want)
		}
	}
}
