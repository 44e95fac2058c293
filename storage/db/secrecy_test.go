package db_test

import (
	"bytes"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"liuhen/flows"
	"liuhen/flows/form"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
)

// view is everything that somebody can see over the next weeks: their desk and their messages.
func view(t *testing.T, d *db.DB, clock *dbtest.Clock, people []dbtest.Somebody) map[string]string {
	t.Helper()
	out := map[string]string{}
	clock.Set(dbtest.Start)
	for range 6 {
		_, err := d.Reroute(t.Context())
		must(t, err)
		owing, err := d.Owing(t.Context())
		must(t, err)
		for _, p := range people {
			_, err := d.Enqueue(t.Context(), []db.Nudge{{Person: p.ID, Day: law.DateOf(clock.Now().In(dbtest.Zone)), Kind: db.Digest}})
			must(t, err)
		}
		_, err = d.TellOverdue(t.Context(), law.DateOf(clock.Now().In(dbtest.Zone)))
		must(t, err)
		sent := claim(t, d)
		for _, p := range people {
			x := desk(t, d, p)
			b, err := json.Marshal(x)
			must(t, err)
			out[p.Name] += string(b) + fmt.Sprint(owing) + "\n"
			for i, at := range []db.Where{{Place: flows.AtLog}, {Place: flows.AtLog, Subject: flows.LogRefused}, {Place: flows.AtLog, Page: 1}, {Place: flows.AtLeaks}} {
				at.Event = int64(7000 + i)
				b, err := json.Marshal(desk(t, d, p, at).Log)
				must(t, err)
				out[p.Name] += string(b) + "\n"
			}
			for _, m := range sent {
				if m.Person == p.ID {
					out[p.Name] += fmt.Sprint(m) + "\n"
				}
			}
		}
		clock.Move(3 * 24 * time.Hour)
	}
	return out
}

// Worlds that differ only in what one person filed look the same to everybody who did not receive it (design 5, R10.5).
func TestNobodyElseCanTellWhatWasFiled(t *testing.T) {
	dbtest.Twins(t, func(t *testing.T, w *dbtest.World, twin dbtest.Open) {
		signer, c := w.Appraisers[0], w.Cases[1]
		zero := w.Zero(signer, c)
		with := func(r record.Record) record.Record {
			r.ID, r.Signed = zero.ID, zero.Signed
			return r
		}
		direct, house := with(w.Direct(signer, c, "经过")), with(w.Report(signer, c, "经过", []dbtest.Somebody{w.Receiver}))
		house.Answers[form.Interferers] = form.Answer{Boxes: []form.OptionID{form.Insider}, Confirmed: true} // the institution's own matter
		held := with(w.Report(signer, c, "经过"))
		inside := []dbtest.Somebody{w.Head, w.Archivist, w.Appraisers[1], w.Appraisers[2]}
		var given []string                                     // who had the report in the world looked at last: by its way, or by the ladder later
		insideAll := append(slices.Clone(inside), w.Confidant) // whose log says nothing of what passes the institution by
		reads := func(d *db.DB, who dbtest.Somebody, n int64) {
			report := desk(t, d, who).Inbox[0].ID
			desk(t, d, who, db.Where{Event: n, Place: flows.AtReport, Subject: report})
			_, err := d.Evidence(t.Context(), who.Caller(), n, report, "file1")
			must(t, err)
			_, err = d.Evidence(t.Context(), who.Caller(), n+1, report, "none")
			denied(t, err)
		}
		look := func(r record.Record, people []dbtest.Somebody, more func(*db.DB)) map[string]string {
			clock := dbtest.At(dbtest.Start)
			d := twin(dbtest.WithClock(clock))
			file(t, d, w, signer, r)
			if more != nil {
				more(d)
			}
			out := view(t, d, clock, people)
			given = readers(t, d, r)
			return out
		}
		same := func(name string, people []dbtest.Somebody, r record.Record, more func(*db.DB), base ...func(*db.DB)) {
			want, got := look(zero, people, func(d *db.DB) {
				for _, b := range base {
					b(d)
				}
			}), look(r, people, more)
			compared := 0
			for _, p := range people {
				if slices.Contains(given, p.ID) {
					continue
				}
				compared++
				if want[p.Name] != got[p.Name] {
					t.Errorf("%s: %s can tell", name, p.Name)
				}
				if len(want[p.Name]) < 1000 {
					t.Fatalf("%s sees next to nothing: %q", p.Name, want[p.Name])
				}
			}
			if compared < 3 {
				t.Errorf("%s: only %d are compared", name, compared)
			}
		}
		act := func(d *db.DB, by dbtest.Somebody, report, unit string, kind law.ActKind, more ...func(*record.Act)) {
			must(t, w.Handle(d, by, w.Act(by, report, unit, kind, dbtest.Start, more...))())
		}
		handledBy := func(reader dbtest.Somebody) func(*db.DB) {
			return func(d *db.DB) {
				report := desk(t, d, reader).Inbox[0].ID
				reads(d, reader, 8000)
				act(d, reader, report, reader.Unit, law.Accept)
				act(d, reader, report, reader.Unit, law.Ask, dbtest.Words("问"))
				act(d, signer, report, "", law.Reply, dbtest.Words("答"))
				if reader.Unit != w.Institution {
					act(d, reader, report, reader.Unit, law.Categorise, dbtest.Categories(law.InternalDirect))
				}
			}
		}
		accused := with(w.Report(signer, c, "经过", []dbtest.Somebody{w.Receiver}))
		accused.Answers[form.Interferers] = form.Answer{Boxes: []form.OptionID{form.Insider}, Confirmed: true}
		accused.Report.Excluded = []record.Excluded{dbtest.Exclude(w.Confidant, law.Implicated)}
		same("report to the institution against its confidant", insideAll, accused, handledBy(w.Receiver))
		endRole := func(d *db.DB) { must(t, d.Revoke(t.Context(), w.OtherOfficer.ID, w.City, law.Officer)) }
		past := with(w.Direct(signer, c, "经过"))
		past.Report.Excluded = append(past.Report.Excluded, dbtest.Exclude(w.CityConfidant, law.Implicated))
		same("direct report against the city's confidant too, tried by one who had it", append(insideAll, w.CityConfidant), past, func(d *db.DB) {
			handledBy(w.CityOfficer)(d)
			report := desk(t, d, w.OtherOfficer).Inbox[0].ID
			endRole(d)
			desk(t, d, w.OtherOfficer, db.Where{Event: 8100, Place: flows.AtReport, Subject: report})
			_, err := d.Evidence(t.Context(), w.OtherOfficer.Caller(), 8101, report, "file1")
			denied(t, err)
		}, endRole)
		outside := with(w.External(signer, c, "经过"))
		same("direct report under way", append(insideAll, w.Receiver, w.ProvinceOfficer), direct, handledBy(w.CityOfficer))
		same("report to the institution under way", append(inside, w.CityOfficer, w.CityLead, w.CityConfidant, w.ProvinceLead), house, handledBy(w.Receiver))
		same("direct report stepped aside from", append(inside, w.Receiver, w.ProvinceOfficer), direct, func(d *db.DB) {
			handledBy(w.CityOfficer)(d)
			act(d, w.CityOfficer, desk(t, d, w.CityOfficer).Inbox[0].ID, w.City, law.Recuse)
		})
		same("report passed on", append(inside, w.CityLead, w.ProvinceLead), outside, func(d *db.DB) {
			handledBy(w.Receiver)(d)
			act(d, w.Receiver, desk(t, d, w.Receiver).Inbox[0].ID, w.Institution, law.Pass)
		})
		same("report not passed on in time", append(inside, w.CityLead, w.ProvinceLead), outside, nil)
		same("direct report", append(insideAll, w.Receiver), direct, nil)
		same("report to the institution", append(insideAll, w.CityOfficer, w.CityLead, w.CityConfidant), house, nil)
		same("held report", append(insideAll, w.Receiver), held, nil)
		same("direct report that cannot be delivered", append(insideAll, w.Receiver), direct, func(d *db.DB) { giveUp(t, d) })
		same("report to the institution that cannot be delivered", inside, house, func(d *db.DB) { giveUp(t, d) })
	})
}

