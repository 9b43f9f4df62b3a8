// Goovh is OVHcloud's guide, with go-ovh and nothing else, against the sandbox, which the
// environment has to name. It refuses any endpoint that is not on this machine.
package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/ovh/go-ovh/ovh"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "goovh:", err)
		os.Exit(1)
	}
}

func run() error {
	client, err := ovh.NewDefaultClient()
	if err != nil {
		return err
	}
	if _, host, _ := strings.Cut(client.Endpoint(), "://"); !strings.HasPrefix(host, "127.0.0.1:") {
		return fmt.Errorf("%s is not the sandbox", client.Endpoint())
	}
	var infos struct {
		ServiceID int64 `json:"serviceId"`
	}
	if err := client.Get("/vps/vps112233.ovh.net/serviceInfos", &infos); err != nil { //nolint:forbidigo // an example of go-ovh alone
		return err
	}
	var offers []struct{ RenewPeriod string }
	if err := client.Get(fmt.Sprintf("/service/%d/renew?includeOptions=false", infos.ServiceID), &offers); err != nil { //nolint:forbidigo // the same
		return err
	}
	var order struct {
		OrderID      int64 `json:"orderId"`
		PriceWithTax struct{ Text string }
	}
	wanted := map[string]any{"dryRun": false, "duration": "P3M", "services": []int64{infos.ServiceID}}
	if err := client.Post(fmt.Sprintf("/service/%d/renew", infos.ServiceID), wanted, &order); err != nil { //nolint:forbidigo // the same
		return err
	}
	fmt.Println("order", order.OrderID, order.PriceWithTax.Text)
	pay := map[string]any{"paymentMean": "paypal", "paymentMeanId": 1234}
	if err := client.Post(fmt.Sprintf("/me/order/%d/payWithRegisteredPaymentMean", order.OrderID), pay, nil); err != nil { //nolint:forbidigo // the same
		return err
	}
	var status string
	if err := client.Get(fmt.Sprintf("/me/order/%d/status", order.OrderID), &status); err != nil { //nolint:forbidigo // the same
		return err
	}
	fmt.Println("status", status)
	return nil
}
