package flowstest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"sort"
	"time"

	"liuhen/flows"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/flows/text"
)

// Start is when every transcript begins: a Tuesday morning.
var Start = time.Date(2026, 11, 24, 10, 0, 0, 0, time.FixedZone("CST", 8*3600))

// World is a stage without any store or channel: the pure core alone, with its effects applied to maps. It stands for what
// storage/db must do, so that both give the same transcripts.
type World struct {
	now     time.Time
	dir     law.Directory
	people  map[string]*player // by name
	cases   []worldCase
	filed   []filed
	plaints []filed // complaints of retaliation: their record is the entry they are made from
	heard   []Heard
	deeds   []worldDeed
	absent  []worldAbsence
	subs    []law.Substitute
	seen    []access
	leaks   []worldLeak
	said    map[law.PersonID]law.Tenure // what people last said about their own role
	events  int64
	Locale  string                              // of everybody's screens; NewWorld sets zh-Hans
	Effects func(person string, e flows.Effect) // sees every effect, for properties

	measures []record.Measure // under Art. 11
	ended    []endedRole
	turned   []flows.SignerChange
}

type player struct {
	me      flows.Me
	licence string
	bound   bool
	state   flows.State
	hint    string
	pressed bool // the last act was a button
	left    time.Time
	held    []law.Role // before leaving
}

type worldCase struct {
	flows.Case
	signers  []string
	accepted law.Date
}

type filed struct {
	record   record.Record
	digest   string
	report   string
	party    bool // the Party's own track of the entry's report
	opened   map[string]bool
	stops    []record.Stop        // where it is now
	arrived  map[string]time.Time // by unit
	came     map[string]time.Time // by person
	acts     []record.Act
	told     map[string]bool // what its reporter was told by itself
	plaint   bool
	named    []law.PersonID // in a complaint
	out      []record.Excluded
	stranger bool // somebody of an organ who is not on the register
	watch    watch
	barred   []string
	rungs    []string // that were taken, by unit and step
	news     bool     // its signer was told of something
}

// State is a person's dialog, for properties.
func (w *World) State(person string) flows.State { return w.people[person].state }

// SetState replaces a person's dialog, for properties.
func (w *World) SetState(person string, s flows.State) { w.people[person].state = s }

// Names lists the people, sorted.
func (w *World) Names() []string {
	var out []string
	for n := range w.people {
		out = append(out, n)
	}
	sort.Strings(out)
	return out
}

// ID is a person's ID.
func (w *World) ID(person string) string { return w.people[person].me.ID }

// Records are all signed entries so far.
func (w *World) Records() []record.Record {
	var out []record.Record
	for _, f := range w.filed {
		out = append(out, f.record)
	}
	return out
}

// Desk is what a person may know now.
func (w *World) Desk(person string) flows.Desk {
	p := w.people[person]
	d := flows.Desk{
		Now: w.now, Locale: w.Locale, Directory: w.line(p.me.Institution), Policy: law.Policy{Name: law.Ministry2020},
		Limits: flows.Limits{FileBytes: 20 << 20, Files: 20},
	}
	if !p.bound {
		if p.state.Link != "" {
			d.Invite = w.invite(p)
		}
		return d
	}
	if d.Me = p.me; !p.left.IsZero() {
		return w.formerDesk(d, p)
	}
	d.Substitutes, d.Keeping, d.Absences, d.Filings = w.substitutes(p.me.ID), w.keeping(p), w.absences(p), w.filings(p)
	d.Ask, d.Holes = w.routes(p.me.ID)
	for _, c := range w.cases {
		if slices.Contains(c.signers, person) {
			d.Cases = append(d.Cases, w.standing(c, p.me.ID))
		}
	}
	flows.SortCases(d.Cases)
	w.integrity(&d, p)
	d.Decisions, d.Turnover = w.decisions(p), w.turnover(p)
	d.Overdue = w.overdue(p)
	for i := len(w.plaints) - 1; i >= 0; i-- {
		w.received(&d, p, w.plaints[i])
	}
	for i := len(w.filed) - 1; i >= 0; i-- {
		w.onDesk(&d, p, w.filed[i])
	}
	d.Leaks = w.leaked(p)
	if p.state.Place == flows.AtLog {
		d.Log = w.log(p)
	}
	flows.SortTasks(d.Tasks)
	w.protection(&d, p)
	return d
}

func (w *World) onDesk(d *flows.Desk, p *player, f filed) {
	w.signed(d, p, f)
	if f.record.Report != nil {
		w.received(d, p, f)
	}
}

// signed is what the signer of an entry has on the desk.
func (w *World) signed(d *flows.Desk, p *player, f filed) {
	r := f.record
	if r.Signer.ID == p.me.ID && f.party {
		if p.state.Place == flows.AtRecord && p.state.Subject == r.ID {
			d.Track = w.follow(f)
		}
	} else if r.Signer.ID == p.me.ID {
		receipt := flows.Receipt{
			ID: r.ID, CaseID: r.Case.ID, Number: r.Case.Number, Matter: r.Case.Matter,
			Signed: r.Signed, Digest: "SHA-256 " + f.digest, Supersedes: r.Supersedes,
		}
		for _, later := range w.filed {
			if later.record.Supersedes == r.ID {
				receipt.Superseded = later.record.ID
			}
		}
		d.Records = append(d.Records, receipt)
		if p.state.Place == flows.AtRecord && p.state.Subject == r.ID {
			d.Entry = &r
			if r.Report != nil {
				d.Way, d.Follow = w.way(f), w.follow(f)
			}
		}
	}
	if r.Signer.ID == p.me.ID && (f.news || len(f.told) > 0) && !slices.Contains(d.Moved, r.ID) {
		d.Moved = append(d.Moved, r.ID)
	}
}

