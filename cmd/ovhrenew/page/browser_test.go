// What the pages look like in a browser: texts, widths, colours and contrast, of plans, reports and ledgers.

package page_test

import (
	"flag"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ovhrenew/ovhrenew/internal/words"
)

var pictures = flag.String("pictures", "", "write pictures and PDFs of the pages into this directory")

// site serves pages by their names, and keeps what it was asked for.
type site struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string
}

func newSite(t *testing.T, pages map[string][]byte) *site {
	s := &site{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, r.URL.Path)
		s.mu.Unlock()
		text, found := pages[strings.TrimPrefix(r.URL.Path, "/")]
		if !found {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write(text)
	}))
	t.Cleanup(s.Close)
	return s
}

// requests are those since it was called last.
func (s *site) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := s.asked
	s.asked = nil
	return asked
}

// tooFaint are the texts, and the bars, that stand out too little from what is behind
// them: 4.5 to 1 for texts and 3 to 1 for bars is what the WCAG ask.
const tooFaint = `(() => {
	const rgb = c => (c.match(/[\d.]+/g) || []).map(Number);
	const lum = c => { const [r, g, b] = rgb(c).map(v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
	const behind = e => { for (; e; e = e.parentElement) { const b = rgb(getComputedStyle(e).backgroundColor); if (b.length == 3 || b[3] > 0) return getComputedStyle(e).backgroundColor; } return 'rgb(255, 255, 255)'; };
	const ratio = (a, b) => { const [x, y] = [lum(a), lum(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
	const found = new Set();
	for (const e of document.body.querySelectorAll('*')) {
		const style = getComputedStyle(e), svg = e instanceof SVGElement;
		if (svg && e.tagName == 'rect' && e.classList.contains('bar') && ratio(style.fill, behind(e)) < 3) found.add('bar ' + e.getAttribute('class') + ' ' + style.fill);
		if ((svg && e.tagName != 'text') || ![...e.childNodes].some(n => n.nodeType == 3 && n.textContent.trim())) continue;
		const front = svg ? style.fill : style.color;
		if (ratio(front, behind(e)) < 4.5) found.add(e.tagName + '.' + e.className + ' ' + front + ' on ' + behind(e));
	}
	return [...found];
})()`

// nameless are the roles of a page that has a table, a picture or a region without a
// name, or no heading of the first level. The accessibility tree is the browser's.
func nameless(c *chromium) (problems []string, tables int) {
	var tree struct {
		Nodes []struct {
			Ignored    bool
			Role, Name struct{ Value any }
		}
	}
	c.call("Accessibility.getFullAXTree", nil, &tree)
	for _, node := range tree.Nodes {
		role, name := fmt.Sprint(node.Role.Value), fmt.Sprint(node.Name.Value)
		if node.Ignored {
			continue
		}
		switch role {
		case "table":
			tables++
			fallthrough
		case "image", "region", "navigation", "columnheader", "rowheader", "link", "RootWebArea":
			if node.Name.Value == nil || name == "" {
				problems = append(problems, role+" without a name")
			}
		}
	}
	return problems, tables
}

// view is how a page is looked at.
type view struct {
	width  int
	scheme string
}

// TestBrowser: a browser shows what the page says, loads nothing for it, and it can be
// read: wide and narrow, light and dark, and on paper.
func TestBrowser(t *testing.T) {
	c := openChromium(t)
	pages := goldens(t)
	plan, _ := agency(t, 4000, false)
	pages["plan-agency"] = planHTML(t, plan)
	_, report := agency(t, 400, true)
	pages["report-agency"] = reportHTML(t, report)
	server := newSite(t, pages)
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		views := []view{{1200, "light"}, {400, "dark"}, {320, "light"}}
		switch {
		case *pictures != "":
			views = append(views, view{1200, "dark"}, view{400, "light"})
		case name == "plan-agency":
			views = []view{{1200, "light"}, {320, "dark"}} // each takes seconds
		}
		for _, v := range views {
			c.look(v.width, "", v.scheme)
			c.open(server.URL + "/" + name)
			what := fmt.Sprintf("%s, %d wide, %s", name, v.width, v.scheme)
			if asked := server.requests(); !slices.Equal(asked, []string{"/" + name}) {
				t.Errorf("%s: asked for %q", what, asked)
			}
			checkView(t, c, what, v.width)
			savePicture(t, fmt.Sprintf("%s-%d-%s.png", name, v.width, v.scheme), func() []byte { return c.picture(v.width, 3000) })
		}
		checkPaper(t, c, name)
		savePicture(t, name+".pdf", c.paper)
	}
}

