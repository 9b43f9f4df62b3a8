// What the documentation shows of the package.

package postgres_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/postgres"
)

// A job that any of several machines may run. It is compiled and not run here.
func Example() {
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, os.Getenv("DATABASE_URL"))
	if err != nil {
		log.Fatal(err)
	}
	defer pool.Close()
	if err := postgres.Migrate(ctx, pool); err != nil {
		log.Fatal(err)
	}
	journal, err := postgres.Open(ctx, pool, ovhrenew.OnlyJournal, postgres.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer journal.Close()
	api, err := ovh.NewDefaultClient()
	if err != nil {
		log.Fatal(err)
	}
	limiter, err := postgres.NewLimiter(pool, api.AppKey, 60, 10)
	if err != nil {
		log.Fatal(err)
	}
	client, err := ovhrenew.NewWithConfig(api, ovhrenew.Config{Limiter: limiter})
	if err != nil {
		log.Fatal(err)
	}
	receipt, err := ovhrenew.Renew(ctx, client, ovhrenew.Request{
		Service: ovhrenew.Name("vps112233.ovh.net"),
		Rules:   []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M), ovhrenew.Alone},
		Limit:   ovhrenew.MustMoney("50 EUR"),
		PayWith: ovhrenew.DefaultMethod,
		Journal: journal,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(receipt.Price)
}
