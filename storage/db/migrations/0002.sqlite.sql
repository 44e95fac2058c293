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
CREATE TRIGGER data_keys_no_delete BEFORE DELETE ON data_keys BEGIN SELECT RAISE(ABORT, 'data_keys are never deleted'); END;
CREATE TRIGGER leaks_no_update BEFORE UPDATE ON leaks BEGIN SELECT RAISE(ABORT, 'leaks is append-only'); END;
CREATE TRIGGER leaks_no_delete BEFORE DELETE ON leaks BEGIN SELECT RAISE(ABORT, 'leaks is append-only'); END;
CREATE TRIGGER confirmations_no_update BEFORE UPDATE ON confirmations BEGIN SELECT RAISE(ABORT, 'confirmations is append-only'); END;
CREATE TRIGGER confirmations_no_delete BEFORE DELETE ON confirmations BEGIN SELECT RAISE(ABORT, 'confirmations is append-only'); END;
CREATE TRIGGER measures_no_update BEFORE UPDATE ON measures BEGIN SELECT RAISE(ABORT, 'measures is append-only'); END;
CREATE TRIGGER measures_no_delete BEFORE DELETE ON measures BEGIN SELECT RAISE(ABORT, 'measures is append-only'); END;
