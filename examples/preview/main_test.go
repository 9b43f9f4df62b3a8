package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestPreview(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args  []string
		fails bool
		want  string
	}{
		{want: "nothing stands in the way"},
		{want: "not      P1M of vps112233.ovh.net for 5.99 EUR before tax: it is for P1M, not P3M\n"},
		{args: []string{"-service", "12345", "-for", "P1Y"}, want: "chosen   P1Y of example.ovh for 1.99 EUR"},
		{args: []string{"-limit", "1 EUR"}, want: "refused  over the limit"},
		{args: []string{"-for", "P9Y"}, fails: true, want: "P1Y of vps112233.ovh.net for 64.69 EUR before tax: it is for P1Y, not P9Y\n"},
		{args: []string{"-service", "nobody"}, fails: true},
		{args: []string{"-limit", "much"}, fails: true},
	} {
		var out bytes.Buffer
		if err := run(t.Context(), c.args, &out); (err != nil) != c.fails {
			t.Errorf("preview %v: %v\n%s", c.args, err, &out)
		}
		if !strings.Contains(out.String(), c.want) {
			t.Errorf("preview %v does not say %q:\n%s", c.args, c.want, &out)
		}
	}
}
