package access

import (
	"slices"
	"strings"
)

const infosSuffix = "/serviceInfos"

// product is a family of services that has {route}/serviceInfos.
type product struct {
	route    string // template of its services' paths, such as /vps/{serviceName}
	actions  string // beginning of its IAM actions; empty where none is on record
	readOnly bool   // its serviceInfos cannot be changed
}

// productOf finds the product of a template or of a service's path. A template that
// is not on record is taken as it is: products are added to the API.
func productOf(route string) (product, bool) {
	if !strings.HasPrefix(route, "/") || strings.HasSuffix(route, "/") || strings.Contains(route, "*") {
		return product{}, false
	}
	segments := strings.Split(route, "/")
	for _, p := range products {
		if slices.EqualFunc(strings.Split(p.route, "/"), segments, alike) {
			return p, true
		}
	}
	// Without a fixed beginning it would be a rule for everything.
	return product{route: route}, strings.Contains(route, "{") && !strings.HasPrefix(route, "/{")
}

// alike reports whether a segment of a path may stand in the place of one of a template.
func alike(want, got string) bool {
	return want == got || strings.HasPrefix(want, "{") && got != ""
}

// products are those that have {route}/serviceInfos in at least one region. Services of
// others are known to the account's own lists only.
var products = []product{
	{"/allDom/{serviceName}", "alldom:apiovh:serviceInfos", false},
	{"/cdn/dedicated/{serviceName}", "cdn:apiovh:serviceInfos", false},
	{"/cloud/project/{serviceName}", "publicCloudProject:apiovh:serviceInfos", false},
	{"/cluster/hadoop/{serviceName}", "clusterHadoop:apiovh:serviceInfos", false},
	{"/dbaas/logs/{serviceName}", "ldp:apiovh:serviceInfos", false},
	{"/dbaas/queue/{serviceName}", "", false},
	{"/dbaas/timeseries/{serviceName}", "", false},
	{"/dedicated/anthos/tenants/{serviceName}", "dedicatedAnthos:apiovh:tenants/serviceInfos", false},
	{"/dedicated/ceph/{serviceName}", "dedicatedCeph:apiovh:serviceInfos", false},
	{"/dedicated/cluster/{serviceName}", "clusterDelivery:apiovh:serviceInfos", false},
	{"/dedicated/housing/{serviceName}", "dedicatedHousing:apiovh:serviceInfos", false},
	{"/dedicated/nas/{serviceName}", "dedicatedNas:apiovh:serviceInfos", false},
	{"/dedicated/nasha/{serviceName}", "nasHA:apiovh:serviceInfos", false},
	{"/dedicated/server/{serviceName}", "dedicatedServer:apiovh:serviceInfos", false},
	{"/dedicatedCloud/{serviceName}", "pccVMware:apiovh:serviceInfos", false},
	{"/deskaas/{serviceName}", "deskaas:apiovh:serviceInfos", false},
	{"/domain/zone/{zoneName}/option/{name}", "dnsZone:apiovh:option/serviceInfos", false},
	{"/domain/zone/{zoneName}", "dnsZone:apiovh:serviceInfos", false},
	{"/domain/{serviceName}", "domain:apiovh:serviceInfos", false},
	{"/email/domain/{domain}", "emailDomain:apiovh:serviceInfos", false},
	{"/email/exchange/{organizationName}/service/{exchangeService}", "emailExchange:apiovh:service/serviceInfos", false},
	{"/email/pro/{service}", "emailPro:apiovh:serviceInfos", false},
	{"/freefax/{serviceName}", "freefax:apiovh:serviceInfos", false},
	{"/horizonView/{serviceName}", "horizonView:apiovh:serviceInfos", false},
	{"/hosting/privateDatabase/{serviceName}", "webCloudDatabases:apiovh:serviceInfos", false},
	{"/hosting/web/{serviceName}/cdn", "webHosting:apiovh:cdn/serviceInfos", true},
	{"/hosting/web/{serviceName}/emailOption/{id}", "webHosting:apiovh:emailOption/serviceInfos", true},
	{"/hosting/web/{serviceName}/extraSqlPerso/{id}", "webHosting:apiovh:extraSqlPerso/serviceInfos", true},
	{"/hosting/web/{serviceName}/localSeo/location/{id}", "webHosting:apiovh:localSeo/location/serviceInfos", true},
	{"/hosting/web/{serviceName}", "webHosting:apiovh:serviceInfos", false},
	{"/ip/service/{serviceName}", "ip:apiovh:service/serviceInfos", false},
	{"/ipLoadbalancing/{serviceName}", "loadbalancer:apiovh:serviceInfos", false},
	{"/license/cloudLinux/{serviceName}", "licenseCloudLinux:apiovh:serviceInfos", false},
	{"/license/cpanel/{serviceName}", "licenseCpanel:apiovh:serviceInfos", false},
	{"/license/directadmin/{serviceName}", "licenseDirectAdmin:apiovh:serviceInfos", false},
	{"/license/hycu/{serviceName}", "licenseHycu:apiovh:serviceInfos", false},
	{"/license/office/{serviceName}", "licenseOffice:apiovh:serviceInfos", false},
	{"/license/officePrepaid/{serviceName}", "licenseOfficePrepaid:apiovh:serviceInfos", false},
	{"/license/plesk/{serviceName}", "licensePlesk:apiovh:serviceInfos", false},
	{"/license/redhat/{serviceName}", "licenseRedHat:apiovh:serviceInfos", false},
	{"/license/sqlserver/{serviceName}", "licenseSqlServer:apiovh:serviceInfos", false},
	{"/license/virtuozzo/{serviceName}", "licenseVirtuozzo:apiovh:serviceInfos", false},
	{"/license/windows/{serviceName}", "licenseWindows:apiovh:serviceInfos", false},
	{"/license/worklight/{serviceName}", "licenseWorklight:apiovh:serviceInfos", false},
	{"/metrics/{serviceName}", "metrics:apiovh:serviceInfos", false},
	{"/msServices/sharepoint/{domain}", "sharepoint:apiovh:serviceInfos", false},
	{"/nutanix/{serviceName}", "nutanix:apiovh:serviceInfos", false},
	{"/overTheBox/{serviceName}", "overTheBox:apiovh:serviceInfos", false},
	{"/ovhCloudConnect/{serviceName}", "ovhCloudConnect:apiovh:serviceInfos", false},
	{"/pack/siptrunk/{packName}", "packSipTrunk:apiovh:serviceInfos", false},
	{"/pack/xdsl/{packName}", "packXdsl:apiovh:serviceInfos", false},
	{"/router/{serviceName}", "", false},
	{"/saas/csp2/{serviceName}", "cspReseller:apiovh:serviceInfos", false},
	{"/sms/virtualNumbers/{number}", "smsVirtualNumbers:apiovh:serviceInfos", false},
	{"/sms/{serviceName}", "sms:apiovh:serviceInfos", false},
	{"/ssl/{serviceName}", "ssl:apiovh:serviceInfos", false},
	{"/sslGateway/{serviceName}", "sslGateway:apiovh:serviceInfos", false},
	{"/stack/mis/{serviceName}", "stackMis:apiovh:serviceInfos", false},
	{"/storage/netapp/{serviceName}", "storageNetApp:apiovh:serviceInfos", false},
	{"/telephony/aliases/{serviceName}", "voip:apiovh:aliases/serviceInfos", false},
	{"/telephony/lines/{serviceName}", "voip:apiovh:lines/serviceInfos", false},
	{"/telephony/spare/{spare}", "voip:apiovh:spare/serviceInfos", false},
	{"/telephony/trunks/{serviceName}", "voip:apiovh:trunks/serviceInfos", false},
	{"/telephony/{billingAccount}", "voip:apiovh:serviceInfos", false},
	{"/veeam/veeamEnterprise/{serviceName}", "veeamEnterprise:apiovh:serviceInfos", false},
	{"/veeamCloudConnect/{serviceName}", "veeamCloudConnect:apiovh:serviceInfos", false},
	{"/vip/{serviceName}", "vip:apiovh:serviceInfos", false},
	{"/vps/{serviceName}", "vps:apiovh:serviceInfos", false},
	{"/vrack/{serviceName}", "vrack:apiovh:serviceInfos", true},
	{"/xdsl/spare/{spare}", "xdslSpare:apiovh:serviceInfos", false},
	{"/xdsl/{serviceName}", "xdsl:apiovh:serviceInfos", false},
}
