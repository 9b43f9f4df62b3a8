package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// simulate renews on a simulated account. It does not ask, since nothing is spent.
func simulate(ctx context.Context, req ovhrenew.Request, out io.Writer) error {
	server := ovhrenewtest.New(ovhrenewtest.Behaviour{})
	ovhrenewtest.Guide(server)
	if err := server.Listen("127.0.0.1:0"); err != nil {
		return err
	}
	defer server.Close()
	fmt.Fprintln(out, "simulated account: nothing here is real (-live for your own)")
	client, err := ovhrenew.NewWithConfig(server.Client(), ovhrenew.Config{Limiter: ovhrenew.Unlimited})
	if err != nil {
		return err
	}
	req.Journal = ovhrenewtest.NewMemory(ovhrenew.OnlyJournal)
	req.Patience.Poll = 10 * time.Millisecond
	return renew(ctx, client, req, out)
}
