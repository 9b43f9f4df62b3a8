package ovhrenewtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

type object = map[string]any

func problem(status int, class, message string) answer {
	body := object{"message": message}
	if class != "" {
		body["class"] = class
	}
	return answer{status: status, body: body}
}

// refuse lets the call be answered a, unless it was refused before. It returns false.
func (c *call) refuse(a answer) bool {
	if c.refusal == nil {
		c.refusal = &a
	}
	return false
}

// denied refuses as the layer that checks credentials does. The caller holds the lock.
func (s *Server) denied(c *call, status int, code, message string) bool {
	if !s.behaviour.ErrorClass {
		return c.refuse(answer{status: status, body: object{
			"errorCode": code,
			"httpCode":  fmt.Sprintf("%d %s", status, http.StatusText(status)),
			"message":   message,
		}})
	}
	class := "Client::Forbidden"
	switch {
	case status == http.StatusBadRequest:
		class = "Client::BadRequest"
	case code == "INVALID_KEY":
		message = "This application key is invalid" // the words of this form
	}
	return c.refuse(problem(status, class, message))
}

func (c *call) badRequest(format string, args ...any) bool {
	return c.refuse(problem(http.StatusBadRequest, "Client::BadRequest", fmt.Sprintf(format, args...)))
}

func (c *call) notFound(message string) bool {
	return c.refuse(problem(http.StatusNotFound, "Client::NotFound", message))
}

func (c *call) noObject(id string) bool {
	return c.notFound("The requested object (id = " + id + ") does not exist")
}

func (c *call) notOfType(name, text, kind string) bool {
	return c.badRequest("[%s] Given data (%s) is not valid for type %s", name, text, kind)
}

// long reads the i-th argument of the path, which the schema types as name: long.
func (c *call) long(i int, name string) int64 {
	n, err := strconv.ParseInt(c.args[i], 10, 64)
	if err != nil {
		c.notOfType(name, c.args[i], "long")
	}
	return n
}

func (c *call) moment(name string) (t time.Time) {
	text := c.query.Get(name)
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t
		}
	}
	if text != "" {
		c.notOfType(name, text, "datetime")
	}
	return t
}

func (c *call) enum(name, kind string, values ...string) string {
	text := c.query.Get(name)
	if text != "" {
		c.oneOf(name, text, kind, values...)
	}
	return text
}

func (c *call) oneOf(name, text, kind string, values ...string) {
	if !slices.Contains(values, text) {
		c.badRequest("[%s] Given data (%s) does not belong to the %s enumeration", name, text, kind)
	}
}

// orNull is value, or JSON's null if that is zero.
func orNull[T comparable](value T) any {
	var zero T
	if value == zero {
		return nil
	}
	return value
}

func formatID(id int64) string { return strconv.FormatInt(id, 10) }

func (c *call) noCache() bool {
	return strings.Contains(c.header.Get("Pragma"), "no-cache")
}

// members are the fields of a JSON object. What is wrong with them refuses the call.
type members struct {
	call *call
	raw  map[string]json.RawMessage
}

func (c *call) members() members {
	m := members{call: c}
	if err := json.Unmarshal(c.body, &m.raw); err != nil || m.raw == nil {
		c.badRequest("Invalid JSON received")
	}
	return m
}

func (m members) has(name string) bool {
	raw, there := m.raw[name]
	return there && string(raw) != "null"
}

func (m members) need(name, kind string, v any) {
	if !m.has(name) {
		m.call.badRequest("The input provided isn't valid: '%s' is a required property", name)
	}
	m.read(name, kind, v)
}

func (m members) read(name, kind string, v any) {
	if m.has(name) && json.Unmarshal(m.raw[name], v) != nil {
		m.call.notOfType(name, string(m.raw[name]), kind)
	}
}
