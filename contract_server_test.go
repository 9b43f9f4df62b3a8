// What the contract tests talk to: an API made of the schema alone.

package ovhrenew_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
)

// contractServer answers from the table, as an http.RoundTripper, and takes down
// everything that is asked and that the table does not allow.
type contractServer struct {
	sample
	expands bool            // lists answer objects where they can
	missing map[string]bool // calls that answer 404 the first time

	mu      sync.Mutex
	calls   []string // of the table, in order
	wrong   []string
	foreign []string // what the US table does not have
}

// api is an API that talks to the table.
func (s *contractServer) api(t *testing.T) *ovhrenew.API {
	t.Helper()
	if s.set == nil {
		s.set = map[string]any{}
	}
	client, err := ovh.NewClient("ovh-eu", "key", "secret", "consumer")
	if err != nil {
		t.Fatal(err)
	}
	api, err := ovhrenew.NewWithConfig(client, ovhrenew.Config{Transport: s, Limiter: ovhrenew.Unlimited, Attempts: 1})
	if err != nil {
		t.Fatal(err)
	}
	return api
}

func (s *contractServer) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	path, found := strings.CutPrefix(r.URL.EscapedPath(), "/1.0")
	if !found {
		path = strings.TrimPrefix(r.URL.EscapedPath(), "/v1")
	}
	route, params := s.match(r.Method, path)
	if route == nil {
		s.wrong = append(s.wrong, fmt.Sprintf("%s %s: the table has no such route", r.Method, path))
		return contractAnswer(r, http.StatusNotFound, map[string]string{"message": "Got an invalid (or empty) URL"}, nil), nil
	}
	s.calls = append(s.calls, route.Call)
	if route.Call == "GET /auth/time" {
		return contractAnswer(r, http.StatusOK, time.Now().Unix(), nil), nil
	}
	body := s.checkParams(route, params, r)
	if s.missing[route.Call] {
		delete(s.missing, route.Call)
		return contractAnswer(r, http.StatusNotFound, map[string]string{"message": "This object does not exist"}, nil), nil
	}
	out := route.Out
	if r.Method == http.MethodPut {
		s.keep(route, body)
	}
	if s.us && route.USOut != "" {
		out = route.USOut
	}
	if s.expands && route.Expands && r.Header.Get("X-Pagination-Mode") == "CachedObjectList-Pages" {
		item := s.item(route.Call)
		out = item.Out
		if s.us && item.USOut != "" {
			out = item.USOut
		}
		return contractAnswer(r, http.StatusOK, []any{s.value(out, route.Call)}, http.Header{"X-Pagination-Elements": {"1"}}), nil
	}
	value := s.value(out, route.Call)
	if item := s.item(route.Call); item != nil && !strings.HasSuffix(out, "Enum[]") {
		model := item.Out
		if s.us && item.USOut != "" {
			model = item.USOut
		}
		if id := s.value(model, "").(map[string]any)[itemID[model]]; id != nil {
			value = []any{id}
		}
	}
	return contractAnswer(r, http.StatusOK, value, nil), nil
}

// itemID is the field of a model that is its id in a list.
var itemID = map[string]string{
	"billing.Bill": "billId", "billing.Invoice": "billId", "billing.Order": "orderId", "billing.OrderDetail": "orderDetailId", "billing.OvhAccount": "ovhAccountId",
	"me.payment.PaymentMethod": "paymentMethodId", "services.expanded.Service": "serviceId",
}

// id is the service that the table is about.
func (s *contractServer) id() int64 { return 1000 + numberOf("services.expanded.Service.serviceId") }

func contractAnswer(r *http.Request, status int, body any, header http.Header) *http.Response {
	data, _ := json.Marshal(body)
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{
		StatusCode: status, Header: header, Request: r, ContentLength: int64(len(data)),
		Body: io.NopCloser(strings.NewReader(string(data))), ProtoMajor: 1, ProtoMinor: 1,
	}
}

