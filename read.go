package ovhrenew

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
)

// Read decodes what the API answers to GET route into v, as [json.Unmarshal] does.
// It is for the routes that no method of API reads, such as /me/order/123/followUp. The
// route begins with a slash, is escaped, and may have a query. The API's cache is not
// used. The error is [ErrBadInput] if route is no path or v no pointer, [ErrMalformed]
// if the answer does not fit v.
//
// API: GET {route}
func (a *API) Read(ctx context.Context, route string, v any) error {
	path, err := url.Parse(route)
	pointer := reflect.ValueOf(v)
	switch {
	case pointer.Kind() != reflect.Pointer || pointer.IsNil():
		return badInput("Read", "v", nil, "is no pointer to decode into")
	case err != nil || !strings.HasPrefix(route, "/") || path.Host != "" || path.Fragment != "" ||
		strings.ContainsAny(route, "{}#\\ ") || strings.ContainsFunc(route, func(r rune) bool { return r < ' ' || r > '~' }):
		return badInput("Read", "route", route, "is not a path of the API")
	case slices.ContainsFunc(strings.Split(path.EscapedPath(), "/")[1:], relative):
		return badInput("Read", "route", route, "has an empty or relative segment")
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
