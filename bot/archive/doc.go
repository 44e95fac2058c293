// Package archive makes the sealed sub-file (密存) that goes into the file of a closed case: a package whose main part is a
// neutral index and whose entries can be opened by the supervising authority alone, or by two authorised people together
// (Art. 4, AM-12).
//
// The institution that keeps the package must not learn from it what anybody filed (Art. 10). So every signer has exactly one
// sealed part, whatever and however often they filed; there is always one more for other people's entries; all parts are of one
// size; and the keys that open them are wrapped in a number of places that never changes, those that open nothing included.
//
// Everything is in open formats that outlive this program: age for sealing, ZIP, JSON, PDF and plain text inside, SHA-256 sums
// as sha256sum writes them. The README.txt of each package says how to open it without Liuhen.
//
// A package and each part in it carry the system's signature over their sums, and each entry its receipt and the proof that it
// was in the log at a checkpoint. Whoever has the public key needs nothing else to see that they are as they were filed (R4.9).
//
//   - organs.go: who holds the keys; seal.go: one sealed part; write.go: the package; open.go: unsealing;
//     check.go: signatures and proofs
package archive
