package probe

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/access"
)

// verdict is holds or DOES NOT HOLD.
func verdict(ok bool) string {
	if ok {
		return holds
	}
	return fails
}

func (p *probe) credential(ctx context.Context) Finding {
	f := Finding{
		Assumption: "The rights of an application key can be read, those of a token cannot.",
		Looked:     "GET /auth/currentCredential", Verdict: seen,
	}
	credential, err := access.Current(ctx, p.client)
	if err != nil {
		f.Saw = failure(err)
		return f
	}
	f.Saw = fmt.Sprintf("status %s with %d rules", credential.Status, len(credential.Rules))
	return f
}

func (p *probe) pages(ctx context.Context) Finding {
	f := Finding{
		Assumption: "GET /services answers whole services in pages, and says how many there are.",
		Looked:     "GET /services with X-Pagination-Mode: CachedObjectList-Pages",
	}
	if err := p.list(ctx); err != nil {
		p.unlisted = err
		f.Saw, f.Verdict = failure(err), notRead
		return f
	}
	page, _ := p.wire.last("/services")
	objects, ids, nulls := elements(page.body)
	elementsHeader, total := page.header.Get("X-Pagination-Elements"), page.header.Get("X-Pagination-Total")
	f.Saw = fmt.Sprintf("objects: %t, ids: %t, nulls: %t; X-Pagination-Elements: %t, -Total: %t",
		objects > 0, ids > 0, nulls > 0, elementsHeader != "", total != "")
	f.Verdict = verdict(ids == 0 && nulls == 0 && elementsHeader != "")
	if len(p.services) == 0 {
		f.Verdict = notSeen
	}
	return f
}

// elements counts what a page has.
func elements(body []byte) (objects, ids, nulls int) {
	var page []json.RawMessage
	_ = json.Unmarshal(body, &page) // no page has no elements
	for _, element := range page {
		switch {
		case string(element) == "null":
			nulls++
		case element[0] == '{':
			objects++
		default:
			ids++
		}
	}
	return objects, ids, nulls
}

func (p *probe) listPages(ctx context.Context) Finding {
	f := Finding{Assumption: "GET /service answers numbers, also when pages are asked for.", Looked: "GET /service with the same header"}
	var ids []ovhrenew.ServiceID
	err := p.client.Read(with(ctx, "X-Pagination-Mode", "CachedObjectList-Pages"), "/service", &ids)
	page, ok := p.wire.last("/service")
	objects, numbers, _ := elements(page.body)
	switch {
	case !ok || page.status != http.StatusOK:
		f.Saw, f.Verdict = failure(err), notRead
	case objects+numbers == 0:
		f.Verdict = notSeen
	default:
		f.Saw, f.Verdict = fmt.Sprintf("objects: %t", objects > 0), verdict(objects == 0)
	}
	return f
}

func (p *probe) pageSize(ctx context.Context) Finding {
	f := Finding{Assumption: "A page can have 5000 elements.", Looked: "GET /services with X-Pagination-Size: 5000"}
	for _, err := range p.client.Services(with(ctx, "X-Pagination-Size", "5000"), ovhrenew.ServiceQuery{}) {
		if err != nil {
			f.Saw, f.Verdict = failure(err), notRead
			return f
		}
		break
	}
	page, _ := p.wire.last("/services")
	size := page.header.Get("X-Pagination-Size")
	f.Saw, f.Verdict = fmt.Sprintf("the answer's X-Pagination-Size is there: %t, and is what was asked for: %t", size != "", size == "5000"), seen
	return f
}

func (p *probe) region(ctx context.Context) Finding {
	f := Finding{
		Assumption: "The region renews by order, or says in its known words that it does not.",
		Looked:     "GET /service/{serviceId}/renew",
	}
	id := ovhrenew.ServiceID(1)
	if len(p.services) > 0 {
		id = p.services[0].ID
	}
	_, err := p.client.Renewals(ctx, id, false)
	switch {
	case err == nil || errors.Is(err, ovhrenew.ErrNotFound) || errors.Is(err, ovhrenew.ErrExpired):
		f.Saw, f.Verdict = "it is answered", holds
	case errors.Is(err, ovhrenew.ErrUnsupported):
		f.Saw, f.Verdict = failure(err), holds
	case answered(err):
		f.Saw, f.Verdict = failure(err), fails
	default:
		f.Saw, f.Verdict = failure(err), notRead
	}
	return f
}

