package ovhrenew

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"github.com/ovhrenew/ovhrenew/internal/transport"
	phrases "github.com/ovhrenew/ovhrenew/internal/words"
)

// answerError turns an answer that is no success into an *Error. The API has four
// forms of it: class, message and details; a message alone; errorCode and
// httpCode; and, from gateways, HTML or nothing.
func answerError(call string, r *transport.Response) *Error {
	e := &Error{Call: call, Status: r.Status, QueryID: r.Header.Get("X-Ovh-QueryID")}
	var body struct {
		Class   looseText `json:"class"`
		Code    looseText `json:"errorCode"`
		Message looseText `json:"message"`
		Details details   `json:"details"`
	}
	if err := json.Unmarshal(r.Body, &body); err != nil {
		e.foreign, e.Message = true, plainText(r.Body)
		if r.Status >= 300 && r.Status <= 399 {
			e.Message = "redirects are not followed"
		}
		return e
	}
	e.Class, e.Code = clean(string(body.Class)), clean(string(body.Code))
	e.Message, e.Details = clean(string(body.Message)), body.Details
	for _, key := range []string{"unauthorizedActionsByAuthentication", "unauthorizedActionsByIAM"} {
		actions := strings.FieldsFunc(e.Details[key], func(r rune) bool { return r == ',' || r == ' ' })
		e.MissingActions = append(e.MissingActions, actions...)
	}
	return e
}

// looseText takes any JSON value: text as it is, null as nothing, the rest as JSON.
type looseText string

func (t *looseText) UnmarshalJSON(data []byte) error {
	var text string // and so for null
	if json.Unmarshal(data, &text) != nil {
		text = string(data)
	}
	*t = looseText(text)
	return nil
}

// details takes what is no object as one text.
type details map[string]string

func (d *details) UnmarshalJSON(data []byte) error {
	var all map[string]looseText
	if json.Unmarshal(data, &all) != nil {
		var text looseText
		_ = text.UnmarshalJSON(data)
		all = map[string]looseText{"details": text}
	}
	for key, value := range all {
		if *d == nil {
			*d = details{}
		}
		(*d)[key] = clean(string(value))
	}
	return nil
}

var htmlTag = regexp.MustCompile(`<[^>]*>`)

func plainText(body []byte) string {
	body = body[:min(len(body), phrases.MaxRead)]
	return clean(strings.Join(strings.Fields(htmlTag.ReplaceAllString(string(body), " ")), " "))
}

func decode[T any](call string, body []byte) (T, error) {
	var value, none T
	if err := decodeInto(call, body, &value); err != nil {
		return none, err
	}
	return value, nil
}

// decodeInto reads the answer to call into what v points to. The error is ErrMalformed
// with the call, the field and the value at fault.
func decodeInto(call string, body []byte, v any) error {
	if len(bytes.TrimSpace(body)) == 0 {
		return fmt.Errorf("%s: %w: the answer is empty", call, ErrMalformed)
	}
	if err := json.Unmarshal(body, v); err != nil {
		where, cause := locate(body, reflect.TypeOf(v).Elem(), err)
		return fmt.Errorf("%s: %w: %s: %s", call, ErrMalformed, cmp.Or(where, "the answer"), clean(cause.Error()))
	}
	return nil
}

// locate finds the field that made the decoding of data into a typ fail with err.
// encoding/json does not say where when a type decodes itself; this looks again,
// member by member, and only after a failure.
func locate(data []byte, typ reflect.Type, err error) (string, error) {
	for typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	if typ == reflect.TypeFor[Secret]() {
		return "", err
	}
	if reflect.PointerTo(typ).Implements(reflect.TypeFor[json.Unmarshaler]()) {
		return "", fmt.Errorf("%w (got %s)", err, got(data))
	}
	switch typ.Kind() {
	case reflect.Slice:
		var elements []json.RawMessage
		if json.Unmarshal(data, &elements) != nil {
			break
		}
		for i, element := range elements {
			if err := json.Unmarshal(element, reflect.New(typ.Elem()).Interface()); err != nil {
				where, cause := locate(element, typ.Elem(), err)
				return fmt.Sprintf("[%d]%s", i, dotted(where)), cause
			}
		}
	case reflect.Struct:
		var members map[string]json.RawMessage
		if json.Unmarshal(data, &members) != nil {
			break
		}
		for _, field := range reflect.VisibleFields(typ) {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			member, ok := members[name]
			if !ok {
				continue
			}
			if err := json.Unmarshal(member, reflect.New(field.Type).Interface()); err != nil {
				where, cause := locate(member, field.Type, err)
				return name + dotted(where), cause
			}
		}
	}
	return "", fmt.Errorf("not a %s (got %s)", typ, got(data))
}

// got is what may be shown of a value that was not understood: a number or a short
// text, and of anything larger, in which a password may be, only what it is.
func got(data []byte) string {
	data = bytes.TrimSpace(data)
	const most = 100
	switch {
	case !json.Valid(data):
		return fmt.Sprintf("%d bytes that are not JSON", len(data))
	case data[0] == '{':
		return fmt.Sprintf("an object of %d bytes", len(data))
	case data[0] == '[':
		return fmt.Sprintf("a list of %d bytes", len(data))
	case len(data) > most:
		return fmt.Sprintf("%d bytes", len(data))
	}
	return clean(string(data))
}

func dotted(where string) string {
	if where == "" || where[0] == '[' {
		return where
	}
	return "." + where
}
