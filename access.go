package ovhrenew

import (
	"slices"
	"strings"
)

// Need is something that a program wants to do with an account, such as [NeedPay],
// and so a set of rights. [AccessRules] are those rights for an application key,
// [IAMActions] for an OAuth2 client or an access token.
type Need string

// What can be needed. Each need includes what has to be read for it. None lets
// anything be deleted.
//
// The API's rights do not tell a quote from an order: who may ask for a price may
// order too. An order costs nothing until it is paid, and paying is another right.
const (
	// NeedRead is finding services by name or number and listing how they can be
	// renewed: [Find], [Survey], [ReadService], [API.Renewals].
	NeedRead Need = "read"
	// NeedOrder is [Preview], with its quote, and [EnsureOrder].
	NeedOrder Need = "order"
	// NeedPay is [Renew] and [EnsurePaid] with a [Method] or the [DefaultMethod].
	NeedPay Need = "pay"
	// NeedPayMean is the same with a [Mean].
	NeedPayMean Need = "pay-mean"
	// NeedSettings is [PreviewSetting]: how services renew by themselves.
	NeedSettings Need = "settings"
	// NeedConfigure is [API.SetRenewal]. It spends: what is set to renew by itself is
	// charged later.
	NeedConfigure Need = "configure"
	// NeedBills is finding the bill of an order: package billing, and /me/order/{orderId}/associatedObject
	// by [API.Read].
	NeedBills Need = "bills"
	// NeedDiagnose is what [Diagnose] reads when it is given everything.
	NeedDiagnose Need = "diagnose"
)

// Needs lists the needs that have a name. Those of products are made by [NeedInfos]
// and [NeedSetInfos].
func Needs() []Need {
	return []Need{
		NeedRead, NeedOrder, NeedPay, NeedPayMean, NeedSettings, NeedConfigure, NeedBills, NeedDiagnose,
	}
}

// NeedInfos is reading a product's own view of its services: [Find] with a [Route],
// [API.ServiceInfos]. The route is a template of [Products] or a service's path.
func NeedInfos(route string) Need { return Need("infos " + route) }

// NeedSetInfos is [API.SetRenewal] where only the product's own route can do it.
func NeedSetInfos(route string) Need { return Need("set-infos " + route) }

// right is a call that the library makes, and the IAM action that allows it; empty
// where none is on record.
type right struct{ route, action string }

const accountAction = "account:apiovh:"

