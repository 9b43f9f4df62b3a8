package probe

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// record is what is known of an answer that somebody has published: of its members their
// names and kinds, and of an error its words.
type record struct {
	Name   string            `json:"name"`
	Route  string            `json:"route"`
	Status int               `json:"status"`
	Kind   string            `json:"kind"`
	Date   string            `json:"date"`
	Error  *errorWords       `json:"error,omitempty"`
	Shape  map[string]string `json:"shape,omitempty"`
}

type errorWords struct {
	Class   string `json:"class,omitempty"`
	Code    string `json:"errorCode,omitempty"`
	Message string `json:"message,omitempty"`
}

// recordedJSON is made of testdata/recorded by a test of this package.
//
//go:embed recorded.json
var recordedJSON []byte

// recorded returns the published answers.
var recorded = sync.OnceValues(func() (all []record, err error) {
	err = json.Unmarshal(recordedJSON, &all)
	return all, err
})

var routeVariable = regexp.MustCompile(`\{[^}]*\}`)

// sameRoute is a route in the one form in which those of answers and records are compared.
func sameRoute(route string) string {
	if strings.HasSuffix(route, "/serviceInfos") {
		return "GET {}/serviceInfos"
	}
	route = strings.Replace(route, " …/", " /me/order/{}/", 1)
	return routeVariable.ReplaceAllString(route, "{}")
}

// shapeOf notes the kind of each member of a JSON value, by its path. The elements of a
// list are taken together.
func shapeOf(value any, path string, into map[string]string) {
	note := func(kind string) {
		if known := into[path]; known == "" || known == "null" {
			into[path] = kind
		} else if kind != "null" && known != kind {
			into[path] = "mixed"
		}
	}
	switch value := value.(type) {
	case nil:
		note("null")
	case bool:
		note("bool")
	case float64:
		note("number")
	case string:
		note("text")
	case []any:
		note("list")
		for _, element := range value {
			shapeOf(element, path+"[]", into)
		}
	case map[string]any:
		note("object")
		for name, member := range value {
			shapeOf(member, strings.TrimPrefix(path+"."+name, "."), into)
		}
	}
}

// difference is what one answer has and another lacks. A null, an empty list and an empty
// object say nothing about what would be there.
type difference struct {
	more, less, other []string
	shared            int
}

func (d difference) size() int { return len(d.more) + len(d.less) + 2*len(d.other) }

// nearer reports whether d is less of a difference, or as much with more in common.
func (d difference) nearer(than difference) bool {
	return cmp.Or(cmp.Compare(d.size(), than.size()), cmp.Compare(than.shared, d.shared)) < 0
}

func compareShapes(answer, record map[string]string) (d difference) {
	silent := func(shape map[string]string, path string) bool {
		for i, c := range path {
			if c != '.' && c != '[' {
				continue
			}
			parent := path[:i]
			if kind, known := shape[parent]; known && (kind == "null" || kind == "list" && shape[parent+"[]"] == "") {
				return true
			}
		}
		return false
	}
	for path, kind := range answer {
		switch known, ok := record[path]; {
		case !ok && !silent(record, path):
			d.more = append(d.more, path)
		case ok && kind != known && kind != "null" && known != "null":
			d.other = append(d.other, path)
		case ok && kind == known:
			d.shared++
		}
	}
	for path := range record {
		if _, ok := answer[path]; !ok && !silent(answer, path) {
			d.less = append(d.less, path)
		}
	}
	for _, list := range [][]string{d.more, d.less, d.other} {
		slices.Sort(list)
	}
	return d
}