// offersOf asks for the offers of some services; good says whether what was answered is as
// assumed.
func (p *probe) offersOf(ctx context.Context, assumption string, is func(ovhrenew.Service) bool, good func(offers bool, err error) bool) Finding {
	f := Finding{Assumption: assumption, Looked: "GET /service/{serviceId}/renew of such services", Verdict: notSeen}
	var saw []string
	ok, told := true, 0
	for _, service := range p.some(is) {
		descriptions, err := p.client.Renewals(ctx, service.ID, false)
		switch {
		case err != nil:
			saw = append(saw, failure(err))
		case len(descriptions) == 0:
			saw = append(saw, "no offers")
		default:
			saw = append(saw, "offers")
		}
		if answered(err) {
			told++
			ok = ok && good(len(descriptions) > 0, err)
		}
	}
	return f.concluded(saw, told, ok)
}

// concluded is the finding with what was seen, and with a verdict if somebody has told
// something.
func (f Finding) concluded(saw []string, told int, ok bool) Finding {
	if len(saw) > 0 {
		f.Saw, f.Verdict = tally(saw), notRead
	}
	if told > 0 {
		f.Verdict = verdict(ok)
	}
	return f
}

// anyOffers is good whatever is offered.
func anyOffers(bool, error) bool { return true }

// unassumed is the finding where either answer is right.
func (f Finding) unassumed() Finding {
	if f.Verdict == holds {
		f.Verdict = seen
	}
	return f
}

func (p *probe) expiredOffers(ctx context.Context) Finding {
	return p.offersOf(ctx, "What has expired can still be asked for offers.", expired,
		func(_ bool, err error) bool { return err == nil })
}

func (p *probe) optionOffers(ctx context.Context) Finding {
	return p.offersOf(ctx, "What an option is offered does not matter: its service is renewed.",
		func(s ovhrenew.Service) bool { return s.Parent != 0 }, anyOffers).unassumed()
}

// listed are services of a renewal type. The other list has to be asked for each.
func (p *probe) listed(ctx context.Context, want ovhrenew.RenewalType) func(ovhrenew.Service) bool {
	asked := 0
	return func(s ovhrenew.Service) bool {
		if asked >= 4*few || want == "oneShot" && !s.Expiry.Before(s.Created) {
			return false
		}
		asked++
		listed, err := p.client.ListedService(ctx, s.ID)
		return err == nil && listed.Type == want
	}
}

func (p *probe) onceOffers(ctx context.Context) Finding {
	return p.offersOf(ctx, "What was paid once has no offers.", p.listed(ctx, "oneShot"),
		func(offers bool, _ error) bool { return !offers })
}

func (p *probe) forcedOffers(ctx context.Context) Finding {
	return p.offersOf(ctx, "What always renews by itself may have offers: the guards refuse it.",
		p.listed(ctx, "automaticForcedProduct"), anyOffers).unassumed()
}

func (p *probe) expiredReads(ctx context.Context) Finding {
	f := Finding{
		Assumption: "What has expired is answered by the account's own lists; its product may answer 460.",
		Looked:     "GET /services/{serviceId}, /service/{serviceId}, {route}/serviceInfos of such services", Verdict: notSeen,
	}
	var saw []string
	ok, told := true, 0
	for _, service := range p.some(expired) {
		_, err1 := p.client.Service(ctx, service.ID)
		_, err2 := p.client.ListedService(ctx, service.ID)
		text := []string{outcome("services", err1), outcome("service", err2)}
		if service.Route != "" {
			_, err := p.client.ServiceInfos(ctx, service.Route)
			text = append(text, outcome("serviceInfos", err))
		}
		saw = append(saw, strings.Join(text, ", "))
		if answered(err1) && answered(err2) {
			told++
			ok = ok && err1 == nil && err2 == nil
		}
	}
	return f.concluded(saw, told, ok)
}

func outcome(what string, err error) string {
	if err == nil {
		return what + " answers"
	}
	return what + " " + failure(err)
}

func (p *probe) ucents(ctx context.Context) Finding {
	f := Finding{
		Assumption: "priceInUcents is the price in units of 1e-8.", Looked: "GET /service/{serviceId}/renew", Verdict: notSeen,
	}
	for _, service := range p.some(func(s ovhrenew.Service) bool { return s.Parent == 0 }) {
		descriptions, err := p.client.Renewals(ctx, service.ID, true)
		if err != nil {
			if f.Verdict == notSeen {
				f.Saw, f.Verdict = failure(err), notRead
			}
			continue
		}
		for _, offer := range ovhrenew.Offers(service.ID, descriptions) {
			if offer.Strategy.PriceInUcents == 0 {
				continue
			}
			equal := offer.Strategy.PriceInUcents == offer.Price().Ucents()
			f.Saw, f.Verdict = fmt.Sprintf("equal: %t", equal), verdict(equal)
			if !equal {
				return f
			}
		}
	}
	return f
}
