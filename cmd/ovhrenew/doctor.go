package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ovhrenew/ovhrenew/access"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

func (p *program) doctorCommand() *cobra.Command {
	var needs []access.Need
	cmd := &cobra.Command{
		Use:   "doctor [flags]",
		Short: "Say what keeps a program from renewing: keys, rights, payment",
		Args:  arguments("", false),
		Example: `  ovhrenew doctor --demo
  ovhrenew doctor --for read,order,pay --request-key`,
	}
	addFlag(cmd, &needs, "for", "WHAT", "what a program is to do, some of "+knownNeeds()+" (default: read,order,pay)", "", parseNeeds)
	cmd.Flags().BoolVar(&p.asksForKey, "request-key", false, "ask for a consumer key with just these rights")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if needs == nil {
			needs = []access.Need{access.Read, access.Order, access.Pay}
		}
		return p.with(cmd.Context(), func(a *account) error {
			if p.asksForKey {
				return p.requestKey(cmd, a, needs)
			}
			return p.diagnose(cmd, a, needs)
		})
	}
	return cmd
}

func parseNeeds(text string) ([]access.Need, error) {
	var needs []access.Need
	for want := range strings.SplitSeq(text, ",") {
		needs = append(needs, access.Need(strings.TrimSpace(want)))
	}
	if _, err := access.Rules(needs...); err != nil {
		return nil, errors.New("want some of " + knownNeeds())
	}
	return needs, nil
}

func knownNeeds() string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(access.Needs()), " ", ", "), "[]") + ", \"infos /vps/{serviceName}\""
}

func (p *program) diagnose(cmd *cobra.Command, a *account, needs []access.Need) error {
	if a.grant != nil { // so that there is something to find
		rules, err := access.Rules(access.Read, access.Diagnosing)
		if err != nil {
			return err
		}
		p.say("its key may only read")
		granted := make([]ovhrenewtest.Rule, 0, len(rules))
		for _, rule := range rules {
			granted = append(granted, ovhrenewtest.Rule(rule))
		}
		a.grant(granted...)
	}
	diagnosis := access.Diagnose(cmd.Context(), a.client, access.Query{Needs: needs})
	var bad error
	if !diagnosis.OK() {
		bad = errors.New("something will not work: see above")
	}
	if p.json {
		return errors.Join(p.writeJSON(diagnosis), bad)
	}
	for _, check := range diagnosis.Checks {
		fmt.Fprintln(p.out, wrap(fmt.Sprintf("%-8s %s: %s", check.Verdict, check.Name, check.Saw), "         "))
	}
	return bad
}

// requestKey asks OVHcloud for a key with just the rights that are needed. The key can
// do nothing until the account's owner has opened the link.
func (p *program) requestKey(cmd *cobra.Command, a *account, needs []access.Need) error {
	rules, err := access.Rules(append(slices.Clone(needs), access.Diagnosing)...)
	if err != nil {
		return err
	}
	wanted := a.api.NewCkRequest()
	p.say("the rights:")
	for _, rule := range rules {
		p.say("  %s", rule)
		wanted.AddRule(rule.Method, rule.Path)
	}
	if !p.demo {
		if err := p.confirm(cmd.Context(), fmt.Sprintf("Ask %s for a consumer key with these rights?", a.api.Endpoint())); err != nil {
			return err
		}
	}
	key, err := wanted.Do()
	if err != nil {
		return err
	}
	if p.json {
		return p.writeJSON(map[string]any{"validationUrl": key.ValidationURL, "consumerKey": key.ConsumerKey, "rules": rules})
	}
	_, err = fmt.Fprintf(p.out, "To let the key do this, open\n%s\nThen set OVH_CONSUMER_KEY=%s\n", key.ValidationURL, key.ConsumerKey)
	return err
}
