package main

import (
	"fmt"
	"strings"

	"github.com/ovhrenew/ovhrenew/portfolio"
)

// progress tells how far a plan is: on a terminal in its last line, elsewhere in a line for
// each item that has ended.
func (p *program) progress() func(portfolio.Progress) {
	told := map[string]bool{}
	return func(at portfolio.Progress) {
		if p.live {
			text := fit(at.String(), columns-1)
			fmt.Fprintf(p.err, "\r%s%s", text, strings.Repeat(" ", columns-1-len([]rune(text))))
			return
		}
		item := at.Item
		if item.Outcome == portfolio.OutcomeSkipped || len(item.Item.Services) == 0 {
			return // on its way
		}
		line := fmt.Sprintf("%s: %s", item.Outcome, item.Item.Services[0].Name)
		if key := line + item.Item.Services[0].ID.String(); !told[key] {
			told[key] = true
			p.say("%s (%d of %d)", line, at.Renewed+at.Failed, at.Items)
		}
	}
}

// endProgress leaves the line.
func (p *program) endProgress() {
	if p.live {
		fmt.Fprintf(p.err, "\r%s\r", strings.Repeat(" ", columns-1))
	}
}
