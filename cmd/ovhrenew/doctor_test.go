package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew/access"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// What doctor shows of the demo account, whose key may only read.
func TestShowDoctor(t *testing.T) {
	bubble(t, func(t *testing.T) {
		shows(t, "doctor", exitFailed, "doctor")
		shows(t, "doctor-request", exitDone, "doctor", "--request-key", "--for", "read")
	})
}

// The exit status says whether something will not work, in JSON too. What is not needed is
// not looked at.
func TestDoctor(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := guide(t)
		for _, args := range [][]string{{"doctor"}, {"doctor", "--json"}, {"doctor", "--for", "read"}} {
			if r := run(t, w, args...); r.status != exitDone || r.err != "" || strings.Contains(r.out, "will fail") {
				t.Errorf("%v: status %d\n%s---\n%s", args, r.status, r.out, r.err)
			}
		}
		w.server.Grant(ovhrenewtest.Rule{Method: "GET", Path: "/*"})
		for _, args := range [][]string{{"doctor"}, {"doctor", "--json"}, {"doctor", "--for", "pay"}} {
			r := run(t, w, args...)
			if r.status != exitFailed || !strings.Contains(r.err, "something will not work") || slices.Contains(args, "--json") && !json.Valid([]byte(r.out)) {
				t.Errorf("%v with a key that reads: status %d\n%s---\n%s", args, r.status, r.out, r.err)
			}
		}
		if r := run(t, w, "doctor", "--for", "read"); r.status != exitDone {
			t.Errorf("to read with a key that reads: status %d\n%s---\n%s", r.status, r.out, r.err)
		}
	})
}

// What a program is to do is read as a list, and what is none says which there are.
func TestParseNeeds(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]access.Need{
		"read": {access.Read}, "read,order, pay": {access.Read, access.Order, access.Pay}, "infos /vps/{serviceName}": {"infos /vps/{serviceName}"},
	} {
		if got, err := parseNeeds(text); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s is read as %q, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "everything", "read,", "read;pay", "infos"} {
		got, err := parseNeeds(text)
		if err == nil {
			t.Errorf("%q is read as %q", text, got)
			continue
		}
		for _, need := range access.Needs() {
			if !strings.Contains(err.Error(), string(need)) {
				t.Errorf("%q: it is not said that there is %s: %v", text, need, err)
			}
		}
	}
}

// A key is asked for by who has none yet: an application key is enough.
func TestRequestFirstKey(t *testing.T) {
	server := ovhrenewtest.Start(t, ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	keys(t, server, "")
	var out, errs bytes.Buffer
	p := newProgram()
	p.in, p.out, p.err, p.terminal, p.live = bufio.NewReader(strings.NewReader("y\n")), &out, &errs, true, false
	if status := p.run(t.Context(), []string{"doctor", "--request-key"}); status != exitDone || !strings.Contains(out.String(), "Then set OVH_CONSUMER_KEY=") {
		t.Errorf("status %d\n%s%s", status, &out, &errs)
	}
	out.Reset()
	errs.Reset()
	p = newProgram()
	p.out, p.err = &out, &errs
	if status := p.run(t.Context(), []string{"list"}); status != exitFailed || !strings.Contains(errs.String(), "OVH_CONSUMER_KEY") {
		t.Errorf("without a key: status %d\n%s%s", status, &out, &errs)
	}
}
