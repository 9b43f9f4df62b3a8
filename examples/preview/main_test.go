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
		{args: []string{"-limit", "1 EUR"}, want: "refused  over the limit"},
		{args: []string{"-for", "P9Y"}, fails: true},
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
