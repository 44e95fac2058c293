package db_test

import (
	"testing"
	"time"

	"liuhen/flows"
	"liuhen/flows/form"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
)

// Nobody signs for another, for another institution, another's case or over another's entry (R4.9, R4.10).
func TestFilingIsForTheSignerAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open()
		w := dbtest.Seed(t, d)
		mine := w.Zero(w.Appraisers[0], w.Cases[1])
		file(t, d, w, w.Appraisers[0], mine)
		_, err := d.Load(t.Context(), db.Batch{
			People: []db.Person{{Authority: "示例市司法局", Institution: "另一鉴定中心", Name: "张三", Role: law.Appraiser}},
			Cases:  []db.Case{{Institution: "另一鉴定中心", Number: "1", MatchKey: "1", Signers: []db.Signer{{Name: "张三"}}}},
		})
		must(t, err)
		foreign := record.Case{Number: "1"}
		must(t, d.SQL().QueryRowContext(t.Context(), "SELECT id FROM cases WHERE number = '1'").Scan(&foreign.ID))
		try := func(name string, c db.Caller, change func(*record.Record)) {
			t.Helper()
			r := w.Zero(w.Appraisers[1], w.Cases[0])
			change(&r)
			before := contents(t, d)
			event := w.Event()
			err := d.Commit(t.Context(), c, event, dbtest.Start, []flows.Durable{flows.Snooze{}, flows.File{Record: r}})
			t.Run(name, func(t *testing.T) { denied(t, err) })
			if n := count(t, d, "SELECT COUNT(*) FROM audit WHERE NOT allowed"); n == 0 {
				t.Errorf("%s: the try is not written down", name)
			}
			exec(t, d, deleteNothing)
			if after := contents(t, d); len(after) <= len(before) { // the audit row
				t.Errorf("%s: nothing was noted", name)
			}
			if count(t, d, "SELECT COUNT(*) FROM snoozes") != 0 {
				t.Errorf("%s: another effect of the event was carried out", name)
			}
		}
		me := w.Appraisers[1].Caller()
		try("for another", w.Appraisers[2].Caller(), func(*record.Record) {})
		try("not bound", db.Caller{Account: 1}, func(*record.Record) {})
		try("account of somebody else", db.Caller{Account: w.Head.Account, Person: w.Appraisers[1].ID}, func(*record.Record) {})
		try("another institution", me, func(r *record.Record) { r.Institution.ID, r.Case = w.City, record.Case{} })
		try("another institution's case", me, func(r *record.Record) { r.Case = foreign })
		try("over another's entry", me, func(r *record.Record) { r.Supersedes = mine.ID })
		try("over nothing", me, func(r *record.Record) { r.Supersedes = "none" })
		try("another's ID", me, func(r *record.Record) { r.ID = mine.ID })
		if n := count(t, d, "SELECT COUNT(*) FROM records"); n != 1 {
			t.Fatalf("%d records", n)
		}
	})
}

const deleteNothing = "DELETE FROM outbox WHERE id = ''"

func TestARecordThatContradictsItselfIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open()
		w := dbtest.Seed(t, d)
		excluded := w.Report(w.Appraisers[0], w.Cases[0], "经过", []dbtest.Somebody{w.Head})
		excluded.Report.Excluded = []record.Excluded{dbtest.Exclude(w.Head, law.Implicated)}
		unreported := w.Zero(w.Appraisers[0], w.Cases[0])
		unreported.Answers = form.Answers{form.Outcome: {Boxes: []form.OptionID{form.Event}, Confirmed: true}}
		for _, r := range []record.Record{excluded, unreported} {
			if err := d.Commit(t.Context(), w.Appraisers[0].Caller(), 5, dbtest.Start, []flows.Durable{flows.File{Record: r}}); err == nil {
				t.Error("it was filed")
			}
		}
		if n := count(t, d, "SELECT COUNT(*) FROM records"); n != 0 {
			t.Fatalf("%d records", n)
		}
	})
}

// The first entry of an ID stands, whatever comes again under it.
func TestTheFirstOfAnIDStands(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open()
		w := dbtest.Seed(t, d)
		first := w.Zero(w.Appraisers[0], w.Cases[1])
		file(t, d, w, w.Appraisers[0], first)
		again := w.Direct(w.Appraisers[0], w.Cases[1], "经过")
		again.ID = first.ID
		file(t, d, w, w.Appraisers[0], again)
		if len(desk(t, d, w.CityOfficer).Inbox) != 0 || len(claim(t, d)) != 0 {
			t.Fatal("a second entry of the same ID was sent on")
		}
		got := desk(t, d, w.Appraisers[0], db.Where{Event: 1, Place: flows.AtRecord, Subject: first.ID})
		if got.Entry == nil || !got.Entry.Zero() {
			t.Fatal("the first entry does not stand")
		}
	})
}

