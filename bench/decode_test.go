package main

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/ovhrenew/ovhrenew"
)

// A list has as many offers as it should, over four periods, alone and in bundles.
func TestOfferList(t *testing.T) {
	t.Parallel()
	var all []plainDescription
	if err := json.Unmarshal(offerList(400), &all); err != nil {
		t.Fatal(err)
	}
	of := map[int]int{}
	for _, description := range all {
		if len(description.Strategies) != 100 {
			t.Errorf("%d offers of %s", len(description.Strategies), description.RenewPeriod)
		}
		for _, s := range description.Strategies {
			of[len(s.Services)]++
			if s.Services[0] != offered || len(s.ServicesDetails) != len(s.Services) || int64(math.Round(s.Price.Value*1e8)) != s.PriceInUcents {
				t.Errorf("an offer is %+v", s)
			}
		}
	}
	if len(all) != 4 || of[1] == 0 || of[2] == 0 || of[3] == 0 {
		t.Errorf("%d periods, and by the number of services %v", len(all), of)
	}
}

// Both choose the same offer: the cheapest for a year that renews two services.
func TestChoice(t *testing.T) {
	t.Parallel()
	answer := offerList(400)
	plain, err := plainChoice(answer)
	if err != nil {
		t.Fatal(err)
	}
	api, err := newAPI("http://api.invalid/1.0", stub(func(path string) string {
		if path == "/1.0/service/1001/renew" {
			return string(answer)
		}
		return readAnswer(path)
	}))
	if err != nil {
		t.Fatal(err)
	}
	ours, err := ourChoice(t.Context(), api)
	if err != nil || ours.Period != ovhrenew.P1Y || len(ours.Strategy.Services) != 2 || ours.Price().Ucents() != int64(math.Round(plain*1e8)) {
		t.Errorf("%v, %v, and without the library %v", ours, err, plain)
	}
	if _, err := plainChoice([]byte("[")); err == nil {
		t.Error("half a list has a choice")
	}
	rows, err := offerRows(t.Context(), quick)
	if err != nil || len(rows) != 2 {
		t.Errorf("%v, %v", rows, err)
	}
}