// match finds the route of a request, and what its path is filled with.
func (s *contractServer) match(method, path string) (*contractRoute, map[string]string) {
	for i, route := range s.Routes {
		verb, template, _ := strings.Cut(route.Call, " ")
		if params, ok := fillTemplate(template, path); ok && verb == method {
			return &s.Routes[i], params
		}
	}
	for _, infos := range s.ServiceInfos {
		if params, ok := fillTemplate(infos.Path, path); ok && slices.Contains(infos.Methods, method) {
			in := map[string]string{}
			for name := range params {
				in["path "+name] = "string!"
			}
			out := infos.Out
			if method == http.MethodPut {
				// The whole object, as it was read: what is read-only goes back too.
				in["body"], out = infos.Out+"!", "void"
			}
			return &contractRoute{Call: method + " " + infos.Path, In: in, Out: out}, params
		}
	}
	return nil, nil
}

// fillTemplate takes the parameters of a template out of a path.
func fillTemplate(template, path string) (map[string]string, bool) {
	want, got := strings.Split(template, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return nil, false
	}
	params := map[string]string{}
	for i, segment := range want {
		value, err := url.PathUnescape(got[i])
		switch {
		case err != nil || value == "":
			if segment != "" || got[i] != "" {
				return nil, false
			}
		case strings.HasPrefix(segment, "{"):
			params[strings.Trim(segment, "{}")] = value
		case segment != got[i]:
			return nil, false
		}
	}
	return params, true
}

// alwaysSent are optional parameters that the library never leaves to a default
// which is not documented.
var alwaysSent = map[string]string{"POST /service/{serviceId}/renew": "dryRun"}

// checkParams holds a request against the parameters of its route, and notes those
// that only the US table lacks.
func (s *contractServer) checkParams(route *contractRoute, params map[string]string, r *http.Request) any {
	wrong := func(format string, args ...any) {
		s.wrong = append(s.wrong, route.Call+": "+fmt.Sprintf(format, args...))
	}
	for name, value := range params {
		if !s.conforms(route.In["path "+name], paramValue(route.In["path "+name], value)) {
			wrong("path parameter %s is a %q, not %q", name, route.In["path "+name], value)
		}
	}
	for name, values := range r.URL.Query() {
		typ, ok := route.In["query "+name]
		if !ok {
			wrong("no query parameter %s", name)
			continue
		}
		for _, value := range values {
			if !s.conforms(typ, paramValue(typ, value)) {
				wrong("query parameter %s is a %s, not %q", name, typ, value)
			}
		}
		if _, ok := route.USIn["query "+name]; route.USIn != nil && !ok {
			s.foreign = append(s.foreign, route.Call+" query "+name)
		}
	}
	var body any
	if r.Body != nil {
		data, _ := io.ReadAll(r.Body)
		if len(data) > 0 {
			decoder := json.NewDecoder(strings.NewReader(string(data)))
			decoder.UseNumber()
			if err := decoder.Decode(&body); err != nil {
				wrong("body %s: %v", data, err)
			}
		}
	}
	if members, _ := body.(map[string]any); alwaysSent[route.Call] != "" && members[alwaysSent[route.Call]] == nil {
		wrong("body lacks %s: %s", alwaysSent[route.Call], body)
	}
	for _, fault := range s.checkBody(route.In, body, false) {
		wrong("%s", fault)
	}
	if route.USIn != nil && r.Method != http.MethodGet {
		for _, fault := range s.checkBody(route.USIn, body, true) {
			wrong("in the US, %s", fault)
		}
	}
	return body
}

// keep takes over what was put, for those who look again.
func (s *contractServer) keep(route *contractRoute, body any) {
	members, _ := body.(map[string]any)
	if route.Call != "PUT /services/{serviceId}" {
		for name, value := range members {
			s.set[s.readModel(route)+"."+name] = value
		}
		return
	}
	renew, _ := members["renew"].(map[string]any)
	for name, value := range renew {
		s.set["services.expanded.Renew.Current."+name] = value
	}
	switch members["terminationPolicy"] {
	case nil:
	case "empty":
		s.set["services.expanded.Lifecycle.Current.pendingActions"] = []any{}
	default:
		s.wrong = append(s.wrong, fmt.Sprintf("%s plans an end: %v", route.Call, body))
	}
}

