package db

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"liuhen/flows/record"
	"liuhen/storage/vault"
)

// pass is on whose authority something sealed is opened: a [grant] of authorize, good for its subject alone, or one of the
// store's own purposes, of which nothing is given to anybody. Everything sealed is opened here and nowhere else, so that no
// content can be read past it; access_test.go holds the rest of the package to that.
type pass interface {
	opens(id string) bool // the entry or report of that ID, and what belongs to it
}

// purpose is one of the store's own.
type purpose string

// The purposes. What is opened for one stays inside the store: recipients, due dates and yes or no come out of it. What is
// opened to archive leaves it for one place, the sealed file of its case.
const (
	toDecide  purpose = "decide"  // who may have a report
	toRoute   purpose = "route"   // where a report goes, and who is to be told
	toRemind  purpose = "remind"  // whose duty is due when
	toVerify  purpose = "verify"  // whether anything was altered
	toLink    purpose = "link"    // which registered case an entry's number belongs to
	toArchive purpose = "archive" // what goes, sealed to the authority, into the file of its case (AM-12)
	toDispose purpose = "dispose" // which rows belong to a case whose retention is over
	toKeep    purpose = "keep"    // which files of the vault are still needed
)

func (purpose) opens(string) bool { return true }

// errPast says that something was about to be opened that no decision covers: a fault of the program, never of its user.
var errPast = errors.New("content outside what was granted")

// pad fills b up with zero bytes, which JSON never contains, to a whole number of blocks.
func pad(b []byte, block int) []byte {
	n := (len(b) + block - 1) / block * block
	return append(bytes.Clone(b), make([]byte, n-len(b))...)
}

func unpad(b []byte) []byte { return bytes.TrimRight(b, "\x00") }

// seal turns v into sealed bytes for one column of one row.
func (t *tx) seal(v any, table, id, column string) ([]byte, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("seal %s.%s: %w", table, column, err)
	}
	block := bodyBlock
	if column == "head" {
		block = headBlock
	}
	return t.sealBytes(pad(b, block), table, id, column)
}

// open gives back what was sealed in one column of one row that belongs to the entry or report of that ID.
func (t *tx) open(p pass, owner string, sealed []byte, table, id, column string) ([]byte, error) {
	if p == nil || !p.opens(owner) {
		return nil, fmt.Errorf("open %s: %w", table, errPast)
	}
	b, err := t.openBytes(sealed, table, id, column)
	if err != nil {
		return nil, fmt.Errorf("open %s %s: %w", table, id, err)
	}
	return unpad(b), nil
}

// openBytes gives back what sealBytes was given.
func (t *tx) openBytes(sealed []byte, table, id, column string) ([]byte, error) {
	if !vault.Enveloped(sealed) {
		return t.d.Keys.Open(sealed, table, id, column, "1")
	}
	k, found, err := t.dataKey(table, id)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, fmt.Errorf("%w: its data key is gone", vault.ErrCannotOpen)
	}
	return k.Open(sealed, table, id, column, "1")
}

// unseal opens a column of a row whose ID is that of the entry or report itself.
func (t *tx) unseal(p pass, sealed []byte, v any, table, id, column string) error {
	b, err := t.open(p, id, sealed, table, id, column)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("read %s %s: %w", table, id, err)
	}
	return nil
}

// openRecord gives back the canonical bytes that were signed.
func (t *tx) openRecord(p pass, id string, body []byte) ([]byte, error) {
	return t.open(p, id, body, "records", id, "body")
}

// openAct gives an act back; it must be the one of that row, byte for byte as it was written.
func (t *tx) openAct(p pass, id, report string, body []byte) (record.Act, error) {
	b, err := t.open(p, report, body, "acts", id, "body")
	if err != nil {
		return record.Act{}, err
	}
	a, err := record.ParseAct(b)
	if err == nil && (a.ID != id || a.Report != report) {
		err = errors.New("it belongs to another row")
	}
	if err != nil {
		return record.Act{}, fmt.Errorf("read act %s: %w", id, err)
	}
	return a, nil
}

// openMeasure gives a measure back; it must be the one of that row, byte for byte as it was written.
func (t *tx) openMeasure(p pass, r measureRow) (record.Measure, error) {
	b, err := t.open(p, r.proceeding, r.body, "measures", r.id, "body")
	if err != nil {
		return record.Measure{}, err
	}
	m, err := record.ParseMeasure(b)
	if err == nil && (m.ID != r.id || m.Proceeding != r.proceeding || m.Unit != r.unit || m.Nth != r.nth ||
		t.d.mark(m.Subject.ID) != r.subject || m.At.UnixMilli() != r.at) {
		err = errors.New("it belongs to another row")
	}
	if err != nil {
		return record.Measure{}, fmt.Errorf("read measure %s: %w", r.id, err)
	}
	m.At = m.At.In(t.d.Zone)
	return m, nil
}

// letterOf is a report's sealed part; of one that was disposed of there is none any more.
func (t *tx) letterOf(p pass, report string) (l letter, found bool, err error) {
	var body []byte
	if found, err = t.one([]any{&body}, "SELECT body FROM reports r WHERE id = $1 AND "+notGoneReport, report); err != nil || !found {
		return l, false, err
	}
	return l, true, t.unseal(p, body, &l, "reports", report, "body")
}

// letters are the sealed parts of the reports r of which something is so, by report.
func (t *tx) letters(p pass, such string, args ...any) (map[string]letter, error) {
	type row struct {
		id   string
		body []byte
	}
	found, err := rows(t, func(r *row) []any { return []any{&r.id, &r.body} }, "SELECT r.id, r.body FROM reports r WHERE "+such+" ORDER BY r.id", args...)
	if err != nil {
		return nil, err
	}
	if err := fetchKeys(t, "reports", found, func(r row) string { return r.id }); err != nil {
		return nil, err
	}
	out := make(map[string]letter, len(found))
	for _, r := range found {
		var l letter
		if err := t.unseal(p, r.body, &l, "reports", r.id, "body"); err != nil {
			return nil, err
		}
		out[r.id] = l
	}
	return out, nil
}
