package ovhrenew

import (
	"context"
	"fmt"
	"strings"
)

const infosSuffix = "/serviceInfos"

// infosService is what GET {route}/serviceInfos answers.
type infosService struct {
	ServiceID   ServiceID   `json:"serviceId"`
	Domain      string      `json:"domain"`
	Status      string      `json:"status"`
	Creation    Date        `json:"creation"`
	Expiration  Date        `json:"expiration"`
	RenewalType RenewalType `json:"renewalType"`
	Renew       struct {
		Automatic          *bool `json:"automatic"`
		DeleteAtExpiration bool  `json:"deleteAtExpiration"`
		Forced             bool  `json:"forced"`
		ManualPayment      *bool `json:"manualPayment"`
		Period             int64 `json:"period"` // months; 0: none
	} `json:"renew"`
}

func (w infosService) flat(route string) Service {
	s := Service{
		ID: w.ServiceID, Name: w.Domain, Route: route, Created: w.Creation, Expiry: w.Expiration,
		Billing: w.Status, Type: w.RenewalType,
		Automatic: w.Renew.Automatic, ManualPayment: w.Renew.ManualPayment,
	}
	if w.Renew.Forced && strings.HasPrefix(string(s.Type), "automatic") {
		s.Type = renewalForcedAutomatic
	}
	if w.Renew.Period > 0 {
		s.Period = Period(fmt.Sprintf("P%dM", w.Renew.Period))
	}
	if w.Renew.DeleteAtExpiration {
		s.PendingActions = []string{actionDeleteAtExpiration}
	}
	return s
}

// ServiceInfos reads the billing of the product at route, such as /vps/NAME. A slash in
// a name is written %2F. The error is [ErrExpired] for many expired services that can
// still be renewed.
// API: GET {route}/serviceInfos
func (a *API) ServiceInfos(ctx context.Context, route string) (Service, error) {
	if err := checkRoute("ServiceInfos", route); err != nil {
		return Service{}, err
	}
	wire, err := fetch[infosService](ctx, a, request{route: "GET " + route + infosSuffix, name: "GET {route}" + infosSuffix, head: fresh})
	if err != nil {
		return Service{}, err
	}
	return wire.flat(route), nil
}
