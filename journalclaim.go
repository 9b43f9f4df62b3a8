// These tests fail without it: TestJournalClaims, TestJournalClaimsAcrossProcesses.

package ovhrenew

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ovhrenew/ovhrenew/internal/flock"
)

// Each claim is a file of its own, locked as long as the claim holds. That is safe
// against other processes, and leaves nothing behind, because of three things:
//
//   - Files are looked at, created and locked only with the log's lock. So nobody sees
//     a claim file that its living owner has not locked yet.
//   - A lock ends with its process. So a file that can be locked is of a claim that is
//     over, and whoever finds it removes it.
//   - No name is used twice. So a removal that comes late, of the owner's or of the
//     finder's, meets no other claim's file.

// claimText is what stands in a claim's file, for whoever comes second to be told.
type claimText struct {
	PID      int         `json:"pid"`
	Since    time.Time   `json:"since"`
	Services []ServiceID `json:"services"`
}

func (c claimText) String() string {
	return fmt.Sprintf("process %d, since %s", c.PID, c.Since.Format(time.RFC3339))
}

type fileClaim struct {
	journal *fileJournal
	account string
	text    claimText

	mu     sync.Mutex
	file   *os.File // nil once released
	states []State
	placed map[OrderID]int64 // when the orders that this claim has named were, which a stale index does not know
}

// Claim takes hold of services until the claim is released or the process ends. The
// first claim of a directory gives it its account.
//
// The error is [ErrBusy], with the service and who has it, if another run of this
// process or another holds one of them; [ErrBadInput] for no account or no services;
// else [ErrJournal], also for another account than the directory's.
func (j *fileJournal) Claim(ctx context.Context, account string, services ...ServiceID) (Claim, error) {
	c := &fileClaim{
		journal: j, account: account, placed: map[OrderID]int64{},
		text: claimText{os.Getpid(), time.Now().UTC(), slices.Clone(services)},
	}
	slices.Sort(c.text.Services)
	c.text.Services = slices.Compact(c.text.Services)
	if len(services) == 0 {
		return nil, badInput("Claim", "services", "", "names no service")
	}
	if c.text.Services[0] <= 0 {
		return nil, badInput("Claim", "services", c.text.Services[0], "is no service")
	}
	h, err := j.holdFor(ctx, account, true)
	if err != nil {
		return nil, err
	}
	defer h.release()
	if err := j.busy(c.text.Services); err != nil {
		return nil, err
	}
	// Read only now: until the services were free, another run may have been writing.
	for _, place := range j.index.concerning(c.text.Services) {
		line, err := h.line(place)
		if err != nil {
			return nil, err
		}
		s, err := parseState(line)
		if err != nil {
			return nil, fmt.Errorf("%w: %s, at byte %d: %w", ErrJournal, h.log.Name(), place.at, err)
		}
		c.states = append(c.states, s)
	}
	if err := c.take(); err != nil {
		return nil, journalError(err)
	}
	return c, nil
}

// busy returns an error if one of the services is claimed, and removes the files of
// claims that are over.
func (j *fileJournal) busy(services []ServiceID) error {
	own := map[string]bool{}
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, c := range j.held {
		own[filepath.Base(c.file.Name())] = true
	}
	for _, id := range services {
		if c := j.held[id]; c != nil {
			return fmt.Errorf("service %d: %w: %s", id, ErrBusy, c.text)
		}
	}
	entries, err := os.ReadDir(j.path("claims"))
	if err != nil {
		return journalError(err)
	}
	for _, entry := range entries {
		if own[entry.Name()] {
			continue
		}
		other, err := readClaim(j.path(filepath.Join("claims", entry.Name())))
		if err != nil {
			return journalError(err)
		}
		for _, id := range services {
			if _, found := slices.BinarySearch(other.Services, id); found {
				return fmt.Errorf("service %d: %w: %s", id, ErrBusy, other)
			}
		}
	}
	return nil
}

// readClaim returns what a claim's file says, and removes the file, saying nothing, if
// the claim is over.
func readClaim(path string) (claimText, error) {
	var text claimText
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) { // its owner has removed it just now
		return text, nil
	}
	if err != nil {
		return text, err
	}
	defer file.Close()
	switch err := flock.TryLock(file); {
	case err == nil:
		_ = flock.Unlock(file)
		file.Close() // Windows removes no open file
		_ = os.Remove(path)
		return text, nil
	case !errors.Is(err, flock.ErrLocked):
		return text, err
	}
	data, err := io.ReadAll(file)
	if err == nil {
		err = json.Unmarshal(data, &text)
	}
	if err != nil { // nobody can say which services it has
		return text, fmt.Errorf("the claim %s cannot be read: %w", path, err)
	}
	return text, nil
}

