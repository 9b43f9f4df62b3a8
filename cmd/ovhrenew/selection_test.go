package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

func TestParseSelection(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]portfolio.Selection{
		"*.com":             {Names: []string{"*.com"}},
		"name:tag:x":        {Names: []string{"tag:x"}},
		"name:42":           {Names: []string{"42"}},
		"product:vps-*":     {Products: []string{"vps-*"}},
		"tag:shop":          {Tags: []string{"shop"}},
		"42":                {IDs: []ovhrenew.ServiceID{42}},
		"id:42":             {IDs: []ovhrenew.ServiceID{42}},
		"vps112233.ovh.net": {Names: []string{"vps112233.ovh.net"}},
		"x.ovh (42)":        {IDs: []ovhrenew.ServiceID{42}}, // as plans and errors write it
		"service 42":        {IDs: []ovhrenew.ServiceID{42}},
		"0033972101010":     {Names: []string{"0033972101010"}}, // a telephone line
		"+33972101010":      {Names: []string{"+33972101010"}},
	} {
		if got, err := selectionOf(text); err != nil || cmp.Diff(want, got) != "" {
			t.Errorf("%s: %v\n%s", text, err, cmp.Diff(want, got))
		}
	}
	for _, text := range []string{"", "[", "product:", "product:[", "tag:", "tag: ", "-5", "id:0"} {
		if got, err := selectionOf(text); err == nil {
			t.Errorf("%q is read as %+v", text, got)
		}
	}
}
