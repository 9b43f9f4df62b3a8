package main

import (
	"strconv"
	"strings"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// parseSelection reads what stands on a command line for some services.
func parseSelection(text string) portfolio.Selection {
	kind, value, found := strings.Cut(text, ":")
	switch {
	case found && kind == "product":
		return portfolio.Selection{Products: []string{value}}
	case found && kind == "tag":
		return portfolio.Selection{Tags: []string{value}}
	case found && kind == "name":
		return portfolio.Selection{Names: []string{value}}
	}
	number := strings.TrimPrefix(text, "id:")
	if target, err := ovhrenew.ParseTarget(number); err == nil { // also behind a name, as plans and errors write it
		number = target.String()
	}
	if id, err := strconv.ParseInt(number, 10, 64); err == nil && (number == "0" || number[0] != '0' && number[0] != '+') {
		return portfolio.Selection{IDs: []ovhrenew.ServiceID{ovhrenew.ServiceID(id)}}
	}
	return portfolio.Selection{Names: []string{text}}
}

// selectionOf is parseSelection, with an error for what can select nothing.
func selectionOf(text string) (portfolio.Selection, error) {
	selection := parseSelection(text)
	_, err := portfolio.Policy{Period: ovhrenew.P1Y, Only: []portfolio.Selection{selection}}.Wants(ovhrenew.MustDate("2000-01-01"))
	return selection, err
}
