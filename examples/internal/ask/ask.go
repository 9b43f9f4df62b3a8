// Package ask asks a person about an order before it is paid, for programs that are run
// by hand. Its tests are those of examples/renew-vps.
package ask

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/ovhrenew/ovhrenew"
)

// Approver returns an Approver that asks on out and reads the answer from in. Only yes is
// a yes. A no is kept by the journal; the end of the context is no answer.
func Approver(in io.Reader, out io.Writer) ovhrenew.Approver {
	return func(ctx context.Context, a ovhrenew.Approval) (ovhrenew.Answer, error) {
		fmt.Fprintf(out, "to pay    order %d, %s\nPay %s, tax included, by %s? A payment cannot be taken back. [y/N] ",
			a.Order.OrderID, a.Task.Offer, a.Order.PriceWithTax, a.Task.PayWith)
		answers := make(chan string, 1)
		go func() {
			line, _ := bufio.NewReader(in).ReadString('\n') // no answer is no
			answers <- line
		}()
		var answer string
		select {
		case answer = <-answers:
		case <-ctx.Done():
			fmt.Fprintln(out)
			return ovhrenew.AnswerLater, ctx.Err()
		}
		if !strings.HasSuffix(answer, "\n") {
			fmt.Fprintln(out)
		}
		switch strings.ToLower(strings.TrimSpace(answer)) {
		case "y", "yes":
			return ovhrenew.AnswerYes, nil
		}
		return ovhrenew.AnswerNo, nil
	}
}
