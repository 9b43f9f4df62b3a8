package ovhrenew

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/ovhrenew/ovhrenew/internal/transport"
)

// defaultPageSize keeps a page of expanded services near a megabyte; OVHcloud's
// own manager asks for up to 5,000, and the server's maximum is not known.
const defaultPageSize = 1000

// request is one call: a route of the API, and what fills it.
type request struct {
	route string // "GET /service/{serviceId}", as the API documents it
	name  string // of the route, where that has ids in it; else empty
	args  []string
	query url.Values
	body  any
	head  http.Header
	kind  transport.Kind
}

// fresh bypasses the API's cache of objects. Everything that decides about money
// is read so; only a survey's pages may be as old as the cache.
var fresh = http.Header{"Pragma": {"no-cache"}}

// path fills the route's parameters, each escaped as one segment, and adds the query.
func (r request) path() string {
	_, template, _ := strings.Cut(r.route, " ")
	for _, arg := range r.args {
		before, rest, found := strings.Cut(template, "{")
		if _, after, _ := strings.Cut(rest, "}"); found {
			template = before + url.PathEscape(arg) + after
		}
	}
	if len(r.query) > 0 {
		template += "?" + r.query.Encode()
	}
	return template
}

func onlyGiven(query url.Values) url.Values {
	maps.DeleteFunc(query, func(_ string, values []string) bool { return values[0] == "" })
	return query
}

func (a *API) send(ctx context.Context, r request) (*transport.Response, string, error) {
	path := r.path()
	call := callName(r.route, path)
	if !a.made() {
		return nil, call, errNotMade(call)
	}
	method, _, _ := strings.Cut(r.route, " ")
	response, err := a.wire.Do(ctx, transport.Request{
		Method: method, Path: path, Route: cmp.Or(r.name, r.route), Body: r.body, Header: r.head, Kind: r.kind,
		NotAfter: notAfter(ctx),
	})
	if err != nil {
		return nil, call, sendError(call, err)
	}
	if response.Status < 200 || response.Status > 299 {
		return nil, call, answerError(call, response)
	}
	return response, call, nil
}

func fetch[T any](ctx context.Context, a *API, r request) (T, error) {
	response, call, err := a.send(ctx, r)
	if err != nil {
		var none T
		return none, err
	}
	value, err := decode[T](call, response.Body)
	if named, ok := any(value).(interface{ identity() string }); ok && err == nil && len(r.args) > 0 && strings.HasSuffix(r.route, "}") {
		asked := r.args[len(r.args)-1]
		if id := named.identity(); id != "" && id != asked {
			var none T
			return none, otherID(call, id, asked)
		}
	}
	return value, err
}

func otherID(call, id, asked string) error {
	return fmt.Errorf("%s: %w: it is about %s, not %s", call, ErrMalformed, quoteShort(id), asked)
}

func identity[T ~int64](id T) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(int64(id), 10)
}

// byID reads what there is about an order or a service, uncached.
func byID[T any, ID ~int64](ctx context.Context, a *API, call, route string, id ID) (T, error) {
	if err := checkID(call, "id", id); err != nil {
		var none T
		return none, err
	}
	return fetch[T](ctx, a, request{route: route, args: []string{identity(id)}, head: fresh})
}

// listing is a list that the API can expand: its ids alone, or its objects.
type listing struct {
	request
	item string // the route of one element, whose last argument is the element's id
	name string // the member in which a raw element names its id
}

func (l listing) idOf(element any) string {
	switch element := element.(type) {
	case interface{ identity() string }:
		return element.identity()
	case json.RawMessage:
		return named(element, l.name)
	}
	return ""
}

// list streams the elements of l: as expanded pages, or, where the server ignores
// the request for those, as ids and then each element. It leaves nothing out: elements
// that a page had only a null for, or may have left out, are read by their ids. An order
// that nobody sees could be the one that is in the way. An element that cannot be read is
// yielded as an error and does not end the list; a page that cannot be read does.
func list[T any](ctx context.Context, a *API, l listing) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		r := &walk[T]{listing: l, api: a, call: callName(l.route, l.path()), yield: yield, seen: map[string]bool{}}
		if !a.made() {
			r.fail(errNotMade(r.call))
			return
		}
		var ids []json.RawMessage
		if _, plain := a.plain.Load(l.route); !plain {
			var goOn bool
			if ids, goOn = r.pages(ctx); !goOn {
				return
			}
		}
		if ids == nil {
			var err error
			if ids, err = fetch[[]json.RawMessage](ctx, a, l.request); err != nil {
				r.fail(err)
				return
			}
		}
		r.items(ctx, ids)
	}
}

type walk[T any] struct {
	listing
	api     *API
	call    string
	yield   func(T, error) bool
	seen    map[string]bool // the ids of what was yielded, and what does not name its id
	count   int             // how many elements these are
	unnamed bool            // something on the pages does not name its id
	holes   int             // what the pages left null, or may have left out
}

func (r *walk[T]) fail(err error) (goOn bool) {
	var none T
	r.yield(none, err)
	return false
}

func (r *walk[T]) one(value T, err error) (goOn bool) {
	if err != nil {
		err = &ElementError{Err: err}
	}
	return r.yield(value, err)
}

