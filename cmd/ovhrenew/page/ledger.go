package page

import (
	"fmt"
	"io"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/words"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// Ledger writes what a journal knows as a page, in the form of [Report]: all runs since the
// ledger's first day, up to now. Products are those of the services, as far as they are
// known.
//
// The error is [ovhrenew.ErrRange] if a sum is too large, and else w's.
func Ledger(w io.Writer, l portfolio.Ledger, products map[ovhrenew.ServiceID]string, now time.Time) error {
	since, until := ovhrenew.DateOf(l.Since), ovhrenew.DateOf(now)
	view, err := reportView(entriesReport(l, products), until, "today")
	if err != nil {
		return err
	}
	view.Title = "Renewals" + dayOf("since", since)
	view.Lead = fmt.Sprintf("%s of %s, until %s.", words.Count(len(l.Entries), "order"), printable(l.Account), moment(now))
	return write(w, "report", view)
}

// entriesReport has the entries of a ledger as items.
func entriesReport(l portfolio.Ledger, products map[ovhrenew.ServiceID]string) portfolio.Report {
	var r portfolio.Report
	for _, e := range l.Entries {
		item := portfolio.PlanItem{Period: e.Period, Price: e.Net, Limit: e.Gross}
		for _, s := range e.Services {
			item.Services = append(item.Services, portfolio.PlannedService{
				ID: s.ServiceID, Name: s.Name, Product: products[s.ServiceID], Expiry: s.From, NewExpiry: s.To,
			})
		}
		one := portfolio.ItemReport{Item: item, Outcome: e.Outcome, Order: e.Order, Spent: e.Gross, Unexpected: e.Unexpected}
		if e.Outcome == portfolio.OutcomeRenewed {
			one.Services = e.Services
		} else {
			one.Why = e.Outcome.Words() + ": apply again, with the same journal"
		}
		r.Items = append(r.Items, one)
	}
	return r
}
