package ovhrenewtest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ovhrenew/ovhrenew/internal/products"
)

// productTemplates are the products that have serviceInfos, in any region.
var productTemplates = each(products.All, func(p products.Product) []string { return segmentsOf(p.Route) })

// templateOf is the product template that a route fits, or one of its own.
func templateOf(segments []string) string {
	for _, template := range productTemplates {
		if _, ok := match(template, segments); ok {
			return "/" + strings.Join(template, "/")
		}
	}
	last := len(segments) - 1
	return "/" + strings.Join(append(segments[:last:last], "{serviceName}"), "/")
}

// template is the one that a path fits; empty if there is no such product.
func (b *serviceBook) template(segments []string) string {
	if svc := b.byRoute[routeKeyOf(segments)]; svc != nil {
		return svc.RouteTemplate
	}
	template := templateOf(segments)
	if !b.templates[template] {
		return ""
	}
	return template
}

// product finds the service behind a product's path.
func (s *Server) product(c *call) *service {
	return s.present(c, s.services.byRoute[c.args[0]], ExpiredProduct, ExpiredEverywhere)
}

func (s *Server) serviceOf(c *call) *service {
	return s.present(c, s.services.byID[c.long(0, "serviceId")], ExpiredEverywhere)
}

// present refuses a call about a service that is not there, or is answered 460.
func (s *Server) present(c *call, v *service, where ...Expired460) *service {
	switch {
	case v == nil:
		c.notFound("This service does not exist")
	case s.expired(v) && slices.Contains(where, s.behaviour.Expired):
		c.refuse(problem(460, "", "This Service is expired"))
	default:
		return v
	}
	return nil
}

// listProducts answers GET /vps and the like: names, or objects.
func (s *Server) listProducts(c *call) any {
	return list(s, c, s.services.listed(c.path), func(v *service) string { return v.Name }, productObject)
}

// listed are the services that GET of a path lists, whatever the variable of their
// template is called: /domain/zone/{zoneName}, /email/domain/{domain}.
func (b *serviceBook) listed(path string) []*service {
	return filter(b.all, func(v *service) bool {
		variable, ok := strings.CutPrefix(v.RouteTemplate, path+"/{")
		return ok && strings.Index(variable, "}") == len(variable)-1
	})
}

func (s *Server) getProduct(_ *call, v *service) any { return productObject(v) }

// productObject has what products have in common; the rest is not about renewing.
func productObject(v *service) any {
	return object{"name": v.Name, "serviceName": v.Name, "displayName": v.DisplayName, "state": "running"}
}

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
		Period                        int
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
		v.automatic(fmt.Sprintf("P%dM", cmp.Or(renew.Period, 1)), renewalType)
	default:
		v.manual()
		v.RenewalType = renewalType
	}
	return nil
}

// byHand is a renewal that a person pays, though its renewalType is an automatic one.
func (v *service) byHand() bool {
	return v.Mode == "manual" && strings.HasPrefix(v.RenewalType, "automaticV")
}

func (v *service) automatic(every, renewalType string) {
	v.Mode, v.Period, v.RenewalType, v.NextDate = "automatic", every, renewalType, v.Expiry
}

func (v *service) manual() {
	v.Mode, v.Period, v.NextDate = "manual", "", time.Time{}
}
