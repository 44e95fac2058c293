package flows

import (
	"liuhen/flows/form"
	"liuhen/flows/law"
	"liuhen/flows/record"
	"liuhen/flows/text"
)

// Effect is what a step wants done. It is a sealed sum: File, Bind, Guess, Read, Handle, Complain, CheckIn, NoteLeak, Snooze, Appoint, Dismiss, Confirm, Take, Keep, NoteAbsence (durable); Hint, Hand, Print, HandLetter, Ledger, Attest, HandProtocol, HandFilings (now).
// After every step the screen is drawn; that needs no effect.
//
//sumtype:decl
type Effect interface{ effect() }

// Durable effects are carried out in one SQL transaction before anything else; each has a natural key, so that a repeat is nothing.
type Durable interface {
	Effect
	durable()
}

// File signs an entry and, when it has a report, sends the report on its way (Arts. 4, 5). The key is the record's ID.
type File struct{ Record record.Record }

// Bind takes up the caller's invitation. The key is the invitation.
type Bind struct{ Person string }

// Guess counts a wrong answer to the caller's invitation. The key is the event.
type Guess struct{ Person string }

// Read records that the caller opens a report (R10.4). The key is the event.
type Read struct{ Report string }

// Handle does something about a report, as a handler or as its reporter. The key is the act's ID.
type Handle struct{ Act record.Act }

// NoteLeak writes a leak down for the organ's lead (R10.6). The key is its ID.
type NoteLeak struct{ ID, Unit, Words string }

// Take takes a measure under Art. 11, as an officer of the authority or as the person whom it is about. The key is its ID.
type Take struct{ Measure record.Measure }

func (Take) effect() {}

func (Take) durable() {}

// Ledger sends an officer what the authority has entered under Art. 11, as data, after the store has checked that they may
// have it (R11.6).
type Ledger struct{}

func (Ledger) effect() {}

// Complain makes a complaint of retaliation from an own entry (Art. 9). The act is its first and says who did what; its Report is
// for the store to name. The key is the act's ID.
type Complain struct {
	Record   string
	Act      record.Act
	Named    []string // people of organs who are named: they never receive it
	Unlisted bool     // somebody of an organ who is not on the register, perhaps its leader
}

// CheckIn notes that the signer of an entry wants to be asked about retaliation, answers, or wants it no more (R9.3). The key is
// the ID.
type CheckIn struct {
	ID     string
	Record string
	Want   bool
	Fine   bool // asked, and there was none
}

// Snooze leaves the next working day's reminder of the caller out.
type Snooze struct{}

// Appoint makes a deputy of the caller. The key is the appointment's ID.
type Appoint struct{ Substitute law.Substitute }

// Confirm says whether the caller still receives reports for a unit. The key is the event.
type Confirm struct {
	Unit  string
	Still bool
}

// Keep does something about the keeping of the files of cases. The key is the deed's ID.
type Keep struct {
	Deed  law.Deed
	Words string
}

// NoteAbsence does something about a 缺签说明 (AM-21). The key is the deed's ID.
type NoteAbsence struct {
	Deed  law.AbsenceDeed
	Words string
}

func (NoteAbsence) effect() {}

func (NoteAbsence) durable() {}

// Dismiss ends an appointment of the caller's at once. The key is the appointment's ID.
type Dismiss struct{ ID string }

// Hint is a short word beside the press, or above the screen when there was no press.
type Hint struct {
	Say   text.Key
	Args  []any
	Alert bool // must be dismissed
}

// Hand sends one piece of evidence to the caller, protected, after the store has checked that they may have it.
type Hand struct {
	Of   string // the own entry, or the report, that is being read
	File form.File
}

// Print sends the caller's own entry as the official sheet, to be printed and signed by hand.
type Print struct{ Record record.Record }

// HandLetter sends a drafted letter to a handler of the report, protected, after the store has checked that they may have it.
type HandLetter struct {
	Report string
	Act    string // the act that drafted it
}

// Attest sends the caller the receipt of an own entry, to be kept and verified (E9). It is the same whatever the entry says.
type Attest struct{ Record string }

func (Attest) effect()   {}
func (Print) effect()    {}
func (File) effect()     {}
func (Bind) effect()     {}
func (Guess) effect()    {}
func (Read) effect()     {}
func (Handle) effect()   {}
func (Complain) effect() {}
func (CheckIn) effect()  {}
func (Snooze) effect()   {}
func (Appoint) effect()  {}
func (Dismiss) effect()  {}
func (Keep) effect()     {}
func (NoteLeak) effect() {}
func (Hint) effect()     {}
func (Hand) effect()     {}

func (HandLetter) effect() {}

func (File) durable()     {}
func (Bind) durable()     {}
func (Guess) durable()    {}
func (Read) durable()     {}
func (Handle) durable()   {}
func (Complain) durable() {}
func (CheckIn) durable()  {}
func (Snooze) durable()   {}
func (Appoint) durable()  {}
func (Dismiss) durable()  {}
func (Keep) durable()     {}
func (NoteLeak) durable() {}
func (Confirm) effect()   {}
func (Confirm) durable()  {}

// HandProtocol sends the protocol of a disposal, as it stands on the caller's desk, to be printed and signed by both people.
type HandProtocol struct{ Disposal Disposal }

func (HandProtocol) effect() {}

// HandFilings sends the list of who filed for the cases that an institution closed in a quarter, to be printed, after the store has
// checked that the caller may have it (E20).
type HandFilings struct {
	Institution string // unit ID
	Quarter     law.Quarter
}

func (HandFilings) effect() {}
