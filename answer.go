package ovhrenew

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"github.com/ovhrenew/ovhrenew/internal/transport"
)

// answerError turns an answer that is no success into an *Error. The API has four
// forms of it: class, message and details; a message alone; errorCode and
// httpCode; and, from gateways, HTML or nothing.
func answerError(call string, r *transport.Response) *Error {
	e := &Error{Call: call, Status: r.Status, QueryID: r.Header.Get("X-Ovh-QueryID")}
	var body struct {
		Class   looseText            `json:"class"`
		Code    looseText            `json:"errorCode"`
		Message looseText            `json:"message"`
		Details map[string]looseText `json:"details"`
	}
	if err := json.Unmarshal(r.Body, &body); err != nil {
		// Details of another form than expected must not cost us the message.
		var less struct {
			Class   looseText `json:"class"`
			Code    looseText `json:"errorCode"`
			Message looseText `json:"message"`
			Details looseText `json:"details"`
		}
		if err := json.Unmarshal(r.Body, &less); err != nil {
			e.foreign, e.Message = true, plainText(r.Body)
			if r.Status >= 300 && r.Status <= 399 {
				e.Message = "redirects are not followed"
			}
			return e
		}
		body.Class, body.Code, body.Message = less.Class, less.Code, less.Message
		if less.Details != "" {
			body.Details = map[string]looseText{"details": less.Details}
		}
	}
	e.Class, e.Code = clean(string(body.Class)), clean(string(body.Code))
	e.Message = clean(string(body.Message))
	if len(body.Details) > 0 {
		e.Details = make(map[string]string, len(body.Details))
	}
	for key, value := range body.Details {
		e.Details[key] = clean(string(value))
	}
	for _, key := range []string{"unauthorizedActionsByAuthentication", "unauthorizedActionsByIAM"} {
		actions := strings.FieldsFunc(e.Details[key], func(r rune) bool { return r == ',' || r == ' ' })
		e.MissingActions = append(e.MissingActions, actions...)
	}
	return e
}

// looseText takes any JSON value: text as it is, null as nothing, the rest as JSON.
type looseText string

func (t *looseText) UnmarshalJSON(data []byte) error {
	var text string
	switch {
	case bytes.Equal(data, []byte("null")):
		*t = ""
	case json.Unmarshal(data, &text) == nil:
		*t = looseText(text)
	default:
		*t = looseText(data)
	}
	return nil
}

var htmlTag = regexp.MustCompile(`<[^>]*>`)

// plainText is what can be read of a body that is not JSON.
func plainText(body []byte) string {
	body = body[:min(len(body), maxRead)]
	return clean(strings.Join(strings.Fields(htmlTag.ReplaceAllString(string(body), " ")), " "))
}

// decode reads the answer to call into a T. The error is ErrMalformed with the
// call, the field and the value at fault.
func decode[T any](call string, body []byte) (T, error) {
	var value T
	if len(bytes.TrimSpace(body)) == 0 {
		return value, fmt.Errorf("%s: %w: the answer is empty", call, ErrMalformed)
	}
	if err := json.Unmarshal(body, &value); err != nil {
		var none T
		where, cause := locate(body, reflect.TypeFor[T](), err)
		if where == "" {
			where = "the answer"
		}
		return none, fmt.Errorf("%s: %w: %s: %s", call, ErrMalformed, where, clean(cause.Error()))
	}
	return value, nil
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
