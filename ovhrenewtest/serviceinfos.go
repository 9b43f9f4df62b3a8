package ovhrenewtest

import (
	"fmt"
	"strings"
	"time"
)

// getServiceInfos answers services.Service, and for what never ends a
// services.NonExpiringService.
func (s *Server) getServiceInfos(_ *call, v *service) any {
	infos := object{
		"contactAdmin":   nichandle,
		"contactBilling": nichandle,
		"contactTech":    nichandle,
		"creation":       dateOf(v.Creation),
		"domain":         v.Name,
		"serviceId":      v.ID,
		"status":         s.stateOf(v, v.Status, "ok", "expired"),
	}
	if v.NoExpiry {
		return infos
	}
	once := v.RenewalType == "oneShot"
	infos["canDeleteAtExpiration"] = !once
	infos["engagedUpTo"] = nil
	infos["expiration"] = dateOf(v.shown)
	infos["possibleRenewPeriod"] = v.possibleMonths()
	infos["renewalType"] = v.RenewalType
	every, _ := parsePeriod(v.Period)
	infos["renew"] = object{
		"automatic":          v.Mode == "automatic",
		"deleteAtExpiration": v.DeleteAtExpiration,
		"forced":             once || v.RenewalType == "automaticForcedProduct",
		"manualPayment":      v.byHand(),
		"period":             orNull(every.months),
	}
	return infos
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
func (s *Server) putServiceInfos(c *call, v *service) any {
	var renew struct {
		Automatic, DeleteAtExpiration bool
		Period                        *int
	}
	renewalType := v.RenewalType
	m := c.members()
	m.read("renew", "service.RenewType", &renew)
	m.read("renewalType", "service.RenewalTypeEnum", &renewalType)
	c.oneOf("renewalType", renewalType, "RenewalTypeEnum", renewalTypes...)
	if c.refusal != nil {
		return nil
	}
	v.DeleteAtExpiration = renew.DeleteAtExpiration
	switch {
	case renew.DeleteAtExpiration:
		v.manual()
		v.RenewalType = "manual"
	case renew.Automatic && strings.HasPrefix(renewalType, "automatic"):
		months := 1
		if renew.Period != nil {
			months = *renew.Period
		}
		v.automatic(fmt.Sprintf("P%dM", months), renewalType)
	default:
		v.manual()
		v.RenewalType = renewalType
	}
	return nil
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