// matched says which published answer an answer matches, or which is nearest to it and how
// they differ. It has no values of the answer's, but the words of the API's errors that
// somebody has published.
func matched(a answer) string {
	all, err := recorded()
	if err != nil {
		return "the records cannot be read"
	}
	if a.status >= http.StatusBadRequest {
		return matchedError(all, a)
	}
	var value any
	if json.Unmarshal(a.body, &value) != nil {
		return a.route + " is no JSON"
	}
	list, isList := value.([]any)
	route := sameRoute(a.route)
	what := a.route
	if isList && slices.ContainsFunc(list, func(e any) bool { _, object := e.(map[string]any); return object }) && !slices.ContainsFunc(all, func(r record) bool {
		return sameRoute(r.Route) == route && r.Shape["[]"] == "object"
	}) {
		// A page of whole objects: what is recorded are single ones.
		route, what = route+"/{}", a.route+" in pages"
		return matchedElements(all, what, route, list)
	}
	shape := map[string]string{}
	shapeOf(value, "", shape)
	return what + " " + nearest(all, route, shape)
}

func matchedElements(all []record, what, route string, list []any) string {
	var saw []string
	for _, element := range list {
		shape := map[string]string{}
		shapeOf(element, "", shape)
		saw = append(saw, nearest(all, route, shape))
	}
	return what + ": " + tally(saw)
}

// nearest names the record of a route that is most like a shape.
func nearest(all []record, route string, shape map[string]string) string {
	var best *record
	var least difference
	for i, r := range all {
		if sameRoute(r.Route) != route || r.Shape == nil || r.Status >= http.StatusBadRequest {
			continue
		}
		if d := compareShapes(shape, r.Shape); best == nil || d.nearer(least) {
			best, least = &all[i], d
		}
	}
	switch {
	case best == nil:
		return "is not among the records"
	case len(shape) == 1 && shape[""] == "list" && len(best.Shape) != 1:
		return "is an empty list"
	case least.size() == 0:
		return fmt.Sprintf("is as %s (%s, %s)", best.Name, best.Kind, best.Date)
	}
	var text strings.Builder
	text.WriteString("is nearest to " + best.Name)
	for _, part := range []struct {
		what  string
		paths []string
	}{{"has more: ", least.more}, {"lacks: ", least.less}, {"has otherwise: ", least.other}} {
		if len(part.paths) > 0 {
			text.WriteString(", " + part.what + paths(part.paths))
		}
	}
	return text.String()
}

var memberPath = regexp.MustCompile(`^[A-Za-z_.\[\]]+$`)

// paths are some names of members. One with a digit or the like may be an id of the
// account's, and is not told.
func paths(all []string) string {
	const most = 6
	var safe []string
	for _, path := range all {
		if !memberPath.MatchString(path) {
			path = "(a name)"
		}
		safe = append(safe, path)
	}
	safe = slices.Compact(safe)
	if more := len(safe) - most; more > 0 {
		safe = append(safe[:most], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(safe, " ")
}

// matchedError names the recorded error that has the same status and words, or the same
// status and class or code.
func matchedError(all []record, a answer) string {
	var words errorWords
	_ = json.Unmarshal(a.body, &words) // a page has none
	text := fmt.Sprintf("%s HTTP %d", a.route, a.status)
	var near []string
	for _, r := range all {
		if r.Error == nil || r.Status != a.status {
			continue
		}
		if *r.Error == words {
			return fmt.Sprintf("%s is as %s (%s, %s)", text, r.Name, r.Kind, r.Date)
		}
		if cmp.Or(words.Class, words.Code) != "" && r.Error.Class == words.Class && r.Error.Code == words.Code {
			near = append(near, r.Name)
		}
	}
	if len(near) > 0 {
		return text + " has the form of " + strings.Join(near[:min(len(near), 3)], ", ") + ", and other words"
	}
	return text + " is not among the records"
}

// matchedAll says which records some answers match, each kind once.
func matchedAll(answers []answer) string {
	counts := map[string]int{}
	for _, a := range answers {
		if a.route != "" {
			counts[matched(a)]++
		}
	}
	var lines []string
	for _, text := range slices.Sorted(maps.Keys(counts)) {
		lines = append(lines, fmt.Sprintf("%d x %s", counts[text], text))
	}
	return strings.Join(lines, "\n            ")
}
