package main

import (
	"context"
	"errors"

	"github.com/ovhrenew/ovhrenew/portfolio"
)

// survey collects what a query finds.
func survey(ctx context.Context, a *account, query portfolio.Query) (services []portfolio.Surveyed, failed []error) {
	for service, err := range portfolio.Survey(ctx, a.client, query) {
		_, single := errors.AsType[*portfolio.ServiceError](err)
		_, unused := errors.AsType[*portfolio.UnusedError](err)
		switch {
		case unused: // all was read
		case err == nil || single && service.Name != "":
			services = append(services, service)
		case !single:
			return nil, []error{err}
		}
		if err != nil {
			failed = append(failed, err)
		}
	}
	return services, failed
}
