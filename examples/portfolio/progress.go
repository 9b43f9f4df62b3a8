package main

import (
	"fmt"
	"io"
	"strconv"
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

// hear takes one event after the other. What was not renewed, the report at the end
// lists too: where lines stay, it comes twice, in the log and in the report.
func (t *tracker) hear(p ovhrenew.ItemProgress) {
	if p.Report != nil {
		t.done.Items = append(t.done.Items, *p.Report)
	}
	done, renewed := len(t.done.Items), t.done.Count(ovhrenew.OutcomeRenewed)
	switch {
	case t.show.rewrite:
		spent, err := t.done.Spent()
		if err != nil {
			return // the report will say so
		}
		state := fmt.Sprintf("Renewing: %d of %d, %s spent", done, p.Items, amounts(spent))
		if done > renewed {
			state += fmt.Sprintf(", %d not renewed", done-renewed)
		}
		t.show.status("%s; %s", state, nameOf(p.Item))
	case p.Report != nil && p.Report.Outcome != ovhrenew.OutcomeSkipped:
		t.show.line("[%*d/%d] %s", len(strconv.Itoa(p.Items)), done, p.Items, itemLine(*p.Report))
	}
}
