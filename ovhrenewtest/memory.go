package ovhrenewtest

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/ovhrenew/ovhrenew"
)

// Memory is a handle of a Journal in memory. It keeps states as they come back from JSON,
// as a file would, and any number of accounts. The process that has a handle can be made
// to die.
type Memory struct {
	store *store
	lost  bool // guarded by store.mu
}

type store struct {
	mu       sync.Mutex
	sharing  ovhrenew.Sharing
	accounts map[string]*memoryAccount
}

type memoryAccount struct {
	states []ovhrenew.State                        // the last of each renewal, as they were appended
	ended  []ovhrenew.State                        // the first with each receipt
	orders map[ovhrenew.OrderID]ovhrenew.OrderFact // which a state has named
	facts  map[ovhrenew.OrderID]ovhrenew.OrderFact // which were remembered
	held   map[ovhrenew.ServiceID]*memoryClaim
	// doubtful are the renewals that a holder which may be alive had begun to pay.
	doubtful map[string]bool
}

type memoryClaim struct {
	handle    *Memory
	account   *memoryAccount
	services  []ovhrenew.ServiceID
	states    []ovhrenew.State
	since     time.Time
	inherited bool
	expired   bool
	over      error // why the claim is
}

// NewMemory returns a handle of a new journal.
func NewMemory(sharing ovhrenew.Sharing) *Memory {
	return &Memory{store: &store{sharing: sharing, accounts: map[string]*memoryAccount{}}}
}

// Another returns another handle of the same journal, as another process would open it.
func (m *Memory) Another() *Memory { return &Memory{store: m.store} }

// Lose ends the handle as the death of its process would: its claims are free, and
// everything called on it fails.
func (m *Memory) Lose() {
	m.each(func() { m.lost = true }, func(c *memoryClaim) { c.end(ovhrenew.ErrJournal) })
}

// ExpireLeases lets the claims of the handle pass to whoever asks next, while its
// process may be alive. Whoever has them then has inherited them.
func (m *Memory) ExpireLeases() {
	m.each(func() {}, func(c *memoryClaim) { c.expired = true })
}

// each calls first, and f with each claim of the handle, while nobody else uses the journal.
func (m *Memory) each(first func(), f func(*memoryClaim)) {
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	first()
	for _, account := range m.store.accounts {
		for _, claim := range account.held {
			if claim.handle == m {
				f(claim)
			}
		}
	}
}

// Sharing returns who shares the account.
func (m *Memory) Sharing() ovhrenew.Sharing { return m.store.sharing }

// open locks the store and returns an account of it.
func (m *Memory) open(ctx context.Context, name string) (*memoryAccount, func(), error) {
	if name == "" {
		return nil, nil, fmt.Errorf("%w: the account has no name", ovhrenew.ErrBadInput)
	}
	if ctx.Err() != nil {
		return nil, nil, fmt.Errorf("%w: %w", ovhrenew.ErrJournal, context.Cause(ctx))
	}
	m.store.mu.Lock()
	if m.lost {
		m.store.mu.Unlock()
		return nil, nil, fmt.Errorf("%w: the handle was lost", ovhrenew.ErrJournal)
	}
	account := m.store.accounts[name]
	if account == nil {
		account = &memoryAccount{
			orders: map[ovhrenew.OrderID]ovhrenew.OrderFact{}, facts: map[ovhrenew.OrderID]ovhrenew.OrderFact{},
			held: map[ovhrenew.ServiceID]*memoryClaim{}, doubtful: map[string]bool{},
		}
		m.store.accounts[name] = account
	}
	return account, m.store.mu.Unlock, nil
}

// Claim takes hold of services of an account.
func (m *Memory) Claim(ctx context.Context, name string, services ...ovhrenew.ServiceID) (ovhrenew.Claim, error) {
	if len(services) == 0 || slices.Min(services) <= 0 {
		return nil, fmt.Errorf("%w: Claim: services %v", ovhrenew.ErrBadInput, services)
	}
	account, unlock, err := m.open(ctx, name)
	if err != nil {
		return nil, err
	}
	defer unlock()
	services = slices.Compact(slices.Sorted(slices.Values(services)))
	var taken []ovhrenew.ServiceID
	for _, id := range services {
		switch other := account.held[id]; {
		case other != nil && !other.expired:
			return nil, fmt.Errorf("service %d: %w: since %s", id, ovhrenew.ErrBusy, other.since.Format(time.RFC3339))
		case other != nil:
			taken = append(taken, id)
		}
	}
	claim := &memoryClaim{handle: m, account: account, services: services, since: time.Now(), inherited: taken != nil}
	for _, id := range services {
		if other := account.held[id]; other != nil {
			other.end(fmt.Errorf("%w: %w", ovhrenew.ErrJournal, ovhrenew.ErrBusy))
		}
		account.held[id] = claim
	}
	claim.states = account.concerning(services)
	for _, s := range claim.states {
		if s.Phase == ovhrenew.PhasePaying && overlap(s.Services, taken) {
			account.doubtful[s.Renewal] = true
		}
		claim.inherited = claim.inherited || account.doubtful[s.Renewal]
	}
	return claim, nil
}

func overlap(a, b []ovhrenew.ServiceID) bool {
	return slices.ContainsFunc(a, func(id ovhrenew.ServiceID) bool { return slices.Contains(b, id) })
}

