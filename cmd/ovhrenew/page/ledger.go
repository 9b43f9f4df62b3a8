package page

import (
	"fmt"
	"io"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/words"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// Ledger writes a ledger as a page, as [Report] writes a report: what was paid since its
// day, by whichever run. Products are those of the services, as far as they are known.
//
// The error is that of Report.
func Ledger(w io.Writer, ledger portfolio.Ledger, products map[ovhrenew.ServiceID]string) error {
	look, err := style()
	if err != nil {
		return err
	}
	since := ovhrenew.DateOf(ledger.Since)
	r := &reportPage{
		sheet: look, Ledger: true, Title: "Renewals" + dayOf("since", since),
		Lead: fmt.Sprintf("%s of account %s, by what the journal knows.", words.Count(len(ledger.Entries), "order"), printable(ledger.Account)),
	}
	items := make([]portfolio.ItemReport, 0, len(ledger.Entries))
	for _, e := range ledger.Entries {
		items = append(items, itemOf(e, products))
	}
	if err := r.fill(items, since, "the first day of the ledger"); err != nil {
		return err
	}
	return write(w, "report", r)
}

// itemOf is an entry in the terms of a report.
func itemOf(e portfolio.Entry, products map[ovhrenew.ServiceID]string) portfolio.ItemReport {
	one := portfolio.ItemReport{
		Item:    portfolio.PlanItem{Period: e.Period, Price: e.Net, Limit: e.Gross},
		Outcome: e.Outcome, Order: e.Order, Spent: e.Gross, Unexpected: e.Unexpected,
	}
	for _, s := range e.Services {
		one.Item.Services = append(one.Item.Services, portfolio.PlannedService{
			ID: s.ServiceID, Name: s.Name, Product: products[s.ServiceID], Expiry: s.From, NewExpiry: s.To,
		})
	}
	switch e.Outcome {
	case portfolio.OutcomeRenewed:
		one.Services = e.Services
	case portfolio.OutcomePaid:
		one.Why = "the payment was sent at " + moment(e.Time)
	default:
		one.Why = "the payment was sent, or begun, at " + moment(e.Time)
	}
	return one
}
