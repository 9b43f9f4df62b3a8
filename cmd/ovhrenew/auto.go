package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/autorenew"
)

func (p *program) autoCommand() *cobra.Command {
	var mode, every string
	var keep, preview bool
	cmd := &cobra.Command{
		Use:   "auto SERVICE [flags]",
		Short: "Let a service and its options renew by themselves, or stop that",
		Long: `Auto sets how a service renews by itself: the way to go where nothing can be
renewed by order. It spends, only later: an automatic renewal is charged when
its day comes, without a limit. It asks at a terminal before it changes
anything.`,
		Args:    cobra.ExactArgs(1),
		Example: "  ovhrenew auto --demo vps112233.ovh.net --mode automatic --every P1M",
	}
	flags := cmd.Flags()
	flags.StringVar(&mode, "mode", "", "`MODE`: automatic or manual (default: as it is)")
	flags.StringVar(&every, "every", "", "`PERIOD` of the automatic renewal, such as P1M")
	flags.BoolVar(&keep, "keep", false, "take back a planned deletion")
	flags.BoolVar(&preview, "preview", false, "only show what would change")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		target, err := ovhrenew.ParseTarget(args[0])
		if err != nil {
			return usageError{err}
		}
		setting := autorenew.Setting{Mode: ovhrenew.RenewMode(mode), KeepService: keep, Options: true}
		switch setting.Mode {
		case "", ovhrenew.ModeAutomatic, ovhrenew.ModeManual:
		default:
			return usagef("--mode %s is neither automatic nor manual", mode)
		}
		if mode == "" && every == "" && !keep {
			return usagef("what to set is missing: say --mode, --every or --keep")
		}
		if every != "" {
			if setting.Period, err = ovhrenew.ParsePeriod(every); err != nil {
				return usagef("--every: %w", err)
			}
		}
		return p.with(cmd.Context(), func(a *account) error { return p.setAuto(cmd, a, target, setting, preview) })
	}
	return cmd
}

func (p *program) setAuto(cmd *cobra.Command, a *account, target ovhrenew.Target, setting autorenew.Setting, preview bool) error {
	plan, err := autorenew.Preview(cmd.Context(), a.client, target, setting)
	if err != nil {
		return err
	}
	show := func() error {
		if p.json {
			return p.writeJSON(plan)
		}
		for _, line := range strings.Split(plan.String(), "\n") {
			fmt.Fprintln(p.out, wrap(line, "    "))
		}
		return nil
	}
	if preview || plan.None() {
		return show()
	}
	if !p.demo {
		if !p.json {
			if err := show(); err != nil {
				return err
			}
		}
		ok, err := p.ask(cmd.Context(), "Set this? Automatic renewals are charged later, without a limit.")
		if err != nil {
			return err
		}
		if !ok {
			return errNo
		}
	}
	done, err := autorenew.Set(cmd.Context(), a.client, target, setting)
	if done == nil {
		return err
	}
	if plan = done; p.json || p.demo {
		if shown := show(); shown != nil {
			return shown
		}
	}
	for _, change := range done.Changes {
		if change.Done {
			p.say("done: %s", change.Name)
		}
	}
	return err
}
