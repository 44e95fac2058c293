package db_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/storage/db"
	"liuhen/storage/db/dbtest"
)

// rooms is a scene with a letter, a complaint, a proceeding, a hold and a proposal of disposal in it.
type rooms struct {
	*scene
	letter, order, plaint string // the act that drafted it, the letter's key, the complaint
	proceeding            record.Measure
	hold, proposal        string
	old                   record.Case // its retention is over
}

// furnished makes them: a direct report taken up by the city, a letter drafted for it, a complaint of its reporter, an order to the
// appraiser of another case, a hold of the city, a proposal of the archivist.
func furnished(t *testing.T, s *scene, key string) *rooms {
	t.Helper()
	r := &rooms{scene: s, order: string(law.Rectify) + "/" + s.City + "/2", old: s.Cases[0]}
	s.do(s.CityOfficer, s.City, law.Draft, letter(s.reads(s.CityOfficer), r.order, "机构负责人授意不记录。", "fact"))
	acts := s.reads(s.CityOfficer).Acts
	r.letter = acts[len(acts)-1].ID
	must(t, s.commit(s.Appraisers[0].Caller(), s.grievance(s.Appraisers[0], s.record.ID)))
	r.plaint = s.protection(s.Appraisers[0], s.record.ID).Plaints[0].ID
	r.proceeding = s.Order(s.CityOfficer, s.Appraisers[1], s.clock.Now())
	must(t, s.Take(s.d, s.CityOfficer, r.proceeding)())
	hold := deed(s.World, s.CityOfficer, law.Hold, "", s.Cases[1].ID)
	must(t, keep(t, s.d, s.World, s.CityOfficer, hold))
	r.hold = hold.Deed.ID
	return r
}

// roomTrial is one thing that somebody tries in these rooms.
type roomTrial struct {
	name string
	try  func(t *testing.T, r *rooms, p dbtest.Somebody) bool
}

// secrets are the trials that would give somebody something of what was reported, complained of or decided.
var secrets = []string{
	"read_letter, one that was drafted", "read_plaint, as its maker", "the protection of the entry", "read_report, the complaint",
	"read_measures, the proceeding", "read_integrity, the room", "export_entries", "look_up",
}

func roomTrials() []roomTrial {
	place := func(place flows.Place, subject func(*rooms) string, has func(flows.Desk) bool) func(*testing.T, *rooms, dbtest.Somebody) bool {
		return func(_ *testing.T, r *rooms, p dbtest.Somebody) bool { return has(r.desk(p, place, subject(r))) }
	}
	none := func(*rooms) string { return "" }
	out := []roomTrial{
		{secrets[0], func(t *testing.T, r *rooms, p dbtest.Somebody) bool {
			_, err := r.d.Letter(t.Context(), p.Caller(), r.Event(), r.report, r.letter)
			return r.found(err)
		}},
		{"act: send it, for their unit", func(_ *testing.T, r *rooms, p dbtest.Somebody) bool {
			return r.may(p, flows.Handle{Act: r.Act(p, r.report, p.Unit, law.Send, r.clock.Now(), dbtest.Task(r.order), dbtest.Words("某号"))})
		}},
		{"complain, of the entry", func(_ *testing.T, r *rooms, p dbtest.Somebody) bool { return r.may(p, r.grievance(p, r.record.ID)) }},
		{"check-in, of the entry", func(_ *testing.T, r *rooms, p dbtest.Somebody) bool {
			return r.may(p, flows.CheckIn{ID: fmt.Sprint("checkin", r.Event()), Record: r.record.ID, Want: true})
		}},
		{secrets[1], place(flows.AtPlaint, func(r *rooms) string { return r.plaint }, func(d flows.Desk) bool { return d.Complaint != nil })},
		{secrets[2], place(flows.AtProtect, func(r *rooms) string { return r.record.ID }, func(d flows.Desk) bool { return d.Protect != nil })},
		{secrets[3], place(flows.AtReport, func(r *rooms) string { return r.plaint }, func(d flows.Desk) bool { return d.Report != nil })},
		{"act: accept the complaint", func(_ *testing.T, r *rooms, p dbtest.Somebody) bool {
			return r.may(p, flows.Handle{Act: r.Act(p, r.plaint, p.Unit, law.Accept, r.clock.Now())})
		}},
		{"act: reply to it, as its maker", func(_ *testing.T, r *rooms, p dbtest.Somebody) bool {
			return r.may(p, flows.Handle{Act: r.Act(p, r.plaint, "", law.Reply, r.clock.Now(), dbtest.Words("话"))})
		}},
		{secrets[4], place(flows.AtProceeding, func(r *rooms) string { return r.proceeding.ID }, func(d flows.Desk) bool { return d.Acting != nil })},
		{"list_own_file, it is there", place(flows.AtMenu, none, func(d flows.Desk) bool { return len(d.Own) > 0 })},
		{secrets[5], place(flows.AtIntegrity, none, func(d flows.Desk) bool { return d.Integrity != nil })},
		{"read_integrity, the proceeding in it", place(flows.AtIntegrity, none, func(d flows.Desk) bool { return d.Integrity != nil && len(d.Integrity.Matters) > 0 })},
		{secrets[6], func(t *testing.T, r *rooms, p dbtest.Somebody) bool {
			_, err := r.d.Entries(t.Context(), p.Caller(), r.Event())
			return r.found(err)
		}},
		{secrets[7], place(flows.AtAccuse, func(r *rooms) string { return r.Appraisers[2].Name }, func(d flows.Desk) bool { return len(d.Found) > 0 })},
		{"measure: order, of the co-signer", func(_ *testing.T, r *rooms, p dbtest.Somebody) bool {
			return r.may(p, flows.Take{Measure: r.Order(p, r.Appraisers[2], r.clock.Now())})
		}},
		{"list_keeping", place(flows.AtKeeping, none, func(d flows.Desk) bool { return d.Keeping != nil })},
		{"list_keeping, the city's hold in it", place(flows.AtKeeping, none, func(d flows.Desk) bool { return d.Keeping != nil && len(d.Keeping.Held) > 0 })},
	}
	for _, k := range []law.MeasureKind{law.StateDefence, law.NoteCorrection, law.LiftOrder} {
		out = append(out, roomTrial{"measure: " + string(k), func(_ *testing.T, r *rooms, p dbtest.Somebody) bool {
			return r.may(p, flows.Take{Measure: r.Next(r.proceeding, p, k, r.clock.Now())})
		}})
	}
	for _, k := range []law.DeedKind{law.Hold, law.Release, law.Propose, law.Agree, law.Refuse} {
		out = append(out, roomTrial{"keep_files: " + string(k), func(_ *testing.T, r *rooms, p dbtest.Somebody) bool {
			about, cases := map[law.DeedKind]string{law.Release: r.hold, law.Agree: r.proposal, law.Refuse: r.proposal}[k], []string(nil)
			if k == law.Hold || k == law.Propose {
				cases = []string{r.old.ID}
			}
			return r.may(p, deed(r.World, p, k, about, cases...))
		}})
	}
	return out
}

