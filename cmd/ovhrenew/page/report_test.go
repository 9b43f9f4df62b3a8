package page_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/ovhrenew/ovhrenew"
	"github.com/ovhrenew/ovhrenew/portfolio"
)

// TestReportNeeds: what needs a person comes by what is known of it, the money first, and
// what is renewed as planned needs nobody.
func TestReportNeeds(t *testing.T) {
	t.Parallel()
	report := mixedReport(t)
	report.Items = append(report.Items, portfolio.ItemReport{Outcome: "melted", Why: "nobody knows"})
	root := parse(t, reportHTML(t, report))
	needs := section(t, root, "needs")
	var titles []string
	for _, title := range texts(needs, "h3") {
		titles = append(titles, strings.TrimSuffix(title, " 1 order"))
	}
	want := []string{
		"Outcome not known", "May have been paid", "Paid, new end not seen yet", "Ordered, not paid",
		"Neither ordered nor paid by this run", "Not begun", "Renewed to another day than planned",
	}
	if !slices.Equal(titles, want) {
		t.Errorf("%q, want %q", titles, want)
	}
	for _, item := range report.Items {
		renewed := item.Outcome == portfolio.OutcomeRenewed && !item.Unexpected
		if got := strings.Contains(text(needs), item.Why) && item.Why != ""; got && renewed {
			t.Errorf("order %s needs nobody", item.Order)
		} else if item.Why != "" && !got {
			t.Errorf("%q is not said", item.Why)
		}
	}
	if got := len(rows(all(section(t, root, "items"), "table")[0])); got != len(report.Items) {
		t.Errorf("%d of %d orders", got, len(report.Items))
	}
	outcomes := texts(section(t, root, "outcomes"), "span", "big")
	if want := []string{"7", "1", "1", "1", "1", "1", "1"}; !slices.Equal(outcomes, want) {
		t.Errorf("outcomes %q, want %q", outcomes, want)
	}
}

// TestReportEnds: only of what was renewed is a new end shown, and that as it was seen.
func TestReportEnds(t *testing.T) {
	t.Parallel()
	report := mixedReport(t)
	table := all(section(t, parse(t, reportHTML(t, report)), "items"), "table")[0]
	services := 0
	for _, item := range report.Items {
		services += len(item.Item.Services)
	}
	if got := len(all(table, "bdi", "name")); got != services {
		t.Errorf("%d services, want %d", got, services)
	}
	for i, row := range rows(table) {
		item := report.Items[i]
		if arrow := strings.Contains(row[1], "→"); arrow != (item.Outcome == portfolio.OutcomeRenewed) {
			t.Errorf("%s: %q", item.Outcome, row[1])
		}
		for _, s := range item.Services {
			if !strings.Contains(row[1], s.From.String()+" → "+s.To.String()) {
				t.Errorf("%q lacks %s to %s", row[1], s.From, s.To)
			}
		}
	}
}

// TestReportOfAgency: what Apply reports of a simulated account is on the page.
func TestReportOfAgency(t *testing.T) {
	t.Parallel()
	_, report := agency(t, 300, true)
	root := parse(t, reportHTML(t, report))
	spent, err := report.Spent()
	if err != nil || len(spent) != 1 || report.Count(portfolio.OutcomeRenewed) != len(report.Items) {
		t.Fatalf("spent %v, %v; renewed %d of %d", spent, err, report.Count(portfolio.OutcomeRenewed), len(report.Items))
	}
	want := []string{"EUR", spent[0].String(), "nothing", "nothing", "nothing"}
	if got := rows(all(section(t, root, "money"), "table")[0]); len(got) != 1 || !slices.Equal(got[0], want) {
		t.Errorf("money %q, want %q", got, want)
	}
	if needs := texts(section(t, root, "needs"), "p"); !slices.Equal(needs, []string{"Nothing."}) {
		t.Errorf("needs a person: %q", needs)
	}
	table := all(section(t, root, "items"), "table")[0]
	for i, row := range rows(table) {
		for _, s := range report.Items[i].Services {
			if !strings.Contains(row[1], s.Name) || row[2] != report.Items[i].Order.String() || row[3] != report.Items[i].Spent.String() {
				t.Errorf("row %d is %q", i, row)
			}
		}
	}
}

// hostileReport has hostile texts wherever a report has a text.
func hostileReport() portfolio.Report {
	var report portfolio.Report
	for i, item := range hostilePlan().Items {
		text := hostile[i%len(hostile)]
		r := portfolio.ItemReport{Item: item, Outcome: portfolio.Outcome(text), Why: text, Spent: item.Limit}
		if i%2 == 0 {
			r.Services = []ovhrenew.Renewed{{ServiceID: item.Via, Name: text, From: day, To: day.AddDays(365)}}
		}
		report.Items = append(report.Items, r)
	}
	return report
}
