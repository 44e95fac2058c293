package db

import (
	"maps"
	"slices"

	"liuhen/flows/form"
	"liuhen/flows/record"
)

// notGone and notGoneReport leave out what was disposed of.
const (
	notGone       = "NOT EXISTS (SELECT 1 FROM gone WHERE gone.of_table = 'records' AND gone.of_row = r.id)"
	notGoneReport = "NOT EXISTS (SELECT 1 FROM gone WHERE gone.of_table = 'reports' AND gone.of_row = r.id)"
)

// dispose destroys the data keys of everything filed for the cases of a proposal: entries, evidence, reports and what was done
// about them. The signed rows stay, with their digests in the log, and nothing opens them any more. It says which rows those are.
// Files of the vault that nobody needs are swept away afterwards.
func (t *tx) dispose(proposal string) (gone [][2]string, err error) {
	records, err := texts(t, `SELECT l.record FROM links l JOIN deed_cases x ON x.case_id = l.case_id WHERE x.deed = $1
		AND NOT EXISTS (SELECT 1 FROM gone WHERE gone.of_table = 'records' AND gone.of_row = l.record) ORDER BY l.record`, proposal)
	if err != nil {
		return nil, err
	}
	said, err := texts(t, "SELECT a.id FROM absences a JOIN deed_cases x ON x.case_id = a.case_id WHERE x.deed = $1 ORDER BY a.id", proposal)
	if err != nil || len(records)+len(said) == 0 {
		return nil, err
	}
	for _, id := range said {
		gone = append(gone, [2]string{"absences", id})
	}
	for _, id := range records {
		rows, err := t.belongings(id)
		if err != nil {
			return nil, err
		}
		gone = append(gone, rows...)
	}
	reports, err := t.reportsOn(records)
	if err != nil {
		return nil, err
	}
	gone = append(gone, reports...)
	told, err := t.tellingsOn(gone)
	if err != nil {
		return nil, err
	}
	gone = append(gone, told...)
	for _, g := range gone {
		if err := t.destroy(g[0], g[1]); err != nil {
			return nil, err
		}
	}
	unused, err := texts(t, `SELECT DISTINCT e.blob FROM evidence e JOIN gone ON gone.of_table = 'evidence' AND gone.of_row = e.id
		WHERE NOT EXISTS (SELECT 1 FROM evidence o WHERE o.blob = e.blob AND NOT EXISTS (
		SELECT 1 FROM gone g WHERE g.of_table = 'evidence' AND g.of_row = o.id))
		AND NOT EXISTS (SELECT 1 FROM gone b WHERE b.of_table = 'blobs' AND b.of_row = e.blob) ORDER BY e.blob`)
	for _, b := range unused {
		if err := t.destroy("blobs", b); err != nil {
			return nil, err
		}
		gone = append(gone, [2]string{"blobs", b})
	}
	return gone, err
}

// belongings are the rows of an entry and its evidence.
func (t *tx) belongings(id string) ([][2]string, error) {
	var body []byte
	if _, err := t.one([]any{&body}, "SELECT body FROM records WHERE id = $1", id); err != nil {
		return nil, err
	}
	canonical, err := t.openRecord(toDispose, id, body)
	if err != nil {
		return nil, err
	}
	r, err := record.Parse(canonical)
	if err != nil {
		return nil, err
	}
	out := [][2]string{{"records", id}}
	for _, f := range r.Answers[form.Evidence].Files {
		out = append(out, [2]string{"evidence", t.d.evidenceID(id, f.ID)})
	}
	return out, nil
}

// reportsOn are the rows of all reports about these entries, with what was done about them.
func (t *tx) reportsOn(records []string) (out [][2]string, err error) {
	all, err := t.letters(toDispose, notGoneReport)
	if err != nil {
		return nil, err
	}
	for _, id := range slices.Sorted(maps.Keys(all)) {
		if !slices.Contains(records, all[id].Record) {
			continue
		}
		out = append(out, [2]string{"reports", id})
		acts, err := t.actsOn(id)
		if err != nil {
			return nil, err
		}
		out = append(out, acts...)
	}
	return out, nil
}

// actsOn are the rows of what was done about a report, and of the evidence added to it.
func (t *tx) actsOn(report string) ([][2]string, error) {
	m := &matter{}
	if err := t.actsOf(toDispose, []string{report}, nil, map[string]*matter{report: m}); err != nil {
		return nil, err
	}
	var out [][2]string
	for _, a := range m.acts {
		out = append(out, [2]string{"acts", a.ID})
		for _, f := range a.Files {
			out = append(out, [2]string{"evidence", t.d.actEvidenceID(a.ID, f.ID)})
		}
	}
	return out, nil
}

// tellingsOn are the rows of all messages about these entries and reports that were put away: to their signers, and to those who handled
// them.
func (t *tx) tellingsOn(gone [][2]string) (out [][2]string, err error) {
	refs, people := map[string]bool{}, map[string]bool{}
	for _, g := range gone {
		if g[0] != "records" && g[0] != "reports" {
			continue
		}
		refs[g[1]] = true
		who, err := texts(t, "SELECT signer FROM records WHERE id = $1 UNION SELECT person FROM deliveries WHERE report = $1", g[1])
		if err != nil {
			return nil, err
		}
		for _, p := range who {
			people[p] = true
		}
	}
	for _, p := range slices.Sorted(maps.Keys(people)) {
		all, err := t.away(toDispose, p)
		if err != nil {
			return nil, err
		}
		for _, x := range all {
			if refs[x.Ref] {
				out = append(out, [2]string{"told", t.d.toldID(x.ID)})
			}
		}
	}
	return out, nil
}

// leftBehind is what is deleted with a row that is destroyed, its ID being $1: what leads to it leads nowhere from then on.
var leftBehind = map[string][]string{
	"records": {"DELETE FROM outbox WHERE ref = $1 AND kind IN ('moved', 'word')"},
	"reports": {
		"DELETE FROM deliveries WHERE report = $1", "DELETE FROM closings WHERE report = $1", "DELETE FROM stops WHERE report = $1",
		"DELETE FROM outbox WHERE ref = $1 AND kind IN ('moved', 'word')",
		"UPDATE outbox SET state = 'closed', why = 'disposed' WHERE ref = $1 AND state = 'due'",
	},
	"told": {"DELETE FROM told WHERE id = $1"},
}

// destroy deletes the data key of a row.
func (t *tx) destroy(table, row string) error {
	if _, err := t.exec("INSERT INTO gone (of_table, of_row) VALUES ($1, $2) ON CONFLICT (of_table, of_row) DO NOTHING", table, row); err != nil {
		return err
	}
	if _, err := t.exec("DELETE FROM data_keys WHERE of_table = $1 AND of_row = $2", table, row); err != nil {
		return err
	}
	for _, q := range leftBehind[table] {
		if _, err := t.exec(q, row); err != nil {
			return err
		}
	}
	return nil
}

// isGone reports whether a row was disposed of.
func (t *tx) isGone(table, row string) (bool, error) {
	var n int
	_, err := t.one([]any{&n}, "SELECT COUNT(*) FROM gone WHERE of_table = $1 AND of_row = $2", table, row)
	return n > 0, err
}
