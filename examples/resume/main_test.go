package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestResume(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := run(t.Context(), nil, strings.NewReader(""), &out); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	for _, want := range []string{"may have been paid]", "unsure   true", "renewed  vps112233.ovh.net until ", "paid     1 time(s)"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("resume does not say %q:\n%s", want, &out)
		}
	}
	if err := run(t.Context(), []string{"-limit", "1 EUR"}, strings.NewReader(""), &out); err == nil {
		t.Error("resume went over its limit")
	}
}
