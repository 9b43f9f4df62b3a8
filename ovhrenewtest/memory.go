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

// Memory is a handle of a Journal in memory. It keeps states as JSON, as a file would,
// and any number of accounts. The process that has a handle can be made to die.
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
	// states are the last of each renewal, in the order in which they were appended.
	states []memoryState
	orders map[ovhrenew.OrderID]memoryOrder // which a state has named
	facts  map[ovhrenew.OrderID][]byte
	held   map[ovhrenew.ServiceID]*memoryClaim
	// doubtful are the renewals that a holder which may be alive had begun to pay.
	doubtful map[string]bool
}

// memoryState is a state as a file would have it, and what it is found by.
type memoryState struct {
	text     []byte
	renewal  string
	services []ovhrenew.ServiceID
	over     bool
}

func (m memoryState) read() (ovhrenew.State, error) {
	var s ovhrenew.State
	if err := json.Unmarshal(m.text, &s); err != nil {
		return s, fmt.Errorf("%w: %w", ovhrenew.ErrJournal, err)
	}
	return s, nil
}

// memoryOrder is when an order was first named, and what it is for.
type memoryOrder struct {
	date     time.Time
	services []ovhrenew.ServiceID
}

type memoryClaim struct {
	handle    *Memory
	account   *memoryAccount
	services  []ovhrenew.ServiceID
	states    []ovhrenew.State
	since     time.Time
	inherited bool
	expired   bool
	over      bool
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
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	m.lost = true
	for claim := range m.claims() {
		claim.end()
	}
}

// ExpireLeases lets the claims of the handle pass to whoever asks next, while its
// process may be alive. Whoever has them then has inherited them.
func (m *Memory) ExpireLeases() {
	m.store.mu.Lock()
	defer m.store.mu.Unlock()
	for claim := range m.claims() {
		claim.expired = true
	}
}

func (m *Memory) claims() iter.Seq[*memoryClaim] {
	all := map[*memoryClaim]bool{}
	for _, account := range m.store.accounts {
		for _, claim := range account.held {
			if claim.handle == m {
				all[claim] = true
			}
		}
	}
	return maps.Keys(all)
}

// Sharing returns who shares the account.
func (m *Memory) Sharing() ovhrenew.Sharing { return m.store.sharing }

// open locks the store and returns an account of it.
func (m *Memory) open(ctx context.Context, name string) (*memoryAccount, func(), error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ovhrenew.ErrJournal, context.Cause(ctx))
	}
	if name == "" {
		return nil, nil, fmt.Errorf("%w: the account has no name", ovhrenew.ErrBadInput)
	}
	m.store.mu.Lock()
	if m.lost {
		m.store.mu.Unlock()
		return nil, nil, fmt.Errorf("%w: the handle was lost", ovhrenew.ErrJournal)
	}
	account := m.store.accounts[name]
	if account == nil {
		account = &memoryAccount{orders: map[ovhrenew.OrderID]memoryOrder{}, facts: map[ovhrenew.OrderID][]byte{}, held: map[ovhrenew.ServiceID]*memoryClaim{}, doubtful: map[string]bool{}}
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
	claim := &memoryClaim{handle: m, account: account, services: services, since: time.Now()}
	for _, id := range services {
		if other := account.held[id]; other != nil && !other.expired {
			return nil, fmt.Errorf("service %d: %w: since %s", id, ovhrenew.ErrBusy, other.since.Format(time.RFC3339))
		}
	}
	var taken []ovhrenew.ServiceID
	for _, id := range services {
		if account.held[id] != nil {
			taken = append(taken, id)
		}
	}
	for _, id := range taken {
		if other := account.held[id]; other != nil {
			other.end()
		}
		claim.inherited = true
	}
	for _, id := range services {
		account.held[id] = claim
	}
	claim.states, err = account.concerning(services)
	if err != nil {
		claim.end()
		return nil, err
	}
	for _, s := range claim.states {
		if s.Phase == ovhrenew.PhasePaying && slices.ContainsFunc(s.Services, func(id ovhrenew.ServiceID) bool { return slices.Contains(taken, id) }) {
			account.doubtful[s.Renewal] = true
		}
		claim.inherited = claim.inherited || account.doubtful[s.Renewal]
	}
	return claim, nil
}

// end lets the services go.
func (c *memoryClaim) end() {
	c.over = true
	maps.DeleteFunc(c.account.held, func(_ ovhrenew.ServiceID, holder *memoryClaim) bool { return holder == c })
}

