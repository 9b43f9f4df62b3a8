// What the reference shows of the journal's place.

package ovhrenew_test

import (
	"fmt"
	"path/filepath"

	"github.com/ovhrenew/ovhrenew"
)

// The default place of the journal; it is not created.
func ExampleJournalDir() {
	dir, err := ovhrenew.JournalDir()
	if err != nil {
		fmt.Println(err) // a container without HOME
		return
	}
	fmt.Println(filepath.Base(dir))
	// Output: ovhrenew
}
