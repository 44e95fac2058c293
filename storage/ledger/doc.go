// Package ledger is the transparency log: an append-only Merkle tree over everything that is signed or done, so that whatever
// is altered, removed, put in or put elsewhere afterwards is found, and found by name (R4.4, R4.9).
//
// # How it is made
//
// Each thing becomes one leaf in its own transaction. A leaf is two digests of the thing, SHA-256 and SM3, both salted with a
// secret that only the key file holds: a leaf says nothing to anybody who would try out what the thing may have said, and a
// leaf of 无此类情况 is like any other. The tree above is that of RFC 6962 (golang.org/x/mod/sumdb/tlog).
//
// What leaves the system is a state of the log, [State]: the digest of its size and root, salted likewise. Sizes would count
// what other people do in secret; a state says only that there was one. A receipt carries the state right after its entry, a
// checkpoint that of its day. Both are signed notes (golang.org/x/mod/sumdb/note), by Ed25519 or SM2, and both are witnesses:
// a log that does not lead through each of their states was rewritten, even with the right keys.
//
// The entries of a checkpoint are also under the root of a [Roll], made so that the proof of one discloses nothing of any other: it goes,
// sealed, into the file of the case (AM-12), and verifies with the public key alone.
//
//   - digest.go: leaves and states
//   - tree.go: the tree in its tables, proofs
//   - note.go: texts with fields, signed and read back; receipt.go, checkpoint.go, list.go: the three there are
//   - roll.go: proofs that an entry was there at a checkpoint
//   - picture.go: a receipt as a picture that telephones read
package ledger
