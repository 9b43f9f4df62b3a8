package ovhrenew

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

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
	var b strings.Builder
	args := r.args
	for len(args) > 0 {
		before, after, found := strings.Cut(template, "{")
		if !found {
			break
		}
		_, rest, _ := strings.Cut(after, "}")
		b.WriteString(before + url.PathEscape(args[0]))
		template, args = rest, args[1:]
	}
	b.WriteString(template)
	if len(r.query) > 0 {
		b.WriteString("?" + r.query.Encode())
	}
	return b.String()
}

// send makes the call and returns its answer when that is a success.
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

// fetch makes the call and decodes its answer.
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

// otherID says that an answer is about something else than was asked for.
func otherID(call, id, asked string) error {
	return fmt.Errorf("%s: %w: it is about %s, not %s", call, ErrMalformed, quoteShort(id), asked)
}

// identity is the id that an answer names, empty if it names none.
func identity[T ~int64](id T) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(int64(id), 10)
}

// get reads one object, uncached.
func get[T any](ctx context.Context, a *API, route string, args ...string) (T, error) {
	return fetch[T](ctx, a, request{route: route, args: args, head: fresh})
}

// pageModes remembers the lists that the server does not expand, so that this is
// found out once and not on every call.
type pageModes struct{ plain sync.Map }

// listing is a list that the API can expand: its ids alone, or its objects.
type listing struct {
	request
	item   string   // the route of one element
	prefix []string // the item route's arguments before the element's id
	name   string   // if set, the member in which a raw element names its id
	holes  *int     // if set, counts the elements that a page left null
}

// list streams the elements of l: as expanded pages, or, where the server ignores
// the request for those, as ids and then each element. An element that cannot be
// read is yielded as an error and does not end the list; a page that cannot be
// read does.
func list[T any](ctx context.Context, a *API, l listing) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		if !a.made() {
			var none T
			yield(none, errNotMade(callName(l.route, l.path())))
			return
		}
		if _, plain := a.pages.plain.Load(l.route); plain {
			ids, err := fetch[[]json.RawMessage](ctx, a, l.request)
			yieldItems(ctx, a, l, ids, err, yield)
			return
		}
		var none T
		elements, values, previous := 0, 0, []byte(nil)
		for number := 1; ; number++ {
			page, total, body, err := a.page(ctx, l, number)
			if err != nil {
				yield(none, err)
				return
			}
			if number == 1 && plainIDs(page) {
				a.pages.plain.Store(l.route, true)
				yieldItems(ctx, a, l, page, nil, yield)
				return
			}
			call := callName(l.route, l.path())
			if len(page) > 0 && bytes.Equal(body, previous) {
				// The server does not count pages: this is the first again.
				if total > elements {
					yield(none, fmt.Errorf("%s: %w: page %d repeats the one before, after %d of %d elements",
						call, ErrMalformed, number, elements, total))
				} else if total < 0 && l.holes != nil {
					*l.holes++ // nobody knows whether that was all
				}
				return
			}
			previous = body
			n, goOn := yieldPage(l, call, page, yield)
			if values += n; !goOn {
				return
			}
			// Without a total the list ends at an empty page: a short one may only
			// mean that the server's own limit is below the size asked for. Holes are
			// not counted: they may be in place of an element or beside it.
			elements += len(page)
			if len(page) == 0 && elements < total && l.holes != nil {
				*l.holes++
			}
			if len(page) == 0 || total >= 0 && values >= total {
				return
			}
		}
	}
}

// yieldPage yields the elements of a page, counts its holes, and returns how many values
// there were and whether to go on.
func yieldPage[T any](l listing, call string, page []json.RawMessage, yield func(T, error) bool) (values int, goOn bool) {
	for _, element := range page {
		if string(element) == "null" { // the API's pages may have holes
			if l.holes != nil {
				*l.holes++
			}
			continue
		}
		values++
		value, err := decode[T](call, element)
		if err != nil {
			err = &ElementError{Err: err}
		}
		if !yield(value, err) {
			return values, false
		}
	}
	return values, true
}