// readers are those who were given a report; nobody excluded from it is among them.
func readers(t *testing.T, d *db.DB, r record.Record) (out []string) {
	t.Helper()
	rs, err := d.SQL().QueryContext(t.Context(), "SELECT DISTINCT person FROM deliveries")
	must(t, err)
	defer rs.Close()
	for rs.Next() {
		var p string
		must(t, rs.Scan(&p))
		if r.Report != nil && slices.ContainsFunc(r.Report.Excluded, func(e record.Excluded) bool { return e.ID == p }) {
			t.Errorf("%s is excluded and was given the report", p)
		}
		out = append(out, p)
	}
	return out
}

// giveUp lets every report message fail as if its reader had blocked the bot.
func giveUp(t *testing.T, d *db.DB) {
	t.Helper()
	for _, m := range claim(t, d) {
		if m.Kind == db.Report {
			must(t, d.Undeliverable(t.Context(), m.ID, "blocked"))
		}
	}
}

// dump is every table's content as text, bytes as hexadecimal digits.
func dump(t *testing.T, d *db.DB, tables ...string) string {
	t.Helper()
	var b strings.Builder
	for _, table := range tables {
		rs, err := d.SQL().QueryContext(t.Context(), "SELECT * FROM "+table)
		must(t, err)
		columns, err := rs.Columns()
		must(t, err)
		for rs.Next() {
			values := make([]sql.RawBytes, len(columns))
			dest := make([]any, len(columns))
			for i := range values {
				dest[i] = &values[i]
			}
			must(t, rs.Scan(dest...))
			for _, v := range values {
				fmt.Fprintf(&b, "%s %x\n", v, []byte(v))
			}
		}
		must(t, rs.Err())
		must(t, rs.Close())
	}
	return b.String()
}

