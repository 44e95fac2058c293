// Package turn takes one event from its arrival to its acknowledgement (design 3): what the person did meets the dialog and
// what they may know, [flows.Step] decides, and then, in this order,
//
//  1. what must last is carried out in one SQL transaction,
//  2. the dialog is stored by compare-and-set,
//  3. the press is answered and the screen drawn,
//  4. the update is acknowledged.
//
// A crash anywhere heals when the update comes again: 1 has natural keys, 2 remembers the events it has seen, 3 is a
// function of the state.
//
//   - turn.go: the core, 1 and 2
//   - tell.go, draw.go: 3
//   - lane.go: the order within a chat
//   - run.go: bursts, patience, 4
//   - dialog.go, evidence.go: what is stored and what is fetched
package turn