// checkView checks the page that is open.
func checkView(t *testing.T, c *chromium, view string, width int) {
	t.Helper()
	if sent := c.events("Network.requestWillBeSent"); len(sent) != 1 {
		t.Errorf("%s: sent %q", view, sent)
	}
	if logged := append(c.events("Log.entryAdded"), c.events("Runtime.consoleAPICalled")...); len(logged) > 0 {
		t.Errorf("%s: the browser says %q", view, logged)
	}
	var wide int
	if c.eval("document.documentElement.scrollWidth", &wide); wide > width {
		t.Errorf("%s: the page is %d wide", view, wide)
	}
	var faint []string
	if c.eval(tooFaint, &faint); len(faint) > 0 {
		t.Errorf("%s: too faint: %q", view, faint)
	}
	var tables int
	c.eval("document.querySelectorAll('table').length - document.querySelectorAll('details:not([open]) table').length", &tables)
	if problems, seen := nameless(c); len(problems) > 0 || seen != tables {
		t.Errorf("%s: %q, and %d tables of %d", view, problems, seen, tables)
	}
	var foreign []string
	c.eval(`[...document.querySelectorAll('script, img, iframe, object, embed, link, form, input, a:not([href^="#"]), [style], [src]')].map(e => e.outerHTML)`, &foreign)
	if len(foreign) > 0 {
		t.Errorf("%s: has %q", view, foreign)
	}
}

// checkPaper checks that paper is white whatever the scheme, and that what is folded on a
// screen is not on paper. A row, a tile and a chart with its legend stay on one sheet.
func checkPaper(t *testing.T, c *chromium, name string) {
	t.Helper()
	c.look(700, "print", "dark")
	var faint []string
	if c.eval(tooFaint, &faint); len(faint) > 0 {
		t.Errorf("%s on paper: too faint: %q", name, faint)
	}
	var color string
	if c.eval("getComputedStyle(document.body).backgroundColor", &color); color != "rgb(255, 255, 255)" {
		t.Errorf("%s on paper: the background is %s", name, color)
	}
	var folded int
	c.eval("[...document.querySelectorAll('details table')].filter(e => e.getBoundingClientRect().height < 10).length", &folded)
	if folded > 0 {
		t.Errorf("%s on paper: %d tables are folded", name, folded)
	}
	var torn []string
	c.eval("[...document.querySelectorAll('tr, .figure, .tiles li')].filter(e => getComputedStyle(e).breakInside != 'avoid').map(e => e.tagName + '.' + e.className)", &torn)
	if len(torn) > 0 {
		t.Errorf("%s on paper: %d elements may be torn apart, such as %s", name, len(torn), torn[0])
	}
}

func savePicture(t *testing.T, name string, take func() []byte) {
	t.Helper()
	if *pictures == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(*pictures, name), take(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestBrowserText: what a person reads is what the plan has, to the letter.
func TestBrowserText(t *testing.T) {
	c := openChromium(t)
	plan := hostilePlan()
	server := newSite(t, map[string][]byte{"plan": planHTML(t, plan)})
	c.look(1200, "", "light")
	c.open(server.URL + "/plan")
	var names, reasons []string
	c.eval("[...document.querySelectorAll('#items ~ table .name')].map(e => e.textContent)", &names)
	c.eval("[...document.querySelectorAll('#items ~ table .why')].map(e => e.innerText)", &reasons)
	if len(names) != len(plan.Items) || len(reasons) != len(plan.Items) {
		t.Fatalf("%d names and %d reasons of %d items", len(names), len(reasons), len(plan.Items))
	}
	for i, item := range plan.Items {
		if want := words.Printable(strings.ToValidUTF8(item.Services[0].Name, "\uFFFD")); names[i] != want && !strings.HasPrefix(want, "Z") {
			t.Errorf("item %d is called %q, want %q", i, names[i], want)
		}
	}
	var text string
	c.eval("document.body.innerText", &text)
	for _, want := range []string{"Renewal plan of 2026-06-15", "What ends when", "What it costs", "What is renewed", "What is left out", "216.00 EUR", "of 900.00 EUR allowed"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not show %q", want)
		}
	}
}
