-- The registry: readable, so that people and cases can be found and mended.
CREATE TABLE units (
	id     TEXT NOT NULL PRIMARY KEY,
	parent TEXT REFERENCES units (id),
	kind   TEXT NOT NULL,
	name   TEXT NOT NULL
);
CREATE INDEX units_parent ON units (parent);

CREATE TABLE persons (
	id      TEXT   NOT NULL PRIMARY KEY,
	unit    TEXT   NOT NULL REFERENCES units (id),
	name    TEXT   NOT NULL,
	licence TEXT   NOT NULL,
	left_ms BIGINT
);
CREATE INDEX persons_unit ON persons (unit);

CREATE TABLE roles (
	person   TEXT   NOT NULL REFERENCES persons (id),
	unit     TEXT   NOT NULL REFERENCES units (id),
	role     TEXT   NOT NULL,
	since_ms BIGINT NOT NULL,
	until_ms BIGINT,
	PRIMARY KEY (person, unit, role)
);
CREATE INDEX roles_unit ON roles (unit);

CREATE TABLE accounts (
	person         TEXT   NOT NULL PRIMARY KEY REFERENCES persons (id),
	account        BIGINT NOT NULL UNIQUE,
	bound_ms       BIGINT NOT NULL,
	unreachable_ms BIGINT
);

CREATE TABLE invitations (
	hash       TEXT   NOT NULL PRIMARY KEY,
	person     TEXT   NOT NULL REFERENCES persons (id),
	made_ms    BIGINT NOT NULL,
	expires_ms BIGINT NOT NULL,
	used_ms    BIGINT
);
CREATE INDEX invitations_person ON invitations (person);

CREATE TABLE tries (
	event   BIGINT NOT NULL PRIMARY KEY,
	account TEXT   NOT NULL,
	at_ms   BIGINT NOT NULL
);
CREATE INDEX tries_at ON tries (at_ms);

CREATE TABLE cases (
	id          TEXT NOT NULL PRIMARY KEY,
	institution TEXT NOT NULL REFERENCES units (id),
	number      TEXT NOT NULL,
	match_key   TEXT NOT NULL,
	matter      TEXT NOT NULL,
	client      TEXT NOT NULL,
	client_type TEXT NOT NULL,
	accepted    TEXT NOT NULL,
	closed      TEXT NOT NULL,
	closing     TEXT NOT NULL,
	UNIQUE (institution, match_key)
);
CREATE INDEX cases_closed ON cases (closed);

-- filed_ms is when the signer first filed an entry for the case, whatever it says.
CREATE TABLE signers (
	case_id  TEXT NOT NULL REFERENCES cases (id),
	person   TEXT NOT NULL REFERENCES persons (id),
	filed_ms BIGINT,
	PRIMARY KEY (case_id, person)
);
CREATE INDEX signers_person ON signers (person);
CREATE INDEX signers_missing ON signers (case_id) WHERE filed_ms IS NULL;

-- Signed entries. Whether one says that nothing happened or reports something stands in the sealed columns only.
CREATE TABLE records (
	id          TEXT   NOT NULL PRIMARY KEY,
	institution TEXT   NOT NULL REFERENCES units (id),
	signer      TEXT   NOT NULL REFERENCES persons (id),
	signed_ms   BIGINT NOT NULL,
	supersedes  TEXT   NOT NULL,
	head        BYTEA  NOT NULL,
	body        BYTEA  NOT NULL
);
CREATE INDEX records_signer ON records (signer, signed_ms);
CREATE INDEX records_institution ON records (institution);

-- Which registered case an entry belongs to; made at signing, or later when the case is loaded after its entry.
CREATE TABLE links (
	record  TEXT NOT NULL PRIMARY KEY REFERENCES records (id),
	case_id TEXT NOT NULL REFERENCES cases (id)
);
CREATE INDEX links_case ON links (case_id);

-- Neither evidence nor reports name their entry in the clear: the entry's kind would show.
CREATE TABLE evidence (
	id   TEXT   NOT NULL PRIMARY KEY,
	blob TEXT   NOT NULL,
	size BIGINT NOT NULL,
	body BYTEA  NOT NULL
);
CREATE INDEX evidence_blob ON evidence (blob);

CREATE TABLE reports (
	id         TEXT   NOT NULL PRIMARY KEY,
	arrived_ms BIGINT NOT NULL,
	body       BYTEA  NOT NULL
);

CREATE TABLE stops (
	report  TEXT    NOT NULL REFERENCES reports (id),
	unit    TEXT    NOT NULL REFERENCES units (id),
	level   TEXT    NOT NULL,
	article TEXT    NOT NULL,
	climbed BOOLEAN NOT NULL,
	made_ms BIGINT  NOT NULL,
	PRIMARY KEY (report, unit)
);

CREATE TABLE deliveries (
	report    TEXT   NOT NULL REFERENCES reports (id),
	unit      TEXT   NOT NULL REFERENCES units (id),
	person    TEXT   NOT NULL REFERENCES persons (id),
	made_ms   BIGINT NOT NULL,
	opened_ms BIGINT,
	PRIMARY KEY (report, unit, person)
);
CREATE INDEX deliveries_person ON deliveries (person, made_ms);

CREATE TABLE outbox (
	id       TEXT   NOT NULL PRIMARY KEY,
	person   TEXT   NOT NULL REFERENCES persons (id),
	kind     TEXT   NOT NULL,
	ref      TEXT   NOT NULL,
	due_ms   BIGINT NOT NULL,
	lease_ms BIGINT NOT NULL,
	attempts BIGINT NOT NULL,
	state    TEXT   NOT NULL,
	why      TEXT   NOT NULL
);
CREATE INDEX outbox_due ON outbox (state, due_ms);

CREATE TABLE audit (
	id      TEXT    NOT NULL PRIMARY KEY,
	at_ms   BIGINT  NOT NULL,
	caller  TEXT    NOT NULL,
	action  TEXT    NOT NULL,
	subject TEXT    NOT NULL,
	allowed BOOLEAN NOT NULL,
	why     TEXT    NOT NULL
);
CREATE INDEX audit_at ON audit (at_ms);

CREATE TABLE snoozes (
	person TEXT NOT NULL PRIMARY KEY REFERENCES persons (id),
	until  TEXT NOT NULL
);

CREATE TABLE dialogs (
	key        TEXT   NOT NULL PRIMARY KEY,
	rev        BIGINT NOT NULL,
	value      BYTEA  NOT NULL,
	expires_ms BIGINT NOT NULL
);