func (r *rooms) table(title string, trials []roomTrial) string {
	var b strings.Builder
	b.WriteString(title + "\n")
	for _, x := range trials {
		fmt.Fprintf(&b, "  %-38s %s\n", x.name+":", r.whoever(func(p dbtest.Somebody) bool { return x.try(r.t, r, p) }))
	}
	return b.String()
}

// Who may do what in the rooms beside a report: letters, complaints, check-ins, Art. 11, the keeping of files. The appraiser of another
// case is the one whom the proceeding is about. The second table is of the day on which retention is over and a proposal waits.
func TestAccessMatrixOfRooms(t *testing.T) {
	onStage(t, func(t *testing.T, direct, _ func() *scene) {
		s, key := categorised(direct)
		r := furnished(t, s, key)
		text := r.table("A direct report in the city's hands, a letter drafted, a complaint made, a correction ordered, a case held by the city", roomTrials())
		s.clock.Set(later)
		text += "\n" + r.table("When retention is over: before a proposal", keepTrials())
		p := deed(r.World, r.Archivist, law.Propose, "", r.old.ID)
		must(t, keep(t, s.d, s.World, r.Archivist, p))
		r.proposal = p.Deed.ID
		text += "\n" + r.table("The same, after the archivist's proposal", keepTrials())
		s, key = categorised(direct)
		x := rested(t, furnished(t, s, key))
		text += "\n" + x.table("A complaint taken up, and a correction of the head ordered on the report, another on the complaint", x.trials())
		golden(t, "access_rooms.txt", text)
	})
}

func keepTrials() []roomTrial {
	return slices.DeleteFunc(roomTrials(), func(x roomTrial) bool {
		return !strings.HasPrefix(x.name, "keep_files") && !strings.HasPrefix(x.name, "list_keeping")
	})
}

// A confidant reads who had access, and writes leaks down: nothing of what anybody reported, did about it, complained of or decided (Art. 10, R10.4).
func TestAConfidantReadsTheLogAlone(t *testing.T) {
	onStage(t, func(t *testing.T, direct, _ func() *scene) {
		s, key := categorised(direct)
		r := furnished(t, s, key)
		for _, p := range []dbtest.Somebody{s.Confidant, s.CityConfidant} {
			had := []string{}
			for _, x := range trials() {
				if x.try(t, s, p, s.ids()) {
					had = append(had, x.name)
				}
			}
			for _, x := range roomTrials() {
				if x.try(t, r, p) {
					had = append(had, x.name)
				}
			}
			if !slices.Equal(had, []string{"read_log of their unit", "note_leak"}) {
				t.Errorf("%s has %v", p.Name, had)
			}
			d := desk(t, s.d, p, db.Where{Event: s.Event(), Place: flows.AtLog})
			if d.Log == nil || p == s.CityConfidant && len(d.Log.Lines) == 0 {
				t.Fatalf("%s has no log of access", p.Name)
			}
			if len(d.Inbox)+len(d.Tasks)+len(d.Overdue)+len(d.Own) > 0 || d.Keeping != nil || d.Report != nil {
				t.Errorf("%s has more than the log: %+v", p.Name, d)
			}
			// A line has a minute, a name, a kind of action and a reason: nothing in which content could stand.
			for _, l := range d.Log.Lines {
				if l.Name == s.Appraisers[0].Name {
					t.Errorf("the log names the reporter to %s: %+v", p.Name, l)
				}
			}
		}
	})
}
