package exact_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew/internal/exact"
)

type inner struct {
	Limit int       `json:"limit,omitempty"`
	When  time.Time `json:"when,omitzero"`
	Price price     `json:"price,omitzero"`
}

// price is read from a text or from an object, like an amount of the API's.
type price struct{ Value int }

func (p *price) UnmarshalText(text []byte) error { return json.Unmarshal(text, &p.Value) }

func (p *price) UnmarshalJSON(data []byte) error {
	type plain price
	return json.Unmarshal(data, (*plain)(p))
}

type outer struct {
	Items []inner `json:"items"`
	One   *inner  `json:"one"`
}

func TestMembers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]exact.Error{
		`{}`: {}, `null`: {}, `{"items":null,"one":null}`: {}, ` {"one":{"limit":1,"when":"2026-01-01T00:00:00Z"}} `: {},
		`{"Items":[]}`:                              {Field: "Items", Why: "is not a field"},
		`{"itemſ":[]}`:                              {Field: "itemſ", Why: "is not a field"},
		`{"items":[],"items":[]}`:                   {Field: "items", Why: "is there twice"},
		`{"items":[{"limit":1},{"x":1}]}`:           {Field: "items[1].x", Why: "is not a field"},
		`{"one":{"LIMIT":1}}`:                       {Field: "one.LIMIT", Why: "is not a field"},
		`{"items":[{"limit":"1"}]}`:                 {Field: "items[0].limit", Value: `"1"`},
		`{"one":{"price":{"value":7,"Value":700}}}`: {Field: "one.price", Value: `{"value":7,"Value":700}`, Why: "is an object, and has to be a text"},
		`{"items":3}`:                               {Field: "items", Value: "3"},
		`{"one":{"when":{"limit":1}}}`:              {Field: "one.when", Value: `{"limit":1}`},
		`{"one":{"limit":1,"limit":2,"x":`:          {Field: "one", Why: "is not JSON"},
	} {
		err := exact.Members([]byte(text), reflect.TypeFor[outer]())
		var got *exact.Error
		switch {
		case want == exact.Error{}:
			if err != nil {
				t.Errorf("%s: %v", text, err)
			}
		case !errors.As(err, &got) || got.Field != want.Field || got.Value != want.Value || want.Why != "" && got.Why != want.Why:
			t.Errorf("%s: %v, want %v", text, err, want)
		}
	}
}