// calls are the calls that a need alone adds, and the needs that it includes.
func (n Need) calls() (own []right, includes []Need, known bool) {
	switch n {
	case NeedRead:
		own = []right{
			{"GET /services", "services/get"},
			{"GET /services/{serviceId}", "services/get"},
			{"GET /service/{serviceId}", "service/get"},
			{"GET /service/{serviceId}/renew", "service/renew/get"},
		}
	case NeedOrder:
		includes = []Need{NeedRead}
		own = []right{
			{"POST /service/{serviceId}/renew", "service/renew/create"},
			{"GET /me/order", "me/order/get"},
			{"GET /me/order/{orderId}", "me/order/get"},
			{"GET /me/order/{orderId}/details", "me/order/details/get"},
			{"GET /me/order/{orderId}/details/{orderDetailId}", "me/order/details/get"},
			{"GET /me/order/{orderId}/status", "me/order/status/get"},
			{"GET /me/order/{orderId}/payment", "me/order/payment/get"},
		}
	case NeedPay:
		includes = []Need{NeedOrder}
		own = []right{
			{"POST /me/order/{orderId}/pay", "me/order/pay"},
			{"GET /me/order/{orderId}/paymentMethods", "me/order/paymentMethods/get"},
			{"GET /me/payment/method", "me/payment/method/get"},
			{"GET /me/payment/method/{paymentMethodId}", "me/payment/method/get"},
		}
	case NeedPayMean:
		includes = []Need{NeedOrder}
		own = []right{
			{"POST /me/order/{orderId}/payWithRegisteredPaymentMean", "me/order/payWithRegisteredPaymentMean"},
			{"GET /me/order/{orderId}/availableRegisteredPaymentMean", "me/order/availableRegisteredPaymentMean/get"},
		}
	case NeedSettings:
		own = []right{
			{"GET /services", "services/get"},
			{"GET /services/{serviceId}", "services/get"},
			{"GET /service/{serviceId}", "service/get"},
			{"GET /services/{serviceId}/options", "services/options/get"},
			{"GET /services/{serviceId}/renewPeriodCapacities", "services/renewPeriodCapacities/get"},
		}
	case NeedConfigure:
		includes = []Need{NeedSettings}
		own = []right{{"PUT /services/{serviceId}", "services/edit"}}
	case NeedBills:
		own = []right{
			{"GET /me/bill", "me/bill/get"},
			{"GET /me/bill/{billId}", "me/bill/get"},
			{"GET /me/order/{orderId}/associatedObject", "me/order/associatedObject/get"},
		}
	case NeedDiagnose:
		own = []right{
			{"GET /auth/currentCredential", ""}, // asked of application keys only
			{"GET /services", "services/get"},
			{"GET /service/{serviceId}/renew", "service/renew/get"},
			{"GET /me/payment/method", "me/payment/method/get"},
			{"GET /me/payment/method/{paymentMethodId}", "me/payment/method/get"},
		}
	default:
		return n.productCalls()
	}
	for i, r := range own {
		if r.action != "" {
			own[i].action = accountAction + r.action
		}
	}
	return own, includes, true
}

// rights are all calls of the needs, each once. The error is [ErrBadInput] for a
// need that is none.
func rights(call string, needs []Need) ([]right, error) {
	var all []right
	for _, need := range needs {
		own, includes, known := need.calls()
		if !known {
			return nil, badInput(call, "Need", need, "is not one of Needs, and no route of a product")
		}
		included, err := rights(call, includes)
		if err != nil {
			return nil, err
		}
		for _, r := range append(included, own...) {
			if !slices.Contains(all, r) {
				all = append(all, r)
			}
		}
	}
	return all, nil
}

// AccessRule lets an application key make calls: one method on some paths.
type AccessRule struct {
	Method string `json:"method"`
	// Path is without the API's version. * in it stands for anything, slashes too;
	// X/* does not let X itself through.
	Path string `json:"path"`
}

// String is the method and the path.
func (r AccessRule) String() string { return r.Method + " " + r.Path }

// Allows reports whether the rule lets a call through. A path with * in it stands
// for all of its paths.
func (r AccessRule) Allows(method, path string) bool {
	parts := strings.Split(r.Path, "*")
	rest, found := strings.CutPrefix(path, parts[0])
	if !found || r.Method != method || len(parts) == 1 {
		return found && r.Method == method && rest == ""
	}
	for _, part := range parts[1 : len(parts)-1] {
		_, after, found := strings.Cut(rest, part)
		if !found {
			return false
		}
		rest = after
	}
	return strings.HasSuffix(rest, parts[len(parts)-1])
}

// rule is the narrowest rule that lets a call through for every service and order.
func (r right) rule() AccessRule {
	method, template, _ := strings.Cut(r.route, " ")
	var path strings.Builder
	for {
		before, after, found := strings.Cut(template, "{")
		path.WriteString(before)
		if !found {
			return AccessRule{method, path.String()}
		}
		path.WriteString("*")
		_, template, _ = strings.Cut(after, "}")
	}
}

// AccessRules are the fewest rules that an application key must have for the needs,
// and none wider than the calls ask for: what to give POST /auth/credential. The
// error is [ErrBadInput] for a need that is none.
//
// An empty list of needs needs nothing.
func AccessRules(needs ...Need) ([]AccessRule, error) {
	all, err := rights("AccessRules", needs)
	return fewest(all), err
}

