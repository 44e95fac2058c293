package db_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
	"liuhen/storage/ledger"
)

var winter = law.Quarter{Y: 2026, N: 4}

// TestFilings: each signer of each case closed in the quarter, filed or not or explained, for whoever oversees them and nobody else; it is
// written down; each code is that of the signer's own receipt.
func TestFilings(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open(dbtest.WithClock(dbtest.At(dbtest.Start)))
		w := dbtest.Seed(t, d)
		a, b, c := w.Appraisers[0], w.Appraisers[1], w.Cases[0]
		first := w.Direct(a, c, "经过")
		file(t, d, w, a, first)
		p := absent(w, w.Head, law.ProposeAbsence, "", c.ID, b.ID)
		must(t, d.Commit(t.Context(), w.Head.Caller(), w.Event(), dbtest.Start, []flows.Durable{p}))
		must(t, d.Commit(t.Context(), w.Archivist.Caller(), w.Event(), dbtest.Start, []flows.Durable{absent(w, w.Archivist, law.AgreeAbsence, p.Deed.ID)}))
		list := func(who dbtest.Somebody, institution string, q law.Quarter) (flows.FilingList, error) {
			return d.Filings(t.Context(), who.Caller(), w.Event(), institution, q)
		}
		for _, who := range []dbtest.Somebody{a, w.Receiver, w.Confidant, w.CityConfidant, w.ProvinceOfficer, w.ProvinceLead, {Account: 99}} {
			_, err := list(who, w.Institution, winter)
			denied(t, err)
		}
		for _, institution := range []string{"", "none", w.City, w.Province} {
			_, err := list(w.CityLead, institution, winter)
			denied(t, err)
		}
		var seen []string
		for _, who := range []dbtest.Somebody{w.Head, w.Archivist, w.CityOfficer, w.CityLead} {
			before := count(t, d, "SELECT COUNT(*) FROM audit u JOIN logged l ON l.id = u.id WHERE u.action = 'print_filings' AND u.allowed AND u.caller = $1 AND l.unit = $2", who.ID, who.Unit)
			got, err := list(who, w.Institution, winter)
			must(t, err)
			if n := count(t, d, "SELECT COUNT(*) FROM audit u JOIN logged l ON l.id = u.id WHERE u.action = 'print_filings' AND u.allowed AND u.caller = $1 AND l.unit = $2", who.ID, who.Unit); n != before+1 {
				t.Errorf("%s had it, and it is written down %d times", who.Name, n-before)
			}
			if got.By != who.Name || got.Made.String() != "2026-11-24" {
				t.Errorf("made by %s on %s", got.By, got.Made)
			}
			got.By = ""
			x, err := json.Marshal(got)
			must(t, err)
			seen = append(seen, string(x))
		}
		if slices.Sort(seen); len(slices.Compact(seen)) != 1 {
			t.Errorf("they have different lists: %v", seen)
		}
		got, err := list(w.Head, w.Institution, winter)
		must(t, err)
		var lines []string
		for _, l := range got.Lines {
			says := "missing"
			if l.Absent != nil {
				says = string(l.Absent.Reason)
			} else if !l.Filed.IsZero() {
				says = l.Filed.String()
			}
			lines = append(lines, l.Signer+" "+l.Number[len(l.Number)-4:]+" "+says)
		}
		want := []string{w.Appraisers[2].Name + " 2号 missing", a.Name + " 1号 2026-11-24", a.Name + " 2号 missing", b.Name + " 1号 away"}
		slices.Sort(want)
		if slices.Sort(lines); !slices.Equal(lines, want) {
			t.Errorf("lines %v", lines)
		}
		i := slices.IndexFunc(got.Lines, func(l flows.Filing) bool { return l.Code != "" })
		signed, err := d.Receipt(t.Context(), a.Caller(), w.Event(), first.ID)
		must(t, err)
		r, err := ledger.OpenReceipt(signed, d.Keys.Verifiers()...)
		if err != nil || r.Code() != got.Lines[i].Code || len(r.Code()) != 32 || strings.Contains(string(signed), r.Code()) {
			t.Errorf("the receipt has code %s, the list %s: %v", r.Code(), got.Lines[i].Code, err)
		}
		more := w.Zero(a, c)
		more.Supersedes, more.Signed = first.ID, dbtest.Start.AddDate(0, 0, 3)
		file(t, d, w, a, more)
		again, err := list(w.Head, w.Institution, winter)
		if x, y := asJSON(t, got), asJSON(t, again); err != nil || x != y {
			t.Errorf("a correction changes the list: %s", firstDifference(x, y))
		}
		none, err := list(w.Head, w.Institution, law.Quarter{Y: 2026, N: 3})
		if err != nil || len(none.Lines) != 0 {
			t.Errorf("another quarter has %+v %v", none.Lines, err)
		}
		old, err := list(w.Head, w.Institution, law.Quarter{Y: 2020, N: 2})
		if err != nil || len(old.Lines) != 0 {
			t.Errorf("before the rule came into force: %+v %v", old.Lines, err)
		}
	})
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	must(t, err)
	return string(b)
}

// TestFilingsTellNothing: the list is the same to the last byte whether an entry says 无此类情况, reports past the institution, to it, to
// nobody, or was corrected from one to the other.
func TestFilingsTellNothing(t *testing.T) {
	dbtest.Twins(t, func(t *testing.T, w *dbtest.World, twin dbtest.Open) {
		a, c := w.Appraisers[0], w.Cases[0]
		zero := w.Zero(a, c)
		as := func(r record.Record) record.Record {
			r.ID, r.Signed = zero.ID, zero.Signed
			return r
		}
		direct := as(w.Direct(a, c, "经过"))
		corrected := w.Direct(a, c, "经过")
		corrected.Supersedes = zero.ID
		event := w.Event()
		look := func(rs ...record.Record) string {
			d := twin(dbtest.WithClock(dbtest.At(dbtest.Start)))
			for i, r := range rs {
				must(t, d.Commit(t.Context(), a.Caller(), event+int64(i), r.Signed, []flows.Durable{flows.File{Record: r}}))
			}
			out := ""
			for i, who := range []dbtest.Somebody{w.Head, w.Archivist, w.CityLead} {
				l, err := d.Filings(t.Context(), who.Caller(), event+int64(10+i), w.Institution, winter)
				must(t, err)
				out += asJSON(t, l) + asJSON(t, desk(t, d, who, db.Where{Place: flows.AtFilings}).Filings) + "\n"
			}
			return out
		}
		want := look(zero)
		if strings.Count(want, ledger.Code(zero.ID)) != 3 {
			t.Fatalf("the code is not on the lists: %s", want)
		}
		for name, rs := range map[string][]record.Record{
			"direct": {direct}, "to the institution": {as(w.External(a, c, "经过"))}, "held": {as(w.Report(a, c, "经过"))}, "corrected": {zero, corrected},
		} {
			if got := look(rs...); got != want {
				t.Errorf("%s: %s", name, firstDifference(got, want))
			}
		}
	})
}
