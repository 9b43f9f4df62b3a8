package main

import (
	"context"
	"fmt"
	"io"
	"sync"

	"github.com/ovhrenew/ovhrenew"
)

// chat is where people are asked. In a real one, posting calls the chat's webhook, and
// answer is called by the handler of its buttons.
type chat struct {
	posts chan ovhrenew.Approval

	mu      sync.Mutex
	asked   map[ovhrenew.OrderID]bool
	answers map[ovhrenew.OrderID]ovhrenew.Answer
}

func newChat() *chat {
	return &chat{posts: make(chan ovhrenew.Approval, 100), asked: map[ovhrenew.OrderID]bool{}, answers: map[ovhrenew.OrderID]ovhrenew.Answer{}}
}

// ask is the Approver: it posts once for each order, and has it wait until there is an
// answer. It returns at once, so that other renewals go on meanwhile.
func (c *chat) ask(_ context.Context, a ovhrenew.Approval) (ovhrenew.Answer, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if answer, ok := c.answers[a.Order.OrderID]; ok {
		return answer, nil
	}
	if !c.asked[a.Order.OrderID] {
		c.asked[a.Order.OrderID] = true
		c.posts <- a
	}
	return ovhrenew.AnswerLater, nil
}

func (c *chat) answer(order ovhrenew.OrderID, answer ovhrenew.Answer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answers[order] = answer
}

// colleague reads the posts and answers: yes to what costs no more than the limit.
func (c *chat) colleague(ctx context.Context, limit ovhrenew.Money, out io.Writer) {
	for {
		select {
		case <-ctx.Done():
			return
		case a := <-c.posts:
			answer := ovhrenew.AnswerNo
			if order, err := a.Order.PriceWithTax.Cmp(limit); err == nil && order <= 0 {
				answer = ovhrenew.AnswerYes
			}
			fmt.Fprintf(out, "  chat     order %d, %s: %s\n", a.Order.OrderID, a.Order.PriceWithTax, answer)
			c.answer(a.Order.OrderID, answer)
		}
	}
}
