package main

import (
	"fmt"
	"io"
	"time"

	"github.com/ovhrenew/ovhrenew"
)

// report shows a step that is done.
func report(out io.Writer, p ovhrenew.Progress) {
	switch p.Step {
	case ovhrenew.StepOffers:
		fmt.Fprintln(out, "offered")
		for _, offer := range p.Proposal.Offers {
			fmt.Fprintf(out, "          %s\n", offer)
		}
	case ovhrenew.StepSelect:
		fmt.Fprintf(out, "chosen    %s\n", p.Proposal.Offer)
	case ovhrenew.StepQuote:
		fmt.Fprintf(out, "quoted    %s, of which tax %s\n", p.Proposal.Quote.PriceWithTax, p.Proposal.Quote.Tax)
	case ovhrenew.StepOrder:
		fmt.Fprintf(out, "ordered   order %d, %s\n", p.Order.OrderID, p.Order.PriceWithTax)
	case ovhrenew.StepSettle:
		fmt.Fprintf(out, "waiting   order %d was there before: until %s, to see that nobody has paid it\n",
			p.Order.OrderID, p.Until.Format(time.TimeOnly))
	case ovhrenew.StepPay:
		fmt.Fprintf(out, "paid      order %d\n", p.Order.OrderID)
	case ovhrenew.StepWatch:
		fmt.Fprintf(out, "status    %s\n", p.Status)
	}
}
