// What the schema says: the table that the contract tests read.

package ovhrenew_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// contract is testdata/contract.json: the facts that the library is held against.
type contract struct {
	Sources      map[string]string            `json:"sources"`
	Routes       []contractRoute              `json:"routes"`
	ServiceInfos []contractInfos              `json:"serviceInfos"`
	Models       map[string]map[string]string `json:"models"`
	USModels     map[string]map[string]string `json:"usModels"`
	Enums        map[string][]string          `json:"enums"`
	Recorded     contractRecorded             `json:"recorded"`
}

type contractRoute struct {
	Call    string            `json:"call"`
	EU      string            `json:"eu"`
	CA      string            `json:"ca"`
	US      string            `json:"us"`
	IAM     string            `json:"iam"`
	Expands bool              `json:"expands"`
	In      map[string]string `json:"in"`
	Out     string            `json:"out"`
	USPath  string            `json:"usPath"`
	USIn    map[string]string `json:"usIn"`
	USOut   string            `json:"usOut"`
}

type contractInfos struct {
	Path    string   `json:"path"`
	Methods []string `json:"methods"`
	EU      string   `json:"eu"`
	CA      string   `json:"ca"`
	US      string   `json:"us"`
	IAM     string   `json:"iam"`
	Out     string   `json:"out"`
}

func readContract(t *testing.T) *contract {
	t.Helper()
	data, err := os.ReadFile("testdata/contract.json")
	if err != nil {
		t.Fatal(err)
	}
	var c contract
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&c); err != nil {
		t.Fatal(err)
	}
	return &c
}

// route is the route of this name, or nil.
func (c *contract) route(call string) *contractRoute {
	i := slices.IndexFunc(c.Routes, func(r contractRoute) bool { return r.Call == call })
	if i < 0 {
		return nil
	}
	return &c.Routes[i]
}

// item is the route of one element of a list that expands.
func (c *contract) item(list string) *contractRoute {
	for i, r := range c.Routes {
		rest, found := strings.CutPrefix(r.Call, list+"/{")
		if found && strings.HasSuffix(rest, "}") && !strings.Contains(rest, "/") {
			return &c.Routes[i]
		}
	}
	return nil
}

// model is the model in a region, or nil.
func (c *contract) model(name string, us bool) map[string]string {
	if m, ok := c.USModels[name]; ok && us {
		return m
	}
	return c.Models[name]
}

// apiType is a type as the table writes it: string[]? readOnly.
type apiType struct {
	name                               string
	list, nullable, readOnly, required bool
}

func parseType(text string) apiType {
	var a apiType
	text, a.readOnly = strings.CutSuffix(text, " readOnly")
	text, a.required = strings.CutSuffix(text, "!")
	text, a.nullable = strings.CutSuffix(text, "?")
	a.name, a.list = strings.CutSuffix(text, "[]")
	return a
}

func (a apiType) element() string { return a.name }

// The API's scalar types.
var scalars = []string{"boolean", "date", "datetime", "double", "duration", "long", "string", "void"}

// sample is a value of the table's making for every type. Each field has its own,
// so that one that lands in another's place shows.
type sample struct {
	*contract
	us  bool
	set map[string]any // fields that have another value than the table's making
}

// value is a value of a type for the place that key names.
func (s sample) value(typ, key string) any {
	a := parseType(typ)
	if a.list {
		if values, ok := s.Enums[a.name]; ok {
			return anySlice(values)
		}
		if a.name == "duration" {
			return []any{"P1M", "P1Y"}
		}
		return []any{s.value(a.element(), key)}
	}
	n := numberOf(key)
	switch a.name {
	case "string":
		if strings.HasSuffix(key, "History.date") {
			// The US schema calls it a text. It is taken for the date of the others.
			return s.value("datetime", key)
		}
		return key
	case "long":
		return json.Number(fmt.Sprint(1000 + n))
	case "boolean":
		return true
	case "date":
		return time.Date(2026, 1, 1+int(n%365), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	case "datetime":
		zone := time.FixedZone("", 2*60*60)
		return time.Date(2026, 8, 16, 2, 0, int(n%3600), 0, zone).Format(time.RFC3339)
	case "duration":
		return fmt.Sprintf("P%dM", 1+n%12)
	case "void":
		return nil
	case "order.Price":
		cents := 100 + n
		return map[string]any{
			"currencyCode": "EUR", "text": "not to be read", "value": json.Number(fmt.Sprintf("%d.%02d", cents/100, cents%100)),
			"priceInUcents": json.Number(fmt.Sprint(cents * 1_000_000)),
		}
	}
	if values, ok := s.Enums[a.name]; ok {
		return values[int(n)%len(values)]
	}
	model := s.model(a.name, s.us)
	object := make(map[string]any, len(model))
	for field, typ := range model {
		key := a.name + "." + field
		if set, ok := s.set[key]; ok {
			object[field] = set
			continue
		}
		object[field] = s.value(typ, key)
	}
	return object
}

func numberOf(key string) int64 {
	h := fnv.New32a()
	h.Write([]byte(key))
	return int64(h.Sum32() % 900_000)
}

func anySlice(values []string) []any {
	all := make([]any, len(values))
	for i, v := range values {
		all[i] = v
	}
	return all
}

func encodeJSON(t *testing.T, value any) []byte {
	t.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestContractTable checks that the table is whole: every type that it names is in it.
func TestContractTable(t *testing.T) {
	t.Parallel()
	c := readContract(t)
	known := func(where, typ string) {
		name := parseType(typ).name
		_, model := c.Models[name]
		_, enum := c.Enums[name]
		if !model && !enum && !slices.Contains(scalars, name) {
			t.Errorf("%s is a %s, which the table does not describe", where, typ)
		}
	}
	for _, r := range c.Routes {
		known("the answer of "+r.Call, r.Out)
		if r.USOut != "" {
			known("the US answer of "+r.Call, r.USOut)
		}
		for _, in := range []map[string]string{r.In, r.USIn} {
			for name, typ := range in {
				known(r.Call+" "+name, typ)
			}
		}
		if r.Expands && c.item(r.Call) == nil {
			t.Errorf("%s expands, but the table has no route for its elements", r.Call)
		}
	}
	for _, infos := range c.ServiceInfos {
		known("the answer of "+infos.Path, infos.Out)
	}
	fields := 0
	for _, models := range []map[string]map[string]string{c.Models, c.USModels} {
		for name, model := range models {
			for field, typ := range model {
				known(name+"."+field, typ)
				fields++
			}
		}
	}
	for name, values := range c.Enums {
		if len(values) == 0 || len(slices.Compact(slices.Sorted(slices.Values(values)))) != len(values) {
			t.Errorf("%s has no values, or one twice: %v", name, values)
		}
	}
	t.Logf("table: %d routes, %d serviceInfos paths, %d models (%d more for the US) with %d fields, %d enumerations with %d values",
		len(c.Routes), len(c.ServiceInfos), len(c.Models), len(c.USModels), fields, len(c.Enums), countValues(c.Enums))
}

func countValues(enums map[string][]string) int {
	n := 0
	for values := range maps.Values(enums) {
		n += len(values)
	}
	return n
}
