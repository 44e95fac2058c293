-- The data key of each row with something sealed. It lies here and not in the row, so that changing keys changes no signed row.
CREATE TABLE data_keys (
	of_table   TEXT  NOT NULL,
	of_row     TEXT  NOT NULL,
	wrapped_by TEXT  NOT NULL REFERENCES wrapping_keys (id),
	wrapped    BYTEA NOT NULL,
	PRIMARY KEY (of_table, of_row)
);
CREATE INDEX data_keys_wrapped_by ON data_keys (wrapped_by);

-- What was done is never changed and never deleted.
CREATE TRIGGER acts_append_only BEFORE UPDATE OR DELETE ON acts FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER acts_never_emptied BEFORE TRUNCATE ON acts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER logged_append_only BEFORE UPDATE OR DELETE ON logged FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER logged_never_emptied BEFORE TRUNCATE ON logged FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER substitutes_append_only BEFORE UPDATE OR DELETE ON substitutes FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER substitutes_never_emptied BEFORE TRUNCATE ON substitutes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER substitute_ends_append_only BEFORE UPDATE OR DELETE ON substitute_ends FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER substitute_ends_never_emptied BEFORE TRUNCATE ON substitute_ends FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER bars_append_only BEFORE UPDATE OR DELETE ON bars FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER bars_never_emptied BEFORE TRUNCATE ON bars FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
-- A data key may be wrapped anew; deleting one would delete what it sealed.
CREATE FUNCTION refuse_unless_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NOT EXISTS (SELECT 1 FROM gone WHERE gone.of_table = OLD.of_table AND gone.of_row = OLD.of_row) THEN
		RAISE EXCEPTION 'data_keys are deleted by a disposal alone';
	END IF;
	RETURN OLD;
END $$;
CREATE TRIGGER data_keys_never_deleted BEFORE DELETE ON data_keys FOR EACH ROW EXECUTE FUNCTION refuse_unless_gone();
CREATE TRIGGER data_keys_never_emptied BEFORE TRUNCATE ON data_keys FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER leaks_append_only BEFORE UPDATE OR DELETE ON leaks FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER leaks_never_emptied BEFORE TRUNCATE ON leaks FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER confirmations_append_only BEFORE UPDATE OR DELETE ON confirmations FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER confirmations_never_emptied BEFORE TRUNCATE ON confirmations FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER measures_append_only BEFORE UPDATE OR DELETE ON measures FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER measures_never_emptied BEFORE TRUNCATE ON measures FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER deeds_append_only BEFORE UPDATE OR DELETE ON deeds FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER deeds_never_emptied BEFORE TRUNCATE ON deeds FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER deed_cases_append_only BEFORE UPDATE OR DELETE ON deed_cases FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER deed_cases_never_emptied BEFORE TRUNCATE ON deed_cases FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER absences_append_only BEFORE UPDATE OR DELETE ON absences FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER absences_never_emptied BEFORE TRUNCATE ON absences FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER gone_append_only BEFORE UPDATE OR DELETE ON gone FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER gone_never_emptied BEFORE TRUNCATE ON gone FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER checkins_append_only BEFORE UPDATE OR DELETE ON checkins FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER checkins_never_emptied BEFORE TRUNCATE ON checkins FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_append_only BEFORE UPDATE OR DELETE ON log FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_never_emptied BEFORE TRUNCATE ON log FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_hashes_append_only BEFORE UPDATE OR DELETE ON log_hashes FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_hashes_never_emptied BEFORE TRUNCATE ON log_hashes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
