package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/words"
)

func (p *program) offersCommand() *cobra.Command {
	options := false
	cmd := &cobra.Command{
		Use:     "offers SERVICE... [flags]",
		Short:   "Show for how long and for how much services can be renewed",
		Args:    arguments("SERVICE", true),
		Example: "  ovhrenew offers --demo vps112233.ovh.net /domain/example.ovh",
	}
	cmd.Flags().BoolVar(&options, "options", false, "with the services' options")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		targets := make([]ovhrenew.Target, len(args))
		for i, name := range args {
			var err error
			if targets[i], err = argument("SERVICE", name, ovhrenew.ParseTarget); err != nil {
				return err
			}
		}
		return p.with(cmd.Context(), func(a *account) error {
			var all []offered
			var failed []error
			for _, target := range targets {
				one, err := offersOf(cmd.Context(), a, target, options)
				if err != nil {
					failed = append(failed, err)
					continue
				}
				all = append(all, one)
			}
			if len(all) == 0 && !p.json {
				return errors.Join(failed...)
			}
			return errors.Join(p.writeOffers(all), errors.Join(failed...))
		})
	}
	return cmd
}

// offered is a service with its offers.
type offered struct {
	ID     ovhrenew.ServiceID `json:"id"`
	Name   string             `json:"name"`
	Expiry ovhrenew.Date      `json:"expiry"`
	Offers []offer            `json:"offers"`
}

type offer struct {
	Period   ovhrenew.Period      `json:"period"`
	Price    ovhrenew.Money       `json:"beforeTax"`
	Services []ovhrenew.ServiceID `json:"services"`
	with     []string             // the others, by name and number
}

// offersOf reads the offers of one service. The error names it.
func offersOf(ctx context.Context, a *account, target ovhrenew.Target, options bool) (offered, error) {
	id, err := ovhrenew.Find(ctx, a.client, target)
	if err != nil {
		return offered{}, err
	}
	service, err := a.client.Service(ctx, id)
	if err != nil {
		return offered{}, fmt.Errorf("%s: %w", target, err)
	}
	descriptions, err := a.client.Renewals(ctx, id, options)
	if err != nil {
		return offered{}, fmt.Errorf("%s: %w", target, err)
	}
	one := offered{ID: id, Name: service.Name, Expiry: service.Expiry, Offers: []offer{}}
	for _, o := range ovhrenew.Offers(id, descriptions) {
		var with []string
		for _, other := range o.Services() {
			if other != id {
				with = append(with, words.Called(o.Name(other), other))
			}
		}
		one.Offers = append(one.Offers, offer{o.Period, o.Price(), o.Services(), with})
	}
	return one, nil
}

func (p *program) writeOffers(all []offered) error {
	if p.json {
		return p.writeJSON(append([]offered{}, all...))
	}
	rows := [][]string{}
	for _, one := range all {
		if len(one.Offers) == 0 {
			rows = append(rows, []string{one.Name, one.Expiry.String(), "-", "nothing", "-"})
		}
		for _, o := range one.Offers {
			rows = append(rows, []string{one.Name, one.Expiry.String(), string(o.Period), o.Price.String(), cmp.Or(strings.Join(o.with, ", "), "-")})
		}
	}
	return table(p.out, p.columns, []column{{title: "SERVICE", least: 20}, {title: "ENDS"}, {title: "FOR"}, {title: "BEFORE TAX", right: true}, {title: "ALONG WITH", least: 16}}, rows)
}
