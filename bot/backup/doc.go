// Package backup is the form of a backup file: an age file (age-encryption.org/v1), encrypted to a public key whose other half
// is kept off the machine, and in it a tar archive, so that tools that will be there in 25 years open it without this program:
//
//	manifest.json          {"format":1,"schema":2,"made":"2026-11-24T02:00:00Z","mark":"…"}
//	tables/000001-units.jsonl
//	tables/000002-….jsonl  the first line names the table's columns, each other line is a row
//	evidence/<name>        pieces of evidence as they are stored, encrypted
//	end.json               how many rows of each table and pieces of evidence there are; what has no end is no backup
//
// A row is a JSON array of null, numbers, true and false, texts, and bytes as {"b":"base64"}. Contents are sealed in the tables
// already, by keys of the key file, which is not part of a backup; names and cases are not sealed, which is why a backup is
// always encrypted. See storage/vault for how to open what is sealed.
package backup
