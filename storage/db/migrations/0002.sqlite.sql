-- What was done is never changed and never deleted.
CREATE TRIGGER acts_no_update BEFORE UPDATE ON acts BEGIN SELECT RAISE(ABORT, 'acts is append-only'); END;
CREATE TRIGGER acts_no_delete BEFORE DELETE ON acts BEGIN SELECT RAISE(ABORT, 'acts is append-only'); END;
CREATE TRIGGER logged_no_update BEFORE UPDATE ON logged BEGIN SELECT RAISE(ABORT, 'logged is append-only'); END;
CREATE TRIGGER logged_no_delete BEFORE DELETE ON logged BEGIN SELECT RAISE(ABORT, 'logged is append-only'); END;
