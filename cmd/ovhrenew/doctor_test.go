package main

import (
	"bufio"
	"bytes"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// A key is asked for by who has none yet: an application key is enough.
func TestRequestFirstKey(t *testing.T) {
	server := ovhrenewtest.Start(t, ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	keys := server.Credentials()
	t.Chdir(t.TempDir()) // where there is no ovh.conf
	for name, value := range map[string]string{
		"HOME": t.TempDir(), "OVH_ENDPOINT": server.Endpoint(), "OVH_APPLICATION_KEY": keys.AppKey,
		"OVH_APPLICATION_SECRET": keys.AppSecret, "OVH_CONSUMER_KEY": "",
	} {
		t.Setenv(name, value)
	}
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
