// Reading pages as a browser does, for the tests of all pages.

package page_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// parse reads a page as a browser would.
func parse(tb testing.TB, text []byte) *html.Node {
	tb.Helper()
	root, err := html.Parse(bytes.NewReader(text))
	if err != nil {
		tb.Fatal(err)
	}
	return root
}

// all are the elements of a name with all of the classes, in their order.
func all(root *html.Node, name string, classes ...string) []*html.Node {
	var found []*html.Node
	for n := range root.Descendants() {
		if n.Type != html.ElementNode || n.Data != name {
			continue
		}
		has := strings.Fields(attr(n, "class"))
		if !slices.ContainsFunc(classes, func(c string) bool { return !slices.Contains(has, c) }) {
			found = append(found, n)
		}
	}
	return found
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// text is all text of an element.
func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// texts are those of the elements of a name with all of the classes.
func texts(root *html.Node, name string, classes ...string) []string {
	var found []string
	for _, n := range all(root, name, classes...) {
		found = append(found, strings.TrimSpace(text(n)))
	}
	return found
}

// section is the section whose heading has an id.
func section(tb testing.TB, root *html.Node, id string) *html.Node {
	tb.Helper()
	for _, n := range all(root, "section") {
		if attr(n, "aria-labelledby") == id {
			return n
		}
	}
	tb.Fatalf("there is no section %s", id)
	return nil
}

// rows are the cells of a table's rows, without those of its head.
func rows(table *html.Node) [][]string {
	var found [][]string
	for _, tr := range all(table, "tr") {
		if tr.Parent.Data == "thead" {
			continue
		}
		var cells []string
		for c := range tr.ChildNodes() {
			if c.Data == "td" || c.Data == "th" {
				cells = append(cells, strings.TrimSpace(text(c)))
			}
		}
		found = append(found, cells)
	}
	return found
}
