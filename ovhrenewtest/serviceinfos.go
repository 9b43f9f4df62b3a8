package ovhrenewtest

import (
	"slices"
	"strings"
	"time"
)

// serviceInfos is services.Service. What never ends is a services.NonExpiringService.
type serviceInfos struct {
	CanDeleteAtExpiration bool       `json:"canDeleteAtExpiration"`
	ContactAdmin          string     `json:"contactAdmin"`
	ContactBilling        string     `json:"contactBilling"`
	ContactTech           string     `json:"contactTech"`
	Creation              any        `json:"creation"`
	Domain                string     `json:"domain"`
	EngagedUpTo           any        `json:"engagedUpTo"`
	Expiration            any        `json:"expiration"`
	PossibleRenewPeriod   []int      `json:"possibleRenewPeriod"`
	Renew                 *renewType `json:"renew"`
	RenewalType           string     `json:"renewalType"`
	ServiceID             int64      `json:"serviceId"`
	Status                string     `json:"status"`
}

// renewType is service.RenewType.
type renewType struct {
	Automatic          bool `json:"automatic"`
	DeleteAtExpiration bool `json:"deleteAtExpiration"`
	Forced             bool `json:"forced"`
	ManualPayment      bool `json:"manualPayment"`
	Period             *int `json:"period"`
}

func (s *Server) getServiceInfos(c *call) answer {
	svc, a, good := s.product(c)
	if !good {
		return a
	}
	status := svc.Status
	if status == "" {
		status = "ok"
		if svc.expired(c.now) {
			status = "expired"
		}
	}
	if svc.NoExpiry {
		return ok(object{
			"contactAdmin": nichandle, "contactBilling": nichandle, "contactTech": nichandle,
			"creation": dateOf(svc.Creation), "domain": svc.Name, "serviceId": svc.ID, "status": status,
		})
	}
	once := svc.RenewalType == "oneShot"
	infos := serviceInfos{
		CanDeleteAtExpiration: !once,
		ContactAdmin:          nichandle,
		ContactBilling:        nichandle,
		ContactTech:           nichandle,
		Creation:              dateOf(svc.Creation),
		Domain:                svc.Name,
		Expiration:            dateOf(svc.shown),
		PossibleRenewPeriod:   s.possibleMonths(svc),
		Renew: &renewType{
			Automatic:          svc.Mode == "automatic",
			DeleteAtExpiration: svc.DeleteAtExpiration,
			Forced:             once || svc.RenewalType == "automaticForcedProduct",
			ManualPayment:      svc.byHand(),
		},
		RenewalType: svc.RenewalType,
		ServiceID:   svc.ID,
		Status:      status,
	}
	if p, err := parsePeriod(svc.Period); err == nil && p.months > 0 {
		infos.Renew.Period = &p.months
	}
	return ok(infos)
}

// renewalTypes is service.RenewalTypeEnum.
var renewalTypes = []string{
	"automaticForcedProduct", "automaticV2012", "automaticV2014", "automaticV2016", "automaticV2024",
	"manual", "oneShot", "option",
}

// putServiceInfos replaces the whole object, as the API does: what the body leaves
// out of renew is off afterwards. Deleting at expiration switches the automatic
// renewal off and the renewalType to manual, and an automatic renewal comes on
// only together with an automatic renewalType.
func (s *Server) putServiceInfos(c *call) answer {
	svc, a, good := s.product(c)
	if !good {
		return a
	}
	m, a, good := c.members()
	if !good {
		return a
	}
	var renew renewType
	renewalType := svc.RenewalType
	if a, good := m.readIf("renew", "service.RenewType", &renew); !good {
		return a
	}
	if a, good := m.readIf("renewalType", "service.RenewalTypeEnum", &renewalType); !good {
		return a
	}
	if !slices.Contains(renewalTypes, renewalType) {
		return notInEnum("renewalType", renewalType, "RenewalTypeEnum")
	}
	svc.DeleteAtExpiration = renew.DeleteAtExpiration
	if renew.Automatic && !renew.DeleteAtExpiration && strings.HasPrefix(renewalType, "automatic") {
		months := 1
		if renew.Period != nil {
			months = *renew.Period
		}
		svc.automatic(monthsPeriod(months), renewalType)
	} else {
		svc.manual()
		svc.RenewalType = renewalType
		if renew.DeleteAtExpiration {
			svc.RenewalType = "manual"
		}
	}
	return ok(nil)
}

// byHand says whether a service has a renewal that a person pays, though its
// renewalType is an automatic one.
func (v *service) byHand() bool {
	return v.Mode == "manual" && strings.HasPrefix(v.RenewalType, "automaticV")
}

func (v *service) automatic(every, renewalType string) {
	v.Mode, v.Period, v.RenewalType, v.NextDate = "automatic", every, renewalType, v.Expiry
}

func (v *service) manual() {
	v.Mode, v.Period, v.NextDate = "manual", "", time.Time{}
}
