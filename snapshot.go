package ovhrenew

import (
	"context"
	"errors"
)

// readExpiry reads the expiry of a service once more, from where the snapshot of it
// was had.
func readExpiry(ctx context.Context, r Reader, id ServiceID) (Date, error) {
	service, err := r.Service(ctx, id)
	if err == nil && !service.Expiry.IsZero() {
		return service.Expiry, nil
	}
	if err != nil && !errors.Is(err, ErrExpired) {
		return Date{}, err
	}
	listed, listErr := r.ListedService(ctx, id)
	if listErr != nil && err == nil {
		err = listErr
	}
	if listErr == nil {
		return listed.Expiry, nil
	}
	return Date{}, err
}
