"""What the database keeps of ideas: who is shown, words to search, supports counted, and no two budgets mixed."""

from django.db import migrations

from moderation.binding import shown_as_judged

SEARCH = """
CREATE FUNCTION budgets_suggestion_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.search := SETWEIGHT(consult_words(NEW.title), 'A')
        || SETWEIGHT(consult_words(REGEXP_REPLACE(NEW.body, '<[^>]*>', ' ', 'g') || ' ' || NEW.place), 'B');
    RETURN NEW;
END $$;
CREATE TRIGGER budgets_suggestion_words BEFORE INSERT OR UPDATE OF title, body, place ON budgets_suggestion
    FOR EACH ROW EXECUTE FUNCTION budgets_suggestion_words();
"""
NO_SEARCH = """
DROP TRIGGER budgets_suggestion_words ON budgets_suggestion; DROP FUNCTION budgets_suggestion_words();
"""
# ``moved`` holds the rows of the statement. Ideas are held by key before they change: statements never deadlock.
COUNTED = """
CREATE FUNCTION budgets_supports_counted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    step int := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
BEGIN
    PERFORM 1 FROM budgets_suggestion WHERE id IN (SELECT suggestion_id FROM moved) ORDER BY id FOR NO KEY UPDATE;
    UPDATE budgets_suggestion AS s SET support_count = s.support_count + step * m.many
    FROM (SELECT suggestion_id, COUNT(*)::int AS many FROM moved GROUP BY suggestion_id) AS m
    WHERE s.id = m.suggestion_id;
    RETURN NULL;
END $$;
CREATE TRIGGER budgets_support_comes AFTER INSERT ON budgets_support REFERENCING NEW TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION budgets_supports_counted();
CREATE TRIGGER budgets_support_goes AFTER DELETE ON budgets_support REFERENCING OLD TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION budgets_supports_counted();

CREATE FUNCTION budgets_support_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a support is given or taken back, never moved' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER budgets_support_stands BEFORE UPDATE OF suggestion_id, participant_id ON budgets_support
    FOR EACH ROW EXECUTE FUNCTION budgets_support_stands();
"""
NOT_COUNTED = """
DROP TRIGGER budgets_support_stands ON budgets_support; DROP FUNCTION budgets_support_stands();
DROP TRIGGER budgets_support_goes ON budgets_support; DROP TRIGGER budgets_support_comes ON budgets_support;
DROP FUNCTION budgets_supports_counted();
"""
OF_ONE_BUDGET = """
CREATE FUNCTION budgets_in_its_envelope() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.envelope_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM budgets_envelope AS e JOIN budgets_budget AS b ON b.page_id = e.page_id
        WHERE e.id = NEW.envelope_id AND b.id = NEW.budget_id
    ) THEN
        RAISE EXCEPTION 'this envelope is of another budget' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER budgets_suggestion_in_its_envelope BEFORE INSERT OR UPDATE OF envelope_id, budget_id
    ON budgets_suggestion FOR EACH ROW EXECUTE FUNCTION budgets_in_its_envelope();
CREATE TRIGGER budgets_project_in_its_envelope BEFORE INSERT OR UPDATE OF envelope_id, budget_id
    ON budgets_project FOR EACH ROW EXECUTE FUNCTION budgets_in_its_envelope();

CREATE FUNCTION budgets_origin_of_one_budget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM budgets_project AS p JOIN budgets_suggestion AS s ON s.budget_id = p.budget_id
        WHERE p.id = NEW.project_id AND s.id = NEW.suggestion_id
    ) THEN
        RAISE EXCEPTION 'this idea is of another budget' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER budgets_origin_of_one_budget BEFORE INSERT OR UPDATE ON budgets_projectorigin
    FOR EACH ROW EXECUTE FUNCTION budgets_origin_of_one_budget();
"""
OF_ANY = """
DROP TRIGGER budgets_origin_of_one_budget ON budgets_projectorigin; DROP FUNCTION budgets_origin_of_one_budget();
DROP TRIGGER budgets_project_in_its_envelope ON budgets_project;
DROP TRIGGER budgets_suggestion_in_its_envelope ON budgets_suggestion; DROP FUNCTION budgets_in_its_envelope();
"""


class Migration(migrations.Migration):
    dependencies = [("budgets", "0003_ideas"), ("consult", "0002_kept_by_the_database")]

    operations = [
        shown_as_judged("budgets_suggestion"),
        migrations.RunSQL(SEARCH, NO_SEARCH),
        migrations.RunSQL(COUNTED, NOT_COUNTED),
        migrations.RunSQL(OF_ONE_BUDGET, OF_ANY),
    ]
