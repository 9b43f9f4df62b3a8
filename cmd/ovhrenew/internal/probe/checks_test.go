package probe

import (
	"testing"

	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// TestChecks: another answer of the API to what is asked of services makes another verdict.
func TestChecks(t *testing.T) {
	probeEach(t, map[string]probed{
		"pages":                    {assumption: "GET /services answers whole", verdict: holds, saw: "objects: true"},
		"no pages":                 {behaviour: ovhrenewtest.Behaviour{IgnoreExpand: true}, assumption: "GET /services answers whole", verdict: fails, saw: "ids: true"},
		"nulls in pages":           {behaviour: ovhrenewtest.Behaviour{Nulls: ovhrenewtest.NullsBetween}, assumption: "GET /services answers whole", verdict: fails, saw: "nulls: "},
		"no number of elements":    {behaviour: ovhrenewtest.Behaviour{NoElements: true}, assumption: "GET /services answers whole", verdict: fails, saw: "X-Pagination-Elements: false"},
		"renewing":                 {assumption: "The region renews", verdict: holds, saw: "it is answered"},
		"no renewing":              {behaviour: ovhrenewtest.Behaviour{NoRenewRoute: true}, assumption: "The region renews", verdict: holds, saw: "invalid (or empty) URL"},
		"offers of expired":        {assumption: "What has expired can still", verdict: holds, saw: "1 x offers"},
		"460 everywhere":           {behaviour: ovhrenewtest.Behaviour{Expired: ovhrenewtest.ExpiredEverywhere}, assumption: "What has expired can still", verdict: fails, saw: "460"},
		"expired can be read":      {assumption: "What has expired is answered", verdict: holds, saw: "serviceInfos HTTP 460"},
		"expired cannot be read":   {behaviour: ovhrenewtest.Behaviour{Expired: ovhrenewtest.ExpiredEverywhere}, assumption: "What has expired is answered", verdict: fails, saw: "services HTTP 460"},
		"options":                  {assumption: "What an option", verdict: seen, saw: "no offers"},
		"paid once":                {assumption: "What was paid once", verdict: holds, saw: "no offers"},
		"forced":                   {assumption: "What always renews", verdict: seen, saw: "offers"},
		"a key's rights":           {assumption: "The rights of an application key", verdict: seen, saw: "status validated with "},
		"rights that are denied":   {change: fault("GET /auth/currentCredential", 403), assumption: "The rights of an application key", verdict: seen, saw: "HTTP 403"},
		"services not read":        {change: fault("GET /services", 403), assumption: "GET /services answers whole", verdict: notRead, saw: "HTTP 403"},
		"numbers":                  {assumption: "GET /service answers numbers", verdict: holds, saw: "objects: false"},
		"objects":                  {change: instead("GET /service", `[{"serviceId":101}]`), assumption: "GET /service answers numbers", verdict: fails, saw: "objects: true"},
		"no numbers":               {change: instead("GET /service", `[]`), assumption: "GET /service answers numbers", verdict: notSeen, saw: "nothing"},
		"numbers not read":         {change: fault("GET /service", 403), assumption: "GET /service answers numbers", verdict: notRead, saw: "HTTP 403"},
		"pages of 5000":            {assumption: "A page can have 5000", verdict: seen, saw: "is what was asked for: true"},
		"smaller pages":            {behaviour: ovhrenewtest.Behaviour{MaxPageSize: 1000}, assumption: "A page can have 5000", verdict: seen, saw: "is what was asked for: false"},
		"renewing in new words":    {change: fault(renew, 409), assumption: "The region renews", verdict: fails, saw: "HTTP 409"},
		"renewing is denied":       {change: fault(renew, 403), assumption: "The region renews", verdict: notRead, saw: "HTTP 403"},
		"once, and offered":        {change: func(s *ovhrenewtest.Server) { s.Offer("P1Y", "1.00", 104) }, assumption: "What was paid once", verdict: fails, saw: "1 x offers"},
		"other prices":             {change: instead(renew, `[{"strategies":[{"services":[101],"servicesDetails":[],"price":{"text":"9.99 €","value":9.99,"currencyCode":"EUR"},"priceInUcents":999,"duration":"P1Y"}],"renewPeriod":"P1Y"}]`), assumption: "priceInUcents", verdict: fails, saw: "equal: false"},
		"prices":                   {assumption: "priceInUcents", verdict: holds},
		"offers of expired denied": {change: fault(renew, 403), assumption: "What has expired can still", verdict: notRead, saw: "HTTP 403"},
		"once, denied":             {change: fault(renew, 403), assumption: "What was paid once", verdict: notRead, saw: "HTTP 403"},
		"once, refused":            {behaviour: ovhrenewtest.Behaviour{OffersRefused: 400}, assumption: "What was paid once", verdict: holds, saw: "HTTP 400"},
		"prices not read":          {change: fault(renew, 403), assumption: "priceInUcents", verdict: notRead, saw: "HTTP 403"},
		"expired, denied":          {change: fault("GET /service/{serviceId}", 403), assumption: "What has expired is answered", verdict: notRead, saw: "service HTTP 403"},
	})
}
