package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

func TestTracing(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := run(t.Context(), &out); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	text := out.String()
	for _, secret := range []string{"X-Ovh-Signature", "Simulated", "orderPassword"} {
		if strings.Contains(text, secret) {
			t.Errorf("the trace tells %q", secret)
		}
	}
	traces, payments := map[string]bool{}, 0
	for decoder := json.NewDecoder(&out); ; {
		var span struct {
			Name        string
			SpanContext struct{ TraceID string }
		}
		if err := decoder.Decode(&span); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		traces[span.SpanContext.TraceID] = true
		if strings.ContainsAny(span.Name, "0123456789") {
			t.Errorf("the span %s has an id in its name", span.Name)
		}
		if span.Name == "POST /me/order/{orderId}/pay" {
			payments++
		}
	}
	if len(traces) != 1 || payments != 1 {
		t.Errorf("%d traces with %d payments, want one of each\n%s", len(traces), payments, text)
	}
}

// TestMain lets a test run the program itself, with its exit status.
func TestMain(m *testing.M) {
	if os.Getenv("EXAMPLE_MAIN") == "1" {
		main()
		return
	}
	os.Exit(m.Run())
}

func TestUsage(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "surplus")
	cmd.Env = []string{"EXAMPLE_MAIN=1", "HOME=" + t.TempDir()}
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	if status := cmd.ProcessState.ExitCode(); status != 2 || !strings.HasPrefix(string(out), "tracing: the argument \"surplus\"") {
		t.Errorf("exit status %d, want 2, printed\n%s", status, out)
	}
}
