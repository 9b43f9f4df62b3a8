package access_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ovhrenew/ovhrenew/access"
)

// TestProducts holds the products against the table of the API.
func TestProducts(t *testing.T) {
	t.Parallel()
	var want []access.Product
	for _, infos := range readContract(t).ServiceInfos {
		if infos.EU == "GONE" && infos.CA == "ABSENT" && infos.US == "ABSENT" {
			continue
		}
		want = append(want, access.Product{
			Route:    strings.TrimSuffix(infos.Path, "/serviceInfos"),
			Actions:  strings.TrimSuffix(infos.IAM, "/get"),
			ReadOnly: !slices.Contains(infos.Methods, "PUT"),
		})
	}
	if diff := cmp.Diff(want, access.Products()); diff != "" {
		t.Errorf("Products (-want +got):\n%s", diff)
	}
}
