package db

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// joined is fields as one byte form, with their lengths.
func joined(fields ...string) []byte {
	var b bytes.Buffer
	for _, f := range fields {
		b.Write(binary.BigEndian.AppendUint64(nil, uint64(len(f))))
		b.WriteString(f)
	}
	return b.Bytes()
}

// inBatches reads a table by its ID, some rows at a time; idOf is the ID of a row.
func inBatches[T any](t *tx, fields func(*T) []any, idOf func(T) string, see func(T), q string) error {
	for after := ""; ; {
		found, err := rows(t, fields, q, after, verifyBatch)
		if err != nil || len(found) == 0 {
			return err
		}
		for _, r := range found {
			see(r)
			after = idOf(r)
		}
	}
}

// sealedRow is a row whose content stands in a sealed column.
type sealedRow struct {
	id     string
	at     int64
	clear  string // what stands beside it in the clear and belongs to it; "": nothing that is not sealed with it as well
	sealed []byte
}

// beside is sealed content together with what stands beside it in the clear.
func beside(id string, at int64, clear string, content []byte) []byte {
	return joined(id, number(at), clear, string(content))
}

func eachSealed(t *tx, table, column, q string, see func(id string, at int64, content []byte)) error {
	idOf := func(r sealedRow) string { return r.id }
	for after := ""; ; {
		found, err := rows(t, func(r *sealedRow) []any { return []any{&r.id, &r.at, &r.clear, &r.sealed} }, q, after, verifyBatch)
		if err != nil || len(found) == 0 {
			return err
		}
		t.fetched = nil // those of the rows before are not needed again
		if err := fetchKeys(t, table, found, idOf); err != nil {
			return err
		}
		for _, r := range found {
			b, err := t.open(toVerify, r.id, r.sealed, table, r.id, column)
			if errors.Is(err, ErrWrapper) {
				return err
			}
			if err != nil {
				b = nil
			} else if r.clear != "" {
				b = beside(r.id, r.at, r.clear, b)
			}
			see(r.id, r.at, b)
			after = r.id
		}
	}
}

func eachEntry(t *tx, see func(id string, at int64, content []byte)) error {
	return eachSealed(t, "records", "body", "SELECT id, signed_ms, '', body FROM records WHERE id > $1 ORDER BY id LIMIT $2", see)
}

func eachAct(t *tx, see func(id string, at int64, content []byte)) error {
	return eachSealed(t, "acts", "body", "SELECT id, at_ms, '', body FROM acts WHERE id > $1 ORDER BY id LIMIT $2", see)
}

type linkRow struct {
	record, caseID string
	at             int64
}

func eachLink(t *tx, see func(id string, at int64, content []byte)) error {
	return inBatches(t, func(r *linkRow) []any { return []any{&r.record, &r.caseID, &r.at} }, func(r linkRow) string { return r.record },
		func(r linkRow) { see(r.record, r.at, joined(r.record, r.caseID)) },
		`SELECT l.record, l.case_id, COALESCE(r.signed_ms, 0) FROM links l LEFT JOIN records r ON r.id = l.record
		WHERE l.record > $1 ORDER BY l.record LIMIT $2`)
}

func eachBar(t *tx, see func(id string, at int64, content []byte)) error {
	return eachSealed(t, "bars", "head", "SELECT id, 0, '', head FROM bars WHERE id > $1 ORDER BY id LIMIT $2", see)
}

// eachDeed: what stands in the clear, with the cases and the rows disposed of, is compared with the sealed part elsewhere.
func eachDeed(t *tx, see func(id string, at int64, content []byte)) error {
	return eachSealed(t, "deeds", "body", "SELECT id, at_ms, '', body FROM deeds WHERE id > $1 ORDER BY id LIMIT $2", see)
}

// eachAbsence: what stands in the clear is compared with the sealed part elsewhere.
func eachAbsence(t *tx, see func(id string, at int64, content []byte)) error {
	return eachSealed(t, "absences", "body", "SELECT id, at_ms, '', body FROM absences WHERE id > $1 ORDER BY id LIMIT $2", see)
}

