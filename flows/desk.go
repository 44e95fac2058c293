package flows

import (
	"cmp"
	"slices"
	"time"

	"liuhen/flows/law"
	"liuhen/flows/record"
)

// Desk is everything the caller may know at the moment of an event. It is loaded for each event under the caller's own
// authority, is never stored, and holds nothing the caller may not see: what is not on the desk cannot leak through a screen.
type Desk struct {
	Now         time.Time     // the moment of loading, in the institution's zone
	Locale      string        // zh-Hans or en
	Me          Me            // zero for somebody who has not been bound
	Invite      *Invite       // the invitation being answered, if it is valid
	Directory   law.Directory // the units and people of the caller's own line: institution, its authority, those above
	Policy      law.Policy
	Limits      Limits
	Cases       []Case           // cases the caller signs for, those without the caller's entry first, then the newest
	Records     []Receipt        // the caller's own entries, newest first
	Inbox       []Card           // reports addressed to the caller, newest first
	Overdue     []Overdue        // closed cases without their entries that the caller oversees (clerk, head, authority)
	Lost        []Lost           // people who cannot be reached, for those who must mend it
	Tasks       []Task           // open duties of the caller's units, the most urgent first
	Follow      *Follow          // what has become of the report of the entry being read, for its signer
	Track       *Follow          // the same of the Party's own track beside it, if there is one (Art. 7 ¶2)
	Report      *Report          // the report being read, loaded and audited only for a recipient
	Entry       *record.Record   // the caller's own entry being read
	Way         []record.Stop    // where the report of that entry is now, which may be higher than at signing (R5.5)
	Substitutes []law.Substitute // appointments not over yet, made by the caller or for them
	Log         *Log             // a page of the log of access, for a confidant who looks at it
	Leaks       []Leak           // leaks written down, newest first, for confidants and leads; the words of the open one only
	Ask         *law.Tenure      // whether the caller still receives reports for their unit, when they are asked or have denied it
	Holes       []law.Hole       // in the routes, that the caller can mend
	Keeping     *Keeping         // the keeping of files, for those who keep them
	Absences    *Absences        // missing signatures and what was said about them, for those who may say it (AM-21)
	Filings     *Filings         // of whom lists of filings can be printed (E20)
	Turnover    *Turnover        // changes of the signers of cases, for those who oversee them
	Protect     *Protect         // the protection of the signer of the entry being read (Art. 9)
	Complaint   *Complaint       // the own complaint of retaliation being read
	News        []string         // own complaints about which something was done of late, newest first
	Asked       []string         // own entries about whose consequences the caller wanted to be asked, and is to be now (R9.3)
	Moved       []string         // own entries whose report went to another level of late, newest first

	Own       []Matter    // proceedings under Art. 11 about the caller, newest first
	Integrity *Integrity  // the authority's proceedings, loaded and audited only for its officers
	Found     []Candidate // those of the name an officer looks for
	Dates     Dates       // what an order made today proposes; for officers
	Acting    *Proceeding // the proceeding being read, loaded and audited only for its officers and its person
	Decisions []Decision  // due under Art. 11 at the caller's authority, and overdue at those below, the earliest first
}

// Me is the caller.
type Me struct {
	ID          string // "" when not bound
	Name        string
	Institution string // unit ID of the home unit
	UnitName    string
	Roles       []law.Role
	Left        bool // a former colleague: own entries, their protection, help, and nothing else
}

// Files reports whether the caller is of those who sign entries: appraisers and other people of an institution (Art. 4).
func (m Me) Files() bool {
	return slices.ContainsFunc(m.Roles, func(r law.Role) bool {
		return r == law.Appraiser || r == law.Staff || r == law.Head || r == law.Receiver || r == law.Archivist
	})
}

// Limits are the channel's own bounds, told to the signer before they are met.
type Limits struct {
	FileBytes int64 // the largest file that can be received
	Files     int   // per entry
}

// Invite is a valid invitation of somebody not yet bound.
type Invite struct {
	Person    string // person ID
	Name      string
	UnitName  string
	RoleNames []law.Role
	Expect    string // InviteProof of the right answer
	Licensed  bool   // a licence number is registered: its last four characters are asked for; otherwise the name
}

// Case is one case the caller signs for.
type Case struct {
	ID         string
	Number     string
	Matter     string
	Client     string
	ClientType string
	Closed     law.Date // zero while open
	Filed      bool     // the caller has signed an entry for it
	Owed       bool     // closed, in force and not filed, and nobody has said why it cannot be
	Due        law.Date // when Owed

	Absent law.AbsenceReason // why others have said that the caller cannot sign it (AM-21); the caller still can
}

// SortCases puts cases in the order people work through them: entries owed, the earliest due first; then cases not closed
// yet; then the rest, the last closed first.
func SortCases(list []Case) {
	rank := func(c Case) int {
		switch {
		case c.Owed:
			return 0
		case !c.Filed && (c.Closed.IsZero() || c.Absent != ""):
			return 1
		}
		return 2
	}
	slices.SortStableFunc(list, func(a, b Case) int {
		if r := cmp.Compare(rank(a), rank(b)); r != 0 {
			return r
		}
		if rank(a) == 0 {
			return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Number, b.Number))
		}
		return cmp.Or(b.Closed.Compare(a.Closed), cmp.Compare(a.Number, b.Number))
	})
}