// keep adds a state in place of an earlier one of the same renewal.
func (a *memoryAccount) keep(s ovhrenew.State, text []byte) {
	a.states = slices.DeleteFunc(a.states, func(other memoryState) bool { return other.renewal == s.Renewal })
	a.states = append(a.states, memoryState{text, s.Renewal, slices.Clone(s.Services), s.Over()})
	if s.Order != 0 {
		named, known := a.orders[s.Order]
		if !known {
			named.date = s.Time
		}
		named.services = slices.Clone(s.Services)
		a.orders[s.Order] = named
	}
}

func (a *memoryAccount) concerning(services []ovhrenew.ServiceID) ([]ovhrenew.State, error) {
	ended := map[ovhrenew.ServiceID]string{}
	for _, s := range a.states {
		for _, id := range s.services {
			if s.over {
				ended[id] = s.renewal
			}
		}
	}
	var all []ovhrenew.State
	for _, s := range a.states {
		if !slices.ContainsFunc(s.services, func(id ovhrenew.ServiceID) bool {
			return slices.Contains(services, id) && (!s.over || ended[id] == s.renewal)
		}) {
			continue
		}
		read, err := s.read()
		if err != nil {
			return nil, err
		}
		all = append(all, read)
	}
	return all, nil
}

// States returns the states that count.
func (c *memoryClaim) States() []ovhrenew.State { return slices.Clone(c.states) }

// Inherited reports whether the lease of another claim had expired, or had before a payment
// was seen that its holder had begun.
func (c *memoryClaim) Inherited() bool { return c.inherited }

// Append keeps a state.
func (c *memoryClaim) Append(ctx context.Context, s ovhrenew.State) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%w: %w", ovhrenew.ErrJournal, context.Cause(ctx))
	}
	claimed := func(id ovhrenew.ServiceID) bool { return slices.Contains(c.services, id) }
	if s.Renewal == "" || s.Phase == "" || s.Time.IsZero() || !slices.ContainsFunc(s.Services, claimed) {
		return fmt.Errorf("%w: Append of %+v to a claim of %v", ovhrenew.ErrBadInput, s, c.services)
	}
	text, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("%w: %w", ovhrenew.ErrJournal, err)
	}
	c.handle.store.mu.Lock()
	defer c.handle.store.mu.Unlock()
	if c.over {
		return fmt.Errorf("%w: the claim is over", ovhrenew.ErrJournal)
	}
	c.account.keep(s, text)
	if s.Phase != ovhrenew.PhasePaying {
		delete(c.account.doubtful, s.Renewal)
	}
	c.states, err = c.account.concerning(c.services)
	return err
}

// Release lets the services go.
func (c *memoryClaim) Release() error {
	c.handle.store.mu.Lock()
	defer c.handle.store.mu.Unlock()
	c.end()
	return nil
}

// Orders returns what is known of orders.
func (m *Memory) Orders(ctx context.Context, name string, since time.Time) ([]ovhrenew.OrderFact, error) {
	account, unlock, err := m.open(ctx, name)
	if err != nil {
		return nil, err
	}
	defer unlock()
	facts := map[ovhrenew.OrderID]ovhrenew.OrderFact{}
	for order, text := range account.facts {
		var fact ovhrenew.OrderFact
		if err := json.Unmarshal(text, &fact); err != nil {
			return nil, fmt.Errorf("%w: %w", ovhrenew.ErrJournal, err)
		}
		facts[order] = fact
	}
	for order, named := range account.orders {
		fact, known := facts[order]
		if !known {
			fact = ovhrenew.OrderFact{Order: order, Date: named.date}
		}
		fact.Services = slices.Clone(named.services)
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
		fact.Services = nil
		text, err := json.Marshal(fact)
		if err != nil {
			return fmt.Errorf("%w: %w", ovhrenew.ErrJournal, err)
		}
		account.facts[fact.Order] = text
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
		var states []ovhrenew.State
		for _, state := range account.states {
			if !state.over {
				continue
			}
			s, failed := state.read()
			if err = failed; err != nil {
				break
			}
			states = append(states, s)
		}
		unlock()
		if err != nil {
			yield(ovhrenew.Receipt{}, err)
			return
		}
		slices.SortStableFunc(states, func(a, b ovhrenew.State) int { return a.Time.Compare(b.Time) })
		for _, s := range states {
			if s.Over() && s.Receipt != nil && !s.Time.Before(since) && !yield(*s.Receipt, nil) {
				return
			}
		}
	}
}
