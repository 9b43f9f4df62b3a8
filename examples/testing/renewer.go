// Package renewer stands for your program, and its test shows how to
// test such a program: against a simulated account over real HTTP, with every answer
// that the API might give, and without an account, a network or a cent.
package renewer

import (
	"context"
	"errors"
	"fmt"

	"github.com/ovhrenew/ovhrenew"
)

// Nightly renews what is due of some services for a year, within a limit each, and
// tells in a line what became of each. The error is that of the last one that needs
// somebody to look at it.
func Nightly(ctx context.Context, client ovhrenew.Client, journal ovhrenew.Journal, limit ovhrenew.Money, names ...string) ([]string, error) {
	var lines []string
	var trouble error
	for _, name := range names {
		receipt, err := ovhrenew.Renew(ctx, client, ovhrenew.Request{
			Service: ovhrenew.Name(name),
			Rules:   []ovhrenew.Rule{ovhrenew.For(ovhrenew.P1Y), ovhrenew.Alone},
			Limit:   limit,
			PayWith: ovhrenew.DefaultMethod,
			Journal: journal,
		})
		switch {
		case err == nil && receipt.Already:
			lines = append(lines, name+": renewed on an earlier night")
		case err == nil:
			lines = append(lines, fmt.Sprintf("%s: renewed for %s", name, receipt.Price))
		case errors.Is(err, ovhrenew.ErrNotDue), errors.Is(err, ovhrenew.ErrAutoRenew):
			lines = append(lines, name+": nothing to do")
		case errors.Is(err, ovhrenew.ErrUnsure):
			// Not a failure to repeat elsewhere: the next night's run settles it.
			lines, trouble = append(lines, name+": may have been paid"), err
		default:
			lines, trouble = append(lines, name+": not renewed"), err
		}
	}
	return lines, trouble
}
