package main

import (
	"fmt"
	"io"
	"sync"
	"unicode/utf8"

	"github.com/ovhrenew/ovhrenew"
)

// progress shows how far a run is: on a terminal in one line that is written over,
// elsewhere in lines that stay.
type progress struct {
	w       io.Writer
	rewrite bool

	mu   sync.Mutex
	last string // the line that can be written over
}

// status shows the state of things, on a terminal only.
func (p *progress) status(format string, args ...any) {
	if !p.rewrite {
		return
	}
	const width = 79 // a longer line would wrap, and could not be written over
	text := fmt.Sprintf(format, args...)
	if utf8.RuneCountInString(text) > width {
		text = string([]rune(text)[:width-1]) + "…"
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last = text
	fmt.Fprint(p.w, clearLine, text)
}

// line writes a line that stays.
func (p *progress) line(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last != "" {
		fmt.Fprint(p.w, clearLine)
	}
	fmt.Fprintf(p.w, format+"\n", args...)
	fmt.Fprint(p.w, p.last)
}

// clear takes the state of things away.
func (p *progress) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last != "" {
		fmt.Fprint(p.w, clearLine)
	}
	p.last = ""
}

const clearLine = "\r\x1b[K"

// tracker follows the application of a plan.
type tracker struct {
	show *progress
	done ovhrenew.Report
}

// hear takes one event after the other.
func (t *tracker) hear(p ovhrenew.ItemProgress) {
	if p.Report != nil {
		t.done.Items = append(t.done.Items, *p.Report)
		switch p.Report.Outcome {
		case ovhrenew.OutcomeSkipped: // the report says it once for all of them
		case ovhrenew.OutcomeRenewed:
			if !t.show.rewrite {
				t.show.line("%d/%d %s", len(t.done.Items), p.Items, itemLine(*p.Report))
			}
		default:
			t.show.line("%d/%d %s", len(t.done.Items), p.Items, itemLine(*p.Report))
		}
	}
	spent, err := t.done.Spent()
	if err != nil {
		return // the report will say so
	}
	t.show.status("Renewing: %d of %d, %s spent; %s", len(t.done.Items), p.Items, amounts(spent), nameOf(p.Item))
}
