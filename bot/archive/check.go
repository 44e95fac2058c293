package archive

import (
	"fmt"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"liuhen/storage/ledger"
)

// Checked is what the signatures and proofs of a folder show, a package or an unsealed part.
type Checked struct {
	System  string    // that signed it
	Made    time.Time // when the folder's list was signed
	At      time.Time // of the checkpoint that all proofs lead to
	Entries int       // that were proved; none in a package, where they are sealed
}

// Check makes sure, with nothing but the public key, that a system made these files as they are, and of every entry that it is the
// one its receipt was issued for and was in the log at the checkpoint: an error names the file that is not.
func Check(files map[string][]byte, keys ...note.Verifier) (c Checked, err error) {
	list, err := ledger.OpenList(files[sealName], files[sumsName], keys...)
	if err != nil {
		return c, fmt.Errorf("%s: %w", sealName, err)
	}
	if err := compare(files[sumsName], files); err != nil {
		return c, err
	}
	mark, err := ledger.OpenCheckpoint(files[checkpointName], keys...)
	if err != nil {
		return c, fmt.Errorf("%s: %w", checkpointName, err)
	}
	c = Checked{System: list.System, Made: list.At, At: mark.At}
	listed := string(files[sumsName])
	for {
		name := fmt.Sprintf(entryName, c.Entries+1)
		canonical, there := files[name+".json"]
		if !there {
			return c, nil
		}
		for _, end := range []string{".json", receiptEnd, proofEnd} {
			if !strings.Contains(listed, "  "+name+end+"\n") {
				return c, fmt.Errorf("%w: %s is not on the list", ErrAltered, name+end)
			}
		}
		receipt, err := ledger.OpenReceipt(files[name+receiptEnd], keys...)
		if err != nil {
			return c, fmt.Errorf("%s: %w", name+receiptEnd, err)
		}
		if err := ledger.Check(canonical, files[name+proofEnd], receipt, mark); err != nil {
			return c, fmt.Errorf("%s: %w", name+proofEnd, err)
		}
		c.Entries++
	}
}