var tables = []string{
	"records", "links", "evidence", "reports", "stops", "deliveries", "outbox", "audit", "signers", "snoozes",
	"tries", "invitations", "accounts", "persons", "roles", "units", "cases", "dialogs", "acts", "closings", "measures", "logged", "leaks", "substitutes", "substitute_ends", "confirmations", "bars", "deeds", "deed_cases", "absences", "gone",
}

// What was written stands nowhere in the clear, and neither does who is accused of it (R10.1, T5).
func TestContentIsSealed(t *testing.T) {
	const canary = "金丝雀canary7391"
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open()
		w := dbtest.Seed(t, d)
		r := w.Direct(w.Appraisers[0], w.Cases[1], canary)
		mentions := func() int { return strings.Count(dump(t, d, tables...), w.Head.ID) }
		before := mentions()
		file(t, d, w, w.Appraisers[0], r)
		all := dump(t, d, tables...)
		if strings.Contains(all, canary) || strings.Contains(all, hex.EncodeToString([]byte(canary))) {
			t.Error("the content can be read from the tables")
		}
		if mentions() != before {
			t.Error("the tables say who is excluded")
		}
		if strings.Count(all, r.ID) != 1+1+2 { // records, links, audit twice: its key and its subject
			t.Errorf("other tables name the entry, so that its kind shows: %d mentions", strings.Count(all, r.ID))
		}
		if strings.Contains(all, strings.Repeat("ab", 32)) {
			t.Error("the hash of the evidence can be compared with a file")
		}
		report, who := desk(t, d, w.CityOfficer).Inbox[0].ID, dbtest.Categories(law.ClientOrgan)
		for i, a := range []record.Act{
			w.Act(w.CityOfficer, report, w.City, law.Accept, dbtest.Start),
			w.Act(w.CityOfficer, report, w.City, law.Categorise, dbtest.Start, who, dbtest.Words(canary)),
		} {
			must(t, w.Handle(d, w.CityOfficer, a)())
			row := dump(t, d, "acts")
			if all := dump(t, d, tables...); strings.Contains(all, hex.EncodeToString([]byte(canary))) || strings.Contains(all, law.ClientOrgan.String()) {
				t.Errorf("act %d can be read from the tables", i)
			}
			if strings.Contains(row, w.CityOfficer.ID) || strings.Contains(row, w.City) || count(t, d, "SELECT COUNT(*) FROM audit WHERE action = 'act' AND caller <> ''") != 0 {
				t.Errorf("the row of act %d says who did it", i)
			}
		}
		if count(t, d, "SELECT COUNT(DISTINCT length(body)) FROM acts") != 1 {
			t.Error("the length of an act tells its kind")
		}
	})
}

func TestSQLiteFilesHoldNoContent(t *testing.T) {
	const canary = "金丝雀canary7391"
	dir := t.TempDir()
	d := dbtest.SQLite(t, filepath.Join(dir, "a.db"))()
	w := dbtest.Seed(t, d)
	file(t, d, w, w.Appraisers[0], w.Direct(w.Appraisers[0], w.Cases[1], canary))
	desk(t, d, w.CityOfficer, db.Where{Event: 9, Place: flows.AtReport, Subject: desk(t, d, w.CityOfficer).Inbox[0].ID})
	files, err := filepath.Glob(filepath.Join(dir, "a.db*"))
	if err != nil || len(files) < 2 {
		t.Fatalf("files %v, %v", files, err)
	}
	for _, f := range files {
		content, err := os.ReadFile(f)
		must(t, err)
		if bytes.Contains(content, []byte(canary)) {
			t.Errorf("%s holds the content in the clear", filepath.Base(f))
		}
	}
}

// An ordinary report takes as much room as 无此类情况: the length says nothing.
func TestKindDoesNotShowInTheRecordsTable(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open()
		w := dbtest.Seed(t, d)
		zero, event := w.Zero(w.Appraisers[0], w.Cases[1]), w.Direct(w.Appraisers[0], w.Cases[1], strings.Repeat("经过", 100))
		file(t, d, w, w.Appraisers[0], zero)
		file(t, d, w, w.Appraisers[0], event)
		more := w.Direct(w.Appraisers[0], w.Cases[1], "另一经过")
		more.Report.Excluded = append(more.Report.Excluded, dbtest.Exclude(w.Archivist, law.Implicated))
		file(t, d, w, w.Appraisers[0], more)
		if n := count(t, d, "SELECT COUNT(DISTINCT length(body)) FROM reports") + count(t, d, "SELECT COUNT(DISTINCT length(body)) FROM evidence"); n != 2 {
			t.Error("lengths tell how many are excluded, or what is written beside evidence")
		}
		var sizes []string
		rs, err := d.SQL().QueryContext(t.Context(), "SELECT length(head), length(body) FROM records")
		must(t, err)
		for rs.Next() {
			var h, b int
			must(t, rs.Scan(&h, &b))
			sizes = append(sizes, fmt.Sprint(h, b))
		}
		must(t, rs.Close())
		if len(sizes) != 3 || sizes[0] != sizes[1] || sizes[0] != sizes[2] {
			t.Fatalf("sizes %v", sizes)
		}
	})
}
