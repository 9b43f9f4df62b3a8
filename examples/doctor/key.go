package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/ovh/go-ovh/ovh"

	"github.com/ovhrenew/ovhrenew/access"
)

// requestKey asks OVHcloud for a key with just the rights that are needed. The key can
// do nothing until the account's owner has opened the link.
func requestKey(api *ovh.Client, needs []access.Need, in io.Reader, out io.Writer) error {
	rules, err := access.Rules(append(needs, access.Diagnosing)...)
	if err != nil {
		return err
	}
	wanted := api.NewCkRequest()
	for _, rule := range rules {
		fmt.Fprintln(out, rule)
		wanted.AddRule(rule.Method, rule.Path)
	}
	fmt.Fprintf(out, "Ask %s for a consumer key with these rights? [y/N] ", api.Endpoint())
	answer, _ := bufio.NewReader(in).ReadString('\n') // no answer is no
	if !strings.HasSuffix(answer, "\n") {
		fmt.Fprintln(out)
	}
	if answer = strings.ToLower(strings.TrimSpace(answer)); answer != "y" && answer != "yes" {
		return errors.New("not confirmed: no key was asked for")
	}
	key, err := wanted.Do()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "To let a key do this, open\n%s\nThen set OVH_CONSUMER_KEY=%s\n", key.ValidationURL, key.ConsumerKey)
	return err
}
