package probe

import (
	"context"
	"fmt"
	"strconv"

	"github.com/ovhrenew/ovhrenew"
)

// manualModes asks what is not recorded: what the account's older list says of a service
// that is renewed by hand and not to be deleted.
func (p *probe) manualModes(ctx context.Context) Finding {
	f := Finding{
		Assumption: "What is renewed by hand says so in the account's list; its type may be an automatic one.",
		Looked:     "GET /services/{serviceId}, /service/{serviceId}, {route}/serviceInfos of such services", Verdict: notSeen,
	}
	var saw []string
	ok, said := true, 0
	for _, service := range p.some(func(s ovhrenew.Service) bool { return s.Mode == ovhrenew.ModeManual && s.Parent == 0 }) {
		listed, err1 := p.client.ListedService(ctx, service.ID)
		text := "service " + string(listed.Type)
		if err1 != nil {
			text = outcome("service", err1)
		}
		if service.Route != "" {
			infos, err := p.client.ServiceInfos(ctx, service.Route)
			if err != nil {
				text += ", " + outcome("serviceInfos", err)
			} else {
				text += fmt.Sprintf(", serviceInfos type %s automatic %s manualPayment %s", infos.Type, told(infos.Automatic), told(infos.ManualPayment))
				if infos.Automatic != nil || infos.ManualPayment != nil {
					said++
				}
				ok = ok && (infos.Automatic == nil || !*infos.Automatic || infos.ManualPayment != nil && *infos.ManualPayment)
			}
		}
		saw = append(saw, text)
	}
	return f.concluded(saw, said, ok)
}

func told(b *bool) string {
	if b == nil {
		return "not said"
	}
	return strconv.FormatBool(*b)
}

// currencies asks whether an offer's price has a currency: the guide's has none.
func (p *probe) currencies(ctx context.Context) Finding {
	f := Finding{
		Assumption: "An offer's price has a currency: plans and limits need it.",
		Looked:     "GET /service/{serviceId}/renew", Verdict: notSeen,
	}
	switch offer, err := p.offer(ctx); {
	case err != nil:
		f.Saw, f.Verdict = failure(err), notRead
	case offer != nil:
		has := offer.Price().Currency() != ""
		f.Saw, f.Verdict = fmt.Sprintf("there is one: %t", has), verdict(has)
	}
	return f
}
