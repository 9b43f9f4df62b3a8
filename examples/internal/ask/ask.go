// Package ask has a client that asks a person before it spends, for programs that are
// run by hand.
package ask

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/ovhrenew/ovhrenew"
)

// Client asks before it spends. Renew calls PlaceOrder and Pay only where something is
// to be spent: what is done already, or refused, is not asked about. Its tests are those
// of examples/renew-vps.
type Client struct {
	ovhrenew.Client
	By  ovhrenew.Payment // the request's
	In  io.Reader
	Out io.Writer

	price  ovhrenew.Money // of the last quote, tax included
	agreed bool
}

// Quote remembers the price for the question.
func (c *Client) Quote(ctx context.Context, offer ovhrenew.Offer) (ovhrenew.Quote, error) {
	quote, err := c.Client.Quote(ctx, offer)
	c.price = quote.PriceWithTax
	return quote, err
}

// PlaceOrder asks. Renew pays no order that costs anything but what was quoted, in this
// run or, for an order that has lapsed since, in the one before.
func (c *Client) PlaceOrder(ctx context.Context, offer ovhrenew.Offer) (ovhrenew.Order, error) {
	if c.price.IsZero() {
		if _, err := c.Quote(ctx, offer); err != nil {
			return ovhrenew.Order{}, fmt.Errorf("%w: %w", ovhrenew.ErrNotSent, err)
		}
	}
	if err := c.ask(ctx, fmt.Sprintf("to order  %s", offer), c.price, c.By); err != nil {
		return ovhrenew.Order{}, err
	}
	return c.Client.PlaceOrder(ctx, offer)
}

// OrderPaymentMethods asks about an order that an earlier run has left unpaid. Renew calls
// it before its last look at the expiries, at other orders and at this one: the answer may
// take its time, and what happens meanwhile has to be seen.
func (c *Client) OrderPaymentMethods(ctx context.Context, id ovhrenew.OrderID) (ovhrenew.OrderPaymentMethods, error) {
	if err := c.askToPay(ctx, id); err != nil {
		return ovhrenew.OrderPaymentMethods{}, err
	}
	return c.Client.OrderPaymentMethods(ctx, id)
}

// OrderPaymentMeans asks, as OrderPaymentMethods does.
func (c *Client) OrderPaymentMeans(ctx context.Context, id ovhrenew.OrderID) ([]ovhrenew.MeanKind, error) {
	if err := c.askToPay(ctx, id); err != nil {
		return nil, err
	}
	return c.Client.OrderPaymentMeans(ctx, id)
}

// Pay comes unasked only for an order of 0, which Renew pays with points.
func (c *Client) Pay(ctx context.Context, id ovhrenew.OrderID, with ovhrenew.Payment) error {
	if !c.agreed {
		if order, err := c.Order(ctx, id); err != nil || order.PriceWithTax.Sign() != 0 {
			return errors.Join(ovhrenew.ErrNotSent, err)
		}
	}
	return c.Client.Pay(ctx, id, with)
}

func (c *Client) askToPay(ctx context.Context, id ovhrenew.OrderID) error {
	if c.agreed {
		return nil
	}
	order, err := c.Order(ctx, id)
	if err != nil {
		return err
	}
	by, err := ovhrenew.CheckPayment(ctx, c.Client, id, c.By) // what is refused is not asked about
	if err != nil {
		return err
	}
	return c.ask(ctx, fmt.Sprintf("to pay    order %d, which was left unpaid", id), order.PriceWithTax, by)
}

// ask returns an error unless the answer is yes. That it is an ErrNotSent tells Renew
// that nothing has left.
func (c *Client) ask(ctx context.Context, what string, price ovhrenew.Money, by ovhrenew.Payment) error {
	fmt.Fprintf(c.Out, "%s\nPay %s, tax included, by %s? A payment cannot be taken back. [y/N] ", what, price, by)
	answers := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(c.In).ReadString('\n') // no answer is no
		answers <- line
	}()
	var answer string
	select {
	case answer = <-answers:
	case <-ctx.Done(): // Ctrl-C is no
	}
	if !strings.HasSuffix(answer, "\n") {
		fmt.Fprintln(c.Out)
	}
	answer = strings.ToLower(strings.TrimSpace(answer))
	if c.agreed = answer == "y" || answer == "yes"; !c.agreed {
		return errNo
	}
	return nil
}

// errNo is an ErrNotSent in other words.
var errNo error = notConfirmed{}

type notConfirmed struct{}

func (notConfirmed) Error() string        { return "not confirmed" }
func (notConfirmed) Is(target error) bool { return target == ovhrenew.ErrNotSent }
