package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/words"
)

var errNo = errors.New("not confirmed: nothing was done")

// ask asks a person one question at a time. Only yes is a yes; the end of the context is no
// answer.
func (p *program) ask(ctx context.Context, question string) (bool, error) {
	if !p.terminal {
		return false, errors.New("nobody can be asked: the standard input is not a terminal")
	}
	p.screen.asks.Lock()
	defer p.screen.asks.Unlock()
	if err := ctx.Err(); err != nil {
		return false, err
	}
	p.line("")
	p.hold(true)
	defer p.hold(false)
	fmt.Fprint(p.err, wrap(question+" [y/N]", "")+" ")
	answers := make(chan string, 1)
	go func() {
		line, _ := p.in.ReadString('\n') // no whole line is no
		answers <- line
	}()
	var answer string
	select {
	case answer = <-answers:
	case <-ctx.Done():
		fmt.Fprintln(p.err)
		return false, ctx.Err()
	}
	if !strings.HasSuffix(answer, "\n") { // nobody has pressed the key that ends it
		fmt.Fprintln(p.err)
		return false, nil
	}
	answer = strings.ToLower(strings.TrimSpace(answer))
	return answer == "y" || answer == "yes", nil
}

// confirm asks a question. The error is errNo unless the answer is yes.
func (p *program) confirm(ctx context.Context, question string) error {
	yes, err := p.ask(ctx, question)
	if err == nil && !yes {
		err = errNo
	}
	return err
}

// calledAll names services that are renewed together.
func calledAll(services []ovhrenew.Renewed) string {
	var all []string
	for _, s := range services {
		all = append(all, words.Called(s.Name, s.ServiceID))
	}
	return strings.Join(all, " + ")
}

// approver asks about an order before it is paid. A no is kept by the journal.
func (p *program) approver() ovhrenew.Approver {
	if p.demo {
		return nil
	}
	return func(ctx context.Context, a ovhrenew.Approval) (ovhrenew.Answer, error) {
		yes, err := p.ask(ctx, fmt.Sprintf("Order %d: %s of %s. Pay %s, tax included, by %s? A payment cannot be taken back, and a no is remembered.",
			a.Order.OrderID, a.Task.Offer.Period, calledAll(a.Task.Services), a.Order.PriceWithTax, a.Task.PayWith))
		switch {
		case err != nil:
			return ovhrenew.AnswerLater, err
		case yes:
			return ovhrenew.AnswerYes, nil
		}
		return ovhrenew.AnswerNo, nil
	}
}
