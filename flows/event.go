package flows

import (
	"time"

	"liuhen/flows/form"
)

// Event is one thing a person did. Its ID is unique and comes again on redelivery; Fresh is an unguessable name derived
// from the ID, the same on every redelivery, from which a draft is minted.
type Event struct {
	ID    int64
	At    time.Time
	Fresh string
	Do    Action
}

// Action is what was done. It is a sealed sum: Open, Command, Say, Tap, Attach, Odd.
//
//sumtype:decl
type Action interface{ action() }

// Open is the first contact or a link followed; Link is the payload of the link, "" without one.
type Open struct{ Link string }

// Command is a command of the menu: menu, file, cases, records, todo, help, rule.
type Command struct{ Name Place }

// Say is a text.
type Say struct{ Text string }

// Tap is a button. Boxes and choices state the outcome; moves carry the turn they were drawn in.
type Tap struct {
	Verb  Verb
	Draft string // the first eight characters of the draft the button belongs to, "" outside a sheet
	Turn  int    // the turn the button was drawn in (moves only)
	Item  form.ItemID
	Arg   string // option, page, case, record, report or digest
	On    bool   // boxes: the outcome; of an own entry: its progress
}

// Attach is a piece of evidence, already kept in the vault.
type Attach struct{ File form.File }

// Odd is something that cannot be used; Why says so in a catalog key's terms.
type Odd struct{ Why Oddity }

func (Open) action()    {}
func (Command) action() {}
func (Say) action()     {}
func (Tap) action()     {}
func (Attach) action()  {}
func (Odd) action()     {}

// Oddity says why something sent cannot be used.
type Oddity uint8

// The oddities.
const (
	OddKind   Oddity = iota + 1 // a sticker, a poll …
	OddTooBig                   // over the channel's limit
	OddFetch                    // the channel did not hand the file over; send it again
	OddButton                   // a button that is not ours or too old
	OddEdited                   // an edited message: what was received first counts
)

// Verb is what a button does. Verbs stand in buttons that live for years: never reuse one.
type Verb string

// The verbs.
const (
	DoGo          Verb = "go" // to the place in Arg
	DoCase        Verb = "ca" // a case: Arg is its ID, "" for none registered
	DoDraft       Verb = "dr" // a shelved draft
	DoBox         Verb = "bx" // box Arg of Item is On
	DoPick        Verb = "pk" // option Arg of Item is chosen
	DoNext        Verb = "nx" // 下一步
	DoBack        Verb = "bk" // 上一步
	DoLeave       Verb = "lv" // 保存退出
	DoCancel      Verb = "cx" // 取消填报 (asks)
	DoYes         Verb = "ye" // yes to what was asked
	DoNo          Verb = "no" // no to what was asked
	DoEdit        Verb = "ed" // edit Item from the summary
	DoSign        Verb = "sg" // 签名存档; Arg is the digest of the summary shown
	DoPage        Verb = "pg" // page Arg
	DoRemove      Verb = "rm" // take evidence Arg away, or the last message of the story
	DoRecord      Verb = "rc" // an own entry: its receipt, with On its progress
	DoCorrect     Verb = "co" // supersede the entry shown
	DoAdd         Verb = "ad" // a further entry for the case Arg
	DoRead        Verb = "rd" // a report
	DoEvidence    Verb = "ev" // evidence Arg of the report or entry shown
	DoPrint       Verb = "pr" // the own entry shown, on the official sheet
	DoReceipt     Verb = "re" // the receipt of the own entry shown, as a file
	DoAct         Verb = "ac" // prepare an act; Arg is its kind
	DoTick        Verb = "tk" // category Arg applies is On
	DoCarry       Verb = "do" // do what was prepared
	DoDrop        Verb = "un" // leave what was prepared
	DoProtect     Verb = "pt" // the protection of the signer of own entry Arg
	DoPlaint      Verb = "cp" // own complaint Arg
	DoAskMe       Verb = "am" // ask me, or no longer, whether I suffer retaliation because of the entry shown: On
	DoFine        Verb = "fi" // 没有: the answer to being asked
	DoSnooze      Verb = "sn" // no reminder on the next working day
	DoDeputy      Verb = "dp" // appoint person Arg
	DoDays        Verb = "dd" // from today, for Arg days more
	DoProtocol    Verb = "ql" // the protocol of disposal Arg
	DoKeep        Verb = "kp" // prepare a deed about the keeping of files; Arg is its kind and what it is about
	DoDismiss     Verb = "de" // end appointment Arg
	DoAbsence     Verb = "ab" // prepare something about a 缺签说明; Arg is its kind and what it is about
	DoInstitution Verb = "fo" // lists of filings of institution Arg
	DoQuarter     Verb = "fq" // the list of filings of quarter Arg
	DoReason      Verb = "ar" // the reason in Arg is why somebody has not signed
	DoLetter      Verb = "lt" // the letter of that name is to be drafted
	DoFact        Verb = "fa" // fact Arg goes into the letter is On
	DoFetch       Verb = "fl" // the letter that act Arg drafted
	DoOrgan       Verb = "og" // of a transfer: organ Arg, or what else Arg says
	DoLog         Verb = "lg" // the log of access; Arg is "" or LogRefused
	DoCheckpoint  Verb = "wp" // the day's checkpoint of the log
	DoStill       Verb = "st" // the caller still receives reports for unit Arg, or does not: On
)

// The verbs of Art. 11.
const (
	DoAccuse     Verb = "in" // order a correction of the person in Arg
	DoBasis      Verb = "ib" // look for whom the report being read tells of
	DoProceeding Verb = "ip" // the proceeding in Arg
	DoMeasure    Verb = "im" // prepare a measure of the kind in Arg
	DoGive       Verb = "ig" // answer the open question of a measure by Arg
	DoUngive     Verb = "iu" // back one question of a measure
	DoTake       Verb = "it" // take the measure prepared
	DoLedger     Verb = "il" // the authority's entries as data
)
