package ovhrenew

import (
	"context"
	"encoding/json"
	"iter"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/ovhrenew/ovhrenew/internal/transport"
)

// Read decodes the answer to GET route into v, as json.Unmarshal does. It is for routes
// that no method reads, such as /me/order/123/followUp. The error is [ErrBadInput] if
// route is no path or v no pointer, [ErrMalformed] if the answer does not fit v.
// API: GET {route}
func (a *API) Read(ctx context.Context, route string, v any) error {
	pointer := reflect.ValueOf(v)
	if pointer.Kind() != reflect.Pointer || pointer.IsNil() {
		return badInput("Read", "v", nil, "is no pointer to decode into")
	}
	if _, err := pathOf("Read", "route", route); err != nil {
		return err
	}
	response, call, err := a.send(ctx, request{route: "GET " + route, head: fresh})
	if err != nil {
		return err
	}
	return decodeInto(call, response.Body, v)
}

// ReadList streams the elements of the list at route, such as /me/bill?orderId=1. Where
// the API does not expand the list, or leaves an element null, the element is read by
// item, such as /me/bill/{billId}. An error about one element does not end the list.
// API: GET {route}, expanded, or with GET {item}
func (a *API) ReadList(ctx context.Context, route, item string) iter.Seq2[json.RawMessage, error] {
	fail := func(err error) iter.Seq2[json.RawMessage, error] {
		return func(yield func(json.RawMessage, error) bool) { yield(nil, err) }
	}
	path, err := pathOf("ReadList", "route", route)
	if err != nil {
		return fail(err)
	}
	before, name, found := strings.Cut(item, "{")
	name, after, closed := strings.Cut(name, "}")
	if _, err := pathOf("ReadList", "item", before+"x"+after); err != nil || !found || !closed || name == "" {
		return fail(badInput("ReadList", "item", item, "is not the route of an element, such as /me/bill/{billId}"))
	}
	return list[json.RawMessage](ctx, a, listing{
		request: request{route: "GET " + path.EscapedPath(), query: path.Query(), head: fresh},
		item:    "GET " + item, name: name,
	})
}

// named is the id that an element of a list names, or empty.
func named(element json.RawMessage, name string) string {
	var members map[string]json.RawMessage
	if json.Unmarshal(element, &members) != nil {
		return ""
	}
	id, err := elementID("", members[name])
	if err != nil {
		return ""
	}
	return id
}

// Put sends body, as JSON, to PUT route. It changes a setting and cannot spend. The
// request is sent once. The error is [ErrBadInput] if route is no path, [ErrUnsure] if
// the setting may have been changed.
// API: PUT {route}
func (a *API) Put(ctx context.Context, route string, body any) error {
	if _, err := pathOf("Put", "route", route); err != nil {
		return err
	}
	if body == nil {
		return badInput("Put", "body", nil, "is nil")
	}
	_, _, err := a.send(ctx, request{route: "PUT " + route, body: body, kind: transport.Write})
	return unsure(err)
}

// pathOf refuses what is no path of the API: it becomes part of a signed URL as it is.
func pathOf(call, field, route string) (*url.URL, error) {
	path, err := url.Parse(route)
	bad := func(why string) (*url.URL, error) { return nil, badInput(call, field, route, why) }
	switch {
	case !strings.HasPrefix(route, "/") || err == nil && strings.HasSuffix(path.EscapedPath(), "/"):
		return bad("must begin with a slash and not end with one")
	case strings.ContainsAny(route, "#{}\"<>\\^`| ") || unprintable(route):
		return bad("has a character that a path cannot have")
	case err != nil || path.Host != "":
		return bad("is not a path of the API")
	case slices.ContainsFunc(strings.Split(path.EscapedPath(), "/")[1:], relative):
		return bad("has an empty or relative segment")
	}
	return path, nil
}

func unprintable(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' })
}

// relative reports whether a segment of a path is empty or leads elsewhere, however
// it is escaped.
func relative(segment string) bool {
	segment, err := url.PathUnescape(segment)
	return err != nil || segment == "" || segment == "." || segment == ".."
}
