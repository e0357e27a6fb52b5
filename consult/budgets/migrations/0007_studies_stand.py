"""What is signed and changes loses its signatures; what is public stands; each state of a project is dated."""

from django.db import migrations

STANDS = """
CREATE FUNCTION budgets_study_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    needed integer;
    held integer;
BEGIN
    IF OLD.publication_id IS NOT NULL THEN
        IF TG_OP = 'UPDATE' AND to_jsonb(OLD) = to_jsonb(NEW) THEN RETURN NEW; END IF;
        RAISE EXCEPTION 'a published study never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    IF (OLD.project_id, OLD.verdict, OLD.reason, OLD.revised_title, OLD.revised_summary)
        IS DISTINCT FROM (NEW.project_id, NEW.verdict, NEW.reason, NEW.revised_title, NEW.revised_summary) THEN
        DELETE FROM budgets_studysignature WHERE study_id = NEW.id;
    END IF;
    IF NEW.publication_id IS NOT NULL THEN
        SELECT signatures INTO needed FROM budgets_budgetpage
            JOIN budgets_budget ON budgets_budget.page_id = budgets_budgetpage.page_ptr_id
            JOIN budgets_project ON budgets_project.budget_id = budgets_budget.id
            WHERE budgets_project.id = NEW.project_id;
        SELECT count(*) INTO held FROM budgets_studysignature WHERE study_id = NEW.id;
        IF held < needed OR NEW.verdict = '' THEN
            RAISE EXCEPTION 'a study is published once it is signed' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER budgets_study_stands BEFORE UPDATE OR DELETE ON budgets_study
    FOR EACH ROW EXECUTE FUNCTION budgets_study_stands();

CREATE FUNCTION budgets_cost_line_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint[] := ARRAY[]::bigint[];
BEGIN
    IF TG_OP <> 'INSERT' THEN touched := touched || OLD.study_id; END IF;
    IF TG_OP <> 'DELETE' THEN touched := touched || NEW.study_id; END IF;
    IF EXISTS (SELECT FROM budgets_study WHERE id = ANY(touched) AND publication_id IS NOT NULL) THEN
        RAISE EXCEPTION 'a published study never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    DELETE FROM budgets_studysignature WHERE study_id = ANY(touched);
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER budgets_cost_line_changes BEFORE INSERT OR UPDATE OR DELETE ON budgets_costline
    FOR EACH ROW EXECUTE FUNCTION budgets_cost_line_changes();

CREATE FUNCTION budgets_publication_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NULL THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) = to_jsonb(NEW) THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'studies were published: that does not change' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER budgets_publication_stands BEFORE UPDATE OR DELETE ON budgets_studypublication
    FOR EACH ROW EXECUTE FUNCTION budgets_publication_stands();

CREATE FUNCTION budgets_project_moves() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    happened timestamptz := NEW.state_changed_at;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.state = OLD.state THEN RETURN NULL; END IF;
        IF NEW.state_changed_at = OLD.state_changed_at THEN happened := statement_timestamp(); END IF;
    END IF;
    INSERT INTO budgets_projectmove (project_id, state, reason, at) VALUES (NEW.id, NEW.state, NEW.reason, happened);
    RETURN NULL;
END $$;
CREATE TRIGGER budgets_project_moves AFTER INSERT OR UPDATE ON budgets_project
    FOR EACH ROW EXECUTE FUNCTION budgets_project_moves();
"""
FALLS = """
DROP TRIGGER budgets_project_moves ON budgets_project; DROP FUNCTION budgets_project_moves();
DROP TRIGGER budgets_publication_stands ON budgets_studypublication; DROP FUNCTION budgets_publication_stands();
DROP TRIGGER budgets_cost_line_changes ON budgets_costline; DROP FUNCTION budgets_cost_line_changes();
DROP TRIGGER budgets_study_stands ON budgets_study; DROP FUNCTION budgets_study_stands();
"""


class Migration(migrations.Migration):
    dependencies = [("budgets", "0006_studies_and_works")]

    operations = [migrations.RunSQL(STANDS, FALLS)]
