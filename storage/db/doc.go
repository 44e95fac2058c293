// Package db keeps everything that must last: people and roles, cases, signed entries, reports and who may read them, the
// messages still to be sent, and who did what. One SQL text serves SQLite and PostgreSQL.
//
// # Rules of the house
//
// Every call that shows or changes something for a person takes the [Caller] and decides under that caller's own rights;
// every read of content goes through one function, authorize, which writes the decision down (R10.4).
//
// Everything durable that one event causes is carried out in one transaction ([DB.Commit]), and every row it makes has a
// natural key: doing it again changes nothing, whether a crash or a lost answer was the reason.
//
// Towards the institution an entry is filed or not filed, nothing else (design 5). Therefore nothing in the clear tells an
// entry that says 无此类情况 from one that reports: the record's body is sealed and padded, a report is tied to its entry by
// a keyed name, its content and those excluded from it are sealed. What remains visible to somebody who holds the database
// without the keys are the registry, times, sizes over 4 KiB, who was sent some report, and when something was done about one,
// by its unit when it was done with; not what, by whom or in which words.
//
//   - open.go, migrate.go, tx.go, token.go: the ground
//   - registry.go: units, people, roles; load*.go: lists coming in
//   - commit.go, file.go, bind.go: what an event changes
//   - desk*.go, authorize.go: what a caller may see
//   - act.go: what is done about a report; matter.go: the state that is derived from it; follow.go: who is shown what of it
//   - outbox.go, claim.go, reroute.go, escalate.go: messages and their way
//   - owing.go: who owes what; verify.go: whether anything was altered
package db