// complete is list that leaves nothing out: elements that an expanded page had only a
// null for, or may have left out, are read by their ids. What decides about money is
// read so: an order that nobody sees could be the one that is in the way.
func complete[T any](ctx context.Context, a *API, l listing, idOf func(T) string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		holes, unnamed := 0, false
		l.holes = &holes
		seen := map[string]bool{}
		for value, err := range list[T](ctx, a, l) {
			if err == nil {
				id := idOf(value)
				seen[id], unnamed = true, unnamed || id == ""
			}
			if !yield(value, err) {
				return
			}
		}
		switch {
		case holes == 0:
			return
		case unnamed:
			var none T
			yield(none, &ElementError{Err: fmt.Errorf("%s: %w: a page has nulls, and its elements do not say which of them are missing", callName(l.route, l.path()), ErrMalformed)})
			return
		}
		ids, err := fetch[[]json.RawMessage](ctx, a, l.request)
		ids = slices.DeleteFunc(ids, func(raw json.RawMessage) bool {
			if raw[0] == '{' { // the server expands it all the same
				value, err := decode[T]("", raw)
				return err == nil && seen[idOf(value)]
			}
			id, err := elementID("", raw)
			return err == nil && seen[id]
		})
		yieldItems(ctx, a, l, ids, err, yield)
	}
}

// page reads one expanded page; total is -1 where the server does not say.
func (a *API) page(ctx context.Context, l listing, number int) (page []json.RawMessage, total int, body []byte, err error) {
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
		return nil, 0, nil, err
	}
	total = -1
	if text := response.Header.Get("X-Pagination-Elements"); text != "" {
		if total, err = strconv.Atoi(text); err != nil || total < 0 {
			return nil, 0, nil, fmt.Errorf("%s: %w: header X-Pagination-Elements is %q", call, ErrMalformed, text)
		}
	}
	page, err = decode[[]json.RawMessage](call, response.Body)
	return page, total, response.Body, err
}

// plainIDs reports whether a page holds ids instead of objects.
func plainIDs(page []json.RawMessage) bool {
	for _, element := range page {
		if string(element) != "null" {
			return element[0] != '{'
		}
	}
	return false
}

// yieldItems reads the elements of a list one by one.
func yieldItems[T any](ctx context.Context, a *API, l listing, ids []json.RawMessage, err error, yield func(T, error) bool) {
	var none T
	if err != nil {
		yield(none, err)
		return
	}
	for _, raw := range ids {
		if string(raw) == "null" {
			continue
		}
		id, err := elementID(callName(l.route, l.path()), raw)
		value := none
		if err == nil {
			args := append(append([]string(nil), l.prefix...), id)
			value, err = fetch[T](ctx, a, request{route: l.item, args: args, head: l.head})
			if raw, ok := any(value).(json.RawMessage); ok && err == nil && l.name != "" {
				err = checkNamed(callName(l.item, ""), raw, l.name, id)
			}
		}
		if err != nil {
			err = &ElementError{Err: err}
		}
		if !yield(value, err) || ctx.Err() != nil {
			return
		}
	}
}

// checkNamed refuses an element that names another id than was asked for.
func checkNamed(call string, element json.RawMessage, name, asked string) error {
	var members map[string]json.RawMessage
	if json.Unmarshal(element, &members) != nil || members[name] == nil || string(members[name]) == "null" {
		return nil
	}
	id, err := elementID(call, members[name])
	if err == nil && id != asked {
		err = otherID(call, id, asked)
	}
	return err
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

// collect gathers a list; its first error ends it.
func collect[T any](seq iter.Seq2[T, error]) ([]T, error) {
	var all []T
	for value, err := range seq {
		if err != nil {
			return nil, err
		}
		all = append(all, value)
	}
	return all, nil
}

// ElementError is about one element of a list. The list goes on after it.
type ElementError struct {
	ID  int64 // 0 if it is not known
	Err error
}

func (e *ElementError) Error() string { return e.Err.Error() }

func (e *ElementError) Unwrap() error { return e.Err }
