// What a survey holds and leaves behind, whoever is slow or breaks off.

package portfolio_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// fakeAccount is an account in memory. The offers of service 1 come at once, if it is
// quick, and all others when release is closed.
type fakeAccount struct {
	quick    bool
	silent   bool // ends without a word when the context does
	services []ovhrenew.Service
	release  chan struct{}
	count    *fakeCount
}

type fakeCount struct {
	sync.Mutex
	listed, asked, asking, most int
}

func (a fakeAccount) Services(ctx context.Context, _ ovhrenew.ServiceQuery) iter.Seq2[ovhrenew.Service, error] {
	return func(yield func(ovhrenew.Service, error) bool) {
		for _, s := range a.services {
			if err := ctx.Err(); err != nil {
				_ = a.silent || yield(ovhrenew.Service{}, err)
				return
			}
			if a.count != nil {
				a.count.Lock()
				a.count.listed++
				a.count.Unlock()
			}
			if !yield(s, nil) {
				return
			}
		}
	}
}

func (a fakeAccount) Renewals(ctx context.Context, id ovhrenew.ServiceID, _ bool) ([]ovhrenew.RenewDescription, error) {
	if a.quick && id == 1 {
		return nil, nil
	}
	a.count.Lock()
	a.count.asked++
	a.count.asking++
	a.count.most = max(a.count.most, a.count.asking)
	a.count.Unlock()
	defer func() {
		a.count.Lock()
		a.count.asking--
		a.count.Unlock()
	}()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-a.release:
		return nil, nil
	}
}

// slowAccount has n services, whose offers come when release is closed.
func slowAccount(n int) fakeAccount {
	fake := fakeAccount{release: make(chan struct{}), count: &fakeCount{}}
	for i := range n {
		fake.services = append(fake.services, ovhrenew.Service{ID: ovhrenew.ServiceID(i + 1)})
	}
	return fake
}

func everyOne(portfolio.Surveyed) bool { return true }

// As many requests are under way as there are workers, and no service too many is
// held for those to come.
func TestSurveyIsBounded(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name             string
		workers, every   int
		asking, atMostOf int
	}{
		{"default", 0, 1, 8, 9},
		{"three", 3, 1, 3, 4},
		{"one that is slow", 8, 10_000, 1, 257},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				fake := slowAccount(10_000)
				query := portfolio.Query{Workers: test.workers, Offers: func(s portfolio.Surveyed) bool {
					return int(s.ID-1)%test.every == 0
				}}
				var services []portfolio.Surveyed
				var errs []error
				go func() { services, errs = collect(portfolio.Survey(t.Context(), fake, query)) }()
				synctest.Wait()
				if fake.count.asking != test.asking || fake.count.listed > test.atMostOf {
					t.Errorf("%d requests under way and %d services listed, want %d and at most %d", fake.count.asking, fake.count.listed, test.asking, test.atMostOf)
				}
				close(fake.release)
				synctest.Wait()
				if len(services) != 10_000 || len(errs) > 0 || fake.count.most > max(test.asking, 1) {
					t.Errorf("%d services, errors %v, at most %d requests at once", len(services), errs, fake.count.most)
				}
				for i, s := range services {
					if s.ID != ovhrenew.ServiceID(i+1) {
						t.Fatalf("service %d of the stream is %d", i, s.ID)
					}
				}
			})
		})
	}
}

// Whoever breaks off leaves no goroutine behind: the bubble would not end.
func TestSurveyBreakOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		fake := slowAccount(100)
		fake.quick = true
		query := portfolio.Query{Offers: everyOne}
		seen := 0
		for _, err := range portfolio.Survey(t.Context(), fake, query) {
			synctest.Wait()
			if seen++; err != nil || fake.count.asking == 0 {
				t.Errorf("%v, with %d requests under way", err, fake.count.asking)
			}
			break
		}
		if seen != 1 || fake.count.asking != 0 {
			t.Errorf("%d services seen, %d requests still under way", seen, fake.count.asking)
		}
		func() {
			defer func() { _ = recover() }()
			for _, err := range portfolio.Survey(t.Context(), fake, query) {
				synctest.Wait()
				panic(fmt.Sprint("the consumer's: ", err))
			}
		}()
		if fake.count.asking != 0 {
			t.Errorf("after a panic %d requests are still under way", fake.count.asking)
		}
	})
}

func TestSurveyCancelled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		fake := slowAccount(100)
		var errs []error
		go func() { _, errs = collect(portfolio.Survey(ctx, fake, portfolio.Query{Offers: everyOne})) }()
		synctest.Wait()
		cancel()
		synctest.Wait()
		var one *portfolio.ServiceError
		if len(errs) != 1 || !errors.Is(errs[0], context.Canceled) || errors.As(errs[0], &one) {
			t.Errorf("errors %v, want the context's, once", errs)
		}
		if fake.count.asking != 0 || fake.count.asked > 9 {
			t.Errorf("%d requests under way, %d in all", fake.count.asking, fake.count.asked)
		}
		// A context that has ended before: nothing is asked.
		_, errs = collect(portfolio.Survey(ctx, fake, portfolio.Query{Offers: everyOne}))
		if len(errs) != 1 || !errors.Is(errs[0], context.Canceled) {
			t.Errorf("begun after the end: errors %v", errs)
		}
		// A list that says nothing of why it ends is not taken for the whole account.
		fake.silent = true
		_, errs = collect(portfolio.Survey(ctx, fake, portfolio.Query{}))
		if len(errs) != 1 || !errors.Is(errs[0], context.Canceled) {
			t.Errorf("of a list that ends silently: errors %v", errs)
		}
	})
}
