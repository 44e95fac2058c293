package db

import (
	"fmt"
	"slices"
	"strings"

	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/storage/vault"
)

// parents are, by table, the columns that name rows of other tables: a row of one institution is one all of whose parents are.
// Tables that are not here have a rule of their own in choose; a test sees that every table has one.
var parents = map[string]map[string]string{
	"persons":         {"unit": "units"},
	"roles":           {"person": "persons", "unit": "units"},
	"accounts":        {"person": "persons"},
	"invitations":     {"person": "persons"},
	"cases":           {"institution": "units"},
	"signers":         {"case_id": "cases", "person": "persons"},
	"records":         {"institution": "units", "signer": "persons"},
	"links":           {"record": "records", "case_id": "cases"},
	"stops":           {"report": "reports", "unit": "units"},
	"deliveries":      {"report": "reports", "unit": "units", "person": "persons"},
	"acts":            {"report": "reports"},
	"closings":        {"report": "reports", "unit": "units"},
	"outbox":          {"person": "persons"},
	"snoozes":         {"person": "persons"},
	"logged":          {"id": "audit", "unit": "units"},
	"leaks":           {"unit": "units"},
	"substitutes":     {"unit": "units", "principal": "persons", "deputy": "persons"},
	"substitute_ends": {"id": "substitutes"},
	"confirmations":   {"person": "persons", "unit": "units"},
	"deed_cases":      {"deed": "deeds", "case_id": "cases"},
	"absences":        {"unit": "units", "person": "persons", "case_id": "cases", "signer": "persons"},
}

// whole are tables that every institution shares and that name none.
var whole = []string{"wrapping_keys", "key_mark", "restores"}

// anew are tables that one institution alone has no use for, and that are made anew of what is taken: the log would be of
// everybody's.
var anew = []string{"log", "log_hashes"}

// choose leaves of a part what belongs to the chosen institution.
func (in *intaking) choose(p Part) (Part, error) {
	if p.Table == "data_keys" {
		in.keys = append(in.keys, p)
		in.remember(p)
		return Part{Table: p.Table, Columns: p.Columns}, nil
	}
	if p.Table == "units" {
		in.units.Table, in.units.Columns, in.units.Rows = p.Table, p.Columns, append(in.units.Rows, p.Rows...)
		return Part{Table: p.Table, Columns: p.Columns}, nil
	}
	if slices.Contains(whole, p.Table) {
		return p, nil
	}
	if slices.Contains(anew, p.Table) {
		return Part{Table: p.Table, Columns: p.Columns}, nil
	}
	var out [][]any
	for _, r := range p.Rows {
		mine, err := in.mine(p, r)
		if err != nil {
			return p, fmt.Errorf("table %s: %w", p.Table, err)
		}
		if mine {
			in.take(p.Table, text(p, r, "id"))
			out = append(out, r)
		}
	}
	p.Rows = out
	return p, nil
}

func (in *intaking) take(table, id string) {
	if in.kept[table] == nil {
		in.kept[table] = map[string]bool{}
	}
	in.kept[table][id] = true
}

func text(p Part, row []any, column string) string {
	if i := slices.Index(p.Columns, column); i >= 0 {
		s, _ := row[i].(string)
		return s
	}
	return ""
}

func sealedOf(p Part, row []any, column string) []byte {
	if i := slices.Index(p.Columns, column); i >= 0 {
		b, _ := row[i].([]byte)
		return b
	}
	return nil
}

