package postgres

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
)

// processWorld names the boot and the namespace in which a process number means
// something; empty if either cannot be read.
func processWorld() string {
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil || strings.TrimSpace(string(boot)) == "" {
		return ""
	}
	namespace, err := os.Readlink("/proc/self/ns/pid")
	if err != nil || namespace == "" {
		return ""
	}
	clock, _ := os.Readlink("/proc/self/ns/time") // which shifts when a process began
	return strings.TrimSpace(string(boot)) + " " + namespace + clock
}

// processExists reports whether there is a process, whoever's it is. One that has ended
// and was not waited for counts as there.
func processExists(pid int) bool { return !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }

// processBegan says when a process began; empty if that cannot be read.
func processBegan(pid int) string {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return ""
	}
	return startTime(string(stat))
}
