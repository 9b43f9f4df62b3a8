package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/ovhrenew/ovhrenew"
)

// claim is a hold on services: rows with its number.
type claim struct {
	journal   *Journal
	account   string
	services  []ovhrenew.ServiceID // in ascending order, each once
	number    int64
	made      int64 // the transaction that makes it, if it may be committed
	inherited bool

	mu     sync.Mutex
	states []ovhrenew.State
	over   bool
}

// Claim takes hold of services of an account until the claim is released, the journal is
// closed or the process shows no sign of life.
//
// The error is [ovhrenew.ErrBusy], with the service and who has it, if another claim
// holds one of them; [ovhrenew.ErrBadInput] for no account or no services; else
// [ovhrenew.ErrJournal].
func (j *Journal) Claim(ctx context.Context, account string, services ...ovhrenew.ServiceID) (ovhrenew.Claim, error) {
	const call = "Claim"
	if err := checkAccount(call, account); err != nil {
		return nil, err
	}
	c := &claim{journal: j, account: text(account), services: slices.Compact(slices.Sorted(slices.Values(services)))}
	switch {
	case len(services) == 0:
		return nil, badInput(call, "services", "", "names no service")
	case c.services[0] <= 0:
		return nil, badInput(call, "services", fmt.Sprint(c.services[0]), "is no service")
	}
	for range 10 {
		err := c.take(ctx)
		if err == nil {
			return c, nil
		}
		// If the answer was lost, the rows may be there, or come later.
		if c.number != 0 {
			_ = j.holder.letGo(c.number, c.made)
		}
		c.number, c.made, c.inherited, c.states = 0, 0, false, nil
		if pg, ok := errors.AsType[*pgconn.PgError](err); !errors.Is(err, errAgain) && (!ok || pg.Code != "40P01") {
			return nil, failed(ctx, call, err)
		}
	}
	return nil, fmt.Errorf("%w: Claim: others claim and release the same all the time", ovhrenew.ErrBusy)
}

// errAgain says that a claim that was in the way has gone meanwhile.
var errAgain = errors.New("it has changed")

const rowsSQL = `select c.service, c.claim, c.holder, c.since, coalesce(h.host, ''), coalesce(h.process, ''), coalesce(` + alive + `, false)
	from ovhrenew_claim c left join ovhrenew_holder h using (holder)
	where c.account = $1 and c.service = any($2) order by c.service for update of c`

// statesSQL selects the open renewals and, of each service, the one that ended last.
const statesSQL = `with mine as materialized (
		select renewal, phase, services, change from ovhrenew_renewal where account = $1 and services && $2::bigint[]
	), ended as (
		select distinct on (service) renewal from mine, unnest(services) service
		where phase in ('renewed', 'closed') and service = any($2) order by service, change desc
	)
	select r.state::text, r.inherited from ovhrenew_renewal r join mine using (renewal)
	where r.account = $1 and (r.phase not in ('renewed', 'closed') or renewal in (select renewal from ended))
	order by r.change`

// held is the row of a claimed service.
type held struct {
	service       ovhrenew.ServiceID
	claim, holder int64
	since         time.Time
	who, process  string
	alive         bool
}

// take makes the claim, in one transaction.
func (c *claim) take(ctx context.Context) error {
	h := c.journal.holder
	tx, err := h.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.ReadCommitted})
	if err != nil {
		return err
	}
	defer func() {
		bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), callTimeout)
		defer cancel()
		_ = tx.Rollback(bounded) // which does nothing after a commit
	}()
	var rows []held
	var transaction int64
	batch := &pgx.Batch{}
	batch.Queue("select nextval('ovhrenew_claim_number'), pg_current_xact_id()::text::bigint").QueryRow(func(row pgx.Row) error {
		return row.Scan(&c.number, &transaction)
	})
	batch.Queue(`insert into ovhrenew_claim (account, service, claim, holder)
		select $1, service, currval('ovhrenew_claim_number'), $3 from unnest($2::bigint[]) service order by service
		on conflict do nothing`, c.account, c.services, h.id)
	batch.Queue(rowsSQL, c.account, c.services).Query(func(r pgx.Rows) (err error) {
		rows, err = pgx.CollectRows(r, func(row pgx.CollectableRow) (r held, err error) {
			err = row.Scan(&r.service, &r.claim, &r.holder, &r.since, &r.who, &r.process, &r.alive)
			return r, err
		})
		return err
	})
	batch.Queue(statesSQL, c.account, c.services).Query(c.readStates)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return err
	}
	if len(rows) != len(c.services) {
		return errAgain
	}
	if err := c.takeOver(ctx, tx, rows); err != nil {
		return err
	}
	if err := h.hold(c.number); err != nil {
		return err
	}
	c.made = transaction
	return tx.Commit(ctx)
}