func (in *intaking) mine(p Part, r []any) (bool, error) {
	if up, ok := parents[p.Table]; ok {
		for column, table := range up {
			if !in.kept[table][text(p, r, column)] {
				return false, nil
			}
		}
		return p.Table != "outbox" || in.knows(text(p, r, "ref")), nil
	}
	id := text(p, r, "id")
	if in.disposed(p, r) {
		return false, nil // nothing says any more whose it was
	}
	switch p.Table {
	case "reports":
		var l letter
		err := in.unseal(toKeep, sealedOf(p, r, "body"), &l, "reports", id, "body")
		return in.kept["records"][l.Record], err
	case "evidence":
		var x exhibit
		err := in.unseal(toKeep, sealedOf(p, r, "body"), &x, "evidence", id, "body")
		mine := in.kept["records"][x.Record] || x.Act != "" && in.kept["acts"][x.Act]
		if mine {
			in.take("blobs", text(p, r, "blob"))
		}
		return mine, err
	case "measures":
		var m record.Measure
		err := in.unseal(toKeep, sealedOf(p, r, "body"), &m, "measures", id, "body")
		mine := in.kept["persons"][m.Subject.ID]
		if mine {
			in.take("notices", in.d.noticeRef(m.Proceeding)) // what messages and the audit table call it
		}
		return mine, err
	case "deeds":
		var b deedBody
		err := in.unseal(toKeep, sealedOf(p, r, "body"), &b, "deeds", id, "body")
		return err == nil && !slices.ContainsFunc(b.Deed.Cases, func(c string) bool { return !in.kept["cases"][c] }), err
	case "told":
		var x telling
		err := in.unseal(toKeep, sealedOf(p, r, "head"), &x, "told", id, "head")
		return in.kept["persons"][x.Person] && in.knows(x.Ref), err
	case "checkins":
		var x said
		err := in.unseal(toKeep, sealedOf(p, r, "body"), &x, "checkins", id, "body")
		return in.kept["records"][x.Record], err
	case "gone":
		return in.kept[text(p, r, "of_table")][text(p, r, "of_row")], nil
	case "bars":
		var b bar
		err := in.unseal(toKeep, sealedOf(p, r, "head"), &b, "bars", id, "head")
		return in.kept["reports"][b.Report], err
	case "audit":
		subject := text(p, r, "subject")
		if slices.Contains([]string{"file", "act", "measure"}, text(p, r, "action")) {
			return in.kept["records"][subject] || in.kept["acts"][subject] || in.kept["measures"][subject], nil
		}
		if slices.Contains([]string{signerIn, signerOut}, text(p, r, "action")) {
			return in.kept["cases"][subject], nil
		}
		of, _, _ := strings.Cut(subject, "/") // a piece of evidence is named behind its report
		return in.kept["persons"][text(p, r, "caller")] && (subject == "" || in.knows(of)), nil
	}
	return false, fmt.Errorf("it has no rule for restoring one institution: restore all of them")
}

// disposed reports whether a row's data key was destroyed: a row with something sealed has one.
func (in *intaking) disposed(p Part, r []any) bool {
	_, has := in.fetched[[2]string{p.Table, text(p, r, "id")}]
	return (p.Table == "reports" || p.Table == "evidence") && vault.Enveloped(sealedOf(p, r, "body")) && !has
}

// knows reports whether an id is one of a row that was taken, or of no row at all, as days are.
func (in *intaking) knows(id string) bool {
	for _, ids := range in.kept {
		if ids[id] {
			return true
		}
	}
	_, isDay := law.ParseDate(id)
	return isDay == nil
}

// settleUnits takes the chosen institution and all above it, once a part of another table comes.
func (in *intaking) settleUnits(next string) error {
	p := in.units
	if next == "units" || p.Table == "" {
		return nil
	}
	in.units = Part{}
	above, id := map[string]string{}, ""
	for _, r := range p.Rows {
		above[text(p, r, "id")] = text(p, r, "parent")
		if text(p, r, "name") == in.only && text(p, r, "kind") == law.InstitutionUnit.String() {
			id = text(p, r, "id")
		}
	}
	if id == "" {
		return ErrNoSuchUnit
	}
	for ; id != ""; id = above[id] {
		in.take("units", id)
	}
	p.Rows = slices.DeleteFunc(p.Rows, func(r []any) bool { return !in.kept["units"][text(p, r, "id")] })
	return in.insert(p)
}

// remember lets sealed columns be opened before their data keys are in the database.
func (in *intaking) remember(p Part) {
	if in.fetched == nil {
		in.fetched = map[[2]string]wrappedKey{}
	}
	for _, r := range p.Rows {
		w := wrappedKey{table: text(p, r, "of_table"), row: text(p, r, "of_row"), by: text(p, r, "wrapped_by"), wrapped: sealedOf(p, r, "wrapped")}
		in.fetched[[2]string{w.table, w.row}] = w
	}
}

func (in *intaking) needsKey(table, row string) bool {
	return table == "dialogs" || in.kept[table][row]
}
