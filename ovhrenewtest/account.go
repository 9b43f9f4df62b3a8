package ovhrenewtest

import "time"

// nichandle is the customer whose account this is.
const nichandle = "xx1111-ovh"

// getMe answers nichandle.Nichandle.
func (s *Server) getMe(*call) answer {
	me := object{
		"country":       "FR",
		"currency":      object{"code": s.behaviour.currency(), "symbol": s.behaviour.currency()},
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
	return ok(me)
}

// getFidelity answers billing.FidelityAccount.
func (s *Server) getFidelity(c *call) answer {
	return ok(object{
		"alertThreshold": nil,
		"balance":        s.wallet.points,
		"canBeCredited":  false,
		"lastUpdate":     timestamp(c.now),
		"openDate":       "2020-02-03T04:05:06+02:00",
	})
}

// ovhAccountID is the one prepaid account.
const ovhAccountID = "FR"

func (s *Server) listOvhAccounts(c *call) answer {
	return list(s, c, []string{ovhAccountID},
		func(id string) string { return id },
		func(string) any { return s.ovhAccount(c.now) })
}

func (s *Server) getOvhAccount(c *call) answer {
	if c.args[0] != ovhAccountID {
		return noObject(c.args[0])
	}
	return ok(s.ovhAccount(c.now))
}

// ovhAccount is billing.OvhAccount.
func (s *Server) ovhAccount(now time.Time) object {
	balance := s.price(s.wallet.prepaid, s.behaviour.currency())
	balance.Ucents = &s.wallet.prepaid
	return object{
		"alertThreshold": nil,
		"balance":        balance,
		"canBeCredited":  true,
		"isActive":       s.registered("ovhAccount", 0),
		"lastUpdate":     timestamp(now),
		"openDate":       "2020-02-03T04:05:06+02:00",
		"ovhAccountId":   ovhAccountID,
	}
}
