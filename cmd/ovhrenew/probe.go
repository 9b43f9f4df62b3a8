package main

import (
	"bytes"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ovhrenew/ovhrenew/cmd/ovhrenew/internal/probe"
)

func (p *program) probeCommand() *cobra.Command {
	quote := false
	cmd := &cobra.Command{
		Use:   "probe [flags]",
		Short: "Find out which assumptions about the API hold for the account",
		Long: `Probe sends GET requests only, some dozens of them; with --quote also one dry
run, which asks for a price and orders nothing. It prints no names, numbers,
prices or secrets of the account: its output is made to be posted in public.
Read it before you do.`,
		Args:    arguments("", false),
		Example: "  ovhrenew probe --demo --quote",
	}
	cmd.Flags().BoolVar(&quote, "quote", false, "ask for one quote too: a POST that orders nothing")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return p.with(cmd.Context(), func(a *account) error {
			var out bytes.Buffer
			to := io.Writer(&out)
			if !p.json {
				to = wrapping{p.out}
			}
			err := probe.Run(cmd.Context(), probe.Account{API: a.api, Base: a.base, Limiter: a.limiter, Quote: quote}, to)
			if p.json {
				if failed := p.writeJSON(map[string][]string{"lines": strings.Split(strings.TrimRight(out.String(), "\n"), "\n")}); failed != nil {
					return failed
				}
			}
			return err
		})
	}
	return cmd
}

// wrapping breaks the lines of what a probe has found. Each write has whole lines.
type wrapping struct{ to io.Writer }

func (w wrapping) Write(text []byte) (int, error) {
	lines := strings.Split(string(text), "\n")
	for i, line := range lines {
		indent := "   verdict  "
		if !strings.HasPrefix(line, " ") { // a title
			indent = "12. "
		}
		lines[i] = wrap(line, strings.Repeat(" ", len(indent)))
	}
	if _, err := io.WriteString(w.to, strings.Join(lines, "\n")); err != nil {
		return 0, err
	}
	return len(text), nil
}
