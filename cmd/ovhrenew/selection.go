package main

import (
	"strconv"
	"strings"

	"github.com/spf13/cobra"

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
	if id, err := strconv.ParseInt(strings.TrimPrefix(text, "id:"), 10, 64); err == nil {
		return portfolio.Selection{IDs: []ovhrenew.ServiceID{ovhrenew.ServiceID(id)}}
	}
	return portfolio.Selection{Names: []string{text}}
}

func parseSelections(texts []string) []portfolio.Selection {
	var all []portfolio.Selection
	for _, text := range texts {
		all = append(all, parseSelection(text))
	}
	return all
}

// selectionFlag adds a flag that names services.
func selectionFlag(cmd *cobra.Command, to *[]string, name, what string) {
	cmd.Flags().StringArrayVar(to, name, nil, what+": `WHICH` is a name such as *.com, product:vps-*, tag:shop or an id; may be repeated")
}
