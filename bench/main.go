// Command bench measures this library against what a program does with go-ovh and
// encoding/json alone, on the simulated API, and writes a table in Markdown:
//
//	cd bench && go run .
//
// The two sides of each row are measured in turns, in the same run: their ratio means
// something on any machine, their times do not. The whole takes about nine minutes,
// most of them for reading 5,002 things one by one. With -quick everything is small
// and done in seconds, and the ratios mean little.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"
)

// sizes are how much is measured.
type sizes struct {
	services int           // of the account that is surveyed, a tenth of them due
	latency  time.Duration // of each answer there
	offers   int           // in a list
	choices  int           // from it
	reads    int           // of each kind
	plans    []int         // of how many services
	planned  int           // how often
	streamed [2]int        // services of the two accounts
}

var (
	full = sizes{
		services: 5_000, latency: 50 * time.Millisecond, offers: 10_000, choices: 60, reads: 20_000,
		plans: []int{1_000, 10_000, 100_000}, planned: 9, streamed: [2]int{5_000, 100_000},
	}
	quick = sizes{
		services: 200, latency: time.Millisecond, offers: 400, choices: 3, reads: 20,
		plans: []int{100, 1_000}, planned: 1, streamed: [2]int{200, 2_000},
	}
)

func main() {
	if len(os.Args) > 1 && runChild(os.Args[1:]) {
		return
	}
	small := flag.Bool("quick", false, "measure little, in seconds")
	flag.Parse()
	size := full
	if *small {
		size = quick
	}
	if err := run(context.Background(), os.Stdout, os.Stderr, size); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run measures everything and writes the table; what it is at goes to progress.
func run(ctx context.Context, w, progress io.Writer, size sizes) error {
	fmt.Fprintf(w, "%s, %s/%s, %d cores; each answer of the surveyed account takes %v.\n\n",
		runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.GOMAXPROCS(0), size.latency)
	var rows []row
	for _, part := range []struct {
		name    string
		measure func(context.Context, sizes) ([]row, error)
	}{
		{"offers", offerRows},
		{"small reads", readRows},
		{"plans", planRows},
		{"streams", streamRows},
		{"surveys", surveyRows},
	} {
		fmt.Fprintf(progress, "measuring %s…\n", part.name)
		measured, err := part.measure(ctx, size)
		if err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
		rows = append(measured, rows...)
	}
	return writeTable(w, rows)
}
