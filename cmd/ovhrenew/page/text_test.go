package page_test

import (
	"slices"
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// TestText: texts from elsewhere are shown to the letter, or, where that would deceive
// the eye, as their code.
func TestText(t *testing.T) {
	t.Parallel()
	var plan portfolio.Plan
	var want []string
	for _, c := range []struct{ text, shown string }{
		{"shop.example.com", "shop.example.com"},
		{"<b>&amp;\"'", "<b>&amp;\"'"},
		{"café", "café"},
		{"cafe\u0301", "cafe\u0301"},
		{"שָׁלוֹם", "שָׁלוֹם"},
		{"مثال.example", "مثال.example"},
		{"a\u202eb", `"a\u202eb"`},
		{"a\u200bb", `"a\u200bb"`},
		{"a\nb\x00", `"a\nb\x00"`},
		{"\xff", "\uFFFD"},
		{"", "(no name)"},
		{"Z\u0351\u036b\u0343\u036a", "Z\u0351\u036b\u0343\u036a"},
		{"Z\u0351\u036b\u0343\u036a\u0302", `"Z\u0351\u036b\u0343\u036a\u0302"`},
	} {
		plan.LeftOut = append(plan.LeftOut, portfolio.LeftOut{ID: ovhrenew.ServiceID(len(want) + 1), Name: c.text, Why: portfolio.LeftState})
		want = append(want, c.shown)
	}
	if got := texts(parse(t, planHTML(t, plan)), "bdi", "name"); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
