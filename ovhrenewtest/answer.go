package ovhrenewtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// object is a JSON object that is not worth a type.
type object = map[string]any

// ok answers 200 with a body; nil is JSON's null, which is how the API says void.
func ok(body any) answer { return answer{body: body} }

// problem is an error of the API proper: a class and a message.
func problem(status int, class, message string) answer {
	body := object{"message": message}
	if class != "" {
		body["class"] = class
	}
	return answer{status: status, body: body}
}

// denied is an error of the layer that checks credentials. The caller holds the
// lock.
func (s *Server) denied(status int, code, message string) answer {
	if s.behaviour.ErrorForm == ErrorWithClass {
		class := "Client::Forbidden"
		switch {
		case status == http.StatusBadRequest:
			class = "Client::BadRequest"
		case code == "INVALID_KEY":
			message = "This application key is invalid" // the words of this form
		}
		return problem(status, class, message)
	}
	return answer{status: status, body: object{
		"errorCode": code,
		"httpCode":  fmt.Sprintf("%d %s", status, http.StatusText(status)),
		"message":   message,
	}}
}

func noRoute() answer {
	return problem(http.StatusNotFound, "Client::NotFound", "Got an invalid (or empty) URL")
}

func noService() answer {
	return problem(http.StatusNotFound, "Client::NotFound", "This service does not exist")
}

func noObject(id string) answer {
	return problem(http.StatusNotFound, "Client::NotFound", "The requested object (id = "+id+") does not exist")
}

func badRequest(format string, args ...any) answer {
	return problem(http.StatusBadRequest, "Client::BadRequest", fmt.Sprintf(format, args...))
}

func cannotPay(with string) answer {
	return problem(http.StatusForbidden, "", cannotPayText(with))
}

func cannotPayText(with string) string { return "This order can't be paid with '" + with + "'" }

// long reads the i-th argument of the path, which the schema types as name: long.
func (c *call) long(i int, name string) (int64, answer, bool) {
	n, err := strconv.ParseInt(c.args[i], 10, 64)
	if err != nil {
		return 0, badRequest("[%s] Given data (%s) is not valid for type long", name, c.args[i]), false
	}
	return n, answer{}, true
}

// moment reads a datetime of the query; zero if it is not there.
func (c *call) moment(name string) (time.Time, answer, bool) {
	text := c.query.Get(name)
	if text == "" {
		return time.Time{}, answer{}, true
	}
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, answer{}, true
		}
	}
	return time.Time{}, badRequest("[%s] Given data (%s) is not valid for type datetime", name, text), false
}

// enum reads a member of an enumeration from the query; empty if it is not there.
func (c *call) enum(name, kind string, values ...string) (string, answer, bool) {
	text := c.query.Get(name)
	if text != "" && !slices.Contains(values, text) {
		return "", notInEnum(name, text, kind), false
	}
	return text, answer{}, true
}

func notInEnum(name, text, kind string) answer {
	return badRequest("[%s] Given data (%s) does not belong to the %s enumeration", name, text, kind)
}

// noCache says that the client does not want a cached list.
func (c *call) noCache() bool {
	return strings.Contains(c.header.Get("Pragma"), "no-cache")
}

// members are the fields of a JSON object that came in.
type members map[string]json.RawMessage

func (c *call) members() (members, answer, bool) {
	var m members
	if err := json.Unmarshal(c.body, &m); err != nil || m == nil {
		return nil, badRequest("Invalid JSON received"), false
	}
	return m, answer{}, true
}

// has says whether a member is there and not null.
func (m members) has(name string) bool {
	raw, ok := m[name]
	return ok && !bytes.Equal(bytes.TrimSpace(raw), []byte("null"))
}

// read decodes a member into v. The answer says that it is missing, or of another
// type than kind.
func (m members) read(name, kind string, v any) (answer, bool) {
	if !m.has(name) {
		return badRequest("The input provided isn't valid: '%s' is a required property", name), false
	}
	return m.readIf(name, kind, v)
}

// readIf is read for a member that may be missing.
func (m members) readIf(name, kind string, v any) (answer, bool) {
	if !m.has(name) {
		return answer{}, true
	}
	if err := json.Unmarshal(m[name], v); err != nil {
		return badRequest("[%s] Given data (%s) is not valid for type %s", name, m[name], kind), false
	}
	return answer{}, true
}
