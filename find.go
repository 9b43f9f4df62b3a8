package ovhrenew

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Target names the service to renew: made by [Name], [Route] or [ID].
type Target struct {
	name, route string
	id          ServiceID
}

// Name targets the service of this name, such as vps112233.ovh.net.
func Name(name string) Target { return Target{name: name} }

// Route targets the service at this path of the API, such as
// /vps/vps112233.ovh.net: the only name that tells a domain from its zone.
func Route(route string) Target { return Target{route: route} }

// ID targets the service of this number.
func ID(id ServiceID) Target { return Target{id: id} }

// ParseTarget reads what a person writes: a route begins with a slash, a number is an
// id, and everything else is a name. The error is [ErrBadInput] for nothing at all.
func ParseTarget(text string) (Target, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return Target{}, badInput("ParseTarget", "text", text, "is empty: want a name, a route or an id")
	}
	if id, err := strconv.ParseInt(text, 10, 64); err == nil {
		return ID(ServiceID(id)), checkID("ParseTarget", "text", id)
	}
	if strings.HasPrefix(text, "/") {
		return Route(text), checkRoute("ParseTarget", text)
	}
	return Name(text), nil
}

// String is the target as it was named.
func (t Target) String() string {
	switch {
	case t.name != "":
		return t.name
	case t.route != "":
		return t.route
	case t.id == 0:
		return "no service"
	}
	return t.id.String()
}

// MarshalText returns the text that [ParseTarget] reads. The error is [ErrBadInput] if
// that would read something else: for no service, and for a name that looks like a
// route or an id.
func (t Target) MarshalText() ([]byte, error) {
	back, err := ParseTarget(t.String())
	switch {
	case t == Target{}:
		return nil, badInput("Target.MarshalText", "Target", "", "names no service")
	case err != nil:
		return nil, err
	case back != t:
		return nil, badInput("Target.MarshalText", "Target", t, "would be read as something else")
	}
	return []byte(t.String()), nil
}

// UnmarshalText reads a target as [ParseTarget] does.
func (t *Target) UnmarshalText(text []byte) error {
	target, err := ParseTarget(string(text))
	if err == nil {
		*t = target
	}
	return err
}

// AmbiguousError says that a name is that of several services. errors.Is finds
// [ErrAmbiguous].
type AmbiguousError struct {
	Name       string
	Candidates []Service
}

// ErrAmbiguous says that a name is that of several services.
var ErrAmbiguous = errors.New("several services have this name")

// Is makes every AmbiguousError an ErrAmbiguous.
func (e *AmbiguousError) Is(target error) bool { return target == ErrAmbiguous }

// Error lists the candidates.
func (e *AmbiguousError) Error() string {
	var names []string
	for _, s := range e.Candidates {
		what := cmp.Or(s.Route, "no route")
		if product := s.Product; product != "" {
			what += ", " + product
		}
		names = append(names, fmt.Sprintf("%d (%s)", s.ID, what))
	}
	return fmt.Sprintf("%s: %v: %s; name one by its Route or ID", e.Name, ErrAmbiguous, strings.Join(names, "; "))
}

// maxNamesakes bounds how many services of one name are looked at, should a server
// ignore the name and answer every service of the account.
const maxNamesakes = 100

// Finder is what [Find] reads. Each [Reader] is one.
type Finder interface {
	FindServices(ctx context.Context, query ServiceQuery) ([]ServiceID, error)
	Service(ctx context.Context, id ServiceID) (Service, error)
	ServiceInfos(ctx context.Context, route string) (Service, error)
}

// Find resolves a target to the one service it names. The error is [ErrNotFound]
// if there is none, an [*AmbiguousError] if there are several, [ErrBadInput] if
// the target names nothing.
//
// API: GET /services?resourceName= with GET /services/{serviceId},
// or GET {route}/serviceInfos
func Find(ctx context.Context, r Finder, target Target) (ServiceID, error) {
	switch {
	case r == nil:
		return 0, badInput("Find", "r", nil, "is nil: want a Finder, such as New makes")
	case target.id != 0:
		return target.id, checkID("Find", "Target", target.id)
	case target.name != "":
		return findName(ctx, r, target.name)
	case target.route != "":
		return findRoute(ctx, r, target.route)
	}
	return 0, badInput("Find", "Target", "", "names no service")
}

