package access

import (
	"regexp"
	"slices"
	"strings"

	"github.com/ovhrenew/ovhrenew"
)

// Rule lets an application key make calls: one method on some paths.
type Rule struct {
	Method string `json:"method"`
	// Path is without the API's version. * in it stands for anything, slashes too;
	// X/* does not let X itself through.
	Path string `json:"path"`
}

// String returns the method and the path.
func (r Rule) String() string { return r.Method + " " + r.Path }

// Allows reports whether the rule lets a call through. A path with * in it stands
// for all of its paths.
func (r Rule) Allows(method, path string) bool {
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
func (r right) rule() Rule {
	method, template, _ := strings.Cut(r.route, " ")
	return Rule{method, parameter.ReplaceAllLiteralString(template, "*")}
}

var parameter = regexp.MustCompile(`\{[^}]*\}`)

// Rules returns the fewest rules that an application key must have for the needs: what
// to give POST /auth/credential. None is wider than the calls ask for. The error is
// [ovhrenew.ErrBadInput] if a need is not known.
func Rules(needs ...Need) ([]Rule, error) {
	all, err := rights("access.Rules", needs)
	return fewest(all), err
}

// fewest turns calls into rules, and leaves out those that another one includes:
// /service/* lets /service/1/renew through whether that is wanted or not.
func fewest(all []right) []Rule {
	var rules []Rule
	for _, r := range all {
		if rule := r.rule(); !slices.Contains(rules, rule) {
			rules = append(rules, rule)
		}
	}
	return slices.DeleteFunc(slices.Clone(rules), func(rule Rule) bool {
		return slices.ContainsFunc(rules, func(wider Rule) bool {
			return wider != rule && wider.Allows(rule.Method, rule.Path)
		})
	})
}

// Missing returns the rules to add to those that were granted, so that the needs are met
// for every service and order. A rule for one service only does not count. The error is
// [ovhrenew.ErrBadInput] if a need is not known.
func Missing(granted []Rule, needs ...Need) ([]Rule, error) {
	all, err := rights("access.Missing", needs)
	missing := slices.DeleteFunc(all, func(r right) bool {
		rule := r.rule()
		return slices.ContainsFunc(granted, func(g Rule) bool { return g.Allows(rule.Method, rule.Path) })
	})
	return fewest(missing), err
}

// Actions returns the IAM actions that a policy must allow for the needs, in alphabetical
// order. Those that begin with account: are on the account itself, not on its products.
// The error is [ovhrenew.ErrBadInput] if a need is not known, or the action of a product
// is not on record.
func Actions(needs ...Need) ([]string, error) {
	all, err := rights("access.Actions", needs)
	if err != nil {
		return nil, err
	}
	var actions []string
	for _, r := range all {
		switch product := strings.HasSuffix(r.route, infosSuffix); {
		case r.action != "" && product:
			actions = append(actions, r.action)
		case r.action != "":
			actions = append(actions, "account:apiovh:"+r.action)
		case product:
			return nil, badNeed("access.Actions", r.route, "has no action on record")
		}
	}
	slices.Sort(actions)
	return slices.Compact(actions), nil
}

// rights are all calls of the needs, each once. The error is [ovhrenew.ErrBadInput] for a
// need that is none.
func rights(call string, needs []Need) ([]right, error) {
	var all []right
	for _, need := range needs {
		own, includes, known := need.calls()
		if !known {
			return nil, badNeed(call, string(need), "is not one of Needs, and no route of a product")
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

func badNeed(call, need, why string) error {
	return &ovhrenew.InputError{Call: call, Field: "Need", Value: need, Why: why}
}
