package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestDoctor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args  []string
		in    string
		fails bool
		want  []string
	}{
		{args: []string{"-for", "read"}, want: []string{"right to read  granted", "by order; service 11223344 has 4 offers", "can pay unattended;\n"}},
		{fails: true, want: []string{"problem  right to pay", "not granted: GET /me,\n                         POST /service/*/renew, GET /me/order, GET /me/order/*,\n                         POST /me/order/*/pay\n"}},
		{args: []string{"-request"}, in: "y\n", want: []string{
			"POST /me/order/*/pay\n", "GET /auth/currentCredential\n", "To let a key do this, open\nhttp://127.0.0.1:", "OVH_CONSUMER_KEY=Simulated",
		}},
		{args: []string{"-request"}, in: "YES", want: []string{"OVH_CONSUMER_KEY=Simulated"}},
		{args: []string{"-request"}, in: "\n", fails: true, want: []string{"[y/N]"}},
		{args: []string{"-request"}, fails: true, want: []string{"[y/N]"}},
		{args: []string{"-for", "everything"}, fails: true},
		{args: []string{"-request", "-for", "everything"}, fails: true},
	} {
		var out bytes.Buffer
		if err := run(t.Context(), c.args, strings.NewReader(c.in), &out); (err != nil) != c.fails {
			t.Errorf("doctor %v: %v\n%s", c.args, err, &out)
		}
		for _, want := range c.want {
			if !strings.Contains(out.String(), want) {
				t.Errorf("doctor %v does not say %q:\n%s", c.args, want, &out)
			}
		}
		if strings.Contains(out.String(), "DELETE") || strings.Contains(out.String(), " /*\n") {
			t.Errorf("doctor %v asks for too much:\n%s", c.args, &out)
		}
	}
}
