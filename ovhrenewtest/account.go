package ovhrenewtest

const nichandle = "xx1111-ovh"

// getMe answers nichandle.Nichandle.
func (s *Server) getMe(*call) any {
	me := object{
		"country":       "FR",
		"currency":      object{"code": s.currency(), "symbol": s.currency()},
		"customerCode":  "1234-5678-90",
		"email":         "customer@example.com",
		"firstname":     "Camille",
		"kycValidated":  true,
		"language":      "fr_FR",
		"legalform":     "corporation",
		"name":          "Example",
		"nichandle":     nichandle,
		"organisation":  "Example Agency",
		"ovhCompany":    "ovh",
		"ovhSubsidiary": "FR",
		"state":         "complete",
	}
	for _, name := range []string{
		"address", "area", "birthCity", "birthDay", "city", "companyNationalIdentificationNumber",
		"complementaryAddress", "corporationType", "fax", "italianSDI", "nationalIdentificationNumber",
		"phone", "phoneCountry", "phoneType", "purposeOfPurchase", "sex", "spareEmail", "vat", "zip",
	} {
		me[name] = nil
	}
	return me
}

// getFidelity answers billing.FidelityAccount.
func (s *Server) getFidelity(*call) any {
	return object{
		"alertThreshold": nil,
		"balance":        s.wallet.points,
		"canBeCredited":  false,
		"lastUpdate":     timestamp(s.now),
		"openDate":       "2020-02-03T04:05:06+02:00",
	}
}

const ovhAccountID = "FR"

func (s *Server) listOvhAccounts(c *call) any {
	return list(s, c, []string{ovhAccountID}, func(id string) string { return id }, s.ovhAccount)
}

func (s *Server) getOvhAccount(c *call) any {
	if c.args[0] != ovhAccountID {
		c.noObject(c.args[0])
	}
	return s.ovhAccount(ovhAccountID)
}

// ovhAccount is billing.OvhAccount.
func (s *Server) ovhAccount(id string) any {
	balance := s.price(s.wallet.prepaid, s.currency())
	balance["priceInUcents"] = s.wallet.prepaid
	return object{
		"alertThreshold": nil,
		"balance":        balance,
		"canBeCredited":  true,
		"isActive":       s.registered("ovhAccount", 0),
		"lastUpdate":     timestamp(s.now),
		"openDate":       "2020-02-03T04:05:06+02:00",
		"ovhAccountId":   id,
	}
}
