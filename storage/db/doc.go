// Package db keeps everything that must last: people and roles, cases, signed entries, reports and who may read them, the
// messages still to be sent, and who did what. One SQL text serves SQLite and PostgreSQL.
//
// # Rules of the house
//
// Every call that shows or changes something for a person takes the [Caller] and decides under that caller's own rights;
// every read, list and act goes through one function, authorize, which decides by the table in flows/law/access.go and writes
// the decision down in the same transaction, allowed or refused (R10.4).
//
// # A new read
//
//  1. Add its action to flows/law/access.go, with a row for each relation that has it and the article it rests on.
//  2. In authorize.go, teach relate what the relation is to the new subject, and allowed and refusal how it is written down:
//     nothing in the clear may tell 无此类情况 from a report.
//  3. Read with the grant: take *grant as a parameter and pass it to unseal or open, which open nothing else. A list on the desk
//     is an entry in lists (desk.go); who gets it is the table's affair.
//  4. A refusal is [ErrDenied] and says nothing more: what is another's and what is not there are the same (T4).
//
// What the store does by itself, reminding, routing and verifying, opens what is sealed for a purpose (sealed.go) and gives nothing
// of it to anybody; testdata/reads.txt lists every such query. access_test.go fails when something secret is read otherwise.
//
// A desk is noted once for each person, day and set of lists, the first time in the day: its lists hold no content. Every read of
// content and every refusal is a row of its own.
//
// # Rules of the store
//
// Everything durable that one event causes is carried out in one transaction ([DB.Commit]), and every row it makes has a
// natural key: doing it again changes nothing, whether a crash or a lost answer was the reason.
//
// Towards the institution an entry is filed or not filed, nothing else (design 5). Therefore nothing in the clear tells an
// entry that says 无此类情况 from one that reports: the record's body is sealed and padded, a report is tied to its entry by
// a keyed name, its content and those excluded from it are sealed, what comes into being with an entry has its day only
// (dayOf), and messages about their own report that reached its signer are put away, sealed (told.go). What remains visible to
// somebody who holds a dump without the keys are the registry, when who signed for what, sizes over 4 KiB, on which day who was sent
// some report, and when something was done about one, by its unit when it was done with; not what, by whom or in which words.
// Messages still under way name their reader, and the files of an engine tell more than a dump: bot/docs/security.md has all of it.
//
//   - open.go, migrate.go, tx.go, token.go: the ground
//   - registry.go: units, people, roles; load*.go: lists coming in
//   - commit.go, file.go, bind.go: what an event changes
//   - authorize.go: who may see and do what; note.go: that it is written down; sealed.go: what is sealed, opened
//   - desk.go, read.go, hands.go, oversee.go: what a caller may see
//   - absence*.go: missing signatures explained; filings.go: lists of who filed
//   - substitute.go, recuse.go, holes.go: deputies, who is barred from a report, what is missing in the routes
//   - act.go: what is done about a report; matter.go: the state that is derived from it; follow.go: who is shown what of it
//   - outbox.go, claim.go, reroute.go, escalate.go: messages and their way
//   - told.go: messages about reports that are not under way any more; checkpoint.go, roll.go: what is kept outside
//   - owing.go: who owes what; verify.go: whether anything was altered
//   - datakey.go, rotate.go: the keys of sealed rows; dump.go, restore.go, restore_one.go, quarantine.go: backups
package db
