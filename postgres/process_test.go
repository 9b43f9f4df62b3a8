package postgres_test

import (
	"fmt"
	"os"
	osexec "os/exec"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew/postgres"
)

func TestDead(t *testing.T) {
	t.Parallel()
	own := postgres.Process()
	if own == "" {
		t.Skip("whether a process is dead cannot be told here")
	}
	gone := osexec.CommandContext(t.Context(), "true")
	if err := gone.Run(); err != nil {
		t.Fatal(err)
	}
	pid := func(n int) string {
		return strings.Replace(own, fmt.Sprintf(" %d ", os.Getpid()), fmt.Sprintf(" %d ", n), 1)
	}
	fields := strings.Fields(own)
	for name, test := range map[string]struct {
		process string
		want    bool
	}{
		"this":                          {own, false},
		"one that has ended":            {pid(gone.Process.Pid), true},
		"one that began at another":     {strings.TrimSuffix(own, fields[3]) + "1", true},
		"of another boot":               {"other " + strings.Join(fields[1:], " "), false},
		"of another container":          {strings.Join([]string{fields[0], "pid:[1]", fields[2], "1"}, " "), false},
		"one that nothing is known of":  {"", false},
		"what nobody has written":       {"a b c d", false},
		"a number that is none":         {pid(0), false},
		"all processes of a group":      {pid(-gone.Process.Pid), false},
		"one field less":                {strings.Join(fields[:3], " "), false},
		"the first, which always lives": {pid(1)[:strings.LastIndex(pid(1), " ")+1] + began(t, 1), false},
	} {
		if got := postgres.Dead(test.process); got != test.want {
			t.Errorf("dead(%s: %q) = %v, want %v", name, test.process, got, test.want)
		}
	}
}

// began is when a process began, by the words after its name in parentheses.
func began(t *testing.T, pid int) string {
	t.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Skip(err)
	}
	return strings.Fields(string(stat[strings.LastIndex(string(stat), ")")+1:]))[19]
}