func findName(ctx context.Context, r Finder, name string) (ServiceID, error) {
	found, err := namesakes(ctx, r, name)
	switch {
	case err != nil:
		return 0, err
	case len(found) == 0:
		return 0, fmt.Errorf("service %q: %w: %s", name, ErrNotFound, nameHint(name))
	case len(found) > 1:
		return 0, &AmbiguousError{Name: name, Candidates: found}
	}
	return found[0].ID, nil
}

// nameHint says what may be wrong with a name that no service has.
func nameHint(name string) string {
	target, err := ParseTarget(name)
	switch {
	case err == nil && target.route != "":
		return "a route is given by Route"
	case err == nil && target.id != 0:
		return "an id is given by ID"
	}
	return "a name is given whole, such as vps112233.ovh.net"
}

// namesakes reads the services that really have this name.
func namesakes(ctx context.Context, r Finder, name string) ([]Service, error) {
	ids, err := r.FindServices(ctx, ServiceQuery{ResourceName: name})
	if err != nil {
		return nil, err
	}
	if len(ids) > maxNamesakes {
		return nil, fmt.Errorf("service %q: %w: the API lists %d services for this name; give its route or id",
			name, ErrAmbiguous, len(ids))
	}
	var found []Service
	for _, id := range ids {
		service, err := r.Service(ctx, id)
		if err != nil {
			return nil, fmt.Errorf("service %q: %w", name, err)
		}
		if strings.EqualFold(service.Name, name) {
			found = append(found, service)
		}
	}
	return found, nil
}

// findRoute asks the product for the service's number, and where the product
// answers that the service has expired (460), the account.
func findRoute(ctx context.Context, r Finder, route string) (ServiceID, error) {
	if err := checkRoute("Find", route); err != nil {
		return 0, err
	}
	infos, err := r.ServiceInfos(ctx, route)
	if err == nil && infos.ID <= 0 {
		return 0, fmt.Errorf("GET %s/serviceInfos: %w: serviceId is %d", route, ErrMalformed, infos.ID)
	}
	if !errors.Is(err, ErrExpired) {
		return infos.ID, err
	}
	name, _ := url.PathUnescape(route[strings.LastIndex(route, "/")+1:])
	found, nameErr := namesakes(ctx, r, name)
	if nameErr != nil {
		return 0, nameErr
	}
	found = slices.DeleteFunc(found, func(s Service) bool { return s.Route != route })
	if len(found) != 1 {
		return 0, err
	}
	return found[0].ID, nil
}

func checkID[T ~int64](call, field string, id T) error {
	if id <= 0 {
		return badInput(call, field, id, "is not an id")
	}
	return nil
}

// checkRoute refuses what is not the path of a product's service: it becomes part
// of a signed URL as it is.
func checkRoute(call, route string) error {
	decoded, err := url.PathUnescape(route)
	bad := func(why string) error { return badInput(call, "route", route, why) }
	switch {
	case err != nil:
		return bad("is not a path")
	case !strings.HasPrefix(route, "/") || strings.HasSuffix(route, "/"):
		return bad("must begin with a slash and not end with one")
	case strings.HasSuffix(route, "/serviceInfos"):
		return bad("must not include /serviceInfos")
	case strings.ContainsAny(route, "?#{}\"<>\\^`| ") || strings.ContainsFunc(decoded, func(r rune) bool { return r < ' ' || r > '~' }):
		return bad("has a character that a path cannot have")
	case slices.ContainsFunc(strings.Split(route, "/")[1:], relative):
		return bad("has an empty or relative segment")
	}
	return nil
}

// relative reports whether a segment of a path is empty or leads elsewhere, however
// it is escaped.
func relative(segment string) bool {
	segment = strings.ReplaceAll(strings.ToLower(segment), "%2e", ".")
	return segment == "" || segment == "." || segment == ".."
}
