package main

import (
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/ovhrenew/ovhrenew/portfolio"
)

// screen is the last line of a terminal, which several goroutines write.
type screen struct {
	asks    sync.Mutex // held while somebody is asked
	columns int        // how wide the terminal is, but for the widest ones
	mu      sync.Mutex // of what follows
	reading string     // what is being read; empty: nothing of which the answers are counted
	answers int
	asking  bool // the line is a question
}

// line writes the last line of a terminal anew; with an empty text it leaves it clean.
func (p *program) line(text string) {
	p.screen.mu.Lock()
	defer p.screen.mu.Unlock()
	if !p.live || p.screen.asking {
		return
	}
	fmt.Fprintf(p.err, "\r%s\r", strings.Repeat(" ", p.screen.columns-1))
	if text != "" {
		fmt.Fprint(p.err, fit(text, p.screen.columns-1))
	}
}

// hold keeps the last line as it is while somebody is asked.
func (p *program) hold(asking bool) {
	p.screen.mu.Lock()
	defer p.screen.mu.Unlock()
	p.screen.asking = asking
}

// reading counts the answers that come until the function returned is called.
func (p *program) reading(what string) (end func()) {
	p.screen.mu.Lock()
	defer p.screen.mu.Unlock()
	p.screen.reading, p.screen.answers = what, 0
	return func() {
		p.screen.mu.Lock()
		shown := p.screen.answers > 0
		p.screen.reading = ""
		p.screen.mu.Unlock()
		if shown {
			p.line("")
		}
	}
}

// counted tells how many answers have come.
type counted struct {
	base http.RoundTripper
	p    *program
}

func (c counted) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := c.base.RoundTrip(r)
	s := &c.p.screen
	s.mu.Lock()
	s.answers++
	text := fmt.Sprintf("%s: %d answers", s.reading, s.answers)
	shows := s.reading != ""
	s.mu.Unlock()
	if shows {
		c.p.line(text)
	}
	return answer, err
}

// progress tells how far a plan is: on a terminal in its last line, elsewhere in a line for
// each item that has ended.
func (p *program) progress() func(portfolio.Progress) {
	told := map[string]bool{}
	return func(at portfolio.Progress) {
		if p.live {
			p.line(at.String())
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
