package autorenew

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/internal/words"
)

// Set makes a service renew by itself, or not, takes back a planned deletion, and reads
// again what was set. It spends, only later: an automatic renewal is charged to the
// account's default payment method when its day comes, with no limit.
//
// Everything is checked before anything is written. What is set already is not written.
// Each service is read once more right before its own write. The error is [ErrChanged]
// if it differs from the preview by then: a deletion that somebody has just planned is
// not undone. What remains is the time from that read to the write, a second at the
// usual pace: the API has no conditional write.
//
// The plan says, with an error too, which changes are Done. Set can be run again. The
// error is that of [Preview], ErrChanged, or [ErrNotTaken].
//
// API: GET /services/{serviceId}, GET /service/{serviceId},
// GET /services/{serviceId}/renewPeriodCapacities, PUT /services/{serviceId}; with
// options also GET /services/{serviceId}/options. Where the region or the service lacks
// those: GET {route}/serviceInfos, PUT {route}/serviceInfos
//
// IAM: account:apiovh:service/get, account:apiovh:services/get, account:apiovh:services/edit,
// account:apiovh:services/renewPeriodCapacities/get; with options also services/options/get
func Set(ctx context.Context, client Client, target ovhrenew.Target, setting Setting) (*Plan, error) {
	plan, err := preview(ctx, "autorenew.Set", client, target, setting)
	if err != nil {
		return plan, err
	}
	for i := range plan.Changes {
		change := &plan.Changes[i]
		if change.None() {
			continue
		}
		if err := setOne(ctx, client, change, setting); err != nil {
			return plan, fmt.Errorf("%s: %w", words.Called(change.Name, change.ServiceID), err)
		}
		change.Done = true
	}
	return plan, nil
}

// setOne writes one change and looks at what came of it. A lost answer needs no
// guessing: the look tells.
func setOne(ctx context.Context, client Client, change *Change, setting Setting) error {
	var err error
	if !change.ByProduct {
		state, readErr := readState(ctx, client, *change)
		if err := cmp.Or(readErr, change.same(state)); err != nil {
			return err
		}
		err = client.Put(ctx, fmt.Sprintf("/services/%d", change.ServiceID), updateOf(setting))
		change.ByProduct = errors.Is(err, ovhrenew.ErrUnsupported) && change.Route != ""
	}
	if change.ByProduct {
		err = setInfos(ctx, client, *change, setting)
	}
	// A refusal may be a gateway's, after the effect.
	if answer, ok := errors.AsType[*ovhrenew.Error](err); ok && strings.HasPrefix(answer.Call, "PUT ") && !errors.Is(err, ovhrenew.ErrUnsure) {
		if now, readErr := readState(ctx, client, *change); readErr == nil && now.equal(change.To) {
			return nil
		}
	}
	if err != nil && !errors.Is(err, ovhrenew.ErrUnsure) {
		return err
	}
	if seen := see(ctx, client, *change, setting.Poll); seen != nil {
		return errors.Join(seen, err)
	}
	return nil
}

// same refuses a service whose state is no longer that of the preview.
func (c Change) same(now State) error {
	if now.equal(c.From) {
		return nil
	}
	return fmt.Errorf("%w: it is %q, and was %q", ErrChanged, now, c.From)
}

const (
	// looks is how often a setting is read again until it shows: products have been
	// seen to answer contradictory states one after the other.
	looks       = 5
	defaultPoll = 2 * time.Second
)

func see(ctx context.Context, r Reader, change Change, poll time.Duration) error {
	pause := cmp.Or(poll, defaultPoll)
	for look := 1; ; look++ {
		state, err := readState(ctx, r, change)
		if err == nil && state.equal(change.To) {
			return nil
		}
		if look == looks {
			if err != nil {
				return err
			}
			return fmt.Errorf("%w: it is %q, not %q", ErrNotTaken, state, change.To)
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return errors.Join(fmt.Errorf("%w: it was last seen %q", ErrNotTaken, state), err, ctx.Err())
		}
		pause *= 2
	}
}

func readState(ctx context.Context, r Reader, change Change) (State, error) {
	if change.ByProduct {
		product, err := readInfos(ctx, r, change.Route, change.ServiceID)
		return product.state(), err
	}
	s, err := readService(ctx, r, change.ServiceID)
	if err != nil {
		return State{}, err
	}
	return s.state(ctx, r)
}

// updateOf returns the body to send. OVHcloud's own manager writes a year as P12M
// there, and leaves the period out for the manual mode.
func updateOf(setting Setting) map[string]any {
	body := map[string]any{}
	if setting.Mode != "" {
		renew := map[string]any{"mode": setting.Mode}
		if months, ok := setting.Period.Months(); ok && setting.Mode == ovhrenew.ModeAutomatic {
			renew["period"] = ofMonths(months)
		}
		body["renew"] = renew
	}
	if setting.KeepService {
		body["terminationPolicy"] = "empty" // takes back a planned end
	}
	return body
}