func TestBinding(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		clock := dbtest.At(dbtest.Start)
		d := open(dbtest.WithClock(clock))
		w := dbtest.Seed(t, d)
		who := w.Appraisers[0]
		v, err := d.Reinvite(t.Context(), who.ID)
		must(t, err)
		old := v.Token
		v, err = d.Reinvite(t.Context(), who.ID)
		must(t, err)
		invite := func(account int64, token string) *flows.Invite {
			x, err := d.Desk(t.Context(), db.Caller{Account: account}, db.Where{Link: token})
			must(t, err)
			return x.Invite
		}
		if invite(1, old) != nil || invite(1, "") != nil || invite(1, "nonsense") != nil {
			t.Fatal("an invitation that is not valid is shown")
		}
		got := invite(1, v.Token)
		if got == nil || got.Person != who.ID || !got.Licensed || got.Expect != flows.InviteProof("1001") || len(got.RoleNames) != 1 {
			t.Fatalf("invitation %+v", got)
		}
		bind := func(account int64, token, person string) error {
			return d.Commit(t.Context(), db.Caller{Account: account, Link: token}, w.Event(), clock.Now(), []flows.Durable{flows.Bind{Person: person}})
		}
		denied(t, bind(w.Head.Account, v.Token, who.ID)) // an account of somebody else
		denied(t, bind(1, v.Token, w.Head.ID))           // another's invitation
		denied(t, bind(1, old, who.ID))
		must(t, bind(1, v.Token, who.ID))
		must(t, bind(1, v.Token, who.ID)) // a repeat
		denied(t, bind(2, v.Token, who.ID))
		if invite(2, v.Token) != nil {
			t.Fatal("a used invitation is shown")
		}
		if c, _ := d.Caller(t.Context(), who.Account); c.Person != "" {
			t.Fatal("the former account still has access")
		}
		denied(t, d.Commit(t.Context(), who.Caller(), w.Event(), clock.Now(), []flows.Durable{flows.Snooze{}}))
		if c, _ := d.Caller(t.Context(), 1); c.Person != who.ID {
			t.Fatal("the new account has no access")
		}
		late, err := d.Reinvite(t.Context(), w.Head.ID)
		must(t, err)
		clock.Move(7 * 24 * time.Hour)
		if invite(3, late.Token) != nil {
			t.Fatal("an expired invitation is shown")
		}
		denied(t, bind(3, late.Token, w.Head.ID))
	})
}

func TestGuessingEnds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		clock := dbtest.At(dbtest.Start)
		d := open(dbtest.WithClock(clock))
		w := dbtest.Seed(t, d)
		v, err := d.Reinvite(t.Context(), w.Head.ID)
		must(t, err)
		guess := func(account, event int64) {
			must(t, d.Commit(t.Context(), db.Caller{Account: account, Link: v.Token}, event, clock.Now(), []flows.Durable{flows.Guess{Person: w.Head.ID}}))
		}
		valid := func(account int64) bool {
			x, err := d.Desk(t.Context(), db.Caller{Account: account}, db.Where{Link: v.Token})
			must(t, err)
			return x.Invite != nil
		}
		for i := range int64(4) {
			guess(1, 1000+i)
			guess(1, 1000+i) // a redelivery does not count
		}
		if !valid(1) {
			t.Fatal("closed after four")
		}
		guess(1, 1004)
		if valid(1) || !valid(2) {
			t.Fatal("five wrong answers of an account must close the door to it, and to it alone")
		}
		denied(t, d.Commit(t.Context(), db.Caller{Account: 1, Link: v.Token}, 9, clock.Now(), []flows.Durable{flows.Bind{Person: w.Head.ID}}))
		for i := range int64(45) {
			guess(100+i, 2000+i)
		}
		if valid(2) {
			t.Fatal("fifty wrong answers must close the door to everybody")
		}
		clock.Move(time.Hour + time.Second)
		if !valid(1) || !valid(2) {
			t.Fatal("the door stays closed after an hour")
		}
	})
}

func TestSnooze(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, open dbtest.Open) {
		d := open()
		w := dbtest.Seed(t, d)
		friday := time.Date(2026, 11, 27, 9, 0, 0, 0, dbtest.Zone)
		must(t, d.Commit(t.Context(), w.Head.Caller(), 1, friday, []flows.Durable{flows.Snooze{}}))
		for day, want := range map[int]bool{27: true, 28: true, 29: true, 30: true} {
			got, err := d.Snoozed(t.Context(), law.Date{Y: 2026, M: 11, D: day})
			must(t, err)
			if got[w.Head.ID] != want {
				t.Errorf("snoozed on the %d: %v", day, got)
			}
		}
		got, err := d.Snoozed(t.Context(), law.Date{Y: 2026, M: 12, D: 1})
		must(t, err)
		if got[w.Head.ID] {
			t.Error("still snoozed on the second working day")
		}
	})
}
