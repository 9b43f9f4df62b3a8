package access

import (
	"slices"
	"strings"

	"github.com/ovhrenew/ovhrenew/internal/products"
)

const infosSuffix = "/serviceInfos"

// productOf finds the product of a template or of a service's path. A template that
// is not on record is taken as it is: products are added to the API.
func productOf(route string) (products.Product, bool) {
	if !strings.HasPrefix(route, "/") || strings.HasSuffix(route, "/") || strings.Contains(route, "*") {
		return products.Product{}, false
	}
	segments := strings.Split(route, "/")
	for _, p := range products.All {
		if slices.EqualFunc(strings.Split(p.Route, "/"), segments, alike) {
			return p, true
		}
	}
	// Without a fixed beginning it would be a rule for everything.
	return products.Product{Route: route}, strings.Contains(route, "{") && !strings.HasPrefix(route, "/{")
}

func alike(want, got string) bool {
	return want == got || strings.HasPrefix(want, "{") && got != ""
}