// takeOver takes the services whose holders show no sign of life.
func (c *claim) takeOver(ctx context.Context, tx pgx.Tx, rows []held) error {
	h := c.journal.holder
	var taken, doubtful []ovhrenew.ServiceID
	for _, row := range rows {
		switch {
		case row.claim == c.number:
			continue
		case row.holder == h.id:
			if h.holds(row.claim) {
				return c.busy(row)
			}
			// This process has let it go, and could not say so.
		case dead(row.process):
		case row.alive:
			return c.busy(row)
		default:
			doubtful = append(doubtful, row.service)
		}
		taken = append(taken, row.service)
	}
	if len(taken) == 0 {
		return nil
	}
	batch := &pgx.Batch{}
	batch.Queue("update ovhrenew_claim set claim = $3, holder = $4, since = clock_timestamp() where account = $1 and service = any($2)",
		c.account, taken, c.number, h.id)
	if len(doubtful) > 0 {
		c.inherited = true
		// Kept with the renewal: this claim may end before anything is made of it.
		batch.Queue("update ovhrenew_renewal set inherited = true where account = $1 and services && $2::bigint[] and phase = $3",
			c.account, doubtful, ovhrenew.PhasePaying)
	}
	batch.Queue(statesSQL, c.account, c.services).Query(c.readStates)
	return tx.SendBatch(ctx, batch).Close()
}

func (c *claim) busy(row held) error {
	return fmt.Errorf("service %d: %w: %s, since %s", row.service, ovhrenew.ErrBusy, row.who, row.since.UTC().Format(time.RFC3339))
}

func (c *claim) readStates(rows pgx.Rows) error {
	var err error
	c.states, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (s ovhrenew.State, err error) {
		var body string
		var inherited bool
		if err := row.Scan(&body, &inherited); err != nil {
			return s, err
		}
		c.inherited = c.inherited || inherited
		err = json.Unmarshal([]byte(body), &s)
		return s, err
	})
	return err
}

// States returns the open renewals that concern any of the services and, of each
// service, the one that ended last, in the order of their last change.
func (c *claim) States() []ovhrenew.State {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.states)
}

// Inherited reports whether a holder that is not known to be dead had one of the
// services, or had begun to pay for one and nothing has become known of it since.
func (c *claim) Inherited() bool { return c.inherited }

const appendSQL = `with held as (
		select from ovhrenew_claim where account = $1 and service = any($2::bigint[]) and claim = $3 for share
	), fence as (
		select count(*) = cardinality($2::bigint[]) as whole, set_config('synchronous_commit',
			case current_setting('synchronous_commit') when 'off' then 'on' else current_setting('synchronous_commit') end, true) from held
	), kept as (
		insert into ovhrenew_renewal (account, renewal, phase, services, order_id, reached, change, state)
		select $1, $4, $5, $6, $7, $8, nextval('ovhrenew_change_number'), $9::json from fence where whole
		on conflict (account, renewal) do update set
			phase = excluded.phase, services = excluded.services, order_id = excluded.order_id,
			reached = excluded.reached, change = excluded.change, state = excluded.state,
			inherited = ovhrenew_renewal.inherited and excluded.phase = 'paying'
		returning change
	), told as (
		insert into ovhrenew_receipt (account, renewal, order_id, verified, change, services, period, price, tax, currency, paid_with, unexpected, receipt)
		select $1, $4, $10, $8, change, $6, $11, $12::numeric, $13::numeric, $14, $15, $16, $17::json from kept where $17::json is not null
		on conflict do nothing
	), own as (
		insert into ovhrenew_order (account, order_id, dated, services)
		select $1, $7, $8, $6 from fence where whole and $7::bigint is not null
		on conflict (account, order_id) do update set services = excluded.services
	)
	select count(*) from kept`