func eachCheckIn(t *tx, see func(id string, at int64, content []byte)) error {
	return eachSealed(t, "checkins", "body", "SELECT id, at_ms, watch, body FROM checkins WHERE id > $1 ORDER BY id LIMIT $2", see)
}

func eachMeasure(t *tx, see func(id string, at int64, content []byte)) error {
	return eachSealed(t, "measures", "body", "SELECT id, at_ms, '', body FROM measures WHERE id > $1 ORDER BY id LIMIT $2", see)
}

// confirmationRow is what somebody said when asked.
type confirmationRow struct {
	id, person, unit string
	still            bool
	at               int64
}

func (c confirmationRow) bytes() []byte {
	still := "no"
	if c.still {
		still = "yes"
	}
	return joined(c.id, c.person, c.unit, still, number(c.at))
}

func eachConfirmation(t *tx, see func(id string, at int64, content []byte)) error {
	return inBatches(t, func(r *confirmationRow) []any { return []any{&r.id, &r.person, &r.unit, &r.still, &r.at} },
		func(r confirmationRow) string { return r.id }, func(r confirmationRow) { see(r.id, r.at, r.bytes()) },
		"SELECT id, person, unit, still, at_ms FROM confirmations WHERE id > $1 ORDER BY id LIMIT $2")
}

func eachLeak(t *tx, see func(id string, at int64, content []byte)) error {
	return eachSealed(t, "leaks", "body", "SELECT id, at_ms, unit, body FROM leaks WHERE id > $1 ORDER BY id LIMIT $2", see)
}

// substituteRow is one appointment.
type substituteRow struct {
	id, unit, principal, deputy, from, until string
	made                                     int64
}

func (s substituteRow) bytes() []byte {
	return joined(s.id, s.unit, s.principal, s.deputy, s.from, s.until, number(s.made))
}

func eachSubstitute(t *tx, see func(id string, at int64, content []byte)) error {
	return inBatches(t, func(r *substituteRow) []any {
		return []any{&r.id, &r.unit, &r.principal, &r.deputy, &r.from, &r.until, &r.made}
	}, func(r substituteRow) string { return r.id }, func(r substituteRow) { see(r.id, r.made, r.bytes()) },
		"SELECT id, unit, principal, deputy, from_day, until_day, made_ms FROM substitutes WHERE id > $1 ORDER BY id LIMIT $2")
}

type endRow struct {
	id string
	at int64
}

func (e endRow) bytes() []byte { return joined(e.id, number(e.at)) }

func eachEnd(t *tx, see func(id string, at int64, content []byte)) error {
	return inBatches(t, func(r *endRow) []any { return []any{&r.id, &r.at} }, func(r endRow) string { return r.id },
		func(r endRow) { see(r.id, r.at, r.bytes()) },
		"SELECT id, at_ms FROM substitute_ends WHERE id > $1 ORDER BY id LIMIT $2")
}

// auditRow is one row of the audit table, with its place in a log of access.
type auditRow struct {
	id, caller, action, subject, why, unit string
	at, logged                             int64
	allowed                                bool
}

func (a auditRow) bytes() []byte {
	allowed := "no"
	if a.allowed {
		allowed = "yes"
	}
	return joined(a.id, number(a.at), a.caller, a.action, a.subject, allowed, a.why, a.unit, number(a.logged))
}

func eachAudit(t *tx, see func(id string, at int64, content []byte)) error {
	return inBatches(t, func(r *auditRow) []any {
		return []any{&r.id, &r.at, &r.caller, &r.action, &r.subject, &r.allowed, &r.why, &r.unit, &r.logged}
	}, func(r auditRow) string { return r.id }, func(r auditRow) { see(r.id, r.at, r.bytes()) },
		`SELECT a.id, a.at_ms, a.caller, a.action, a.subject, a.allowed, a.why, COALESCE(l.unit, ''), COALESCE(l.at_ms, 0)
		FROM audit a LEFT JOIN logged l ON l.id = a.id WHERE a.id > $1 ORDER BY a.id LIMIT $2`)
}
