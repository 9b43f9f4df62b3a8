package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/ovhrenew/ovhrenew"
)

// preview shows what a renewal would do, and why it would be refused.
func (p *program) preview(ctx context.Context, a *account, req ovhrenew.Request) error {
	proposal, err := ovhrenew.Preview(ctx, a.client, req)
	if proposal == nil || err != nil && !errors.Is(err, ovhrenew.ErrNoStrategy) {
		return err
	}
	if p.json {
		if failed := p.writeJSON(previewOf(proposal)); failed != nil {
			return failed
		}
	} else {
		p.writePreview(proposal)
	}
	switch {
	case err != nil && p.json:
		return err
	case err != nil:
		return errors.New("no offer was chosen")
	case len(proposal.Blockers) > 0:
		return toldError{errors.Join(proposal.Blockers...)}
	}
	return nil
}

// writePreview writes it for a person.
func (p *program) writePreview(proposal *ovhrenew.Proposal) {
	line := func(label, text string) { fmt.Fprintln(p.out, wrap(fmt.Sprintf("%-9s%s", label, text), "         ")) }
	for _, refusal := range proposal.Refusals {
		line("not", fmt.Sprintf("%s: it %v", strings.TrimSuffix(refusal.Offer.String(), " before tax"), refusal.Reason))
	}
	if proposal.Offer.Period != "" {
		line("chosen", proposal.Offer.String())
		for _, s := range proposal.Services {
			line("moves", fmt.Sprintf("%s: %s -> %s", s.Name, s.Expiry, proposal.NewExpiry(s)))
		}
		line("costs", fmt.Sprintf("%s, of which tax %s", proposal.Quote.PriceWithTax, proposal.Quote.Tax))
	}
	for _, note := range proposal.Notes {
		line("look", inFlags(note))
	}
	for _, blocker := range proposal.Blockers {
		line("refused", inFlags(blocker.Error()))
	}
	if proposal.Offer.Period != "" && len(proposal.Blockers) == 0 {
		line("free", "nothing stands in the way of renewing it")
	}
}

// previewed is a preview as --json writes it: with the reasons as texts.
type previewed struct {
	ID       ovhrenew.ServiceID `json:"id"`
	Offer    *ovhrenew.Offer    `json:"offer,omitempty"`
	Services []moved            `json:"services"`
	Quote    *ovhrenew.Quote    `json:"quote,omitempty"`
	Refusals []refused          `json:"refusals"`
	Blockers []string           `json:"blockers"`
	Notes    []string           `json:"notes"`
}

// moved is a service that would be renewed.
type moved struct {
	ID        ovhrenew.ServiceID `json:"id"`
	Name      string             `json:"name"`
	Expiry    ovhrenew.Date      `json:"expiry"`
	NewExpiry ovhrenew.Date      `json:"newExpiry"`
}

// refused is an offer that was not chosen.
type refused struct {
	Offer  ovhrenew.Offer `json:"offer"`
	Reason string         `json:"reason"`
}

func previewOf(proposal *ovhrenew.Proposal) previewed {
	all := previewed{ID: proposal.Target, Services: []moved{}, Refusals: []refused{}, Blockers: []string{}, Notes: append([]string{}, proposal.Notes...)}
	if proposal.Offer.Period != "" {
		all.Offer, all.Quote = &proposal.Offer, &proposal.Quote
	}
	for _, s := range proposal.Services {
		all.Services = append(all.Services, moved{s.ID, s.Name, s.Expiry, proposal.NewExpiry(s)})
	}
	for _, refusal := range proposal.Refusals {
		all.Refusals = append(all.Refusals, refused{refusal.Offer, refusal.Reason.Error()})
	}
	for _, blocker := range proposal.Blockers {
		all.Blockers = append(all.Blockers, blocker.Error())
	}
	return all
}
