package page_test

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/ovhrenew/ovhrenew/cmd/ovhrenew/page"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// goldens are the pages that are compared to the letter.
func goldens(t *testing.T) map[string][]byte {
	return map[string][]byte{
		"plan-nothing":    planHTML(t, mustPlan(t, nil, policy("500 EUR"))),
		"plan-zero":       planHTML(t, portfolio.Plan{}),
		"plan-one":        planHTML(t, mustPlan(t, abroad()[:1], policy("500 EUR"))),
		"plan-week":       planHTML(t, mustPlan(t, week(), policy("500 EUR"))),
		"plan-currencies": planHTML(t, mustPlan(t, abroad(), policy("500 EUR", "30 USD", "100 CAD"))),
		"plan-far":        planHTML(t, farPlan(t)),
		"plan-hostile":    planHTML(t, hostilePlan()),
		"report-zero":     reportHTML(t, portfolio.Report{}),
		"report-mixed":    reportHTML(t, mixedReport(t)),
		"report-hostile":  reportHTML(t, hostileReport()),
	}
}

func TestGolden(t *testing.T) {
	t.Parallel()
	again := goldens(t)
	for name, got := range goldens(t) {
		if !bytes.Equal(got, again[name]) {
			t.Errorf("%s is not the same the second time", name)
		}
		golden(t, name, got)
	}
}

// What a page may consist of. Nothing of it loads, runs or leads elsewhere.
var (
	elements   = strings.Fields("html head meta style title body header main footer section nav h1 h2 h3 p ul li a span bdi code table caption thead tbody tfoot tr th td details summary div svg desc g rect line text")
	attributes = strings.Fields("lang charset name content http-equiv id class href aria-label aria-labelledby aria-hidden role scope data-label width height x y x1 x2 y1 y2")
)

// TestNothingIsLoaded: whatever a plan or a report says, its page has no script, no style
// of its own, no address but that of its own sections, and a policy that forbids all of it.
func TestNothingIsLoaded(t *testing.T) {
	t.Parallel()
	for name, got := range goldens(t) {
		for n := range parse(t, got).Descendants() {
			if n.Type == html.CommentNode {
				t.Errorf("%s has the comment %q", name, n.Data)
			}
			if n.Type != html.ElementNode {
				continue
			}
			if !slices.Contains(elements, n.Data) {
				t.Errorf("%s has an element %s", name, n.Data)
			}
			for _, a := range n.Attr {
				if !slices.Contains(attributes, a.Key) || a.Key == "href" && !strings.HasPrefix(a.Val, "#") {
					t.Errorf("%s has %s %s=%q", name, n.Data, a.Key, a.Val)
				}
			}
		}
		root := parse(t, got)
		if style := texts(root, "style"); len(style) != 1 || regexp.MustCompile(`url\(|@import|@font-face|//`).MatchString(style[0]) {
			t.Errorf("%s has styles that load: %q", name, style)
		}
		policies := 0
		for _, meta := range all(root, "meta") {
			if attr(meta, "http-equiv") == "Content-Security-Policy" && strings.HasPrefix(attr(meta, "content"), "default-src 'none'; style-src 'sha256-") {
				policies++
			}
		}
		if policies != 1 {
			t.Errorf("%s has %d policies", name, policies)
		}
	}
}

// TestHostile: control characters and changes of the writing direction are nowhere in a
// page, and every id is there once.
func TestHostile(t *testing.T) {
	t.Parallel()
	for name, got := range goldens(t) {
		if at := bytes.IndexFunc(got, func(r rune) bool {
			return r < ' ' && r != '\n' || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
		}); at >= 0 {
			t.Errorf("%s has %q", name, got[at:min(at+20, len(got))])
		}
		ids := map[string]bool{}
		for n := range parse(t, got).Descendants() {
			if id := attr(n, "id"); id != "" && ids[id] {
				t.Errorf("%s has %s twice", name, id)
			} else if id != "" {
				ids[id] = true
			}
		}
		for _, a := range all(parse(t, got), "a") {
			if !ids[strings.TrimPrefix(attr(a, "href"), "#")] {
				t.Errorf("%s leads to %s, which is not there", name, attr(a, "href"))
			}
		}
	}
}

// TestAccessible: headings go down step by step, tables have captions and heads, and
// pictures have titles.
func TestAccessible(t *testing.T) {
	t.Parallel()
	for name, got := range goldens(t) {
		root, level := parse(t, got), 0
		for n := range root.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			switch n.Data {
			case "h1", "h2", "h3":
				if now := int(n.Data[1] - '0'); now > level+1 {
					t.Errorf("%s: %s %q follows a heading of level %d", name, n.Data, text(n), level)
				} else {
					level = now
				}
			case "table":
				if c := texts(n, "caption"); len(c) != 1 || c[0] == "" || len(all(n, "thead")) != 1 {
					t.Errorf("%s: a table has the captions %q and %d heads", name, c, len(all(n, "thead")))
				}
			case "svg":
				if attr(n, "aria-hidden") != "true" && (attr(n, "role") != "img" || len(texts(n, "title")) == 0) {
					t.Errorf("%s: a picture has no title", name)
				}
			}
		}
		if n := len(all(root, "h1")); n != 1 || attr(all(root, "html")[0], "lang") != "en" {
			t.Errorf("%s: %d headings of the first level", name, n)
		}
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestWriterFails(t *testing.T) {
	t.Parallel()
	if err := page.Plan(failing{}, portfolio.Plan{}); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("Plan: %v", err)
	}
	if err := page.Report(failing{}, portfolio.Report{}); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("Report: %v", err)
	}
}
