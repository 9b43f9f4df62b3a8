// Package probe finds out which assumptions about OVHcloud's API hold for an account, and
// which published answers it gives. It can send nothing but GET requests and, if that is
// asked for, one dry run.
package probe

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
)

// The verdicts.
const (
	holds    = "holds"
	fails    = "DOES NOT HOLD"
	seen     = "seen (nothing was assumed)"
	notSeen  = "not seen in this account"
	notAsked = "not looked at"
	notRead  = "could not be looked at"
)

// Finding is what became of one assumption.
type Finding struct {
	Assumption, Looked, Saw, Verdict string
	// Recorded says which published answers those of this check match.
	Recorded string
}

// Account is what to probe, and how.
type Account struct {
	API *ovh.Client
	// Base sends the requests that are let through.
	Base http.RoundTripper
	// Limiter is the pace; nil: that which OVHcloud calls safe.
	Limiter ovhrenew.Limiter
	// Quote also asks for one quote, which orders nothing.
	Quote bool
}

// Run makes every check and writes some lines of each to out. They name nothing of the
// account.
func Run(ctx context.Context, account Account, out io.Writer) error {
	wire := &watcher{base: account.Base, quote: account.Quote}
	client, err := ovhrenew.NewWithConfig(account.API, ovhrenew.Config{Transport: wire, Limiter: account.Limiter})
	if err != nil {
		return err
	}
	p := &probe{client: client, wire: wire, quote: account.Quote}
	for i, finding := range p.run(ctx) {
		fmt.Fprintf(out, "\n%d. %s\n   looked   %s\n   saw      %s\n   verdict  %s\n",
			i+1, finding.Assumption, finding.Looked, cmp.Or(p.redact(finding.Saw), "nothing"), finding.Verdict)
		if finding.Recorded != "" {
			fmt.Fprintf(out, "   recorded %s\n", finding.Recorded)
		}
	}
	gets, quotes := wire.sent()
	_, err = fmt.Fprintf(out, "\n%d requests: %d GET, and %d for a quote, which orders nothing\n", gets+quotes, gets, quotes)
	return err
}

// few is how many services or orders of a kind are looked at.
const few = 5

// probe is one run over an account.
type probe struct {
	client *ovhrenew.API
	wire   *watcher
	quote  bool

	services []ovhrenew.Service
	orders   []ovhrenew.Order // newest last
	lines    map[ovhrenew.OrderID][]ovhrenew.OrderDetail
	quoted   *ovhrenew.Quote
	// unlisted, unordered and unquoted say why services, orders and the quote could not be
	// read.
	unlisted, unordered, unquoted error

	secrets []string // names that are not to be printed
}

func (p *probe) run(ctx context.Context) []Finding {
	var never error
	var findings []Finding
	for _, group := range []struct {
		unread *error // what the checks look at could not be read
		checks []func(context.Context) Finding
	}{
		{&never, []func(context.Context) Finding{p.credential, p.pages, p.listPages, p.pageSize, p.region}},
		{&p.unlisted, []func(context.Context) Finding{
			p.expiredOffers, p.optionOffers, p.onceOffers, p.forcedOffers, p.expiredReads, p.ucents, p.manualModes, p.currencies,
		}},
		{&p.unordered, []func(context.Context) Finding{p.orderDates, p.orderNumbers, p.orderLines, p.lapsed, p.twoOrders, p.defaultListed}},
		{&p.unlisted, []func(context.Context) Finding{p.dryRun}},
		{&p.unquoted, []func(context.Context) Finding{p.beforeTax}},
		{&never, []func(context.Context) Finding{p.tooMany, p.delay}},
	} {
		for _, check := range group.checks {
			before := len(p.wire.since(0))
			finding := check(ctx)
			if finding.Verdict == notSeen && *group.unread != nil {
				finding.Verdict = notRead
			}
			finding.Recorded = matchedAll(p.wire.since(before))
			findings = append(findings, finding)
		}
	}
	return findings
}

// list reads the account's services, and remembers what must not be printed.
func (p *probe) list(ctx context.Context) error {
	for service, err := range p.client.Services(ctx, ovhrenew.ServiceQuery{}) {
		if err != nil {
			return err
		}
		if len(p.services) == p.enough("/services") {
			break
		}
		p.services = append(p.services, service)
		p.secrets = append(p.secrets, service.Name, service.DisplayName)
	}
	return nil
}

// enough is how much of a list is read: a page, or where each element is a request of
// its own, some.
func (p *probe) enough(list string) int {
	page, _ := p.wire.last(list)
	if _, ids, _ := elements(page.body); ids > 0 {
		return 4 * few
	}
	return 1000
}

