package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestAutorenew(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args  []string
		fails bool
		want  string
	}{
		{want: "vps112233.ovh.net (11223344): manual, to be deleted -> automatic, every P1M; OVHcloud will charge it by itself when it expires, "},
		{want: "): renews with the service it belongs to\ndone: vps112233.ovh.net\n"},
		{args: []string{"-preview"}, want: "-> automatic"},
		{args: []string{"-mode", ""}, want: "manual, to be deleted -> manual\n"},
		{args: []string{"-mode", "manual", "-keep=false"}, want: "manual, to be deleted, as it is\n"},
		{args: []string{"-keep=false"}, fails: true},
		{args: []string{"-every", "P5Y"}, fails: true},
		{args: []string{"-service", "nobody.ovh.net"}, fails: true},
	} {
		var out bytes.Buffer
		if err := run(t.Context(), c.args, strings.NewReader(""), &out); (err != nil) != c.fails {
			t.Errorf("autorenew %v: %v\n%s", c.args, err, &out)
		}
		if !strings.Contains(out.String(), c.want) {
			t.Errorf("autorenew %v does not say %q:\n%s", c.args, c.want, &out)
		}
	}
}
