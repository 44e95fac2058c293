package flows

import (
	"liuhen/flows/law"
	"liuhen/flows/record"
)

// Matter is a proceeding under Art. 11 as lists show it.
type Matter struct {
	ID          string
	Who         string // name; "" in the list of one's own
	Institution string // name; "" in the list of one's own
	On          law.Date
	Stage       law.Stage
	Due         law.Date // the last day for correcting
	Ripe        law.Date // the first day on which it can be decided
	News        bool     // the authority did something in the last NewsDays
}

// NewsDays is for how many days somebody is pointed to what the authority did about them.
const NewsDays = 14

// Candidate is somebody of whom an officer may order a correction, as far as the register knows them.
type Candidate struct {
	Who         record.Person
	Institution record.Person
	Unit        string       // the authority
	Grounds     []law.Ground // those that can apply to them
	Reachable   bool         // learns of it through the bot
}

// Dates are the last days that an order under Art. 11 made today proposes for correcting, and sets for the defence.
type Dates struct{ Due, Defence law.Date }

// Suspicion is a closed case of somebody's that has lacked their entry for long (R11.2). It is derived from filed or not filed, and
// is never more than a hint.
type Suspicion struct {
	Candidate
	Case   record.Case
	Closed law.Date
	Absent *Explained // it has a 缺签说明: who said what, for the authority to look at (AM-21)
}

// Integrity is the authority's room for Art. 11: what it is asked to look at, and its proceedings, the newest first.
type Integrity struct {
	Hints   []Suspicion
	Matters []Matter
}

// Proceeding is one proceeding as its reader may know it: an officer of the authority, or the person whom it is about. The
// person sees neither which officer acted nor whether it rests on a report.
type Proceeding struct {
	ID        string
	Own       bool   // the reader is the person
	UnitName  string // the authority
	Measures  []record.Measure
	State     law.Proceeding
	May       []law.MeasureKind
	Nth       int  // the place of its entry among the person's that count, as far as the reader may know them; 0: it does not count
	Reachable bool // the person learns of it through the bot
	Filed     bool // of the order's case, by now
	OnReport  bool // it rests on a report, or a complaint; officers only
	OnPlaint  bool // that is a complaint of retaliation
}

// Order is the measure that opened it.
func (p Proceeding) Order() record.Measure { return p.Measures[0] }

// Entry is what the feed to the rating of integrity (诚信等级评估) holds of one entry, in force or withdrawn: data, never a
// score (R11.6).
type Entry struct {
	Measures  []record.Measure // as officers see them, the order first
	Withdrawn bool
	Counts    bool // one of 不记录或者不如实记录、报告, in force
}
