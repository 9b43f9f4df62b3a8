package access

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/words"
)

// Verdict is the result of a check.
type Verdict string

// The verdicts.
const (
	OK      Verdict = "ok"
	Warning Verdict = "warning" // it works, and a person should look at it
	Problem Verdict = "problem" // something will not work
	Unknown Verdict = "unknown" // the check could not be made
)

// Check is one thing that Diagnose looked at.
type Check struct {
	// Name says what was looked at: clock, credential, right to pay, services,
	// renewing, payment …
	Name    string  `json:"name"`
	Verdict Verdict `json:"verdict"`
	// Saw is what was seen, and what to do about it. It has no secrets.
	Saw string `json:"saw"`
	Err error  `json:"-"` // why the check could not be made, or nil
}

// Query says what Diagnose looks at.
type Query struct {
	// Needs are what the program wants to do. If nil, they are Read, Order and Pay.
	Needs []Need
	// Service is the service whose offers are asked for. If zero, it is any.
	Service ovhrenew.Target
}

// Diagnosis is what Diagnose found.
type Diagnosis struct {
	Endpoint    string        `json:"endpoint"`             // the API that answered
	Checks      []Check       `json:"checks"`               // all that were tried, in their order
	ClockOffset time.Duration `json:"clockOffset"`          // how far the API's clock is ahead of this machine's
	Credential  *Credential   `json:"credential,omitempty"` // nil where the API does not tell: for tokens
	// Missing are the rules that each need lacks; a need that is not in it is one
	// whose rights are not known.
	Missing map[Need][]Rule `json:"missing"`
	// Unattended are the payment methods that can pay without a person, the default
	// one first.
	Unattended []ovhrenew.Method `json:"unattended"`

	login string
}

// OK reports whether something was found to work, and nothing that will not. What could
// not be found out does not count.
func (d *Diagnosis) OK() bool {
	has := func(verdicts ...Verdict) bool {
		return slices.ContainsFunc(d.Checks, func(c Check) bool { return slices.Contains(verdicts, c.Verdict) })
	}
	return has(OK, Warning) && !has(Problem)
}

// String returns a line for each check.
func (d *Diagnosis) String() string {
	var b strings.Builder
	fmt.Fprintln(&b, d.Endpoint)
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, check := range d.Checks {
		fmt.Fprintf(table, "%s\t%s\t%s\n", check.Verdict, check.Name, check.Saw)
	}
	_ = table.Flush() // to a strings.Builder
	return b.String()
}

func (d *Diagnosis) note(name string, verdict Verdict, format string, args ...any) {
	d.Checks = append(d.Checks, Check{Name: name, Verdict: verdict, Saw: fmt.Sprintf(format, args...)})
}

// fail notes a check that could not be made, with what to do about it. It is a problem,
// unless it may be another one soon.
func (d *Diagnosis) fail(name string, err error) {
	verdict := Problem
	if passing(err) {
		verdict = Unknown
	}
	saw := words.Clean(err.Error())
	if what := advice(err, d.login); what != "" {
		saw += ": " + what
	}
	d.Checks = append(d.Checks, Check{Name: name, Verdict: verdict, Saw: saw, Err: err})
}

func (d *Diagnosis) skip(why string, names ...string) {
	for _, name := range names {
		d.note(name, Unknown, "not asked: %s", why)
	}
}

// Client is what Diagnose reads with. [ovhrenew.API] is one.
type Client interface {
	Reader
	ovhrenew.Finder
	Endpoint() string
	// Authentication is as [ovhrenew.API.Authentication].
	Authentication() string
	Time(ctx context.Context) (time.Time, error)
	Renewals(ctx context.Context, id ovhrenew.ServiceID, includeOptions bool) ([]ovhrenew.RenewDescription, error)
	PaymentMethods(ctx context.Context) iter.Seq2[ovhrenew.PaymentMethod, error]
}

var _ Client = (*ovhrenew.API)(nil)

