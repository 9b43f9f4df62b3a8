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
	Warning Verdict = "warning" // it works; look at it all the same
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
	// Err is why the check could not be made, or nil.
	Err error `json:"-"`
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
	// Endpoint is the API that answered.
	Endpoint string `json:"endpoint"`
	// Checks are all that were tried, in their order.
	Checks []Check `json:"checks"`
	// ClockOffset is how far the API's clock is ahead of this machine's.
	ClockOffset time.Duration `json:"clockOffset"`
	// Credential is nil where the API does not tell: for tokens.
	Credential *Credential `json:"credential,omitempty"`
	// Missing are the rules that each need lacks; a need that is not in it is one
	// whose rights are not known.
	Missing map[Need][]Rule `json:"missing"`
	// Unattended are the payment methods that can pay without a person, the default
	// one first.
	Unattended []ovhrenew.Method `json:"unattended"`
}

// OK reports whether nothing was found that will not work. What could not be found
// out does not count.
func (d *Diagnosis) OK() bool {
	return !slices.ContainsFunc(d.Checks, func(c Check) bool { return c.Verdict == Problem })
}

// String is a line for each check.
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

// fail notes a check that could not be made. A refusal that names what is missing is
// a problem by itself.
func (d *Diagnosis) fail(name string, err error) {
	verdict := Unknown
	if errors.Is(err, ovhrenew.ErrDenied) || errors.Is(err, ovhrenew.ErrBadInput) || errors.Is(err, ovhrenew.ErrNotFound) {
		verdict = Problem
	}
	d.Checks = append(d.Checks, Check{Name: name, Verdict: verdict, Saw: words.Clean(err.Error()), Err: err})
}

// Client is what Diagnose reads with. [ovhrenew.API] is one.
type Client interface {
	Reader
	ovhrenew.Finder
	Endpoint() string
	ClockOffset(ctx context.Context) (time.Duration, error)
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
	d := &Diagnosis{Endpoint: client.Endpoint(), Missing: map[Need][]Rule{}}
	if query.Needs == nil {
		query.Needs = []Need{Read, Order, Pay}
	}
	d.clock(ctx, client)
	d.credential(ctx, client)
	for _, need := range query.Needs {
		d.right(need)
	}
	d.width()
	d.renewing(ctx, client, d.services(ctx, client, query.Service))
	d.payment(ctx, client)
	return d
}

// noticeable is the clock offset from which a machine's day may end at another time
// than the API's.
const noticeable = time.Minute

func (d *Diagnosis) clock(ctx context.Context, client Client) {
	offset, err := client.ClockOffset(ctx)
	d.ClockOffset = offset
	switch {
	case err != nil:
		d.fail("clock", err)
	case offset.Abs() >= noticeable:
		d.note("clock", Warning, "this machine's clock is off by %s: requests are signed with the API's time, but guards reckon days by this one", offset.Round(time.Second))
	default:
		d.note("clock", OK, "right to %s", max(offset.Abs().Round(time.Second), time.Second))
	}
}

// ending is how long before its end a credential or a card is warned about.
const ending = 14 * 24 * time.Hour

func (d *Diagnosis) credential(ctx context.Context, client Client) {
	const name = "credential"
	credential, err := Current(ctx, client)
	if err != nil {
		// What this route answers to a token is not known: no answer to it says
		// that the credential is bad.
		d.Checks = append(d.Checks, Check{Name: name, Verdict: Unknown, Err: err, Saw: fmt.Sprintf(
			"its rights and its end cannot be read, as for any OAuth2 client or token, or for a key without GET /auth/currentCredential (%s)", words.Clean(err.Error()))})
		return
	}
	d.Credential = &credential
	left := time.Until(credential.Expiration.Time)
	switch {
	case credential.Status != validated:
		d.note(name, Problem, "its status is %s", cmp.Or(credential.Status, "not said"))
	case credential.Expiration.IsZero():
		d.note(name, OK, "%s, without an end", credential.Status)
	case left <= 0:
		d.note(name, Problem, "it ended on %s", credential.Expiration)
	case left < ending:
		d.note(name, Warning, "it ends on %s: ask for a new one before", credential.Expiration)
	default:
		d.note(name, OK, "%s, until %s", credential.Status, credential.Expiration)
	}
}

