package ovhrenew

import (
	"context"
	"errors"
)

// Snapshot is what a renewal has to know of a service, read uncached at one
// moment.
type Snapshot struct {
	ServiceID ServiceID `json:"serviceId"`
	Name      string    `json:"name"`
	// Expiry is none for what does not expire.
	Expiry Date `json:"expiry"`
	// Mode is empty where the API does not say.
	Mode     RenewMode `json:"mode,omitempty"`
	NextDate Date      `json:"nextDate"` // of an automatic renewal
	// RenewalType is from the account's list; empty where that does not say.
	RenewalType    RenewalType       `json:"renewalType,omitempty"`
	Parent         ServiceID         `json:"parent,omitempty"`
	Lifecycle      LifecycleState    `json:"lifecycle,omitempty"`
	PendingActions []LifecycleAction `json:"pendingActions,omitempty"`
	Resource       ResourceState     `json:"resource,omitempty"`
	Billing        BillingState      `json:"billing,omitempty"`
}

// TakeSnapshot reads a service from both of the account's lists: the one knows its
// parent and lifecycle, the other its renewal type and whether it is paid, and each
// may know the expiry when the other does not. The error is that of the first list
// unless the second can stand in for it.
//
// API: GET /services/{serviceId}, GET /service/{serviceId}
func TakeSnapshot(ctx context.Context, r Reader, id ServiceID) (Snapshot, error) {
	snapshot := Snapshot{ServiceID: id}
	service, err := r.Service(ctx, id)
	// Whether the account's own lists answer 460 for an expired service, as
	// products do, is not known: either of them is enough.
	if err != nil && !errors.Is(err, ErrExpired) {
		return snapshot, err
	}
	if err == nil {
		snapshot.fill(service)
	}
	listed, listErr := r.ListedService(ctx, id)
	switch {
	case listErr == nil:
		snapshot.complete(listed)
	case err != nil:
		return snapshot, err
	case ctx.Err() != nil:
		return snapshot, listErr
	case !errors.Is(listErr, ErrExpired) && !errors.Is(listErr, ErrNotFound) && !errors.Is(listErr, ErrUnsupported):
		return snapshot, listErr
	}
	return snapshot, nil
}

func (s *Snapshot) fill(service Service) {
	current := service.Billing.Renew.Current
	s.Name, s.Expiry = service.Name(), service.Expiry()
	s.Mode, s.NextDate = current.Mode, current.NextDate.Day()
	s.Parent = service.ParentServiceID
	s.Lifecycle = service.Billing.Lifecycle.Current.State
	s.PendingActions = service.Billing.Lifecycle.Current.PendingActions
	s.Resource = service.Resource.State
	if s.NextDate.IsZero() {
		s.NextDate = service.Billing.NextBillingDate.Day()
	}
}

func (s *Snapshot) complete(listed ListedService) {
	if s.Name == "" {
		s.Name = listed.Resource.Name
	}
	if s.Expiry.IsZero() {
		s.Expiry = listed.ExpirationDate
	}
	if s.Resource == "" {
		s.Resource = listed.Resource.State
	}
	s.RenewalType, s.Billing = listed.Renew.Mode, listed.State
}

// readExpiry reads the expiry of a service once more, from where the snapshot of it
// was had.
func readExpiry(ctx context.Context, r Reader, id ServiceID) (Date, error) {
	service, err := r.Service(ctx, id)
	if err == nil && !service.Expiry().IsZero() {
		return service.Expiry(), nil
	}
	if err != nil && !errors.Is(err, ErrExpired) {
		return Date{}, err
	}
	listed, listErr := r.ListedService(ctx, id)
	if listErr != nil && err == nil {
		err = listErr
	}
	if listErr == nil {
		return listed.ExpirationDate, nil
	}
	return Date{}, err
}
