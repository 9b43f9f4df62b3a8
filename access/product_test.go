package access_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ovhrenew/ovhrenew/internal/products"
)

// TestProducts holds the products against the table of the API.
func TestProducts(t *testing.T) {
	t.Parallel()
	var want []products.Product
	for _, infos := range readContract(t).ServiceInfos {
		if infos.EU == "GONE" && infos.CA == "ABSENT" && infos.US == "ABSENT" {
			continue
		}
		want = append(want, products.Product{
			Route:    strings.TrimSuffix(infos.Path, "/serviceInfos"),
			Actions:  strings.TrimSuffix(infos.IAM, "/get"),
			ReadOnly: !slices.Contains(infos.Methods, "PUT"),
		})
	}
	if diff := cmp.Diff(want, products.All); diff != "" {
		t.Errorf("Products (-want +got):\n%s", diff)
	}
}
