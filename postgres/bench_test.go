// What a long journal costs to open, to claim in, and to read.

package postgres_test

import (
	"encoding/json"
	"flag"
	"testing"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/postgres"
)

var finished = flag.Int("finished", 20_000, "how many finished renewals BenchmarkFinished begins with")

// BenchmarkFinished opens, claims and appends in a database with three years of finished
// renewals: 36 of each service.
func BenchmarkFinished(b *testing.B) {
	pool := database(b)
	const each = 36
	services := *finished / each
	state := finishedState(b)
	for n := range each {
		exec(b, pool, `insert into ovhrenew_renewal (account, renewal, phase, services, order_id, reached, change, state)
			select $1, format('%s@20%s-01-01 P1M', service, $2::int), 'renewed', array[service], service * 100 + $2, $3::timestamptz, nextval('ovhrenew_change_number'), $4::json
			from generate_series(1, $5::bigint) service`, account, n, noon.AddDate(0, n-each, 0), state, services)
	}
	exec(b, pool, `insert into ovhrenew_receipt (account, renewal, order_id, verified, change, services, period, price, tax, currency, paid_with, unexpected, receipt)
		select account, renewal, order_id, reached, change, services, 'P1M', 12.00, 2.00, 'EUR', 'payment method 5678901', false,
			json_build_object('ended', reached, 'receipt', state -> 'receipt') from ovhrenew_renewal`)
	exec(b, pool, `insert into ovhrenew_order (account, order_id, dated, services) select account, order_id, reached, services from ovhrenew_renewal`)
	exec(b, pool, "analyze")
	var size string
	if err := pool.QueryRow(b.Context(), `select pg_size_pretty(sum(pg_total_relation_size(c.oid))) from pg_class c
		join pg_namespace n on n.oid = relnamespace where n.nspname = current_schema() and c.relkind = 'r'`).Scan(&size); err != nil {
		b.Fatal(err)
	}
	b.Logf("%d finished renewals of %d bytes each: %s", services*each, len(state), size)
	b.Run("Open", func(b *testing.B) {
		for b.Loop() {
			j, err := postgres.Open(b.Context(), pool, ovhrenew.OnlyJournal, postgres.Options{})
			if err != nil {
				b.Fatal(err)
			}
			_ = j.Close()
		}
	})
	j := open(b, pool, postgres.Options{})
	id := ovhrenew.ServiceID(0)
	claimed := func(b *testing.B) ovhrenew.Claim {
		id = id%ovhrenew.ServiceID(services) + 1
		c, err := j.Claim(b.Context(), account, id)
		if err != nil {
			b.Fatal(err)
		}
		if len(c.States()) == 0 {
			b.Fatal("the claim has no states")
		}
		return c
	}
	b.Run("Claim", func(b *testing.B) {
		for b.Loop() {
			_ = claimed(b).Release()
		}
	})
	b.Run("Append", func(b *testing.B) {
		c := claimed(b)
		defer c.Release()
		for b.Loop() {
			if err := c.Append(b.Context(), paying(id)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("AppendReceipt", func(b *testing.B) {
		c := claimed(b)
		defer c.Release()
		end := c.States()[0]
		end.Services = []ovhrenew.ServiceID{id}
		for b.Loop() {
			end.Order++
			end.Receipt.Order = end.Order
			if err := c.Append(b.Context(), end); err != nil {
				b.Fatal(err)
			}
		}
	})
	benchmarkReading(b, j)
}

func benchmarkReading(b *testing.B, j *postgres.Journal) {
	b.Run("OrdersOfAMonth", func(b *testing.B) {
		for b.Loop() {
			if _, err := j.Orders(b.Context(), account, noon.AddDate(0, -1, 0)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("FirstReceipt", func(b *testing.B) {
		for b.Loop() {
			for _, err := range j.Receipts(b.Context(), account, time.Time{}) {
				if err != nil {
					b.Fatal(err)
				}
				break
			}
		}
	})
	b.Run("ReceiptsOfAMonth", func(b *testing.B) {
		for b.Loop() {
			for _, err := range j.Receipts(b.Context(), account, noon.AddDate(0, -1, 0)) {
				if err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}

// finishedState is the state of a finished renewal of one service, with its receipt.
func finishedState(b *testing.B) string {
	b.Helper()
	twelve, from, to := ovhrenew.MustMoney("12.00 EUR"), ovhrenew.MustDate("2026-12-01"), ovhrenew.MustDate("2027-01-01")
	ids := []ovhrenew.ServiceID{11223344}
	services := []ovhrenew.Renewed{{ServiceID: ids[0], Name: "vps112233.ovh.net", From: from, To: to}}
	text, err := json.Marshal(ovhrenew.State{
		Version: 1, Renewal: "11223344@2026-12-01 P1M", Phase: ovhrenew.PhaseRenewed, Services: ids, Order: 123456789, Time: noon, Placed: noon, Sent: noon, Ended: noon,
		Task: ovhrenew.Task{
			Target: ids[0], Services: services, Prices: []ovhrenew.Money{twelve}, Quoted: twelve, Limit: twelve, PayWith: ovhrenew.DefaultMethod,
			Offer: ovhrenew.Offer{Service: ids[0], Period: ovhrenew.P1M, Strategy: ovhrenew.RenewStrategy{Price: twelve, Services: ids}},
		},
		Lapses: noon.AddDate(0, 0, 14), Cost: ovhrenew.Quote{PriceWithTax: twelve, PriceWithoutTax: twelve}, Payment: "payment method 5678901",
		Receipt: &ovhrenew.Receipt{Services: services, Period: ovhrenew.P1M, Order: 123456789, Price: twelve, PriceWithoutTax: twelve, PaidWith: "payment method 5678901", Verified: noon},
	})
	if err != nil {
		b.Fatal(err)
	}
	return string(text)
}
