package main

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

func init() { cobra.EnableCommandSorting = false } // they stand in the order in which they are needed

func (p *program) command() *cobra.Command {
	root := &cobra.Command{
		Use:   "ovhrenew COMMAND [flags]",
		Short: "Renew services of an OVHcloud account, once, within a limit",
		Long: `Ovhrenew lists what ends, shows what is offered, plans, applies a plan that a
person has seen, and reports what it has cost.

With --demo it works on a simulated account. Otherwise it works on the account
whose credentials go-ovh finds: OVH_ENDPOINT, OVH_APPLICATION_KEY,
OVH_APPLICATION_SECRET and OVH_CONSUMER_KEY, or ovh.conf. It spends nothing
without a limit and a yes at a terminal, or --yes together with a plan file.

Exit status: 0 done; 1 something failed or was not renewed; 2 the command line
is wrong, and nothing was done; 3 it is not known whether something was paid:
run the same again.`,
		Args:                       arguments("", false),
		RunE:                       p.noCommand,
		SilenceErrors:              true,
		SilenceUsage:               true,
		TraverseChildren:           true,
		SuggestionsMinimumDistance: 2,
	}
	root.SetFlagErrorFunc(flagError)
	flags := root.PersistentFlags()
	flags.BoolVar(&p.demo, "demo", false, "use a simulated account, where nothing is real")
	flags.BoolVar(&p.json, "json", false, "write JSON to the standard output")
	root.AddCommand(
		p.doctorCommand(), p.listCommand(), p.offersCommand(), p.planCommand(), p.applyCommand(),
		p.reportCommand(), p.renewCommand(), p.autoCommand(), p.probeCommand(),
	)
	for _, command := range root.Commands() {
		command.DisableFlagsInUseLine = true
		command.Flags().SortFlags = false
	}
	root.SetHelpCommand(helpCommand())
	usage := strings.ReplaceAll(root.UsageTemplate(), "Flags.FlagUsages", fmt.Sprintf("Flags.FlagUsagesWrapped %d", columns))
	root.SetUsageTemplate(strings.Replace(usage, "{{if .Runnable}}\n  {{.UseLine}}{{end}}{{if .HasAvailableSubCommands}}\n  {{.CommandPath}} [command]{{end}}", "\n  {{.UseLine}}", 1))
	return root
}

// arguments are those that a command takes: name, or none if that is empty, and several of
// it if more is set.
func arguments(name string, more bool) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		see := "see " + cmd.CommandPath() + " --help"
		switch {
		case name != "" && len(args) == 0:
			return usagef("%s is missing: %s", name, see)
		case name == "" && len(args) > 0 && cmd.HasSubCommands():
			if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
				see = "is it " + strings.Join(near, " or ") + "? Else " + see
			}
			return usagef("there is no command %q: %s", args[0], see)
		case !more && len(args) > len(strings.Fields(name)):
			return usagef("the argument %q is one too many: %s", args[len(strings.Fields(name))], see)
		}
		return nil
	}
}

// noCommand is what a command does that only has commands: it shows them, and it is a mistake
// not to name one.
func (p *program) noCommand(cmd *cobra.Command, _ []string) error {
	cmd.SetOut(p.err)
	return cmp.Or(cmd.Help(), error(toldError{usagef("no command")}))
}

// helpCommand is help for those who write it first.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Say what a command does, as its --help",
		RunE: func(cmd *cobra.Command, args []string) error {
			about, rest, err := cmd.Root().Find(args)
			if err == nil && len(rest) > 0 {
				err = arguments("", false)(about, rest)
			}
			if err != nil {
				return err
			}
			about.InitDefaultHelpFlag()
			return about.Help()
		},
	}
}

// addCompletion adds cobra's command, which takes the output as it is now.
func (p *program) addCompletion(root *cobra.Command) {
	root.InitDefaultCompletionCmd("completion")
	completion, _, err := root.Find([]string{"completion"})
	if err != nil {
		return
	}
	completion.Args, completion.RunE = arguments("", false), p.noCommand
	for _, shell := range completion.Commands() {
		shell.Args = arguments("", false)
		lines := strings.Split(strings.ReplaceAll(shell.Long, "\t", "  "), "\n")
		for i, line := range lines {
			if !strings.HasPrefix(line, " ") { // a sentence
				lines[i] = wrap(line, "")
			}
		}
		shell.Long = strings.Join(lines, "\n")
	}
}
