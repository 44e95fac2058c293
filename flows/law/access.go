package law

import "slices"

// Action is what somebody wants of what is kept: to see it, to list it, to have it, to do something about it.
type Action string

// The actions. Each stands in the log of access for ever: never reuse one.
const (
	OpenDesk     Action = "open_desk"     // their own lists
	ReadEntry    Action = "read_entry"    // a signed entry
	PrintEntry   Action = "print_entry"   // a signed entry on the official sheet
	ReadReport   Action = "read_report"   // a report and what was done about it
	ReadEvidence Action = "read_evidence" // one piece of evidence
	ReadLetter   Action = "read_letter"   // a letter drafted about a report
	FileEntry    Action = "file"          // sign an entry
	ActOn        Action = "act"           // do something about a report
	ReadLog      Action = "read_log"      // the log of access of one's unit
	NoteLeak     Action = "note_leak"     // write a leak down
	ReadLeaks    Action = "read_leaks"    // what was written down of leaks
	ComplainOf   Action = "complain"      // of retaliation because of an entry
	ReadPlaint   Action = "read_plaint"   // a complaint of retaliation and what became of it

	ListCases    Action = "list_cases"    // cases to sign for
	ListEntries  Action = "list_entries"  // own entries, without what they say
	ListNews     Action = "list_news"     // own entries whose report there is news of
	ListInbox    Action = "list_inbox"    // reports in one's hands, without content
	ListTasks    Action = "list_tasks"    // open duties about them, without content
	ListOverdue  Action = "list_overdue"  // closed cases without their entries: filed or not filed
	ListLost     Action = "list_lost"     // people who cannot be reached
	ListKeeping  Action = "list_keeping"  // holds, cases whose retention is over, proposals
	KeepFiles    Action = "keep_files"    // do something about the keeping of files
	ListAbsences Action = "list_absences" // missing signatures and what was said about them
	NoteAbsence  Action = "note_absence"  // do something about a 缺签说明
	ListSigners  Action = "list_signers"  // whom lists put on a case or took off it
	ListFilings  Action = "list_filings"  // institutions of which lists of filings can be printed
	PrintFilings Action = "print_filings" // who filed for the cases of a quarter: filed or not filed
	ListPeople   Action = "list_people"   // own deputies, and for whom one acts
	ListLeaks    Action = "list_leaks"    // that leaks were written down, not what

	ReadCheckpoint Action = "read_checkpoint" // the log's, to be kept outside this system
)

// The actions of Art. 11.
const (
	ReadMeasures  Action = "read_measures"  // a proceeding
	TakeMeasure   Action = "measure"        // take a measure in one
	ReadIntegrity Action = "read_integrity" // an authority's proceedings, and what it may be asked to look at
	LookUp        Action = "look_up"        // people of a name in the institutions of one's authority
	ExportEntries Action = "export_entries" // what an authority has entered, as data
	ListOwnFile   Action = "list_own_file"  // proceedings about oneself
	ListDecisions Action = "list_decisions" // proceedings that are ripe, without content
)

// Relation is what somebody is to the subject of an action at this moment.
type Relation uint8

// The relations. The zero value is none, and lets nobody do anything.
const (
	AsOneself    Relation = iota + 1 // 本人
	AsSigner                         // 填报人: signed the entry, made the report
	AsRecipient                      // 经手人: the report is in their hands, with today's roles and nothing against it
	AsOverseer                       // 督办人: archivist or head of the institution, officer or lead of its authority
	AsKeeper                         // 通讯负责人: must know that people of their unit cannot be reached
	AsArchivist                      // 保管人: keeps the files of the institution, or of those below the organ (Art. 4)
	AsConfidant                      // 保密员 of the unit
	AsOfficeLead                     // 机关负责人 of the organ that the unit is, or that supervises it
	AsOfficer                        // 经办机关: an officer of the authority in charge, who may see what it rests on
	AsSubject                        // 当事人: the person whom it is about
)

var relationNames = []string{"", "oneself", "signer", "recipient", "overseer", "keeper", "archivist", "confidant", "office_lead", "officer", "subject"}

// String is the relation's stable identifier.
func (r Relation) String() string { return name(relationNames, r) }

