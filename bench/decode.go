package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/ovhrenew/ovhrenew"
)

// What a program without this library decodes offers into: the same members, and a
// price as a float.
type (
	plainDescription struct {
		RenewPeriod string          `json:"renewPeriod"`
		Strategies  []plainStrategy `json:"strategies"`
	}
	plainStrategy struct {
		Price           plainPrice     `json:"price"`
		PriceInUcents   int64          `json:"priceInUcents"`
		Services        []int64        `json:"services"`
		ServicesDetails []plainCovered `json:"servicesDetails"`
	}
	plainPrice struct {
		CurrencyCode string  `json:"currencyCode"`
		Text         string  `json:"text"`
		Value        float64 `json:"value"`
	}
	plainCovered struct {
		ServiceID   int64  `json:"serviceId"`
		ServiceName string `json:"serviceName"`
		ServiceType string `json:"serviceType"`
	}
)

const offered = 1001 // the service whose offers are chosen from

// offerList is an answer of n strategies, spread over four periods: the service by
// itself, and in bundles with one or two others.
func offerList(n int) []byte {
	var b strings.Builder
	b.WriteByte('[')
	for i, period := range []string{"P1M", "P3M", "P6M", "P1Y"} {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"renewPeriod":"%s","strategies":[`, period)
		for j := range n / 4 {
			if j > 0 {
				b.WriteByte(',')
			}
			strategy(&b, (i+1)*1000+j, j%3)
		}
		b.WriteString("]}")
	}
	b.WriteByte(']')
	return []byte(b.String())
}

func strategy(b *strings.Builder, cents, others int) {
	ids, details := fmt.Sprint(offered), detail(offered)
	for k := range others {
		other := offered + 1 + k + cents%500
		ids += fmt.Sprint(",", other)
		details += "," + detail(other)
	}
	price := fmt.Sprintf("%d.%02d", cents/100, cents%100)
	fmt.Fprintf(b, `{"price":{"currencyCode":"EUR","text":"%s \u20ac","value":%s},"priceInUcents":%d,"services":[%s],"servicesDetails":[%s]}`,
		price, price, cents*1_000_000, ids, details)
}

func detail(id int) string {
	return fmt.Sprintf(`{"serviceId":%d,"serviceName":"customer%05d.ovh","serviceType":"Domain .ovh"}`, id, id)
}

// offerRows compares what it takes to choose from a long list of offers.
func offerRows(ctx context.Context, size sizes) ([]row, error) {
	answer := offerList(size.offers)
	text := string(answer)
	api, err := newAPI("http://api.invalid/1.0", stub(func(path string) string {
		if strings.HasSuffix(path, "/renew") {
			return text
		}
		return readAnswer(path)
	}))
	if err != nil {
		return nil, err
	}
	var plain float64
	var chosen ovhrenew.Offer
	other, ours, err := compare(size.choices, true, func() (err error) {
		plain, err = plainChoice(answer)
		return err
	}, func() (err error) {
		chosen, err = ourChoice(ctx, api)
		return err
	})
	if err != nil {
		return nil, err
	}
	if want := int64(math.Round(plain * 1e8)); chosen.Price().Ucents() != want {
		return nil, fmt.Errorf("chose %v, and without the library %v", chosen, plain)
	}
	const against = "encoding/json, floats, a loop"
	what := fmt.Sprintf("decode %s offers of %s and choose", number(size.offers), megabytes(float64(len(answer))))
	speed := timeRow(what+": throughput", against, other, ours)
	throughput := func(c cost) string { return megabytes(float64(len(answer))/c.time.Seconds()) + "/s" }
	speed.other, speed.ours = throughput(other), throughput(ours)
	return []row{speed, allocRow(against, other, ours)}, nil
}

// plainChoice is a loop that finds the cheapest offer for a year that renews the
// service with one other.
func plainChoice(answer []byte) (float64, error) {
	var descriptions []plainDescription
	if err := json.Unmarshal(answer, &descriptions); err != nil {
		return 0, err
	}
	best := math.Inf(1)
	for _, description := range descriptions {
		if description.RenewPeriod != "P1Y" {
			continue
		}
		for _, s := range description.Strategies {
			if len(s.Services) == 2 && s.Price.Value < best {
				best = s.Price.Value
			}
		}
	}
	return best, nil
}

var errNotTwo = errors.New("does not renew two services")

// ourChoice is the same with this library. It signs a request and reads its answer,
// which plainChoice is given, and says of every other offer why it was not chosen.
func ourChoice(ctx context.Context, api *ovhrenew.API) (ovhrenew.Offer, error) {
	descriptions, err := api.Renewals(ctx, offered, false)
	if err != nil {
		return ovhrenew.Offer{}, err
	}
	two := func(o ovhrenew.Offer) error {
		if len(o.Strategy.Services) != 2 {
			return errNotTwo
		}
		return nil
	}
	chosen, _, err := ovhrenew.Select(ovhrenew.Offers(offered, descriptions), ovhrenew.Cheapest, ovhrenew.For(ovhrenew.P1Y), two)
	return chosen, err
}