// Receipt is an own entry as lists and receipts show it: the same for 无此类情况 and for a report.
type Receipt struct {
	ID         string
	CaseID     string
	Number     string // case number
	Matter     string
	Signed     time.Time
	Digest     string // algorithm and digits, of the entry being read only; nobody can try out with it what the entry says
	Supersedes string
	Superseded string // ID of the entry that replaced it
}

// Card is a report in a recipient's list: no content.
type Card struct {
	ID      string // report ID
	Arrived time.Time
	Opened  bool // by the caller
	Party   bool // the Party's own track of a report
}

// Report is a report's content as its recipient reads it.
type Report struct {
	ID       string
	Record   record.Record
	Arrived  time.Time
	Level    law.Level
	Digest   string
	Unit     string        // the caller's unit there
	Acts     []record.Act  // everything done about it so far, oldest first
	Tasks    []law.Task    // the duties of the caller's unit
	May      []law.ActKind // what the caller may do now
	Propose  []law.Category
	Party    bool         // the Party's own track: the only place that shows Party affiliation (R7.3)
	Owner    string       // name of who took it up at the caller's unit, or took it over since (承办人)
	Mine     bool         // that is the caller
	Orphan   bool         // the owner may not have it any more: somebody else must take it over
	Late     []Late       // what units below left undone, for the organs above
	Organs   []Organ      // where it may be transferred, the evident ones first (Art. 8 (二))
	Handlers []Handler    // whom the caller may exclude from it
	Letters  []law.Letter // what the caller's unit may draft now
	Unsent   []string     // keys of drafted letters that it may note as sent
	Team     []string     // names of the case's signers
	Unsaid   []string     // what stands in no letter: the reporter's name, ID and licence (R8.8)

	Others []Candidate // other signers of the case who have filed, and no report of whom has reached the reader; for officers

	Complaint bool         // of retaliation (Art. 9); Record is the entry that its reporter had signed
	Changes   []law.Change // what the register says happened to the reporter since, for an organ only (R9.3)
	Share     *law.Share   // the reporter was given no case of late; nil otherwise, and for an institution
}

// Handler is somebody who handles a report, with the name of their unit.
type Handler struct {
	record.Person
	Unit string
}

// Late is a duty that another unit has left undone past its day.
type Late struct {
	UnitName string
	Duty     law.Duty
	Category law.Category
	Due      law.Date
}

// Follow is what the signer of a report may know of what became of it (R8.12): how far it has come, by when the next news is
// due, what was asked, what they answered, and the closing words. Who decided what about whom is not among it.
type Follow struct {
	Report   string
	Standing law.Standing
	Next     law.Date
	Again    law.Date     // Next has passed: when the reporter hears again at the latest (E10)
	Acts     []record.Act // Accept, Ask, Reply, Urge, Appeal, Extend, Transfer, Close; the first without words
	May      []law.ActKind
}

// Task is an open duty as lists show it: no content.
type Task struct {
	Report   string
	Duty     law.Duty
	Category law.Category // of Art. 8, for what a category demands
	Due      law.Date
	Late     int            // working days past Due
	Propose  []law.Category // for deciding the category: those of Art. 8 that the facts propose (E24)
	Owner    string         // name of who took it up, when that is somebody else
	Orphan   bool           // whoever took it up may not have it any more
}

// SortTasks puts open duties in the order people work through them: the earliest due first; of those due on one day, reports
// that propose more of Art. 8 first, a report's own duties together.
func SortTasks(list []Task) {
	proposed := map[string]int{}
	for _, k := range list {
		proposed[k.Report] += len(k.Propose)
	}
	slices.SortStableFunc(list, func(a, b Task) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(proposed[b.Report], proposed[a.Report]), cmp.Compare(a.Report, b.Report),
			cmp.Compare(len(b.Propose), len(a.Propose)), cmp.Compare(a.Duty, b.Duty))
	})
}

// Overdue is a closed case that lacks entries, as its overseers may know it: filed or not filed, nothing else.
type Overdue struct {
	CaseID      string
	Number      string
	Institution string   // name
	Missing     []string // names of the signers who have not filed
	Gone        []string // those of them who have left: others must say why (AM-21)
	Closed      law.Date
	Due         law.Date
	Late        int // working days past Due
}

// Lost is somebody the bot cannot reach (blocked, or never bound).
type Lost struct {
	Name     string
	UnitName string
	Bound    bool // false: the invitation was never taken up
}

// LogPageSize is how many lines of the log of access one screen shows, and LogRefused the subject at which it shows refusals alone.
const (
	LogPageSize = 10
	LogRefused  = "refused"
)

// Log is a page of the log of access of the caller's units (R10.4): who, when, what kind of thing, why, allowed or refused.
type Log struct {
	Lines   []LogLine
	Refused bool // refusals alone
	Page    int
	More    bool // there is an earlier page
}

// LogLine is what somebody did within one minute. It tells no content and not of what.
type LogLine struct {
	At      time.Time // to the minute
	Name    string
	Action  law.Action
	By      law.Relation // why it was allowed
	Allowed bool
}

// Leak is a leak that a confidant wrote down (R10.6).
type Leak struct {
	ID       string
	At       time.Time
	UnitName string
	By       string // name; with Words only of the one that is open
	Words    string
}