// Diagnose finds out why renewing may not work, before it is tried: the clock, the
// credential with its rights and its end, whether the region renews by order, and
// whether a payment method can be used without a person. It only reads.
// What cannot be read leaves the other checks as they are: there is always a diagnosis.
//
// What an IAM policy allows cannot be read. For tokens, and for users with policies,
// a right is known to be missing only when a check was refused for it.
//
// API: GET /auth/time, GET /auth/currentCredential, GET /services,
// GET /service/{serviceId}/renew, GET /me/payment/method
func Diagnose(ctx context.Context, client Client, query Query) *Diagnosis {
	d := &Diagnosis{Endpoint: client.Endpoint(), Missing: map[Need][]Rule{}, login: client.Authentication()}
	if query.Needs == nil {
		query.Needs = []Need{Read, Order, Pay}
	}
	var rest []string
	for _, need := range query.Needs {
		rest = append(rest, rightTo(need))
	}
	rest = append(rest, "services", "renewing", "payment")
	if err := d.clock(ctx, client); err != nil && !passing(err) {
		d.skip("the API cannot be reached or used as it is", append([]string{"credential"}, rest...)...)
		return d
	}
	if err := d.credential(ctx, client); errors.Is(err, ovhrenew.ErrCredential) && d.login == applicationKey || errors.Is(err, ovhrenew.ErrNotSent) && errors.Is(err, ovhrenew.ErrCredential) {
		d.skip("the credential is refused", rest...)
		return d
	}
	for _, need := range query.Needs {
		d.right(need)
	}
	d.width()
	d.renewing(ctx, client, d.services(ctx, client, query.Service))
	d.payment(ctx, client)
	return d
}

func (d *Diagnosis) clock(ctx context.Context, client Client) error {
	now, err := client.Time(ctx)
	if err != nil {
		d.fail("clock", err)
		return err
	}
	if d.ClockOffset = time.Until(now).Round(time.Second); d.ClockOffset.Abs() >= time.Minute {
		d.note("clock", Warning, "this machine's clock is off by %s: renewals go by the API's time, and logs by this one", d.ClockOffset)
	} else {
		d.note("clock", OK, "right to %s", max(d.ClockOffset.Abs(), time.Second))
	}
	return nil
}

func rightTo(need Need) string { return "right to " + string(need) }

func (d *Diagnosis) right(need Need) {
	name := rightTo(need)
	actions, unknown := Actions(need)
	rules, err := Rules(need)
	if d.Credential != nil {
		if rules, err = Missing(d.Credential.Rules, need); err == nil {
			d.Missing[need] = rules
		}
	}
	switch {
	case err != nil:
		d.fail(name, err)
	case d.Credential != nil && len(rules) == 0:
		d.note(name, OK, "granted")
	case d.Credential != nil:
		d.note(name, Problem, "not granted: %s", words.Listed(rules))
	case d.login == applicationKey:
		d.note(name, Unknown, "cannot be read; the key must have %s", words.Listed(rules))
	case unknown != nil:
		d.fail(name, unknown)
	default:
		d.note(name, Unknown, "cannot be read; a policy must allow %s", strings.Join(actions, " "))
	}
}

// width warns about a key that can do more than any need asks for.
func (d *Diagnosis) width() {
	if d.Credential == nil {
		return
	}
	wide := slices.DeleteFunc(slices.Clone(d.Credential.Rules), func(r Rule) bool {
		return r.Method != http.MethodDelete && r.Path != "/*" && r.Path != "*"
	})
	if len(wide) > 0 {
		d.note("rights", Warning, "wider than anything here needs: %s", words.Listed(wide))
	}
}

// services finds a service to ask about; 0 if there is none, or it cannot be told.
func (d *Diagnosis) services(ctx context.Context, client Client, target ovhrenew.Target) ovhrenew.ServiceID {
	const name = "services"
	ids, err := client.FindServices(ctx, ovhrenew.ServiceQuery{})
	if err != nil {
		d.fail(name, err)
	} else {
		d.note(name, OK, "%d in the account", len(ids))
	}
	if target != (ovhrenew.Target{}) {
		id, err := ovhrenew.Find(ctx, client, target)
		if err != nil {
			d.fail(target.String(), err)
		}
		return id
	}
	return cmp.Or(ids...)
}

// renewing asks for the offers of a service. Any service will do, and a missing one
// too: a region without the route answers differently from one without the service.
func (d *Diagnosis) renewing(ctx context.Context, client Client, id ovhrenew.ServiceID) {
	const name = "renewing"
	descriptions, err := client.Renewals(ctx, max(id, 1), false)
	switch {
	case errors.Is(err, ovhrenew.ErrUnsupported):
		d.note(name, Problem, "this region answers that it has no renewing by order: set services to renew by themselves (package autorenew)")
	case err == nil:
		offers, called := ovhrenew.Offers(id, descriptions), words.Called("", id)
		if len(offers) > 0 {
			called = words.Called(offers[0].Name(id), id)
		}
		d.note(name, OK, "by order; %s has %s", called, words.Count(len(offers), "offer"))
	case errors.Is(err, ovhrenew.ErrExpired) || errors.Is(err, ovhrenew.ErrNotFound) && id == 0:
		d.note(name, OK, "by order")
	default:
		d.fail(name, err)
	}
}
