package ovhrenew

import (
	"context"
	"encoding/json"
	"fmt"
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
	if _, err := anyRoute("Read", "route", route); err != nil {
		return err
	}
	response, call, err := a.send(ctx, request{route: "GET " + route, head: fresh})
	if err != nil {
		return err
	}
	raw, err := decode[json.RawMessage](call, response.Body)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, v); err != nil {
		where, cause := locate(raw, pointer.Type().Elem(), err)
		if where == "" {
			where = "the answer"
		}
		return fmt.Errorf("%s: %w: %s: %s", call, ErrMalformed, where, clean(cause.Error()))
	}
	return nil
}

// ReadList streams the elements of the list at route, such as /me/bill?orderId=1. Where
// the API does not expand the list, or leaves an element null, the element is read by
// item, such as /me/bill/{billId}. An error about one element does not end the list.
// API: GET {route}, expanded, or with GET {item}
func (a *API) ReadList(ctx context.Context, route, item string) iter.Seq2[json.RawMessage, error] {
	fail := func(err error) iter.Seq2[json.RawMessage, error] {
		return func(yield func(json.RawMessage, error) bool) { yield(nil, err) }
	}
	path, err := anyRoute("ReadList", "route", route)
	if err != nil {
		return fail(err)
	}
	before, name, found := strings.Cut(item, "{")
	name, after, closed := strings.Cut(name, "}")
	if _, err := anyRoute("ReadList", "item", before+"x"+after); err != nil || !found || !closed || name == "" {
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
	if _, err := anyRoute("Put", "route", route); err != nil {
		return err
	}
	if body == nil {
		return badInput("Put", "body", nil, "is nil")
	}
	_, _, err := a.send(ctx, request{route: "PUT " + route, body: body, kind: transport.Write})
	return unsure(err)
}

// anyRoute refuses what is no path of the API: it becomes part of a signed URL as it is.
func anyRoute(call, field, route string) (*url.URL, error) {
	path, err := url.Parse(route)
	switch {
	case err != nil || !strings.HasPrefix(route, "/") || path.Host != "" || path.Fragment != "" ||
		strings.ContainsAny(route, "{}#\\ ") || strings.ContainsFunc(route, func(r rune) bool { return r < ' ' || r > '~' }):
		return nil, badInput(call, field, route, "is not a path of the API")
	case slices.ContainsFunc(strings.Split(path.EscapedPath(), "/")[1:], relative):
		return nil, badInput(call, field, route, "has an empty or relative segment")
	}
	return path, nil
}
