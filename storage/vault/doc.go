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
//	sealed field  1 | key id (4) | salt (24) | AES-256-GCM of the text | tag (16)
//	evidence file 1 | suite (1) | length (2) | sealed field: data key, size | chunk | chunk | …
//
// A field is encrypted under a key derived by HKDF from the file's key and a fresh 192-bit salt, so
// the number of messages under one key has no practical limit. Everything before the ciphertext is
// authenticated, and so is the place the text belongs to (see [Keys.Seal]): two rows with their
// ciphertexts exchanged do not open.
//
// An evidence file already is an envelope: a random data key encrypts the content and is itself
// sealed in the head of the file, so that changing keys rewrites the heads only.
package vault
