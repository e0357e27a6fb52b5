"""What the database keeps of the opinion map: counts of answers, who is shown as judged, results that stand.

Counters follow a statement, not a row, as in migration 0008: ``come`` and ``gone`` are the rows after and before it.
Whoever answers holds the row of the statement; several are held by key.
"""

from django.db import migrations

from moderation.binding import shown_as_judged

COUNTED = """
CREATE FUNCTION consult_count_answers(answered bigint[], stances int[], steps int[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF CARDINALITY(answered) > 1 THEN
        PERFORM 1 FROM consult_statement WHERE id = ANY(answered) ORDER BY id FOR NO KEY UPDATE;
    END IF;
    UPDATE consult_statement AS s SET
        agree_count = s.agree_count + m.agree,
        disagree_count = s.disagree_count + m.disagree,
        pass_count = s.pass_count + m.passed
    FROM (
        SELECT id,
            COALESCE(SUM(step) FILTER (WHERE stance = 1), 0)::int AS agree,
            COALESCE(SUM(step) FILTER (WHERE stance = -1), 0)::int AS disagree,
            COALESCE(SUM(step) FILTER (WHERE stance = 0), 0)::int AS passed
        FROM UNNEST(answered, stances, steps) AS a(id, stance, step) GROUP BY id
    ) AS m
    WHERE s.id = m.id;
END $$;
CREATE FUNCTION consult_answer_counted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    answered bigint[];
    stances int[];
    steps int[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT ARRAY_AGG(statement_id), ARRAY_AGG(stance::int), ARRAY_AGG(1) INTO answered, stances, steps FROM come;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT ARRAY_AGG(statement_id), ARRAY_AGG(stance::int), ARRAY_AGG(-1) INTO answered, stances, steps FROM gone;
    ELSE
        SELECT ARRAY_AGG(statement_id), ARRAY_AGG(stance), ARRAY_AGG(step) INTO answered, stances, steps FROM (
            SELECT statement_id, stance::int AS stance, SUM(step)::int AS step FROM (
                SELECT statement_id, stance, 1 AS step FROM come
                UNION ALL SELECT statement_id, stance, -1 FROM gone
            ) AS both_ways GROUP BY statement_id, stance HAVING SUM(step) <> 0
        ) AS moved;
    END IF;
    IF answered IS NOT NULL THEN
        PERFORM consult_count_answers(answered, stances, steps);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER consult_answer_come AFTER INSERT ON consult_statementanswer
    REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION consult_answer_counted();
CREATE TRIGGER consult_answer_gone AFTER DELETE ON consult_statementanswer
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION consult_answer_counted();
CREATE TRIGGER consult_answer_changed AFTER UPDATE ON consult_statementanswer
    REFERENCING OLD TABLE AS gone NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION consult_answer_counted();
"""
NOT_COUNTED = """
DROP TRIGGER consult_answer_come ON consult_statementanswer;
DROP TRIGGER consult_answer_gone ON consult_statementanswer;
DROP TRIGGER consult_answer_changed ON consult_statementanswer;
DROP FUNCTION consult_answer_counted(), consult_count_answers(bigint[], int[], int[]);
"""

STANDS = """
CREATE FUNCTION consult_map_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A map that is done is never changed: the next one is another row.' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER consult_map_stands BEFORE UPDATE ON consult_opinionmap FOR EACH ROW
    WHEN (OLD.state IN ('done', 'failed')) EXECUTE FUNCTION consult_map_stands();
"""
FALLS = "DROP TRIGGER consult_map_stands ON consult_opinionmap; DROP FUNCTION consult_map_stands();"


class Migration(migrations.Migration):
    dependencies = [("consult", "0009_opinion_map")]

    operations = [
        shown_as_judged("consult_statement"),
        migrations.RunSQL(COUNTED, NOT_COUNTED),
        migrations.RunSQL(STANDS, FALLS),
    ]
