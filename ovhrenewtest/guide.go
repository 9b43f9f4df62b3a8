package ovhrenewtest

import "time"

// What is in the account of OVHcloud's guide on renewing through the API.
const (
	GuideVPS        = "vps112233.ovh.net"
	GuideVPSID      = 11_223_344
	GuideDomainID   = 12_345
	GuideHostingID  = 67_890
	GuideOrderID    = 123_456_789 // the first order's
	GuidePayPalMean = 1234
	GuideMethodID   = 5_678_901 // the default payment method's
)

// Guide fills a server with the account of OVHcloud's guide: a VPS that expires in
// ten days and can be renewed by itself; a domain that can be renewed alone or with
// its hosting, at the prices that the guide prints; a PayPal account, which is
// payment mean 1234, and a card as the default payment method. With a 24-hour
// Behaviour.OrderValidity and the guide's clock its first order is the printed one.
func Guide(s *Server) {
	midnight := s.Now().UTC().Truncate(24 * time.Hour)
	unlock := s.lock()
	s.orders.nextID = GuideOrderID
	unlock()
	s.AddService(Service{
		ID: GuideVPSID, Name: GuideVPS, Route: "/vps/" + GuideVPS, Type: "VPS", Product: "vps-starter-1-2-20",
		Expiry: midnight.AddDate(0, 0, 10), Creation: midnight.AddDate(-1, 0, 10),
	})
	s.AddService(Service{
		ID: GuideDomainID, Name: "example.ovh", Route: "/domain/example.ovh", Type: "Domain .ovh", Product: "domain-ovh",
		Expiry: midnight.AddDate(0, 1, 0), Creation: midnight.AddDate(-2, 1, 0),
	})
	s.AddService(Service{
		ID: GuideHostingID, Name: "example.ovh", Route: "/hosting/web/example.ovh", Type: "Hosting Perso 2014", Product: "perso2014",
		Expiry: midnight.AddDate(0, 1, 3), Creation: midnight.AddDate(-2, 1, 3),
	})
	s.offers(GuideVPSID, "P1M", "5.99", "P3M", "17.97", "P6M", "34.14", "P1Y", "64.69")
	s.Offer("P1Y", "1.99", GuideDomainID)
	s.Offer("P1Y", "37.87", GuideHostingID, GuideDomainID)

	s.AddPaymentMean("paypal", GuidePayPalMean)
	s.AddPaymentMethod(PaymentMethod{
		ID: GuideMethodID, Type: "CREDIT_CARD", SubType: "VISA", Default: true, OneClick: new(true), Integration: "IN_CONTEXT",
	})
	s.AddPaymentMethod(PaymentMethod{ID: GuideMethodID + 1, Type: "PAYPAL", MeanID: GuidePayPalMean, OneClick: new(true), Integration: "REDIRECT"})
}