// ParseRelation is the relation with that identifier.
func ParseRelation(s string) (Relation, bool) { return parse[Relation](relationNames, s) }

// AccessRow lets whoever stands in a relation to a subject do something with it.
type AccessRow struct {
	Action Action
	By     Relation
	Cite   Cite
}

// accessRows is the whole table: what no row allows is refused (R10.1). Articles 4, 5, 6 and 8 say who has to do with an entry
// or a report; Art. 10 that nobody else has.
var accessRows = []AccessRow{
	{OpenDesk, AsOneself, reading(10, 0, "R10.1")},
	{ReadEntry, AsSigner, art(4, 0)},
	{PrintEntry, AsSigner, art(4, 0)},
	{ReadReport, AsRecipient, reading(10, 0, "R10.1")},
	{ReadEvidence, AsSigner, art(4, 1)},
	{ReadEvidence, AsRecipient, reading(10, 0, "R10.1")},
	{ReadLetter, AsRecipient, reading(10, 0, "R8.8")},
	{FileEntry, AsOneself, art(4, 0)},
	{ActOn, AsRecipient, art(8, 0)},
	{ActOn, AsSigner, reading(8, 0, "R8.12")},
	{ReadLog, AsConfidant, reading(10, 0, "R10.4")},
	{NoteLeak, AsConfidant, reading(10, 0, "R10.6")},
	{ReadLeaks, AsConfidant, reading(10, 0, "R10.6")},
	{ReadLeaks, AsOfficeLead, reading(10, 0, "R10.6")},
	{ComplainOf, AsSigner, art(9, 0)},
	{ReadPlaint, AsSigner, art(9, 0)},
	{ListCases, AsOneself, art(4, 0)},
	{ReadMeasures, AsSubject, reading(11, 0, "R11.4")},
	{ReadMeasures, AsOfficer, art(11, 0)},
	{TakeMeasure, AsSubject, reading(11, 0, "R11.4")},
	{TakeMeasure, AsOfficer, reading(11, 0, "R11.2")},
	{ReadIntegrity, AsOfficer, art(11, 0)},
	{LookUp, AsOfficer, art(11, 0)},
	{ExportEntries, AsOfficer, reading(11, 0, "R11.6")},
	{ListOwnFile, AsOneself, reading(11, 0, "R11.4")},
	{ListDecisions, AsOfficer, art(11, 0)},
	{ReadCheckpoint, AsOfficer, reading(4, 0, "R4.9")},
	{ListEntries, AsSigner, art(4, 0)},
	{ListNews, AsSigner, reading(5, 0, "R5.5")},
	{ListInbox, AsRecipient, art(5, 0)},
	{ListTasks, AsRecipient, art(8, 0)},
	{ListOverdue, AsOverseer, art(4, 2)},
	{ListLost, AsKeeper, reading(5, 0, "R5.5")},
	{ListKeeping, AsArchivist, art(4, 1)},
	{KeepFiles, AsArchivist, art(4, 1)},
	{ListAbsences, AsOverseer, reading(4, 0, "AM-21")},
	{NoteAbsence, AsOverseer, reading(4, 0, "AM-21")},
	{ListSigners, AsOverseer, art(4, 0)},
	{ListFilings, AsOverseer, reading(4, 0, "E20")},
	{PrintFilings, AsOverseer, reading(4, 0, "E20")},
	{ListPeople, AsOneself, reading(6, 0, "R6.4")},
	{ListLeaks, AsConfidant, reading(10, 0, "R10.6")},
	{ListLeaks, AsOfficeLead, reading(10, 0, "R10.6")},
}

// Access are the rows of an action, in the order in which they are tried. An action without rows is nobody's.
func Access(a Action) []AccessRow {
	return slices.DeleteFunc(slices.Clone(accessRows), func(r AccessRow) bool { return r.Action != a })
}

// AccessTable is the whole table, for whoever explains or checks it.
func AccessTable() []AccessRow { return slices.Clone(accessRows) }

// Lists are the actions that put a list onto a desk.
func Lists() []Action {
	return []Action{ListCases, ListEntries, ListInbox, ListOverdue, ListLost, ListTasks, ListNews, ListPeople, ListLeaks, ListOwnFile, ListDecisions, ListKeeping, ListAbsences, ListFilings, ListSigners}
}