// fewest turns calls into rules, and leaves out those that another one includes:
// /service/* lets /service/1/renew through whether that is wanted or not.
func fewest(all []right) []AccessRule {
	var rules []AccessRule
	for _, r := range all {
		if rule := r.rule(); !slices.Contains(rules, rule) {
			rules = append(rules, rule)
		}
	}
	return slices.DeleteFunc(slices.Clone(rules), func(rule AccessRule) bool {
		return slices.ContainsFunc(rules, func(wider AccessRule) bool {
			return wider != rule && wider.Allows(rule.Method, rule.Path)
		})
	})
}

// MissingRules are the rules that have to be added to those that were granted, so
// that the needs are met for every service and order; none if they are.
// A rule for one service only does not count. The error is [ErrBadInput] for a need
// that is none.
func MissingRules(granted []AccessRule, needs ...Need) ([]AccessRule, error) {
	all, err := rights("MissingRules", needs)
	missing := slices.DeleteFunc(all, func(r right) bool {
		rule := r.rule()
		return slices.ContainsFunc(granted, func(g AccessRule) bool { return g.Allows(rule.Method, rule.Path) })
	})
	return fewest(missing), err
}

// IAMActions are the actions that a policy must allow for the needs, in alphabetical
// order. Those that begin with account: are on the account itself, not on its
// products. The error is [ErrBadInput] for a need that is none, and for a product
// whose action is not on record.
func IAMActions(needs ...Need) ([]string, error) {
	all, err := rights("IAMActions", needs)
	if err != nil {
		return nil, err
	}
	var actions []string
	for _, r := range all {
		if r.action != "" {
			actions = append(actions, r.action)
		} else if strings.HasSuffix(r.route, infosSuffix) {
			return nil, badInput("IAMActions", "Need", r.route, "has no action on record")
		}
	}
	slices.Sort(actions)
	return slices.Compact(actions), nil
}

// productCalls are those of NeedInfos and NeedSetInfos.
func (n Need) productCalls() (own []right, includes []Need, known bool) {
	kind, route, _ := strings.Cut(string(n), " ")
	product, known := productOf(route)
	if !known {
		return nil, nil, false
	}
	route = product.Route + infosSuffix
	action := func(verb string) string {
		if product.Actions == "" {
			return ""
		}
		return product.Actions + "/" + verb
	}
	switch kind {
	case "infos":
		return []right{{"GET " + route, action("get")}}, nil, true
	case "set-infos":
		if product.ReadOnly {
			return nil, nil, false
		}
		return []right{{"PUT " + route, action("edit")}}, []Need{NeedInfos(product.Route)}, true
	}
	return nil, nil, false
}

// Product is a family of services that has {route}/serviceInfos.
type Product struct {
	// Route is the template of its services' paths, such as /vps/{serviceName}.
	Route string `json:"route"`
	// Actions begins the IAM actions of its serviceInfos, such as
	// vps:apiovh:serviceInfos; empty where none is on record.
	Actions string `json:"actions,omitempty"`
	// ReadOnly says that its serviceInfos cannot be changed.
	ReadOnly bool `json:"readOnly,omitempty"`
}

// productOf finds the product of a template or of a service's path. A template that
// is not on record is taken as it is: products are added to the API.
func productOf(route string) (Product, bool) {
	if !strings.HasPrefix(route, "/") || strings.HasSuffix(route, "/") || strings.Contains(route, "*") {
		return Product{}, false
	}
	segments := strings.Split(route, "/")
	for _, product := range Products() {
		if alike(strings.Split(product.Route, "/"), segments) {
			return product, true
		}
	}
	// Without a fixed beginning it would be a rule for everything.
	return Product{Route: route}, strings.Contains(route, "{") && !strings.HasPrefix(route, "/{")
}

func alike(template, segments []string) bool {
	return slices.EqualFunc(template, segments, func(want, got string) bool {
		return want == got || strings.HasPrefix(want, "{") && got != ""
	})
}
