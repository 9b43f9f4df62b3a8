// What the tests need of what is not exported.

package access

// Product is a product, for the tests.
type Product struct {
	Route, Actions string
	ReadOnly       bool
}

// Products are all products.
func Products() []Product {
	all := make([]Product, 0, len(products))
	for _, p := range products {
		all = append(all, Product{p.route, p.actions, p.readOnly})
	}
	return all
}
