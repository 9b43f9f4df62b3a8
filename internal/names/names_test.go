package names_test

import (
	"slices"
	"testing"

	"github.com/ovhrenew/ovhrenew/internal/names"
)

func TestNormal(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"vps112233.ovh.net":       "vps112233.ovh.net",
		"VPS112233.OVH.NET.":      "vps112233.ovh.net",
		"  example.ovh\r\n":       "example.ovh",
		"\ufeffexample.ovh\u200b": "example.ovh",
		"\u00a0\"example.ovh\",":  "example.ovh",
		"«example.ovh»":           "example.ovh",
		"exämple.ovh":             "xn--exmple-cua.ovh",
		"EXÄMPLE.OVH":             "xn--exmple-cua.ovh",
		"exa\u0308mple.ovh":       "xn--exmple-cua.ovh",
		"XN--EXMPLE-CUA.ovh":      "xn--exmple-cua.ovh",
		"straße.ovh":              "xn--strae-oqa.ovh",
		"example。ovh":             "example.ovh",
		"0033972101010":           "0033972101010",
		"+33972101010":            "0033972101010",
		"+33 9 72.10-10 10":       "0033972101010",
		"+1":                      "+1",
		"203.0.113.0/24":          "203.0.113.0/24",
		"2001:DB8::/56":           "2001:db8::/56",
		"sms-xx1111-1":            "sms-xx1111-1",
		"a_b.ovh":                 "a_b.ovh",
		"*.exämple.ovh":           "*.xn--exmple-cua.ovh",
		"example.ovh。":            "example.ovh",
		"example.ovh/":            "example.ovh",
		"(example.ovh)":           "example.ovh",
		"vps (7)":                 "vps (7)",
		"+33 (0)9 72 10 10 10":    "0033972101010",
		"0033 9 72 10 10 10":      "0033972101010",
		"00 33-972/10.10.10":      "0033972101010",
		"tel:+33972101010":        "0033972101010",
		"0033972101010x":          "0033972101010x",
		"2001:DB8:0:0::/56":       "2001:db8::/56",
		"2001:db8:0::1":           "2001:db8::1",
		"203.0.113.0%2F24":        "203.0.113.0/24",
		"203.0.113.0 / 24":        "203.0.113.0/24",
		"":                        "",
	} {
		if got := names.Normal(text); got != want {
			t.Errorf("Normal(%q) = %q, want %q", text, got, want)
		}
		if again := names.Normal(names.Normal(text)); again != names.Normal(text) {
			t.Errorf("Normal(Normal(%q)) = %q", text, again)
		}
	}
}

func TestSpellings(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"example.ovh":          {"example.ovh"},
		"Example.ovh.":         {"example.ovh", "Example.ovh."},
		"exämple.ovh":          {"xn--exmple-cua.ovh", "exämple.ovh"},
		"xn--exmple-cua.ovh":   {"xn--exmple-cua.ovh", "exämple.ovh"},
		"+33972101010":         {"0033972101010", "+33972101010"},
		"https://example.ovh/": nil,
		"":                     nil,
	} {
		if got := names.Spellings(text); !slices.Equal(got, want) {
			t.Errorf("Spellings(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestParts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"https://example.ovh/":   {"example.ovh"},
		"https://example.ovh":    {"example.ovh"},
		"https://Exämple.ovh:80": {"xn--exmple-cua.ovh"},
		"https://www.ovh.com/manager/#/dedicated/vps/vps112233.ovh.net/dashboard?tab=1": {"www.ovh.com", "vps112233.ovh.net"},
		"https://www.ovh.com/manager/dedicated/#/ip/203.0.113.0%2F24":                   {"www.ovh.com", "203.0.113.0/24"},
		"https://www.ovh.com/manager/dedicated/#/ip/203.0.113.0%252F24":                 {"www.ovh.com", "203.0.113.0/24"},
		"https://eu.api.ovh.com/v1/ip/203.0.113.0/24":                                   {"eu.api.ovh.com", "v1", "203.0.113.0/24"},
		"www.ovh.com/manager/#/vps/vps112233.ovh.net":                                   {"www.ovh.com", "vps112233.ovh.net"},
		"example.ovh/path":        {"example.ovh"},
		"example.ovh:443":         {"example.ovh"},
		"example.ovh":             nil,
		"203.0.113.0/24":          nil,
		"2001:db8::/56":           nil,
		"2001:db8::1":             nil,
		"/vps/vps112233.ovh.net":  nil, // only Route tells a domain from its zone
		"domain/zone/example.ovh": nil,
		"":                        nil,
	} {
		if got := names.Parts(text); !slices.Equal(got, want) {
			t.Errorf("Parts(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestNear(t *testing.T) {
	t.Parallel()
	account := []string{"vps112233.ovh.net", "vps112244.ovh.net", "example.ovh", "exmaple.ovh", "shop.example", "a.b"}
	for text, want := range map[string][]string{
		"vps112234.ovh.net": {"vps112233.ovh.net", "vps112244.ovh.net"},
		"vps112233":         {"vps112233.ovh.net"},
		"exmple.ovh":        {"exmaple.ovh", "example.ovh"},
		"Example.OVH.":      {"example.ovh", "exmaple.ovh"},
		"a.c":               nil,
		"other.org":         nil,
	} {
		near := names.NearTo(text)
		for _, name := range append(account, account...) {
			near.Add(name)
		}
		got := near.Names()
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("near to %q: %q, want %q", text, got, want)
		}
	}
}