// take creates and locks the claim's file. It is called with the log's lock.
func (c *fileClaim) take() error {
	j := c.journal
	text, err := json.Marshal(c.text)
	if err != nil {
		return err
	}
	path := j.path(filepath.Join("claims", fmt.Sprintf("%d-%s", c.text.PID, strings.ToLower(rand.Text()))))
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err = flock.TryLock(file); err == nil {
		_, err = file.Write(text)
	}
	c.file = file
	if err != nil {
		return errors.Join(err, c.remove())
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, id := range c.text.Services {
		j.held[id] = c
	}
	return nil
}

// remove ends the lock and removes the file, which whoever claims next may have done.
func (c *fileClaim) remove() error {
	_ = flock.Unlock(c.file)
	err := c.file.Close()
	if gone := os.Remove(c.file.Name()); !errors.Is(gone, fs.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	return err
}

// States returns the open renewals that concern any of the services and, of each
// service, the one that ended last, in the order of their last change.
func (c *fileClaim) States() []State {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.states)
}

// Inherited returns false: a lock ends with its process.
func (c *fileClaim) Inherited() bool { return false }

// Append keeps the state of a renewal of the claimed services: when it returns, a
// crash cannot lose it. The error is [ErrBadInput] for a state that cannot be meant,
// else [ErrJournal]; the state may or may not be kept.
func (c *fileClaim) Append(ctx context.Context, s State) error {
	if err := c.check(s); err != nil {
		return err
	}
	text, err := json.Marshal(s)
	if err != nil {
		return journalError(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.file == nil {
		return fmt.Errorf("%w: the claim was released", ErrJournal)
	}
	h, err := c.journal.holdEnd(ctx)
	if err != nil {
		return err
	}
	defer h.release()
	if err := h.check(c.account, true); err != nil {
		return err
	}
	head := c.journal.index.headOf(s)
	if date, ok := c.placed[s.Order]; ok {
		head.date = date
	}
	if err := h.append(head.format(text)); err != nil {
		return err
	}
	c.placed[s.Order] = head.date
	var kept State // a copy, as another process would read it
	if err := json.Unmarshal(text, &kept); err != nil {
		return journalError(err)
	}
	c.states = concerning(append(c.states, kept), c.text.Services)
	return nil
}

func (c *fileClaim) check(s State) error {
	const call = "Append"
	claimed := func(id ServiceID) bool { return slices.Contains(c.text.Services, id) }
	switch {
	case s.Version != lineVersion:
		return badInput(call, "Version", s.Version, fmt.Sprintf("is not %d", lineVersion))
	case s.Renewal == "":
		return badInput(call, "Renewal", s.Renewal, "names no renewal")
	case s.Phase == "":
		return badInput(call, "Phase", s.Phase, "is no phase")
	case s.Time.IsZero():
		return badInput(call, "Time", s.Time, "is not set")
	case !slices.ContainsFunc(s.Services, claimed):
		return badInput(call, "Services", s.Services, fmt.Sprintf("has none of the claimed %v", c.text.Services))
	}
	return nil
}

// Release lets the services go. It then rewrites the log if most of it is old.
func (c *fileClaim) Release() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.file == nil {
		return nil
	}
	j := c.journal
	j.mu.Lock()
	for _, id := range c.text.Services {
		delete(j.held, id)
	}
	err := c.remove()
	c.file = nil
	j.mu.Unlock()
	if err != nil {
		err = journalError(err)
	}
	j.compactIfDue()
	return err
}

// concerning returns those states that count: of each renewal the last, if it is open
// and concerns one of the services or is the one that ended last of one of them.
func concerning(states []State, services []ServiceID) []State {
	last := map[string]int{}
	for i, s := range states {
		last[s.Renewal] = i
	}
	endedLast := map[ServiceID]int{}
	for i, s := range states {
		for _, id := range s.Services {
			if s.Over() && last[s.Renewal] == i {
				endedLast[id] = i
			}
		}
	}
	var kept []State
	for i, s := range states {
		counts := func(id ServiceID) bool {
			at, ended := endedLast[id]
			return slices.Contains(services, id) && (!s.Over() || ended && at == i)
		}
		if last[s.Renewal] == i && slices.ContainsFunc(s.Services, counts) {
			kept = append(kept, s)
		}
	}
	return kept
}
