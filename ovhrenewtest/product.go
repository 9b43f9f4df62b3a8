package ovhrenewtest

import (
	"slices"
	"strings"
)

// productTemplates are the products that have serviceInfos, in any region.
var productTemplates = func() [][]string {
	var templates [][]string
	for _, template := range strings.Fields(`
/allDom/{serviceName} /analytics/platforms/{serviceName} /caas/containers/{serviceName}
/caas/registry/{serviceName} /cdn/dedicated/{serviceName} /cdn/website/{serviceName}
/cdn/webstorage/{serviceName} /cloud/project/{serviceName} /cluster/hadoop/{serviceName}
/dbaas/logs/{serviceName} /dbaas/queue/{serviceName} /dbaas/timeseries/{serviceName}
/dedicated/anthos/tenants/{serviceName} /dedicated/ceph/{serviceName}
/dedicated/cluster/{serviceName} /dedicated/housing/{serviceName} /dedicated/nas/{serviceName}
/dedicated/nasha/{serviceName} /dedicated/server/{serviceName} /dedicatedCloud/{serviceName}
/deskaas/{serviceName} /domain/zone/{zoneName}/option/{name} /domain/zone/{zoneName}
/domain/{serviceName} /email/domain/{domain}
/email/exchange/{organizationName}/service/{exchangeService} /email/pro/{service}
/freefax/{serviceName} /horizonView/{serviceName} /hosting/privateDatabase/{serviceName}
/hosting/reseller/{serviceName} /hosting/web/{serviceName}/cdn
/hosting/web/{serviceName}/emailOption/{id} /hosting/web/{serviceName}/extraSqlPerso/{id}
/hosting/web/{serviceName}/localSeo/location/{id} /hosting/web/{serviceName}
/hpcspot/{serviceName} /ip/service/{serviceName} /ipLoadbalancing/{serviceName}
/kube/{serviceName} /license/cloudLinux/{serviceName} /license/cpanel/{serviceName}
/license/directadmin/{serviceName} /license/hycu/{serviceName} /license/office/{serviceName}
/license/officePrepaid/{serviceName} /license/plesk/{serviceName} /license/redhat/{serviceName}
/license/sqlserver/{serviceName} /license/virtuozzo/{serviceName} /license/windows/{serviceName}
/license/worklight/{serviceName} /metrics/{serviceName} /msServices/sharepoint/{domain}
/nutanix/{serviceName} /overTheBox/{serviceName} /ovhCloudConnect/{serviceName}
/pack/siptrunk/{packName} /pack/xdsl/{packName} /router/{serviceName} /saas/csp2/{serviceName}
/sms/virtualNumbers/{number} /sms/{serviceName} /ssl/{serviceName} /sslGateway/{serviceName}
/stack/mis/{serviceName} /storage/netapp/{serviceName} /telephony/aliases/{serviceName}
/telephony/lines/{serviceName} /telephony/spare/{spare} /telephony/trunks/{serviceName}
/telephony/{billingAccount} /veeam/veeamEnterprise/{serviceName}
/veeamCloudConnect/{serviceName} /vip/{serviceName} /vps/{serviceName} /vrack/{serviceName}
/webPaaS/subscription/{serviceName} /xdsl/spare/{spare} /xdsl/{serviceName}`) {
		templates = append(templates, segmentsOf(template))
	}
	return templates
}()

// templateOf is the product template that a route fits; one of its own for a
// product that is not known.
func templateOf(segments []string) string {
	segments = slices.Clone(segments)
	for _, template := range productTemplates {
		if _, ok := match(template, segments); ok {
			return "/" + strings.Join(template, "/")
		}
	}
	segments[len(segments)-1] = "{serviceName}"
	return "/" + strings.Join(segments, "/")
}

// template is the one that a path fits, known or brought along by a service; empty
// if there is no such product.
func (b *serviceBook) template(segments []string) string {
	if svc := b.byRoute[routeKeyOf(segments)]; svc != nil {
		return svc.RouteTemplate
	}
	template := templateOf(segments)
	if b.templates[template] {
		return template
	}
	for _, known := range productTemplates {
		if "/"+strings.Join(known, "/") == template {
			return template
		}
	}
	return ""
}

// product finds the service behind a product's path. Expired ones answer 460
// unless that is off.
func (s *Server) product(c *call) (*service, answer, bool) {
	svc := s.services.byRoute[c.args[0]]
	switch {
	case svc == nil:
		return nil, noService(), false
	case svc.expired(c.now) && s.behaviour.Expired != ExpiredNowhere:
		return nil, expired460(), false
	}
	return svc, answer{}, true
}

func expired460() answer {
	return problem(460, "", "This Service is expired")
}

// listProducts answers GET /vps and the like: names, or objects.
func (s *Server) listProducts(c *call) answer {
	return list(s, c, s.services.products[c.args[0]],
		func(v *service) string { return v.Name },
		func(v *service) any { return productObject(v) })
}

func (s *Server) getProduct(c *call) answer {
	svc, a, good := s.product(c)
	if !good {
		return a
	}
	return ok(productObject(svc))
}

// productObject has what products have in common; the rest is not about renewing.
func productObject(v *service) object {
	return object{
		"name":        v.Name,
		"serviceName": v.Name,
		"displayName": v.DisplayName,
		"state":       "running",
	}
}
