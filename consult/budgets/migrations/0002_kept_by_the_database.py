"""A frozen regulation and its options never change; no idea, no vote of one budget stands in another's envelope."""

from django.db import migrations

STANDS = """
CREATE FUNCTION budgets_regulation_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.budget_id, OLD.content, OLD.hash, OLD.frozen_at)
        IS NOT DISTINCT FROM (NEW.budget_id, NEW.content, NEW.hash, NEW.frozen_at) THEN
        RETURN NEW;  -- whoever froze it closed their account
    END IF;
    RAISE EXCEPTION 'a frozen regulation never changes' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER budgets_regulation_stands BEFORE UPDATE OR DELETE ON budgets_frozenregulation
    FOR EACH ROW EXECUTE FUNCTION budgets_regulation_stands();

CREATE FUNCTION budgets_option_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF EXISTS (SELECT FROM budgets_frozenregulation WHERE budget_id = NEW.budget_id) THEN
            RAISE EXCEPTION 'the list of projects is frozen' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.withdrawn_at IS NULL
        AND to_jsonb(OLD) - 'withdrawn_at' - 'withdrawn_reason' = to_jsonb(NEW) - 'withdrawn_at' - 'withdrawn_reason' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an option of a ballot is frozen: it may only be withdrawn'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER budgets_option_stands BEFORE INSERT OR UPDATE OR DELETE ON budgets_ballotoption
    FOR EACH ROW EXECUTE FUNCTION budgets_option_stands();

CREATE FUNCTION budgets_amount_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM budgets_frozenregulation JOIN budgets_budget ON budgets_budget.id = budget_id
        WHERE page_id = OLD.page_id
    ) AND (TG_OP = 'DELETE' OR (OLD.amount, OLD.kind) IS DISTINCT FROM (NEW.amount, NEW.kind)) THEN
        RAISE EXCEPTION 'the envelopes of a frozen regulation never change'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER budgets_amount_stands BEFORE UPDATE OR DELETE ON budgets_envelope
    FOR EACH ROW EXECUTE FUNCTION budgets_amount_stands();
"""
FALLS = """
DROP TRIGGER budgets_amount_stands ON budgets_envelope; DROP FUNCTION budgets_amount_stands();
DROP TRIGGER budgets_option_stands ON budgets_ballotoption; DROP FUNCTION budgets_option_stands();
DROP TRIGGER budgets_regulation_stands ON budgets_frozenregulation; DROP FUNCTION budgets_regulation_stands();
"""


class Migration(migrations.Migration):
    dependencies = [("budgets", "0001_initial")]

    operations = [migrations.RunSQL(STANDS, FALLS)]
