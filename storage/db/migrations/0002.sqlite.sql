-- The data key of each row with something sealed. It lies here and not in the row, so that changing keys changes no signed row. It has no
-- row numbers: keys of an entry and of its report would stand side by side.
CREATE TABLE data_keys (
	of_table   TEXT  NOT NULL,
	of_row     TEXT  NOT NULL,
	wrapped_by TEXT  NOT NULL REFERENCES wrapping_keys (id),
	wrapped    BYTEA NOT NULL,
	PRIMARY KEY (of_table, of_row)
) WITHOUT ROWID;
CREATE INDEX data_keys_wrapped_by ON data_keys (wrapped_by);

-- What was done is never changed and never deleted.
CREATE TRIGGER acts_no_update BEFORE UPDATE ON acts BEGIN SELECT RAISE(ABORT, 'acts is append-only'); END;
CREATE TRIGGER acts_no_delete BEFORE DELETE ON acts BEGIN SELECT RAISE(ABORT, 'acts is append-only'); END;
CREATE TRIGGER logged_no_update BEFORE UPDATE ON logged BEGIN SELECT RAISE(ABORT, 'logged is append-only'); END;
CREATE TRIGGER logged_no_delete BEFORE DELETE ON logged BEGIN SELECT RAISE(ABORT, 'logged is append-only'); END;
CREATE TRIGGER substitutes_no_update BEFORE UPDATE ON substitutes BEGIN SELECT RAISE(ABORT, 'substitutes is append-only'); END;
CREATE TRIGGER substitutes_no_delete BEFORE DELETE ON substitutes BEGIN SELECT RAISE(ABORT, 'substitutes is append-only'); END;
CREATE TRIGGER substitute_ends_no_update BEFORE UPDATE ON substitute_ends BEGIN SELECT RAISE(ABORT, 'substitute_ends is append-only'); END;
CREATE TRIGGER substitute_ends_no_delete BEFORE DELETE ON substitute_ends BEGIN SELECT RAISE(ABORT, 'substitute_ends is append-only'); END;
CREATE TRIGGER bars_no_update BEFORE UPDATE ON bars BEGIN SELECT RAISE(ABORT, 'bars is append-only'); END;
CREATE TRIGGER bars_no_delete BEFORE DELETE ON bars BEGIN SELECT RAISE(ABORT, 'bars is append-only'); END;
-- A data key may be wrapped anew; deleting one would delete what it sealed.
CREATE TRIGGER leaks_no_update BEFORE UPDATE ON leaks BEGIN SELECT RAISE(ABORT, 'leaks is append-only'); END;
CREATE TRIGGER leaks_no_delete BEFORE DELETE ON leaks BEGIN SELECT RAISE(ABORT, 'leaks is append-only'); END;
CREATE TRIGGER confirmations_no_update BEFORE UPDATE ON confirmations BEGIN SELECT RAISE(ABORT, 'confirmations is append-only'); END;
CREATE TRIGGER confirmations_no_delete BEFORE DELETE ON confirmations BEGIN SELECT RAISE(ABORT, 'confirmations is append-only'); END;
CREATE TRIGGER measures_no_update BEFORE UPDATE ON measures BEGIN SELECT RAISE(ABORT, 'measures is append-only'); END;
CREATE TRIGGER measures_no_delete BEFORE DELETE ON measures BEGIN SELECT RAISE(ABORT, 'measures is append-only'); END;
CREATE TRIGGER data_keys_no_delete BEFORE DELETE ON data_keys
	WHEN NOT EXISTS (SELECT 1 FROM gone WHERE gone.of_table = OLD.of_table AND gone.of_row = OLD.of_row)
	BEGIN SELECT RAISE(ABORT, 'data_keys are deleted by a disposal alone'); END;
CREATE TRIGGER deeds_no_update BEFORE UPDATE ON deeds BEGIN SELECT RAISE(ABORT, 'deeds is append-only'); END;
CREATE TRIGGER deeds_no_delete BEFORE DELETE ON deeds BEGIN SELECT RAISE(ABORT, 'deeds is append-only'); END;
CREATE TRIGGER deed_cases_no_update BEFORE UPDATE ON deed_cases BEGIN SELECT RAISE(ABORT, 'deed_cases is append-only'); END;
CREATE TRIGGER deed_cases_no_delete BEFORE DELETE ON deed_cases BEGIN SELECT RAISE(ABORT, 'deed_cases is append-only'); END;
CREATE TRIGGER absences_no_update BEFORE UPDATE ON absences BEGIN SELECT RAISE(ABORT, 'absences is append-only'); END;
CREATE TRIGGER absences_no_delete BEFORE DELETE ON absences BEGIN SELECT RAISE(ABORT, 'absences is append-only'); END;
CREATE TRIGGER gone_no_update BEFORE UPDATE ON gone BEGIN SELECT RAISE(ABORT, 'gone is append-only'); END;
CREATE TRIGGER gone_no_delete BEFORE DELETE ON gone BEGIN SELECT RAISE(ABORT, 'gone is append-only'); END;
CREATE TRIGGER checkins_no_update BEFORE UPDATE ON checkins BEGIN SELECT RAISE(ABORT, 'checkins is append-only'); END;
CREATE TRIGGER checkins_no_delete BEFORE DELETE ON checkins BEGIN SELECT RAISE(ABORT, 'checkins is append-only'); END;
CREATE TRIGGER log_no_update BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'log is append-only'); END;
CREATE TRIGGER log_no_delete BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'log is append-only'); END;
CREATE TRIGGER log_hashes_no_update BEFORE UPDATE ON log_hashes BEGIN SELECT RAISE(ABORT, 'log_hashes is append-only'); END;
CREATE TRIGGER log_hashes_no_delete BEFORE DELETE ON log_hashes BEGIN SELECT RAISE(ABORT, 'log_hashes is append-only'); END;
