package ovhrenewtest

import (
	"slices"
	"strings"

	"github.com/ovhrenew/ovhrenew/internal/products"
)

// productTemplates are the products that have serviceInfos, in any region.
var productTemplates = func() (templates [][]string) {
	for _, product := range products.All {
		templates = append(templates, segmentsOf(product.Route))
	}
	return templates
}()

// templateOf is the product template that a route fits; one of its own for a product
// that is not known.
func templateOf(segments []string) string {
	for _, template := range productTemplates {
		if _, ok := match(template, segments); ok {
			return "/" + strings.Join(template, "/")
		}
	}
	last := len(segments) - 1
	return "/" + strings.Join(append(segments[:last:last], "{serviceName}"), "/")
}

// template is the one that a path fits, known or brought along by a service; empty
// if there is no such product.
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

// product finds the service behind a product's path. Expired ones answer 460
// unless that is off.
func (s *Server) product(c *call) *service {
	return s.present(c, s.services.byRoute[c.args[0]], ExpiredProduct, ExpiredEverywhere)
}

// serviceOf finds the service that a path's first argument names.
func (s *Server) serviceOf(c *call) *service {
	return s.present(c, s.services.byID[c.long(0, "serviceId")], ExpiredEverywhere)
}

// present refuses a call about a service that is not there, or has expired where that
// is answered 460.
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
func (b *serviceBook) listed(path string) (found []*service) {
	for _, v := range b.all {
		if variable, ok := strings.CutPrefix(v.RouteTemplate, path+"/{"); ok && strings.Index(variable, "}") == len(variable)-1 {
			found = append(found, v)
		}
	}
	return found
}

func (s *Server) getProduct(_ *call, v *service) any { return productObject(v) }

// productObject has what products have in common; the rest is not about renewing.
func productObject(v *service) any {
	return object{"name": v.Name, "serviceName": v.Name, "displayName": v.DisplayName, "state": "running"}
}