// received is what a recipient of a report, or of a complaint, has on the desk.
func (w *World) received(d *flows.Desk, p *player, f filed) {
	for _, s := range f.stops {
		for _, to := range s.Recipients {
			if to.ID != p.me.ID || !w.eligible(f, p.me.ID, s.Unit) {
				continue
			}
			d.Tasks = append(d.Tasks, w.tasks(f, s.Unit, p.me.ID)...)
			d.Inbox = append(d.Inbox, flows.Card{ID: f.report, Arrived: f.came[p.me.ID], Opened: f.opened[p.me.ID], Party: f.party})
			if p.state.Place == flows.AtReport && p.state.Subject == f.report {
				d.Report = &flows.Report{ID: f.report, Record: f.record, Arrived: f.came[p.me.ID], Digest: f.digest}
				w.handled(d.Report, f, s.Unit, p.me.ID)
				if d.Report.Level == law.Authority && !f.plaint && has(p, law.Officer, law.OfficerLead) {
					d.Report.Others = w.others(f, p)
				}
				d.Report.Handlers = w.excludable(f, p.me.ID, s.Unit)
			}
		}
	}
}

// Do lets a person do something; repeat delivers the same event again.
func (w *World) Do(person string, do flows.Action) []flows.Effect {
	w.events++
	return w.Deliver(person, w.events, do)
}

// Deliver is Do with an event of a given ID, for redelivery.
func (w *World) Deliver(person string, id int64, do flows.Action) []flows.Effect {
	p := w.people[person]
	if o, ok := do.(flows.Open); ok && !p.bound && o.Link != "" {
		p.state.Link = o.Link
	}
	sum := sha256.Sum256([]byte(fmt.Sprintf("fresh %s %d", person, id)))
	e := flows.Event{ID: id, At: w.now, Fresh: hex.EncodeToString(sum[:16]), Do: do}
	d := w.Desk(person)
	w.looked(p, d)
	next, effects := flows.Step(p.state, d, e)
	for _, x := range effects {
		if w.Effects != nil {
			w.Effects(person, x)
		}
		w.apply(person, x)
	}
	p.state = next
	w.looked(p, w.Desk(person))
	return effects
}

func (w *World) apply(person string, e flows.Effect) {
	p := w.people[person]
	switch e := e.(type) {
	case flows.File:
		w.file(e.Record)
	case flows.Handle:
		w.handle(e.Act)
		if e.Act.Unit != "" {
			w.about(p, law.ActOn, e.Act.Report, e.Act.Unit)
		}
	case flows.NoteLeak:
		w.noteLeak(p, e)
	case flows.Keep:
		w.keep(e)
	case flows.NoteAbsence:
		w.noteAbsence(e)
		w.note(access{who: p, action: law.NoteAbsence, by: law.AsOverseer, unit: p.me.Institution, about: e.Deed.ID})
	case flows.Appoint:
		w.appoint(e.Substitute)
	case flows.Confirm:
		w.said[law.PersonID(p.me.ID)] = law.Tenure{Since: law.DateOf(w.now), Denied: !e.Still}
	case flows.Dismiss:
		w.subs = slices.DeleteFunc(w.subs, func(s law.Substitute) bool { return s.ID == e.ID })
	case flows.Take:
		w.take(e.Measure)
	case flows.HandFilings:
		w.note(access{who: p, action: law.PrintFilings, by: law.AsOverseer, unit: p.me.Institution, about: e.Institution})
		w.heard = append(w.heard, Heard{person, "〔document〕"})
	case flows.HandCheckpoint, flows.Ledger:
		w.heard = append(w.heard, Heard{person, "〔document〕"})
	case flows.Complain:
		w.complain(e)
	case flows.CheckIn:
		w.checkIn(e)
	case flows.Bind:
		w.bind(p, true)
	case flows.Read:
		if f := w.matterOf(e.Report); f != nil {
			f.opened[p.me.ID] = true
		}
	case flows.Hint:
		p.hint = text.Say(w.Locale, e.Say, e.Args...)
	case flows.Attest:
		w.heard = append(w.heard, Heard{person, "〔document〕"}, Heard{person, "〔document〕"})
	case flows.Print: // as PDF and as DOCX
		w.heard = append(w.heard, Heard{person, "〔document〕"}, Heard{person, "〔document〕"})
	case flows.HandLetter:
		if r := w.Desk(person).Report; r != nil {
			w.about(p, law.ReadLetter, r.ID, r.Unit)
		}
		w.heard = append(w.heard, Heard{person, "〔document〕"}, Heard{person, "〔document〕"})
	case flows.Hand:
		if r := w.Desk(person).Report; r != nil && p.state.Place == flows.AtReport {
			w.about(p, law.ReadEvidence, r.ID, r.Unit)
		}
		w.heard = append(w.heard, Heard{person, "〔" + e.File.Kind + "〕"})
	}
}

// View is a person's screen as the core draws it.
func (w *World) View(person string) flows.Screen {
	p := w.people[person]
	return flows.View(p.state, w.Desk(person))
}