func (d *Diagnosis) right(need Need) {
	name := "right to " + string(need)
	actions, err := Actions(need)
	if err != nil && d.Credential == nil {
		d.fail(name, err)
		return
	}
	if d.Credential == nil {
		d.note(name, Unknown, "cannot be read; a policy must allow %s", strings.Join(actions, " "))
		return
	}
	missing, err := Missing(d.Credential.Rules, need)
	if err != nil {
		d.fail(name, err)
		return
	}
	d.Missing[need] = missing
	if len(missing) == 0 {
		d.note(name, OK, "granted")
		return
	}
	texts := make([]string, 0, len(missing))
	for _, rule := range missing {
		texts = append(texts, rule.String())
	}
	d.note(name, Problem, "not granted: %s", strings.Join(texts, ", "))
}

// width warns about a key that can do more than any need asks for.
func (d *Diagnosis) width() {
	if d.Credential == nil {
		return
	}
	var wide []string
	for _, rule := range d.Credential.Rules {
		if rule.Method == http.MethodDelete || rule.Path == "/*" || rule.Path == "*" {
			wide = append(wide, rule.String())
		}
	}
	if len(wide) > 0 {
		d.note("rights", Warning, "wider than anything here needs: %s", strings.Join(wide, ", "))
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
	if len(ids) == 0 {
		return 0
	}
	return ids[0]
}

// renewing asks for the offers of a service. Any service will do, and a missing one
// too: a region without the route answers differently from one without the service.
func (d *Diagnosis) renewing(ctx context.Context, client Client, id ovhrenew.ServiceID) {
	const name = "renewing"
	descriptions, err := client.Renewals(ctx, max(id, 1), false)
	switch {
	case errors.Is(err, ovhrenew.ErrUnsupported):
		d.note(name, Problem, "this region has no renewing by order: set services to renew by themselves (package autorenew)")
	case err == nil:
		d.note(name, OK, "by order; service %d has %d offers", id, len(ovhrenew.Offers(id, descriptions)))
	case errors.Is(err, ovhrenew.ErrExpired) || errors.Is(err, ovhrenew.ErrNotFound) && id == 0:
		d.note(name, OK, "by order")
	default:
		d.fail(name, err)
	}
}

func (d *Diagnosis) payment(ctx context.Context, client Client) {
	const name = "payment"
	methods, err := methodsOf(ctx, client)
	if err != nil {
		d.fail(name, err)
		return
	}
	byDefault := ""
	for _, method := range methods {
		why := attended(method, time.Now())
		if why == "" && method.Default {
			d.Unattended = slices.Insert(d.Unattended, 0, method.PaymentMethodID)
		} else if why == "" {
			d.Unattended = append(d.Unattended, method.PaymentMethodID)
		}
		if left := time.Until(method.ExpirationDate.Time); why == "" && !method.ExpirationDate.IsZero() && left < ending {
			d.note(name, Warning, "%v ends on %s", method.PaymentMethodID, method.ExpirationDate)
		}
		if method.Default {
			byDefault = fmt.Sprintf("the default, %v (%s), can pay unattended", method.PaymentMethodID, method.PaymentType)
			if why != "" {
				byDefault = fmt.Sprintf("the default, %v, cannot pay unattended: %s", method.PaymentMethodID, why)
			}
		}
	}
	if byDefault == "" {
		byDefault = fmt.Sprintf("there is no default among %d payment methods", len(methods))
	}
	switch {
	case len(d.Unattended) == 0:
		d.note(name, Problem, "%s, and no other can: register a card, or pay with a Mean", byDefault)
	case !slices.ContainsFunc(methods, func(m ovhrenew.PaymentMethod) bool { return m.Default && m.PaymentMethodID == d.Unattended[0] }):
		d.note(name, Warning, "%s; others can: %s", byDefault, words.Listed(d.Unattended))
	default:
		d.note(name, OK, "%s; whether an order takes it, only the order tells", byDefault)
	}
}

func methodsOf(ctx context.Context, client Client) ([]ovhrenew.PaymentMethod, error) {
	var methods []ovhrenew.PaymentMethod
	for method, err := range client.PaymentMethods(ctx) {
		if err != nil {
			return nil, err
		}
		methods = append(methods, method)
	}
	return methods, nil
}

// attended is why a payment method cannot pay without a person; empty if it can.
func attended(m ovhrenew.PaymentMethod, now time.Time) string {
	switch {
	case m.Status != "VALID":
		return "its status is " + cmp.Or(string(m.Status), "not said")
	case !m.ExpirationDate.IsZero() && now.After(m.ExpirationDate.Time):
		return "it ended on " + m.ExpirationDate.String()
	case m.OneClick != nil && !*m.OneClick:
		return "it wants each payment confirmed"
	}
	return ""
}
