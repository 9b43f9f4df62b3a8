package ovhrenew

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/ovhrenew/ovhrenew/internal/names"
)

// Target names a service: made by [Name], [Route] or [ID].
type Target struct {
	name, route string
	id          ServiceID
}

// Name targets the service of this name, such as vps112233.ovh.net, or of a URL that has
// it. Capitals, a dot at the end, and Unicode or punycode make no difference.
func Name(name string) Target { return Target{name: name} }

// Route targets the service at this path of the API, such as /vps/vps112233.ovh.net.
// Only a route tells a domain from its zone.
func Route(route string) Target { return Target{route: route} }

// ID targets the service of this number.
func ID(id ServiceID) Target { return Target{id: id} }

// ParseTarget reads what a person writes: a route begins with a slash, a number is an
// id, alone or behind a name as in "vps1 (123)", all else is a name or a URL. A number that
// begins with 0 or + is a telephone line's name.
func ParseTarget(text string) (Target, error) {
	const call = "ParseTarget"
	if text = names.Trim(text); text == "" {
		return Target{}, badInput(call, "text", text, "is empty: want a name, a route or an id")
	}
	if called := calledService.FindStringSubmatch(text); called != nil {
		text = called[1]
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if !strings.HasPrefix(text, "/") && unrooted.MatchString(text) {
		text = "/" + text
	}
	switch {
	case strings.HasPrefix(text, "/"):
		text = cmp.Or(strings.TrimRight(text, "/"), text)
		if block := blockRoute.FindStringSubmatch(text); block != nil {
			text = block[1] + "%2F" + block[2]
		}
		return Route(text), checkRoute(call, text)
	case text == "0", err == nil && text[0] != '0' && text[0] != '+':
		return ID(ServiceID(id)), checkID(call, "text", id)
	case names.IsURL(text):
		address, _, _ := strings.Cut(text, "?") // which may have what opens a session
		return Name(address), nil
	}
	return Name(text), nil
}

// calledService is how errors and reports name a service, after its name if it has one.
var calledService = regexp.MustCompile(`^(?:service |.+ \()([1-9][0-9]*)\)?$`)

// unrooted is a route without the slash that it begins with.
var unrooted = regexp.MustCompile(`^[a-z][a-zA-Z]*/.`)

// blockRoute is the route of an IP block whose slash is not escaped.
var blockRoute = regexp.MustCompile(`^(/ip/[^/]+)/([0-9]+)$`)

func (t Target) String() string {
	if t.name != "" && t.id != 0 { // of an error about a service that was read
		return called(t.name, t.id)
	}
	return cmp.Or(t.name, t.route, identity(t.id), "no service")
}

// MarshalText returns the text that [ParseTarget] reads.
func (t Target) MarshalText() ([]byte, error) {
	back, err := ParseTarget(t.String())
	switch {
	case t == Target{}:
		return nil, badInput("Target.MarshalText", "Target", "", "names no service")
	case err != nil:
		return nil, err
	case back != t && (t.id == 0 || back.id != t.id):
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

// AmbiguousError says which services have a name. It is an [ErrAmbiguous].
type AmbiguousError struct {
	Name       string
	Candidates []Service
}

func (e *AmbiguousError) Is(target error) bool { return target == ErrAmbiguous }

func (e *AmbiguousError) Error() string {
	var candidates []string
	for _, s := range e.Candidates {
		what := called(s.Name, s.ID)
		if s.Route != "" {
			what += " at " + s.Route
		}
		if s.Product != "" {
			what += ", " + s.Product
		}
		candidates = append(candidates, what)
	}
	return fmt.Sprintf("%s: %v: %s; name one by its Route or ID", e.Name, ErrAmbiguous, strings.Join(candidates, "; "))
}

// maxNamesakes bounds how many services of one name are looked at, should a server
// ignore the name and answer every service of the account.
const maxNamesakes = 100

// Finder is what [Find] reads. Every [Reader] is one.
type Finder interface {
	FindServices(ctx context.Context, query ServiceQuery) ([]ServiceID, error)
	Services(ctx context.Context, query ServiceQuery) iter.Seq2[Service, error]
	Service(ctx context.Context, id ServiceID) (Service, error)
	ServiceInfos(ctx context.Context, route string) (Service, error)
}

// Find returns the one service that a target names. The error is [ErrNotFound] with
// similar names, an [*AmbiguousError], or [ErrBadInput].
// API: GET /services, or GET {route}/serviceInfos
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

// findName asks for the spellings of a name, then for what an address has in it, and looks
// through the account's pages for one that the API spells in another way still.
func findName(ctx context.Context, r Finder, name string) (ServiceID, error) {
	var found []Service
	spellings, parts := names.Spellings(name), names.Parts(name)
	for i, spelling := range slices.Concat(spellings, parts) {
		if i <= len(spellings) && len(found) > 0 {
			break // of the whole name; of an address, every part counts
		}
		more, err := namesakes(ctx, r, spelling)
		if err != nil {
			return 0, err
		}
		found = append(found, more...)
	}
	var near []string
	var unread error
	if len(found) == 0 {
		found, near, unread = lookThrough(ctx, r, slices.Concat(spellings, parts))
	}
	slices.SortFunc(found, func(a, b Service) int { return cmp.Compare(a.ID, b.ID) })
	found = slices.CompactFunc(found, func(a, b Service) bool { return a.ID == b.ID })
	switch {
	case len(found) == 1:
		return found[0].ID, nil
	case len(found) > 1:
		return 0, &AmbiguousError{Name: name, Candidates: found}
	case ctx.Err() != nil:
		return 0, fmt.Errorf("service %q: %w", name, ctx.Err())
	case unread != nil && len(near) == 0:
		return 0, fmt.Errorf("service %q: %w: it may be spelt in another way, and the account's services cannot be read: %w", name, ErrNotFound, unread)
	}
	return 0, fmt.Errorf("service %q: %w: %s", name, ErrNotFound, nameHint(name, near))
}

// maxLooked bounds how many services are looked through for a name that is not found.
const maxLooked = 20_000

// lookThrough returns the services on the account's pages that have one of these names, and
// the names that are near to the last.
func lookThrough(ctx context.Context, r Finder, spellings []string) (found []Service, near []string, unread error) {
	if len(spellings) == 0 {
		return nil, nil, nil
	}
	meant := names.NearTo(spellings[len(spellings)-1])
	looked := 0
	for service, err := range r.Services(ctx, ServiceQuery{}) {
		if looked++; looked > maxLooked || ctx.Err() != nil {
			break
		}
		if err != nil {
			unread = cmp.Or(unread, err)
			continue
		}
		if service.Name == "" {
			continue
		}
		if slices.Contains(spellings, names.Normal(service.Name)) {
			found = append(found, service)
		}
		meant.Add(service.Name)
		if service.DisplayName != service.Name && names.Normal(service.DisplayName) == spellings[0] {
			near = append(near, service.Name)
		}
	}
	return found, append(near, meant.Names()...), unread
}

func nameHint(name string, near []string) string {
	target, err := ParseTarget(name)
	switch {
	case err == nil && target.route != "":
		return "use Route for a route"
	case err == nil && target.id != 0:
		return "use ID for an id, or ParseTarget for what people write"
	case len(near) > 0:
		const most = 3
		return "similar names: " + strings.Join(near[:min(len(near), most)], ", ")
	}
	return "give the whole name, such as vps112233.ovh.net"
}

// namesakes reads the services that really have this name.
func namesakes(ctx context.Context, r Finder, name string) ([]Service, error) {
	ids, err := r.FindServices(ctx, ServiceQuery{ResourceName: name})
	if err != nil {
		return nil, err
	}
	if len(ids) > maxNamesakes {
		return nil, fmt.Errorf("service %q: %w: the API lists %d services for this name; give its route or id", name, ErrAmbiguous, len(ids))
	}
	var found []Service
	for _, id := range ids {
		service, err := r.Service(ctx, id)
		if err != nil {
			return nil, fmt.Errorf("service %q: %w", name, err)
		}
		if names.Normal(service.Name) == names.Normal(name) {
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

// at refuses a service that the account has at another route than the target, if both are
// known: a product may have answered with the number of another.
func (s Service) at(target Target) error {
	plain := strings.NewReplacer("%2F", "/", "%2f", "/").Replace
	if target.route == "" || s.Route == "" || strings.EqualFold(plain(s.Route), plain(target.route)) {
		return nil
	}
	return otherID("GET "+target.route+infosSuffix, s.Route, target.route)
}

func checkID[T ~int64](call, field string, id T) error {
	if id <= 0 {
		return badInput(call, field, id, "is not an id")
	}
	return nil
}

func checkRoute(call, route string) error {
	path, err := pathOf(call, "route", route)
	switch {
	case err != nil:
		return err
	case strings.Contains(route, "?") || unprintable(path.Path):
		return badInput(call, "route", route, "has a character that a path cannot have")
	case strings.HasSuffix(route, infosSuffix):
		return badInput(call, "route", route, "must not include "+infosSuffix)
	}
	return nil
}
