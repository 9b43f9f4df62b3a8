// Package page shows a plan, a report or a ledger of package portfolio as one HTML page, for a
// person to look at in a browser or on paper:
//
//	plan, err := portfolio.MakePlan(services, policy, today)
//	file, err := os.Create("plan.html")
//	err = page.Plan(file, *plan)
//
// A page is complete in itself. It has no script and loads nothing, and its content
// security policy tells the browser to load nothing. It follows the reader's choice of
// light or dark. Names and reasons come from elsewhere: they are escaped, and what does
// not print, such as a control character or a change of the writing direction, is shown
// as its code. The same plan or report is always the same bytes.
//
// Amounts are exact, and never added across currencies. Charts are drawn to the pixel;
// their figures stand beside them.
package page

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"sync"
)

//go:embed *.html style.css
var files embed.FS

// sheet is the style of every page, and the policy that lets a browser take this style
// and nothing else.
type sheet struct {
	Style  template.CSS
	Policy template.HTMLAttr
}

var (
	templates = sync.OnceValues(func() (*template.Template, error) { return template.ParseFS(files, "*.html") })
	style     = sync.OnceValues(func() (sheet, error) {
		text, err := files.ReadFile("style.css")
		hash := sha256.Sum256(text)
		policy := fmt.Sprintf(`content="default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'"`, base64.StdEncoding.EncodeToString(hash[:]))
		return sheet{Style: template.CSS(text), Policy: template.HTMLAttr(policy)}, err
	})
)

// write makes a page by the template of a name. Nothing is written of a page that
// cannot be made.
func write(w io.Writer, name string, view any) error {
	all, err := templates()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := all.ExecuteTemplate(&b, name, view); err != nil {
		return err
	}
	_, err = w.Write(b.Bytes())
	return err
}
