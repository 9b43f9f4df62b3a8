package postgres

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// process is what tells whether this process is dead: the boot of the machine, the
// namespace of process numbers, the number, and when the process began. It is empty
// where that cannot be read, as anywhere but on Linux.
func process() string {
	world := processWorld()
	began := processBegan(os.Getpid())
	if world == "" || began == "" {
		return ""
	}
	return fmt.Sprintf("%s %d %s", world, os.Getpid(), began)
}

// dead reports whether a process is certainly dead. Of another machine, another
// container, or a process that cannot be looked at it reports false.
func dead(process string) bool {
	fields := strings.Fields(process)
	if len(fields) != 4 {
		return false
	}
	world := processWorld()
	pid, err := strconv.Atoi(fields[2])
	if err != nil || pid <= 0 || world == "" || world != fields[0]+" "+fields[1] {
		return false
	}
	if !processExists(pid) {
		return true
	}
	// The number may be another process's by now.
	began := processBegan(pid)
	return began != "" && began != fields[3]
}

// startTime is the 22nd field of a process's stat file: when it began, in ticks since
// the machine did. The second is a name in parentheses, which can have anything in it.
func startTime(stat string) string {
	_, rest, found := cutLast(stat, ")")
	fields := strings.Fields(rest)
	if !found || len(fields) < 20 {
		return ""
	}
	return fields[19]
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