func (c *memoryClaim) end(why error) {
	c.over = cmp.Or(c.over, why)
	maps.DeleteFunc(c.account.held, func(_ ovhrenew.ServiceID, holder *memoryClaim) bool { return holder == c })
}

// concerning are the states of services that count: what is open, and what ended last.
func (a *memoryAccount) concerning(services []ovhrenew.ServiceID) []ovhrenew.State {
	ended := map[ovhrenew.ServiceID]string{}
	for _, s := range a.states {
		for _, id := range s.Services {
			if s.Over() {
				ended[id] = s.Renewal
			}
		}
	}
	return filter(a.states, func(s ovhrenew.State) bool {
		return slices.ContainsFunc(s.Services, func(id ovhrenew.ServiceID) bool {
			return slices.Contains(services, id) && (!s.Over() || ended[id] == s.Renewal)
		})
	})
}

// States returns the states that count.
func (c *memoryClaim) States() []ovhrenew.State { return slices.Clone(c.states) }

// Inherited reports whether the lease of another claim had expired, or had before a payment
// was seen that its holder had begun.
func (c *memoryClaim) Inherited() bool { return c.inherited }

// Append keeps a state in place of an earlier one of the same renewal.
func (c *memoryClaim) Append(ctx context.Context, s ovhrenew.State) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%w: %w", ovhrenew.ErrJournal, context.Cause(ctx))
	}
	if s.Renewal == "" || s.Phase == "" || s.Time.IsZero() || !overlap(s.Services, c.services) {
		return fmt.Errorf("%w: Append of %+v to a claim of %v", ovhrenew.ErrBadInput, s, c.services)
	}
	var kept ovhrenew.State
	text, err := json.Marshal(s)
	if err == nil {
		err = json.Unmarshal(text, &kept)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ovhrenew.ErrJournal, err)
	}
	c.handle.store.mu.Lock()
	defer c.handle.store.mu.Unlock()
	if c.over != nil {
		return fmt.Errorf("%w: the claim is over", c.over)
	}
	a := c.account
	a.states = slices.DeleteFunc(a.states, func(other ovhrenew.State) bool { return other.Renewal == s.Renewal })
	a.states = append(a.states, kept)
	same := func(o ovhrenew.State) bool { return o.Renewal == s.Renewal && o.Receipt.Order == s.Receipt.Order }
	if s.Over() && s.Receipt != nil && !slices.ContainsFunc(a.ended, same) {
		a.ended = append(a.ended, kept)
	}
	if s.Order != 0 {
		first := cmp.Or(a.orders[s.Order].Date, kept.Time)
		a.orders[s.Order] = ovhrenew.OrderFact{Order: s.Order, Date: first, Services: kept.Services}
	}
	if s.Phase != ovhrenew.PhasePaying {
		delete(a.doubtful, s.Renewal)
	}
	c.states = a.concerning(c.services)
	return nil
}

// Release lets the services go.
func (c *memoryClaim) Release() error {
	c.handle.store.mu.Lock()
	defer c.handle.store.mu.Unlock()
	c.end(ovhrenew.ErrJournal)
	return nil
}

// Orders returns what is known of orders.
func (m *Memory) Orders(ctx context.Context, name string, since time.Time) ([]ovhrenew.OrderFact, error) {
	account, unlock, err := m.open(ctx, name)
	if err != nil {
		return nil, err
	}
	defer unlock()
	facts := maps.Clone(account.orders)
	for order, fact := range account.facts { // what was read of an order is dated better
		fact.Services = account.orders[order].Services
		facts[order] = fact
	}
	maps.DeleteFunc(facts, func(_ ovhrenew.OrderID, fact ovhrenew.OrderFact) bool { return fact.Date.Before(since) })
	return slices.SortedFunc(maps.Values(facts), func(a, b ovhrenew.OrderFact) int {
		return cmp.Or(a.Date.Compare(b.Date), cmp.Compare(a.Order, b.Order))
	}), nil
}

// Remember keeps facts.
func (m *Memory) Remember(ctx context.Context, name string, facts ...ovhrenew.OrderFact) error {
	account, unlock, err := m.open(ctx, name)
	if err != nil {
		return err
	}
	defer unlock()
	for _, fact := range facts {
		if fact.Order == 0 || fact.Date.IsZero() {
			return fmt.Errorf("%w: Remember: %+v", ovhrenew.ErrBadInput, fact)
		}
	}
	for _, fact := range facts {
		fact.Names, fact.Prices = slices.Clone(fact.Names), slices.Clone(fact.Prices)
		account.facts[fact.Order] = fact
	}
	return nil
}

// Receipts returns the receipts of what ended since a time.
func (m *Memory) Receipts(ctx context.Context, name string, since time.Time) iter.Seq2[ovhrenew.Receipt, error] {
	return func(yield func(ovhrenew.Receipt, error) bool) {
		account, unlock, err := m.open(ctx, name)
		if err != nil {
			yield(ovhrenew.Receipt{}, err)
			return
		}
		ended := slices.Clone(account.ended)
		unlock()
		slices.SortStableFunc(ended, func(a, b ovhrenew.State) int { return a.Time.Compare(b.Time) })
		for _, s := range ended {
			if !s.Time.Before(since) && !yield(*s.Receipt, nil) {
				return
			}
		}
	}
}
