-- What was done about reports. Who did what, and in which words, stands in the sealed column only.
CREATE TABLE acts (
	id     TEXT   NOT NULL PRIMARY KEY,
	report TEXT   NOT NULL REFERENCES reports (id),
	at_ms  BIGINT NOT NULL,
	body   BYTEA  NOT NULL
);
CREATE INDEX acts_report ON acts (report, at_ms);

-- Units that have done with a report, so that what is still open is found without opening what is not.
CREATE TABLE closings (
	report TEXT NOT NULL REFERENCES reports (id),
	unit   TEXT NOT NULL REFERENCES units (id),
	PRIMARY KEY (report, unit)
);

-- The logs of access: which audit rows stand in the log of which unit, the one for which somebody read or tried.
CREATE TABLE logged (
	id    TEXT   NOT NULL PRIMARY KEY REFERENCES audit (id),
	unit  TEXT   NOT NULL REFERENCES units (id),
	at_ms BIGINT NOT NULL
);
CREATE INDEX logged_unit ON logged (unit, at_ms);
-- Dated deputies: in those days somebody receives and handles what another one would. Independent of any report.
CREATE TABLE substitutes (
	id        TEXT   NOT NULL PRIMARY KEY,
	unit      TEXT   NOT NULL REFERENCES units (id),
	principal TEXT   NOT NULL REFERENCES persons (id),
	deputy    TEXT   NOT NULL REFERENCES persons (id),
	from_day  TEXT   NOT NULL,
	until_day TEXT   NOT NULL,
	made_ms   BIGINT NOT NULL
);
CREATE INDEX substitutes_until ON substitutes (until_day);

-- Appointments ended before their last day.
CREATE TABLE substitute_ends (
	id    TEXT   NOT NULL PRIMARY KEY REFERENCES substitutes (id),
	at_ms BIGINT NOT NULL
);

-- Who may not have which report any more, by recusal or by exclusion. Neither stands in the clear.
CREATE TABLE bars (
	id   TEXT  NOT NULL PRIMARY KEY,
	head BYTEA NOT NULL
);

-- The transparency log: each thing signed or done is one leaf. name is keyed and ref is sealed, so that all leaves look the same.
CREATE TABLE log (
	n    BIGINT NOT NULL PRIMARY KEY,
	name TEXT   NOT NULL UNIQUE,
	ref  BYTEA  NOT NULL
);

-- The hashes of its tree, numbered as golang.org/x/mod/sumdb/tlog numbers them.
CREATE TABLE log_hashes (
	i    BIGINT NOT NULL PRIMARY KEY,
	hash BYTEA  NOT NULL
);

-- Keys that lock data keys away; a key that is not here any more was retired and wraps nothing.
CREATE TABLE wrapping_keys (
	id      TEXT   NOT NULL PRIMARY KEY,
	made_ms BIGINT NOT NULL
);

-- Messages about reports that are not under way any more. To whom, about which and when stands in the sealed column only.
CREATE TABLE told (
	id   TEXT  NOT NULL PRIMARY KEY,
	whom TEXT  NOT NULL,
	head BYTEA NOT NULL
);
CREATE INDEX told_whom ON told (whom);

-- Restores from a backup. Until one is released nothing is delivered: roles may have changed since the backup was made.
CREATE TABLE restores (
	at_ms       BIGINT NOT NULL PRIMARY KEY,
	released_ms BIGINT,
	by_whom     TEXT   NOT NULL
);
-- Leaks that were written down, for the lead of the organ that the unit is or that supervises it. What is said is sealed.
CREATE TABLE leaks (
	id    TEXT   NOT NULL PRIMARY KEY,
	unit  TEXT   NOT NULL REFERENCES units (id),
	at_ms BIGINT NOT NULL,
	body  BYTEA  NOT NULL
);
CREATE INDEX leaks_unit ON leaks (unit, at_ms);

-- What people said when asked whether they still receive reports for a unit. Independent of any report.
CREATE TABLE confirmations (
	id     TEXT    NOT NULL PRIMARY KEY,
	person TEXT    NOT NULL REFERENCES persons (id),
	unit   TEXT    NOT NULL REFERENCES units (id),
	still  BOOLEAN NOT NULL,
	at_ms  BIGINT  NOT NULL
);
CREATE INDEX confirmations_unit ON confirmations (unit, person, at_ms);
-- What was done under Art. 11. Of whom, by whom and in which words stands in the sealed column only; subject is a keyed name.
CREATE TABLE measures (
	id         TEXT   NOT NULL PRIMARY KEY,
	proceeding TEXT   NOT NULL,
	unit       TEXT   NOT NULL REFERENCES units (id),
	nth        BIGINT NOT NULL,
	subject    TEXT   NOT NULL,
	at_ms      BIGINT NOT NULL,
	body       BYTEA  NOT NULL,
	UNIQUE (proceeding, nth)
);
CREATE INDEX measures_unit ON measures (unit, at_ms);
CREATE INDEX measures_subject ON measures (subject);
-- What was done about the keeping of cases: holds, proposals of disposal and their answers (Art. 4). The words are sealed.
CREATE TABLE deeds (
	id     TEXT   NOT NULL PRIMARY KEY,
	kind   TEXT   NOT NULL,
	unit   TEXT   NOT NULL REFERENCES units (id),
	person TEXT   NOT NULL REFERENCES persons (id),
	about  TEXT   NOT NULL,
	at_ms  BIGINT NOT NULL,
	body   BYTEA  NOT NULL
);
CREATE INDEX deeds_about ON deeds (about);

CREATE TABLE deed_cases (
	deed    TEXT NOT NULL REFERENCES deeds (id),
	case_id TEXT NOT NULL REFERENCES cases (id),
	PRIMARY KEY (deed, case_id)
);
CREATE INDEX deed_cases_case ON deed_cases (case_id);

-- What was said about signatures that are missing (AM-21): that somebody has not signed stands with the case anyway. Why, and in which
-- words, is sealed.
CREATE TABLE absences (
	id      TEXT   NOT NULL PRIMARY KEY,
	kind    TEXT   NOT NULL,
	unit    TEXT   NOT NULL REFERENCES units (id),
	person  TEXT   NOT NULL REFERENCES persons (id),
	about   TEXT   NOT NULL,
	case_id TEXT   NOT NULL REFERENCES cases (id),
	signer  TEXT   NOT NULL REFERENCES persons (id),
	at_ms   BIGINT NOT NULL,
	body    BYTEA  NOT NULL
);
CREATE INDEX absences_case ON absences (case_id, signer);
CREATE INDEX absences_signer ON absences (signer);
CREATE INDEX absences_about ON absences (about);

-- Rows whose data keys were destroyed by a disposal: nothing opens them any more. Which disposal is sealed with it, for else a
-- report could be tied to its case.
CREATE TABLE gone (
	of_table TEXT NOT NULL,
	of_row   TEXT NOT NULL,
	PRIMARY KEY (of_table, of_row)
);
-- What people said about being asked whether they suffer retaliation. Which entry, who, and what stands in the sealed column only.
CREATE TABLE checkins (
	id    TEXT   NOT NULL PRIMARY KEY,
	watch TEXT   NOT NULL,
	at_ms BIGINT NOT NULL,
	body  BYTEA  NOT NULL
);
CREATE INDEX checkins_watch ON checkins (watch, at_ms);

-- Changes of the signers of a case stand in the audit table.
CREATE INDEX audit_signers ON audit (subject) WHERE action IN ('signer_in', 'signer_out');
