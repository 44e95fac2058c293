package flows

import (
	"encoding/json"
	"fmt"

	"liuhen/flows/form"
	"liuhen/flows/record"
)

// StateVersion is the layout of a stored state. States of earlier layouts are read for ever (testdata/states).
const StateVersion = 1

// Place is the room the dialog is in. Within a sheet the position is derived from the answers, never stored.
type Place string

// The places.
const (
	AtDoor     Place = ""         // not bound
	AtMenu     Place = "menu"     // 首页
	AtFile     Place = "file"     // 填报记录: which case
	AtNumber   Place = "number"   // the number of an unregistered case
	AtMatter   Place = "matter"   // the matter of an unregistered case
	AtSheet    Place = "sheet"    // the form
	AtCases    Place = "cases"    // 我的案件
	AtRecords  Place = "records"  // 我的记录
	AtRecord   Place = "record"   // one own entry
	AtTodo     Place = "todo"     // 待办
	AtReport   Place = "report"   // one report
	AtOverdue  Place = "overdue"  // cases without their entries
	AtLost     Place = "lost"     // people who cannot be reached
	AtPeople   Place = "people"   // 代理与通道
	AtDeputy   Place = "deputy"   // whom to appoint, and for which days
	AtLog      Place = "log"      // 访问日志: the log of access
	AtLeaks    Place = "leaks"    // 泄密线索: leaks written down
	AtLeak     Place = "leak"     // 记录泄密线索: writing one down
	AtNotice   Place = "notice"   // 个人信息泄露通知: the draft
	AtKeeping  Place = "keeping"  // 归档保管
	AtAbsences Place = "absences" // 缺签说明
	AtFilings  Place = "filings"  // 填报清单
	AtSigners  Place = "signers"  // 鉴定人变动
	AtProtect  Place = "protect"  // the protection of the signer of one own entry
	AtPlaint   Place = "plaint"   // one own complaint of retaliation
	AtHelp     Place = "help"     // 帮助
	AtRule     Place = "rule"     // the rule's text

	AtCheckpoint Place = "checkpoint" // 日志检查点, for officers
)

// The places of Art. 11.
const (
	AtIntegrity  Place = "integrity"  // 诚信档案 of an authority
	AtAccuse     Place = "accuse"     // 责令改正: of whom
	AtProceeding Place = "proceeding" // one proceeding, for officers and for the person
	AtOwnFile    Place = "ownfile"    // 我的诚信档案
)

// Question is something the dialog asks before it does what cannot be undone.
type Question string

// The questions.
const (
	AskCancel Question = "cancel" // throw the draft away?
	AskZero   Question = "zero"   // 无此类情况 clears what was filled in (R4.5)
	AskEdit   Question = "edit"   // which line to change
)

// Sheet is a draft. Its ID becomes the record's ID.
type Sheet struct {
	Draft       string       `json:"draft"`
	Edition     string       `json:"edition"`
	Case        record.Case  `json:"case"`
	Answers     form.Answers `json:"answers"`
	Supersedes  string       `json:"supersedes,omitempty"`
	Supplements bool         `json:"supplements,omitempty"`
}

// State is a dialog. It is small, encrypted, and lives in the dialog store.
type State struct {
	Version int         `json:"v"`
	Place   Place       `json:"place"`
	Subject string      `json:"subject,omitempty"` // the record or report at AtRecord, AtReport; the proceeding; the name looked for
	Link    string      `json:"link,omitempty"`    // the invitation being answered
	Page    int         `json:"page,omitempty"`
	Ask     Question    `json:"ask,omitempty"`
	Number  string      `json:"number,omitempty"` // typed at AtNumber, waiting for its matter
	Act     *Drafted    `json:"act,omitempty"`    // being prepared at AtReport or AtRecord
	Keep    *Kept       `json:"keep,omitempty"`   // being prepared at AtKeeping
	Absent  *Absenting  `json:"absent,omitempty"` // being prepared at AtAbsences
	Deputy  *Deputising `json:"deputy,omitempty"` // being appointed at AtDeputy
	Sheet   *Sheet      `json:"sheet,omitempty"`
	Shelf   []Sheet     `json:"shelf,omitempty"` // drafts put aside, newest last
	Turn    int         `json:"turn"`
	Seen    []int64     `json:"seen,omitempty"` // the last events, oldest first

	Cut     int64     `json:"cut,omitempty"`     // the second in which a text was refused that was long enough to have been cut in two
	Measure *Measured `json:"measure,omitempty"` // being prepared at AtAccuse or AtProceeding
	Basis   string    `json:"basis,omitempty"`   // the report that made an officer look for somebody at AtAccuse
	Plaint  bool      `json:"plaint,omitempty"`  // which is a complaint of retaliation
}

// Bytes is the stored form of the state.
func (s State) Bytes() ([]byte, error) {
	s.Version = StateVersion
	b, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("encode dialog state: %w", err)
	}
	return b, nil
}

// ParseState reads a stored state; no bytes are a new dialog.
func ParseState(b []byte) (State, error) {
	if len(b) == 0 {
		return State{Version: StateVersion}, nil
	}
	var s State
	if err := json.Unmarshal(b, &s); err != nil {
		return State{}, fmt.Errorf("decode dialog state: %w", err)
	}
	if s.Version < 1 || s.Version > StateVersion {
		return State{}, fmt.Errorf("dialog state of layout %d is newer than this release", s.Version)
	}
	return s, nil
}
