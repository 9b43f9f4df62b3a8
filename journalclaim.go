// These tests fail without it: TestRemovedWhileOpen, TestJournalClaims, TestJournalClaimsAcrossProcesses,
// TestJournalSharedByProcesses.

package ovhrenew

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/ovhrenew/ovhrenew/internal/flock"
)

// fileClaim holds a locked file for each service. A lock ends with its process. The files
// stay, so that nobody can lock one that another has just removed.
type fileClaim struct {
	journal  *fileJournal
	account  string
	services []ServiceID

	mu      sync.Mutex
	files   []*os.File // nil once released
	records []record   // the states that count
	noted   OrderID    // the last order that the claim has added to its month
	named   bool       // the names of the files of states are on the disk
}

// Claim takes hold of services until the claim is released or the process ends. The
// first claim of a directory gives it its account.
//
// The error is [ErrBusy], with the service and who has it, if another run of this
// process or another holds one of them; [ErrBadInput] for no account or no services;
// else [ErrJournal], also for another account than the directory's.
func (j *fileJournal) Claim(ctx context.Context, account string, services ...ServiceID) (Claim, error) {
	c := &fileClaim{journal: j, account: account, services: inOrder(services)}
	if len(services) == 0 {
		return nil, badInput("Claim", "services", "", "names no service")
	}
	if c.services[0] <= 0 {
		return nil, badInput("Claim", "services", c.services[0], "is no service")
	}
	if err := j.forAccount(ctx, account, true, c.take); err != nil {
		_ = c.Release()
		return nil, err
	}
	return c, nil
}

func inOrder(services []ServiceID) []ServiceID {
	return slices.Compact(slices.Sorted(slices.Values(services)))
}

func (j *fileJournal) claimOf(id ServiceID) string {
	return j.path(claimsDir, strconv.FormatInt(int64(id), 10))
}

// take locks the files of the services, and reads their states: until they were free,
// another run may have been writing.
func (c *fileClaim) take() error {
	for _, id := range c.services {
		file, err := os.OpenFile(c.journal.claimOf(id), os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			return err
		}
		if err := flock.TryLock(file); err != nil {
			defer file.Close()
			if !errors.Is(err, flock.ErrLocked) {
				return err
			}
			holder, _ := io.ReadAll(file)
			return fmt.Errorf("service %d: %w: %s", id, ErrBusy, holder)
		}
		c.files = append(c.files, file)
		who := fmt.Sprintf("process %d, since %s", os.Getpid(), time.Now().UTC().Format(time.RFC3339))
		if err := file.Truncate(0); err != nil { // of one that died
			return err
		}
		if _, err := file.WriteAt([]byte(who), 0); err != nil {
			return err
		}
		records, _, err := c.journal.read(c.journal.statesOf(id), aState)
		if err != nil {
			return err
		}
		c.records = append(c.records, records...)
	}
	slices.SortStableFunc(c.records, func(a, b record) int { return cmp.Compare(a.Changed, b.Changed) })
	c.records = concerning(c.records, c.services)
	return nil
}

// States returns the open renewals that concern any of the services and, of each
// service, the one that ended last, in the order of their last change.
func (c *fileClaim) States() []State {
	c.mu.Lock()
	defer c.mu.Unlock()
	var states []State
	for _, r := range c.records {
		states = append(states, *r.State)
	}
	return states
}

// Inherited returns false: a lock ends with its process.
func (c *fileClaim) Inherited() bool { return false }

// Append keeps the state of a renewal of the claimed services: when it returns, a
// crash cannot lose it. The error is [ErrBadInput] for a state that cannot be meant,
// else [ErrJournal], also where the directory was moved away or removed after the claim;
// the state may or may not be kept.
func (c *fileClaim) Append(ctx context.Context, s State) error {
	if err := c.check(s); err != nil {
		return err
	}
	text, err := json.Marshal(s)
	if err != nil {
		return journalError(err)
	}
	var kept State // a copy, as another process would read it
	if err := json.Unmarshal(text, &kept); err != nil {
		return journalError(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.files == nil {
		return fmt.Errorf("%w: the claim was released", ErrJournal)
	}
	return c.journal.forAccount(ctx, c.account, true, func() error {
		if err := c.holds(); err != nil {
			return err
		}
		return c.append(&kept)
	})
}

// holds returns an error if a file of the claim is not where the next would look for it: it
// was removed, or the directory was moved away, and others can claim the same.
func (c *fileClaim) holds() error {
	for i, id := range c.services {
		mine, err := c.files[i].Stat()
		if err != nil {
			return err
		}
		if there, err := os.Stat(c.journal.claimOf(id)); err != nil || !os.SameFile(mine, there) {
			return fmt.Errorf("%s was moved or removed while service %d was claimed: claim it anew", c.journal.claimOf(id), id)
		}
	}
	return nil
}

func (c *fileClaim) check(s State) error {
	const call = "Append"
	claimed := func(id ServiceID) bool { return slices.Contains(c.services, id) }
	switch {
	case s.Version != stateVersion:
		return badInput(call, "Version", s.Version, fmt.Sprintf("is not %d", stateVersion))
	case s.Renewal == "":
		return badInput(call, "Renewal", s.Renewal, "names no renewal")
	case s.Phase == "":
		return badInput(call, "Phase", s.Phase, "is no phase")
	case s.Time.IsZero():
		return badInput(call, "Time", s.Time, "is not set")
	case !slices.ContainsFunc(s.Services, claimed):
		return badInput(call, "Services", s.Services, fmt.Sprintf("has none of the claimed %v", c.services))
	}
	return nil
}

// Release lets the services go.
func (c *fileClaim) Release() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var errs []error
	for _, file := range c.files {
		errs = append(errs, file.Truncate(0), flock.Unlock(file), file.Close())
	}
	c.files = nil
	return journalError(errors.Join(errs...))
}
