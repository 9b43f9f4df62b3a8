package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestResume(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := run(t.Context(), &out); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	for _, want := range []string{
		"died      renewing vps112233.ovh.net", "[order 123456789, may have been paid]\n",
		"renewed   vps112233.ovh.net until ", "payments  1 in all, 21.56 EUR\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("resume does not say %q:\n%s", want, &out)
		}
	}
}
