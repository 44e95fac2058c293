// Package vault keeps what is confidential unreadable at rest: the key file, sealed database
// fields and dialog drafts, keyed hashes, and evidence files ([Blobs]).
//
// Art. 10 of the rule forbids letting records and reports leak; whoever gets hold of a disk, a
// database file or a Redis dump without the key file learns sizes and times, nothing more. Root
// on the running machine still sees the memory: that is outside what this package can promise.
//
// # Formats
//
// Every sealed thing begins with a version byte, so that later formats can stand beside this one:
//
//	sealed field  2 | suite (1) | salt (24) | text, encrypted under a data key | tag (16)
//	the same      1 | key id (4) | salt (24) | text, encrypted under a key of the key file | tag (16)
//	evidence file 1 | suite (1) | length (2) | sealed field: size, content key | chunk | chunk | …
//
// A field is encrypted under a key derived by HKDF from a secret and a fresh 192-bit salt, so the number of messages under one
// key has no practical limit. Everything before the ciphertext is authenticated, and so is the place the text belongs to (see
// [DataKey.Seal]): two rows with their ciphertexts exchanged do not open.
//
// The first form serves what is stored: each row has a [DataKey], which the database keeps wrapped, in the second form, by a key
// of the key file ([Keys.Wrap]). Changing that key therefore changes no stored row and no evidence file. Releases before that
// sealed rows in the second form; they stay readable.
//
// Which algorithms encrypt and derive is a [Suite]; everything says by which one it was made.
package vault