// Append keeps the state of a renewal: when it returns, a crash of this machine or of
// the database cannot lose it. It waits for the database half a minute if the context
// does not say how long.
//
// The error is [ovhrenew.ErrBadInput] for a state that cannot be meant, else
// [ovhrenew.ErrJournal]: the claim was released or has passed to another, or the
// database does not answer; then the state may or may not be kept.
func (c *claim) Append(ctx context.Context, s ovhrenew.State) error {
	const call = "Append"
	if err := c.check(s); err != nil {
		return err
	}
	body, err := json.Marshal(s)
	if err != nil {
		return failed(ctx, call, err)
	}
	var copied ovhrenew.State // as another process reads it
	if err := json.Unmarshal(body, &copied); err != nil {
		return failed(ctx, call, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over || !c.journal.holder.holds(c.number) {
		return fmt.Errorf("%w: Append: the claim was released", ovhrenew.ErrJournal)
	}
	if _, bounded := ctx.Deadline(); !bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, callTimeout)
		defer cancel()
	}
	var order *ovhrenew.OrderID
	if s.Order != 0 {
		order = &s.Order
	}
	receipt, err := receiptColumns(s)
	if err != nil {
		return failed(ctx, call, err)
	}
	args := []any{c.account, c.services, c.number, text(s.Renewal), text(string(s.Phase)), s.Services, order, s.Time, string(body)}
	var kept int
	if err := c.journal.pool.QueryRow(ctx, appendSQL, append(args, receipt...)...).Scan(&kept); err != nil {
		return failed(ctx, call, err)
	}
	if kept != 1 {
		return fmt.Errorf("%w: Append: the claim has passed to another: %w", ovhrenew.ErrJournal, ovhrenew.ErrBusy)
	}
	c.states = concerning(append(c.states, copied), c.services)
	return nil
}

// ended is when a renewal ended, and its receipt.
type ended struct {
	Ended   time.Time        `json:"ended"`
	Receipt ovhrenew.Receipt `json:"receipt"`
}

// receiptColumns are those of a state that has a receipt, and else nothing.
func receiptColumns(s ovhrenew.State) ([]any, error) {
	r := s.Receipt
	if r == nil || !s.Over() {
		return make([]any, 8), nil
	}
	body, err := json.Marshal(ended{s.Time, *r})
	return []any{
		r.Order, text(string(r.Period)), amount(r.Price), amount(r.Tax), text(string(r.Price.Currency())),
		text(r.PaidWith), r.Unexpected, string(body),
	}, err
}

// amount is money as a number; nil if there is none.
func amount(m ovhrenew.Money) *string {
	if m.Currency() == "" {
		return nil
	}
	number, _, _ := strings.Cut(m.String(), " ")
	return &number
}

func (c *claim) check(s ovhrenew.State) error {
	const call = "Append"
	claimed := func(id ovhrenew.ServiceID) bool { return slices.Contains(c.services, id) }
	switch {
	case s.Version != 1:
		return badInput(call, "Version", fmt.Sprint(s.Version), "is not 1")
	case s.Renewal == "":
		return badInput(call, "Renewal", "", "names no renewal")
	case !utf8.ValidString(s.Renewal):
		return badInput(call, "Renewal", s.Renewal, "is not UTF-8")
	case s.Phase == "":
		return badInput(call, "Phase", "", "is no phase")
	case s.Time.IsZero():
		return badInput(call, "Time", "", "is not set")
	case !slices.ContainsFunc(s.Services, claimed):
		return badInput(call, "Services", fmt.Sprint(s.Services), fmt.Sprintf("has none of the claimed %v", c.services))
	}
	return nil
}

// Release lets the services go. If the database cannot be told now, it is told later.
func (c *claim) Release() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over {
		return nil
	}
	c.over = true
	return c.journal.holder.letGo(c.number, 0)
}

// concerning returns those states that count: of each renewal the last, if it is open or
// is the one that ended last of one of the services.
func concerning(states []ovhrenew.State, services []ovhrenew.ServiceID) []ovhrenew.State {
	last := map[string]int{}
	for i, s := range states {
		last[s.Renewal] = i
	}
	ended := map[ovhrenew.ServiceID]int{}
	for i, s := range states {
		for _, id := range s.Services {
			if s.Over() && last[s.Renewal] == i && slices.Contains(services, id) {
				ended[id] = i
			}
		}
	}
	var kept []ovhrenew.State
	for i, s := range states {
		counts := func(id ovhrenew.ServiceID) bool {
			at, is := ended[id]
			return is && at == i || !s.Over() && slices.Contains(services, id)
		}
		if last[s.Renewal] == i && slices.ContainsFunc(s.Services, counts) {
			kept = append(kept, s)
		}
	}
	return kept
}
