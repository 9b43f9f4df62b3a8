package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/ovhrenew/ovhrenew"
)

// row is one order, with what is needed to bill it on. Amounts are texts: a
// spreadsheet's floats are its own business.
type row struct {
	Order    string `json:"order"`
	Bill     string `json:"bill"` // empty as long as there is none
	Outcome  string `json:"outcome"`
	Services string `json:"services"`
	Period   string `json:"period"`
	From     string `json:"from"`
	To       string `json:"to"`
	Amount   string `json:"amount"` // tax included
	Currency string `json:"currency"`
}

// load reads a report, or on the simulated account makes one.
func load(ctx context.Context, client *ovhrenew.API, live bool, from string, today ovhrenew.Date) (*ovhrenew.Report, error) {
	if from != "" {
		text, err := os.ReadFile(from)
		if err != nil {
			return nil, err
		}
		report := new(ovhrenew.Report)
		return report, json.Unmarshal(text, report)
	}
	if live {
		return nil, errors.New("with -live, report spends nothing: give it the report of an Apply with -from")
	}
	_, plan, err := survey(ctx, client, today)
	if err != nil {
		return nil, err
	}
	return ovhrenew.Apply(ctx, client, plan, ovhrenew.Application{
		PayWith: ovhrenew.DefaultMethod, Patience: ovhrenew.Patience{Poll: 10 * time.Millisecond},
	})
}

// billOf is the number of an order's bill: there may be none yet.
func billOf(ctx context.Context, client *ovhrenew.API, order ovhrenew.OrderID) (string, error) {
	var object struct {
		ID, Type string
	}
	err := client.Read(ctx, fmt.Sprintf("/me/order/%d/associatedObject", order), &object)
	if errors.Is(err, ovhrenew.ErrNotFound) || err == nil && object.Type != "Bill" {
		return "", nil
	}
	return object.ID, err
}

// export writes a row for each order that may have cost something.
func export(ctx context.Context, client *ovhrenew.API, report *ovhrenew.Report, asJSON bool, out io.Writer) error {
	rows := []row{}
	for _, item := range report.Items {
		if item.Spent.IsZero() {
			continue
		}
		bill, err := billOf(ctx, client, item.Order)
		if err != nil {
			return err
		}
		r := row{Order: item.Order.String(), Bill: bill, Outcome: string(item.Outcome), Period: item.Item.Period.String()}
		r.Amount, r.Currency, _ = strings.Cut(item.Spent.String(), " ")
		for i, service := range item.Item.Services {
			separator := " "
			if i == 0 {
				separator = ""
			}
			r.Services += separator + service.Name
			r.From += separator + service.Expiry.String()
			r.To += separator + service.NewExpiry.String()
		}
		rows = append(rows, r)
	}
	if asJSON {
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(rows)
	}
	table := csv.NewWriter(out)
	lines := [][]string{{"order", "bill", "outcome", "services", "period", "from", "to", "amount", "currency"}}
	for _, r := range rows {
		lines = append(lines, []string{r.Order, r.Bill, r.Outcome, r.Services, r.Period, r.From, r.To, r.Amount, r.Currency})
	}
	if err := table.WriteAll(lines); err != nil {
		return fmt.Errorf("csv: %w", err)
	}
	return nil
}
