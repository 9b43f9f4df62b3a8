package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
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

// Tables fit the terminal: in a narrow one they are shortened as far as they may be, in a
// wide one nothing is. Elsewhere they have 80 columns.
func TestTableFits(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := guide(t)
		long := strings.Repeat("long-", 20) + "name.example"
		w.server.AddService(ovhrenewtest.Service{ID: 134043847, Name: long, Expiry: time.Now().AddDate(0, 0, 2)})
		w.server.Offer("P1Y", "12.34", 134043847)
		dir := t.TempDir()
		plan := filepath.Join(dir, "plan.json")
		if r := run(t, w, "plan", "--total", "500 EUR", "--journal", dir, "-o", plan); r.status != 0 {
			t.Fatal(r.err)
		}
		for _, args := range [][]string{
			{"list"}, {"offers", "134043847"}, {"plan", "--total", "500 EUR"},
			{"apply", plan, "--yes", "--journal", dir, "--only-journal"}, {"report", "--journal", dir},
		} {
			for _, width := range []int{60, columns, 200} {
				w.columns = width
				r := run(t, w, args...)
				widest := 0
				for line := range strings.Lines(r.out) {
					if strings.Contains(line, "long-") && !strings.HasPrefix(line, " ") {
						widest = max(widest, utf8.RuneCountInString(strings.TrimSuffix(line, "\n")))
					}
				}
				if whole := strings.Contains(r.out, long); widest == 0 || widest > width || whole != (width == 200) {
					t.Errorf("%v in %d columns: the widest line has %d, the name is whole: %t\n%s%s", args, width, widest, whole, r.out, r.err)
				}
			}
		}
	})
}

// What is no terminal is as wide as lines are.
func TestWidth(t *testing.T) {
	t.Parallel()
	file, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if got := width(file); got != columns {
		t.Errorf("%d columns", got)
	}
}

// Amounts are a list that can be read in a sentence, and none are nothing.
func TestAmounts(t *testing.T) {
	t.Parallel()
	for want, all := range map[string][]ovhrenew.Money{
		"nothing": nil, "5.00 EUR": {ovhrenew.MustMoney("5 EUR")}, "5.00 EUR and 6.00 USD": {ovhrenew.MustMoney("5 EUR"), ovhrenew.MustMoney("6 USD")},
	} {
		if got := amounts(all); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Of services that are renewed together the first is named, and the others are counted.
func TestTogether(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("n", 40)
	for _, c := range []struct {
		name string
		n    int
		want string
	}{{"a.example", 1, "a.example"}, {long, 1, long}, {"a.example", 3, "a.example + 2"}, {long, 2, strings.Repeat("n", 27) + "… + 1"}} {
		if got := together(c.name, c.n); got != c.want {
			t.Errorf("%d of %s are %q, want %q", c.n, c.name, got, c.want)
		}
	}
}
