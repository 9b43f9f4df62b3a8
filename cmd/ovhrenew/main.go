// Ovhrenew renews services of an OVHcloud account: it lists what ends, shows what is
// offered, plans, applies a plan that a person has seen, and reports what it has cost.
//
// With --demo it works on a simulated account; otherwise on the account whose credentials
// go-ovh finds, in the environment or in ovh.conf. It spends nothing without a limit and a
// yes at a terminal, or --yes together with a plan file.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends it at once
	os.Exit(newProgram().run(ctx, os.Args[1:]))
}
