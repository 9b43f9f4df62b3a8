package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/autorenew"
)

func (p *program) autoCommand() *cobra.Command {
	setting, preview := autorenew.Setting{Options: true}, false
	cmd := &cobra.Command{
		Use:   "auto SERVICE [flags]",
		Short: "Let a service and its options renew by themselves, or stop that",
		Long: `Auto sets how a service renews by itself: the way to go where nothing can be
renewed by order. It spends, only later: an automatic renewal is charged when
its day comes, without a limit. It asks at a terminal before it changes
anything.`,
		Args:    arguments("SERVICE", false),
		Example: "  ovhrenew auto --demo vps112233.ovh.net --mode automatic --every P1M",
	}
	flags := cmd.Flags()
	addFlag(cmd, &setting.Mode, "mode", "MODE", "automatic or manual (default: as it is)", "Mode", parseMode)
	addFlag(cmd, &setting.Period, "every", "PERIOD", "how long each automatic renewal is for, such as P1M", "Period", ovhrenew.ParsePeriod)
	flags.BoolVar(&setting.KeepService, "keep", false, "take back a planned deletion")
	flags.BoolVar(&preview, "preview", false, "only show what would change")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		target, err := argument("SERVICE", args[0], ovhrenew.ParseTarget)
		if err != nil {
			return err
		}
		if setting.Mode == "" && setting.Period == "" && !setting.KeepService {
			return usagef("what to set is missing: say --mode, --every or --keep")
		}
		if setting.Mode == ovhrenew.ModeAutomatic && setting.Period == "" {
			return usagef("--every is missing, such as P1M: how long each automatic renewal is for")
		}
		return p.with(cmd.Context(), func(a *account) error { return p.setAuto(cmd, a, target, setting, preview) })
	}
	return cmd
}

func parseMode(text string) (ovhrenew.RenewMode, error) {
	switch mode := ovhrenew.RenewMode(text); mode {
	case ovhrenew.ModeAutomatic, ovhrenew.ModeManual:
		return mode, nil
	}
	return "", errors.New("neither automatic nor manual")
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
		if err := p.confirm(cmd.Context(), "Set this? Automatic renewals are charged later, without a limit."); err != nil {
			return err
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
