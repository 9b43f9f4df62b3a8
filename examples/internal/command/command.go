// Package command has what the examples share. Its tests are theirs.
package command

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/ovhrenew/ovhrenew"
)

// Var adds a flag whose text is read by parse.
func Var[T any](flags *flag.FlagSet, to *T, name, usage string, parse func(string) (T, error)) {
	flags.Func(name, usage, func(text string) (err error) { *to, err = parse(text); return err })
}

// Parse reads args into flags. With -h it prints what there is to the standard output and
// ends the program. What is wrong is said in one line, and ends it with status 2.
func Parse(flags *flag.FlagSet, args []string, usage string) {
	flags.SetOutput(io.Discard)
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Printf("usage: %s\n\n", usage)
		flags.SetOutput(os.Stdout)
		flags.PrintDefaults()
		os.Exit(0)
	}
	if err == nil && flags.NArg() > 0 {
		err = fmt.Errorf("the argument %q is one too many", flags.Arg(0))
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v (-h says what there is)\n", flags.Name(), err)
		os.Exit(2)
	}
}

// Ask asks a person about an order. Only yes is a yes.
func Ask(ctx context.Context, a ovhrenew.Approval, in io.Reader, out io.Writer) (ovhrenew.Answer, error) {
	fmt.Fprintf(out, "%s\nPay %s, tax included, by %s? A payment cannot be taken back, and a no is remembered. [y/N] ", a.Task.Offer, a.Order.PriceWithTax, a.Task.PayWith)
	answers := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(in).ReadString('\n') // no answer is no
		answers <- strings.ToLower(strings.TrimSpace(line))
	}()
	select {
	case <-ctx.Done():
		return ovhrenew.AnswerLater, ctx.Err()
	case answer := <-answers:
		if answer == "y" || answer == "yes" {
			return ovhrenew.AnswerYes, nil
		}
		return ovhrenew.AnswerNo, nil
	}
}
