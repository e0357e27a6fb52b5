"""A list of volunteers closes with its hour and is frozen before the seed is known; a draw never changes."""

from django.db import migrations

KEPT = """
CREATE FUNCTION consult_volunteer_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    one consult_volunteer := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    closes timestamptz;
    frozen boolean;
    erased boolean;
BEGIN
    SELECT closes_at INTO closes FROM consult_panelpage WHERE page_ptr_id = one.panel_id FOR SHARE;
    SELECT true, erased_at IS NOT NULL INTO frozen, erased FROM consult_draw WHERE panel_id = one.panel_id;
    IF frozen AND NOT (TG_OP = 'DELETE' AND erased) THEN
        RAISE EXCEPTION 'the list is frozen' USING ERRCODE = 'check_violation', CONSTRAINT = 'a_frozen_list_is_kept';
    END IF;
    IF TG_OP = 'INSERT' AND closes <= STATEMENT_TIMESTAMP() THEN
        RAISE EXCEPTION 'the list is closed' USING ERRCODE = 'check_violation', CONSTRAINT = 'nobody_joins_a_closed_list';
    END IF;
    RETURN one;
END $$;
CREATE TRIGGER consult_volunteer_in_time BEFORE INSERT OR DELETE OR UPDATE OF panel_id, code, answers
    ON consult_volunteer FOR EACH ROW EXECUTE FUNCTION consult_volunteer_in_time();

CREATE FUNCTION consult_draw_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF EXISTS (
            SELECT FROM consult_panelpage WHERE page_ptr_id = NEW.panel_id AND closes_at > STATEMENT_TIMESTAMP()
        ) THEN
            RAISE EXCEPTION 'people still volunteer' USING ERRCODE = 'check_violation',
                CONSTRAINT = 'an_open_list_is_not_frozen';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR (
        OLD.panel_id, OLD.rules, OLD.fingerprint, OLD.volunteers, OLD.offered, OLD.seed_source, OLD.seed_at, OLD.frozen_at
    ) IS DISTINCT FROM (
        NEW.panel_id, NEW.rules, NEW.fingerprint, NEW.volunteers, NEW.offered, NEW.seed_source, NEW.seed_at, NEW.frozen_at
    ) OR OLD.seed <> '' AND (OLD.seed, OLD.method, OLD.drawn_at, OLD.chosen)
        IS DISTINCT FROM (NEW.seed, NEW.method, NEW.drawn_at, NEW.chosen)
    OR OLD.gone <> NEW.gone[1:CARDINALITY(OLD.gone)] THEN
        RAISE EXCEPTION 'a draw never changes' USING ERRCODE = 'check_violation', CONSTRAINT = 'a_draw_never_changes';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consult_draw_kept BEFORE INSERT OR UPDATE OR DELETE ON consult_draw
    FOR EACH ROW EXECUTE FUNCTION consult_draw_kept();

CREATE FUNCTION consult_panel_rules_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM consult_draw WHERE panel_id = NEW.page_ptr_id) THEN
        RAISE EXCEPTION 'the list is frozen' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'rules_of_a_frozen_list_are_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consult_panel_rules_kept BEFORE UPDATE ON consult_panelpage FOR EACH ROW WHEN (
    (OLD.size, OLD.closes_at, OLD.seed_source, OLD.seed_at) IS DISTINCT FROM
    (NEW.size, NEW.closes_at, NEW.seed_source, NEW.seed_at)
) EXECUTE FUNCTION consult_panel_rules_kept();
"""
NOT_KEPT = """
DROP TRIGGER consult_panel_rules_kept ON consult_panelpage; DROP FUNCTION consult_panel_rules_kept();
DROP TRIGGER consult_draw_kept ON consult_draw; DROP FUNCTION consult_draw_kept();
DROP TRIGGER consult_volunteer_in_time ON consult_volunteer; DROP FUNCTION consult_volunteer_in_time();
"""


class Migration(migrations.Migration):
    dependencies = [("consult", "0027_panels")]

    operations = [migrations.RunSQL(KEPT, NOT_KEPT)]
