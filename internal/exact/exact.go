// Package exact refuses JSON whose members are not named exactly as a type names them.
// encoding/json takes upper and lower case, and letters that fold to others, for the same,
// so that a person may read one and a program take the other.
package exact

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/ovhrenew/ovhrenew/internal/words"
)

// An Error says what is wrong with which member.
type Error struct{ Field, Value, Why string }

func (e *Error) Error() string { return fmt.Sprintf("%s %q %s", e.Field, e.Value, e.Why) }

// Members returns an [*Error] for a member that is named twice, or otherwise than the type
// names it, and for a value that cannot be read. Types that decode themselves are not
// looked into: one that can be text has to be, since nobody says how it names its members.
func Members(data []byte, typ reflect.Type) error {
	return members(bytes.TrimSpace(data), typ, "")
}

func members(data []byte, typ reflect.Type, path string) error {
	if string(data) == "null" {
		return nil
	}
	for typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	isText := reflect.PointerTo(typ).Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
	decodes := isText || reflect.PointerTo(typ).Implements(reflect.TypeFor[json.Unmarshaler]())
	switch {
	case isText && len(data) > 0 && data[0] == '{':
		return &Error{path, words.Clean(string(data)), "is an object, and has to be a text"}
	case decodes || len(data) == 0:
	case typ.Kind() == reflect.Struct && data[0] == '{':
		return object(data, typ, path)
	case typ.Kind() == reflect.Slice && data[0] == '[':
		var elements []json.RawMessage
		if err := json.Unmarshal(data, &elements); err != nil {
			return &Error{path, "", "is not a list"}
		}
		for i, element := range elements {
			if err := members(element, typ.Elem(), fmt.Sprintf("%s[%d]", path, i)); err != nil {
				return err
			}
		}
		return nil
	}
	if err := json.Unmarshal(data, reflect.New(typ).Interface()); err != nil {
		return &Error{path, words.Clean(string(data)), words.Clean(err.Error())}
	}
	return nil
}

func object(data []byte, typ reflect.Type, path string) error {
	fields := map[string]reflect.Type{}
	for _, field := range reflect.VisibleFields(typ) {
		if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "-" && !field.Anonymous {
			fields[name] = field.Type
		}
	}
	d := json.NewDecoder(bytes.NewReader(data))
	_, _ = d.Token() // the opening bracket
	seen := map[string]bool{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return &Error{path, "", "is not JSON"}
		}
		name, _ := token.(string)
		where := strings.TrimPrefix(path+"."+name, ".")
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return &Error{where, "", "is not JSON"}
		}
		member, known := fields[name]
		switch {
		case seen[name]:
			return &Error{where, "", "is there twice"}
		case !known:
			return &Error{where, "", "is not a field"}
		}
		seen[name] = true
		if err := members(value, member, where); err != nil {
			return err
		}
	}
	return nil
}
