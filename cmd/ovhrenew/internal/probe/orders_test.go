package probe

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew/ovhrenewtest"
)

// TestOrders: another answer of the API to what is asked of orders makes another verdict.
func TestOrders(t *testing.T) {
	probeEach(t, map[string]probed{
		"lines":                     {assumption: "An order's line", verdict: holds, saw: "3 x a DURATION line names a service"},
		"lines without names":       {behaviour: ovhrenewtest.Behaviour{DetailDomain: "*"}, assumption: "An order's line", verdict: fails, saw: "says *"},
		"lapsed":                    {assumption: "An order that was not paid", verdict: holds, saw: "1 x cancelled"},
		"lapsed, and still unpaid":  {behaviour: ovhrenewtest.Behaviour{LapsedStatus: "notPaid"}, assumption: "An order that was not paid", verdict: holds, saw: "1 x notPaid"},
		"numbers":                   {assumption: "The numbers of orders", verdict: holds},
		"two orders":                {assumption: "A second order", verdict: holds, saw: "two such"},
		"the default is taken":      {assumption: "An order lists", verdict: seen, saw: "the default is listed: true"},
		"the default is not":        {behaviour: ovhrenewtest.Behaviour{DefaultRefused: true}, assumption: "An order lists", verdict: seen, saw: "the default is listed: false"},
		"only ids of methods":       {behaviour: ovhrenewtest.Behaviour{PaymentMethodIDsOnly: true}, assumption: "An order lists", verdict: seen, saw: "paymentMethods "},
		"no dry run":                {assumption: "A dry run", verdict: notAsked, saw: "only with --quote"},
		"a dry run":                 {quote: true, assumption: "A dry run", verdict: holds, saw: "orderId null"},
		"a dry run, 0":              {quote: true, behaviour: ovhrenewtest.Behaviour{DryRun: ovhrenewtest.DryRunZero}, assumption: "A dry run", verdict: holds, saw: "orderId 0"},
		"a dry run, absent":         {quote: true, behaviour: ovhrenewtest.Behaviour{DryRun: ovhrenewtest.DryRunAbsent}, assumption: "A dry run", verdict: holds, saw: "orderId missing"},
		"a dry run, filled":         {quote: true, behaviour: ovhrenewtest.Behaviour{DryRun: ovhrenewtest.DryRunFilled}, assumption: "A dry run", verdict: holds, saw: "url filled"},
		"before tax":                {quote: true, assumption: "An offer's price is", verdict: holds, saw: "there is tax: true"},
		"an offer of another price": {quote: true, change: instead(renew, `[{"strategies":[{"services":[101],"servicesDuration":[{"serviceId":101,"duration":"P1Y"}],"servicesDetails":[],"price":{"text":"9.99 €","value":9.99,"currencyCode":"EUR"},"priceInUcents":999000000,"duration":"P1Y"}],"renewPeriod":"P1Y"}]`), assumption: "An offer's price is", verdict: fails, saw: "equal to the quote without tax: false"},
		"before tax, not asked":     {assumption: "An offer's price is", verdict: notAsked, saw: "only with --quote"},
		"dates":                     {assumption: "GET /me/order keeps", verdict: holds, saw: "all orders have a date: true"},
		"an order without a date": {change: func(s *ovhrenewtest.Server) {
			instead("GET /me/order", fmt.Sprintf(`[{"orderId":%d,"date":null}]`, s.Orders()[0].ID))(s)
		}, assumption: "GET /me/order keeps", verdict: fails, saw: "all orders have a date: false"},
		"orders cannot be listed":      {change: fault("GET /me/order", 403), assumption: "GET /me/order keeps", verdict: notRead, saw: "HTTP 403"},
		"numbers that fall":            {behaviour: ovhrenewtest.Behaviour{FallingIDs: true}, assumption: "The numbers of orders", verdict: fails, saw: "growing: false"},
		"lapsed, and paid for":         {behaviour: ovhrenewtest.Behaviour{LapsedStatus: "checking"}, assumption: "An order that was not paid", verdict: fails, saw: "1 x checking"},
		"a status that cannot be read": {change: fault(ovhrenewtest.RouteStatus, 403), assumption: "An order that was not paid", verdict: notRead, saw: "HTTP 403"},
		"methods that cannot be read":  {change: fault("GET /me/order/{orderId}/paymentMethods", 403), assumption: "An order lists", verdict: notRead, saw: "HTTP 403"},
		"a dry run that is refused":    {quote: true, change: fault(ovhrenewtest.RouteQuote, 403), assumption: "A dry run", verdict: notRead, saw: "the quote HTTP 403"},
		"before tax, refused":          {quote: true, change: fault(ovhrenewtest.RouteQuote, 403), assumption: "An offer's price is", verdict: notRead, saw: "nothing"},
		"how soon":                     {assumption: "The new expiry shows", verdict: notAsked, saw: "nothing"},
		"nobody went too fast":         {assumption: "Who asks too fast", verdict: notSeen, saw: "nothing"},
	})
}

// TestDryRunThatOrders: an order more than before is what the check looks for.
func TestDryRunThatOrders(t *testing.T) {
	t.Parallel()
	server := account(t, ovhrenewtest.Behaviour{})
	server.OnRequest(func(r ovhrenewtest.Request) {
		if r.Route == ovhrenewtest.RouteQuote {
			server.AddOrder(ovhrenewtest.Order{Services: []int64{101}, Period: "P1Y", Price: "12.34"})
		}
	})
	verdicts, saw, _ := results(t, server, true)
	const dry = "A dry run gives a price and orders nothing."
	if verdicts[dry] != fails || !strings.Contains(saw[dry], "orders more than before: 1") {
		t.Errorf("%s, saw %q", verdicts[dry], saw[dry])
	}
}
