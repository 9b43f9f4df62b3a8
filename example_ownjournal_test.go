package ovhrenew_test

import (
	"errors"
	"fmt"
	"log"
	"slices"
	"sync"

	"github.com/ovhrenew/ovhrenew"
)

// memory is a Journal for the time of a process. One in a database would begin a
// transaction in Open, and commit each record in Append.
type memory struct {
	mu      sync.Mutex
	held    []ovhrenew.ServiceID
	records []ovhrenew.Record
}

func (m *memory) Open(services ...ovhrenew.ServiceID) (ovhrenew.Ledger, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, id := range services {
		if slices.Contains(m.held, id) {
			return nil, ovhrenew.ErrBusy
		}
	}
	m.held = append(m.held, services...)
	return &memoryLedger{memory: m, services: services}, nil
}

type memoryLedger struct {
	*memory
	services []ovhrenew.ServiceID
}

func (l *memoryLedger) Records() []ovhrenew.Record {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(l.records), func(r ovhrenew.Record) bool {
		return !slices.ContainsFunc(r.Services, func(id ovhrenew.ServiceID) bool { return slices.Contains(l.services, id) })
	})
}

func (l *memoryLedger) Order(id ovhrenew.OrderID) []ovhrenew.ServiceID {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, record := range l.records {
		if record.Order == id {
			return record.Services
		}
	}
	return nil
}

func (l *memoryLedger) Append(record ovhrenew.Record) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.records = append(l.records, record)
	return nil
}

func (l *memoryLedger) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.held = slices.DeleteFunc(l.held, func(id ovhrenew.ServiceID) bool { return slices.Contains(l.services, id) })
	return nil
}

// A journal of one's own: it holds services for one run at a time, and keeps records.
func ExampleJournal() {
	ctx, client := account()
	request := ovhrenew.Request{
		Service: ovhrenew.Name("vps112233.ovh.net"),
		Rules:   []ovhrenew.Rule{ovhrenew.For(ovhrenew.P3M)},
		Limit:   ovhrenew.MustMoney("50 EUR"),
		PayWith: ovhrenew.DefaultMethod,
		Journal: &memory{},
	}
	for range 2 {
		receipt, err := ovhrenew.Renew(ctx, client, request)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(receipt.Order, "already:", receipt.Already)
	}
	ledger, err := request.Journal.Open(11223344)
	if err != nil {
		log.Fatal(err)
	}
	defer ledger.Close()
	_, err = ovhrenew.Renew(ctx, client, request)
	fmt.Println(errors.Is(err, ovhrenew.ErrBusy))
	// Output:
	// 123456789 already: false
	// 123456789 already: true
	// true
}
