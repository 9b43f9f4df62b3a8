// Count counts what a reader of the module has to take in: exported names by kind and
// package, lines of go doc -all, files, lines, and what is too long or stands twice. Of the
// modules below it, it looks for what is too long, and for files without tests beside them.
//
//	count [-check] [-beside] [directory]
//
// With -check it fails if there is more than there may be. With -beside it lists the files
// without tests beside them, and the test files that do not say what they test: CONTRIBUTING
// has the rule.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
)

// The bounds of -check. Names are types, functions, methods, variables and constants. All
// are the packages that are not for tests.
const (
	maxRoot     = 320
	maxAll      = 480
	maxDoc      = 1500
	maxFile     = 400
	maxFunction = 60
	maxLines    = 23235 // that are no tests, with comments and blank ones
	maxRepeated = 9
)

var packages = []string{".", "portfolio", "access", "autorenew", "billing", "ovhrenewtest"}

func main() {
	check := flag.Bool("check", false, "fail if there is more than there may be")
	list := flag.Bool("beside", false, "list the files without tests beside them, and tests that do not say of what")
	flag.Parse()
	if flag.NArg() > 1 {
		fmt.Fprintln(os.Stderr, "usage: count [-check] [-beside] [directory of the module]")
		os.Exit(2)
	}
	if flag.NArg() == 1 {
		if err := os.Chdir(flag.Arg(0)); err != nil {
			fmt.Fprintln(os.Stderr, "count:", err)
			os.Exit(1)
		}
	}
	over, err := run(os.Stdout, *list)
	if err != nil {
		fmt.Fprintln(os.Stderr, "count:", err)
		os.Exit(1)
	}
	for _, what := range over {
		fmt.Fprintln(os.Stderr, "too much:", what)
	}
	if *check && len(over) > 0 {
		os.Exit(1)
	}
}

// run writes the counts, and returns those that are over their bounds.
func run(w io.Writer, list bool) (over []string, err error) {
	over, err = names(w, over)
	if err != nil {
		return nil, err
	}
	files, err := read(".")
	if err != nil {
		return nil, err
	}
	all, err := readAll(".")
	if err != nil {
		return nil, err
	}
	lines, of := map[string]int{}, map[string]int{}
	total := 0
	for _, f := range files {
		kind := f.group()
		lines[kind] += len(f.lines)
		of[kind]++
		if kind != "tests" {
			total += len(f.lines)
		}
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "files\tlines\t  of the module\t")
	for _, kind := range []string{"library", "ovhrenewtest", "examples and programs", "tests"} {
		fmt.Fprintf(table, "%d\t%d\t  %s\t\n", of[kind], lines[kind], kind)
	}
	if err := table.Flush(); err != nil {
		return nil, err
	}
	fmt.Fprintf(w, "%d lines that are no tests\n", total)
	over = bound(over, total, maxLines, "lines that are no tests")
	alone := lonely(all)
	fmt.Fprintf(w, "%d files without tests beside them, or tests that do not say of what, in all modules\n", len(alone))
	over = bound(over, len(alone), 0, "files without tests beside them, or tests that do not say of what: -beside lists them")
	if list {
		for _, path := range alone {
			fmt.Fprintln(w, path)
		}
	}
	over = longest(w, all, over)
	for _, pair := range repeated(files) {
		fmt.Fprintln(w, pair)
		over = append(over, pair.String())
	}
	return over, nil
}

// names writes the table of exported names.
func names(w io.Writer, over []string) ([]string, error) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "types\tfuncs\tmethods\tvars\tconsts\tnames\tdoc lines\t  package\t")
	all := 0
	for _, dir := range packages {
		if _, err := os.Stat(dir); os.IsNotExist(err) {
			continue
		}
		c, err := count(dir)
		if err != nil {
			return nil, err
		}
		lines, err := docLines(dir)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(table, "%d\t%d\t%d\t%d\t%d\t%d\t%d\t  %s\t\n",
			c.types, c.funcs, c.methods, c.vars, c.consts, c.names(), lines, dir)
		if dir != "ovhrenewtest" {
			all += c.names()
		}
		if dir == "." {
			over = bound(over, c.names(), maxRoot, "names in the root")
			over = bound(over, lines, maxDoc, "lines of go doc -all in the root")
		}
	}
	if err := table.Flush(); err != nil {
		return nil, err
	}
	fmt.Fprintf(w, "%d names in these packages but ovhrenewtest\n", all)
	return bound(over, all, maxAll, "names in all packages"), nil
}

// longest writes the longest file and function, and each that is too long. A table of
// cases in a test may be longer.
func longest(w io.Writer, files []source, over []string) []string {
	var file source
	var function function
	for _, f := range files {
		if len(f.lines) > len(file.lines) {
			file = f
		}
		over = bound(over, len(f.lines), maxFile, "lines in "+f.path)
		if f.group() == "tests" {
			continue
		}
		for _, fn := range f.functions {
			if fn.lines > function.lines {
				function = fn
			}
			over = bound(over, fn.lines, maxFunction, "lines in "+fn.name+" of "+f.path)
		}
	}
	fmt.Fprintf(w, "longest file: %s, %d lines\n", file.path, len(file.lines))
	fmt.Fprintf(w, "longest function: %s, %d lines\n", function.name, function.lines)
	return over
}

func bound(over []string, n, limit int, what string) []string {
	if n > limit {
		over = append(over, fmt.Sprintf("%d %s, at most %d", n, what, limit))
	}
	return over
}