// readModel is the model that reading the path of a route answers, if any.
func (s *contractServer) readModel(route *contractRoute) string {
	_, path, _ := strings.Cut(route.Call, " ")
	if read := s.route("GET " + path); read != nil {
		return read.Out
	}
	for _, infos := range s.ServiceInfos {
		if infos.Path == path {
			return infos.Out
		}
	}
	return ""
}

// checkBody says what the body has that the parameters do not allow, or lacks.
func (s *contractServer) checkBody(in map[string]string, body any, us bool) []string {
	model := map[string]string{}
	for name, typ := range in {
		if name == "body" {
			model = s.model(parseType(typ).name, us)
		} else if member, ok := strings.CutPrefix(name, "body "); ok {
			model[member] = typ
		}
	}
	if body == nil && len(model) == 0 {
		return nil
	}
	return s.object(model, body, "body", us)
}

// object says what is wrong with a value as an object of these members.
func (s *contractServer) object(model map[string]string, value any, where string, us bool) (faults []string) {
	members, ok := value.(map[string]any)
	if !ok {
		return []string{fmt.Sprintf("%s is no object but %v", where, value)}
	}
	for name, member := range members {
		typ, ok := model[name]
		a := parseType(typ)
		nested := s.model(a.name, us)
		switch {
		case !ok:
			faults = append(faults, fmt.Sprintf("%s has a member %s, which the table lacks", where, name))
		case a.readOnly && where+"."+name != "body.renewalType" && !s.asRead(us, model, name, member):
			faults = append(faults, fmt.Sprintf("%s.%s is sent, but read-only", where, name))
		case nested != nil && !a.list:
			faults = append(faults, s.object(nested, member, where+"."+name, us)...)
		case member == nil && a.nullable:
		case !s.conforms(typ, member):
			faults = append(faults, fmt.Sprintf("%s.%s is a %s, not %v", where, name, typ, member))
		}
	}
	for name, typ := range model {
		if _, ok := members[name]; !ok && parseType(typ).required {
			faults = append(faults, fmt.Sprintf("%s lacks %s, which is required", where, name))
		}
	}
	return faults
}

// asRead reports whether a read-only member of a product's billing goes back as it
// was read.
func (s *contractServer) asRead(us bool, model map[string]string, name string, member any) bool {
	const infos = "services.Service"
	return maps.Equal(model, s.model(infos, us)) && reflect.DeepEqual(member, s.value(infos, "").(map[string]any)[name])
}

// paramValue is the JSON value that a parameter of a URL stands for.
func paramValue(typ, value string) any {
	switch parseType(typ).name {
	case "long":
		return json.Number(value)
	case "boolean":
		if value == "true" || value == "false" {
			return value == "true"
		}
	}
	return value
}

// conforms reports whether a value is of a scalar type or an enumeration.
func (s *contractServer) conforms(typ string, value any) bool {
	a := parseType(typ)
	if a.list {
		list, ok := value.([]any)
		return ok && !slices.ContainsFunc(list, func(v any) bool { return !s.conforms(a.element(), v) })
	}
	number, isNumber := value.(json.Number)
	word, isText := value.(string)
	switch a.name {
	case "long":
		_, err := number.Int64()
		return isNumber && err == nil
	case "boolean":
		_, ok := value.(bool)
		return ok
	case "date":
		_, err := ovhrenew.ParseDate(word)
		return isText && err == nil
	case "datetime":
		_, err := time.Parse(time.RFC3339, word)
		return isText && err == nil
	case "duration":
		return isText && ovhrenew.Period(word).Known()
	case "string":
		return isText
	}
	return isText && slices.Contains(s.Enums[a.name], word)
}