// history reads the orders of a year, and the lines of the newest ones.
func (p *probe) history(ctx context.Context) error {
	for order, err := range p.client.Orders(ctx, ovhrenew.OrderQuery{From: time.Now().AddDate(-1, 0, 0)}) {
		if err != nil {
			return err
		}
		if len(p.orders) == p.enough("/me/order") {
			break
		}
		p.orders = append(p.orders, order)
	}
	sort.Slice(p.orders, func(i, j int) bool { return p.orders[i].Date.Before(p.orders[j].Date.Time) })
	p.lines = map[ovhrenew.OrderID][]ovhrenew.OrderDetail{}
	for _, order := range p.newest() {
		lines, err := p.client.OrderDetails(ctx, order.OrderID)
		if err != nil {
			return err
		}
		p.lines[order.OrderID] = lines
		for _, line := range lines {
			p.secrets = append(p.secrets, line.Domain, line.Description)
		}
	}
	return nil
}

func (p *probe) newest() []ovhrenew.Order {
	return p.orders[max(0, len(p.orders)-2*few):]
}

// some are the first few services that are so.
func (p *probe) some(is func(ovhrenew.Service) bool) []ovhrenew.Service {
	var found []ovhrenew.Service
	for _, service := range p.services {
		if len(found) < few && is(service) {
			found = append(found, service)
		}
	}
	return found
}

func expired(s ovhrenew.Service) bool {
	today := ovhrenew.DateOf(time.Now())
	return !s.Expiry.IsZero() && s.Expiry.Before(today) && !s.Expiry.Before(s.Created)
}

// answered reports whether the API has said yes or no. What is denied to the key, or came
// too fast, broken or not at all, says nothing about its product.
func answered(err error) bool {
	if err == nil {
		return true
	}
	for _, kind := range []error{ovhrenew.ErrDenied, ovhrenew.ErrRateLimited, ovhrenew.ErrServer} {
		if errors.Is(err, kind) {
			return false
		}
	}
	return errors.As(err, new(*ovhrenew.Error))
}

// failure tells an error in the API's own words, as far as they are nobody's business.
func failure(err error) string {
	var answer *ovhrenew.Error
	if errors.As(err, &answer) {
		words := strings.Fields(fmt.Sprintf("HTTP %d %s %s", answer.Status, answer.Class, answer.Code))
		return fmt.Sprintf("%s %q", strings.Join(words, " "), answer.Message)
	}
	if errors.Is(err, ovhrenew.ErrMalformed) {
		return "an answer of another form"
	}
	return "no answer"
}

// shape tells of each field whether it is there and what kind of value it has, and
// never the value.
func shape(body []byte, fields ...string) string {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(body, &object); err != nil {
		return "not an object"
	}
	var parts []string
	for _, field := range fields {
		kind := "filled"
		switch value := string(object[field]); value {
		case "":
			kind = "missing"
		case "null", "0":
			kind = value
		case `""`, "[]", "{}":
			kind = "empty"
		}
		parts = append(parts, field+" "+kind)
	}
	return strings.Join(parts, ", ")
}

// tally counts what was seen, most frequent first.
func tally(words []string) string {
	counts := map[string]int{}
	for _, word := range words {
		counts[word]++
	}
	keys := make([]string, 0, len(counts))
	for key := range counts {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b string) int {
		if counts[a] != counts[b] {
			return counts[b] - counts[a]
		}
		return strings.Compare(a, b)
	})
	for i, key := range keys {
		keys[i] = fmt.Sprintf("%d x %s", counts[key], key)
	}
	return strings.Join(keys, "; ")
}

var (
	link       = regexp.MustCompile(`https?://[^\s"]+`)
	longNumber = regexp.MustCompile(`[0-9]{4,}|[0-9]+[.,][0-9]+`)
	address    = regexp.MustCompile(`[\w.+-]+@[\w.-]+|[\w-]+(\.[\w-]+)*\.[a-z]{2,}`)
	nichandle  = regexp.MustCompile(`(?i)\b[a-z]{2}[0-9]+-ovh\b`)
)

// redact removes whatever could name the account or something in it.
func (p *probe) redact(text string) string {
	for _, secret := range p.secrets {
		if len(secret) > 1 {
			text = strings.ReplaceAll(text, secret, "(name)")
		}
	}
	text = link.ReplaceAllString(text, "(link)")
	text = nichandle.ReplaceAllString(text, "(nichandle)")
	text = address.ReplaceAllString(text, "(name)")
	return longNumber.ReplaceAllString(text, "(number)")
}