// pages reads expanded pages. It goes on with the ids where these are what the first page
// has, and with none if ids have to be asked for.
func (r *walk[T]) pages(ctx context.Context) (ids []json.RawMessage, goOn bool) {
	for number := 1; ; number++ {
		page, total, err := r.api.page(ctx, r.listing, number)
		switch {
		case err != nil:
			return nil, r.fail(err)
		case number == 1 && plainIDs(page):
			r.api.plain.Store(r.route, true)
			if len(page) == total || total < 0 && len(page) > r.api.pageSize {
				return page, true
			}
			return nil, true // they may be cut to the size of a page
		}
		news, goOn := r.take(page)
		// Without a total the list ends at an empty page: a short one may only mean that
		// the server's own limit is below the size asked for. Nor does it end at a total
		// that is less than what there is. Nulls do not count: they may be in place of an
		// element or beside it. What has come before does not either: pages overlap when
		// something is added meanwhile.
		switch {
		case !goOn:
			return nil, false
		case len(page) == 0 && r.count < total:
			r.holes++
		case len(page) > 0 && news == 0: // the server does not count pages
			r.holes++ // nobody knows whether that was all
		case len(page) > 0 && r.count != total:
			continue
		}
		return nil, r.incomplete()
	}
}

func (r *walk[T]) take(page []json.RawMessage) (news int, goOn bool) {
	for _, raw := range page {
		if string(raw) == "null" { // the API's pages may have holes
			r.holes++
			continue
		}
		value, err := decode[T](r.call, raw)
		id := r.idOf(value)
		r.unnamed = r.unnamed || id == "" && err == nil
		known := r.seen[cmp.Or(id, string(raw))]
		r.seen[cmp.Or(id, string(raw))] = true
		if !known {
			news++
		} else if id != "" {
			continue
		}
		if r.count++; !r.one(value, err) {
			return news, false
		}
	}
	return news, true
}

func (r *walk[T]) incomplete() bool {
	if r.holes > 0 && r.unnamed {
		return r.fail(&ElementError{Err: fmt.Errorf("%s: %w: a page has nulls, and its elements do not say which of them are missing", r.call, ErrMalformed)})
	}
	return r.holes > 0
}

func (r *walk[T]) items(ctx context.Context, ids []json.RawMessage) {
	for _, raw := range ids {
		value, id, err := r.element(ctx, raw)
		if err == nil && r.seen[id] {
			continue
		}
		r.seen[id] = true
		if err != nil {
			number, _ := strconv.ParseInt(id, 10, 64) // of those that are numbers
			err = &ElementError{ID: number, Err: err}
		}
		if !r.yield(value, err) || ctx.Err() != nil {
			return
		}
	}
}

// element is that of an id, which is read unless it has been seen.
func (r *walk[T]) element(ctx context.Context, raw json.RawMessage) (value T, id string, err error) {
	if raw[0] == '{' { // the server expands it all the same
		value, err = decode[T](r.call, raw)
		return value, cmp.Or(r.idOf(value), string(raw)), err
	}
	if id, err = elementID(r.call, raw); err != nil || r.seen[id] {
		return value, id, err
	}
	value, err = fetch[T](ctx, r.api, request{route: r.item, args: append(slices.Clip(r.args), id), head: r.head})
	if named := r.idOf(value); err == nil && named != "" && named != id {
		err = otherID(r.item, named, id)
	}
	return value, id, err
}

// page reads one expanded page; total is -1 where the server does not say.
func (a *API) page(ctx context.Context, l listing, number int) (page []json.RawMessage, total int, err error) {
	r := l.request
	r.head = l.head.Clone()
	if r.head == nil {
		r.head = http.Header{}
	}
	r.head.Set("X-Pagination-Mode", "CachedObjectList-Pages")
	r.head.Set("X-Pagination-Number", strconv.Itoa(number))
	r.head.Set("X-Pagination-Size", strconv.Itoa(a.pageSize))
	response, call, err := a.send(ctx, r)
	if err != nil {
		return nil, 0, err
	}
	total = -1
	if text := response.Header.Get("X-Pagination-Elements"); text != "" {
		if total, err = strconv.Atoi(text); err != nil || total < 0 {
			return nil, 0, fmt.Errorf("%s: %w: header X-Pagination-Elements is %q", call, ErrMalformed, text)
		}
	}
	page, err = decode[[]json.RawMessage](call, response.Body)
	return page, total, err
}

func plainIDs(page []json.RawMessage) bool {
	for _, element := range page {
		if string(element) != "null" {
			return element[0] != '{'
		}
	}
	return false
}

// elementID is an id as it stands in a list: a whole number or a text.
func elementID(call string, raw json.RawMessage) (string, error) {
	var text string
	if json.Unmarshal(raw, &text) == nil && text != "" {
		return text, nil
	}
	if _, err := strconv.ParseInt(string(raw), 10, 64); err == nil {
		return string(raw), nil
	}
	return "", fmt.Errorf("%s: %w: not an id (got %s)", call, ErrMalformed, got(raw))
}

// ElementError is about one element of a list. The list goes on after it.
type ElementError struct {
	ID  int64 // 0 if it is not known
	Err error
}

func (e *ElementError) Error() string { return e.Err.Error() }

func (e *ElementError) Unwrap() error { return e.Err }
