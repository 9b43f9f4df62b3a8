// Package command reads the command line of an example. Its tests are those of examples.
package command

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

// Parse reads args into flags. With -h it prints what the program does, and its flags, to
// the standard output, and ends the program. What is wrong is said in one line, and ends
// it with status 2; so is what is left over after the flags.
func Parse(flags *flag.FlagSet, args []string, does, usage string) {
	flags.Init(flags.Name(), flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	err := flags.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Printf("%s\n\nusage: %s\n\n", does, usage)
		flags.SetOutput(os.Stdout)
		flags.PrintDefaults()
		os.Exit(0)
	case err != nil:
		fmt.Fprintf(os.Stderr, "%s: %v (-h says what there is)\n", flags.Name(), err)
		os.Exit(2)
	case flags.NArg() > 0:
		Wrong(usage)
	}
}

// Wrong prints the usage and ends the program with status 2.
func Wrong(usage string) {
	fmt.Fprintln(os.Stderr, "usage:", usage)
	os.Exit(2)
}
