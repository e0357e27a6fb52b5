"""Counters follow a statement, not a row: fifty thousand votes written at once move each counter once.

Same rules as migrations 0005 and 0006, and the same order of rows: argument, proposition, voter, consultation; within
one of these, by key. ``come`` and ``gone`` are the rows of the statement, after and before it.
"""

from importlib import import_module

from django.db import migrations

before = [
    import_module("consult.migrations.0005_counted_by_the_database").COUNTED,
    import_module("consult.migrations.0006_propositions_counted").COUNTED,
]
NOT_BY_ROW = """
DROP TRIGGER consult_proposition_counted ON consult_proposition;
DROP TRIGGER consult_useful_counted ON consult_useful;
DROP TRIGGER consult_reply_counted ON consult_reply;
DROP TRIGGER consult_argument_counted ON consult_argument;
DROP TRIGGER consult_vote_counted ON consult_vote;
DROP FUNCTION consult_proposition_counted(), consult_useful_counted(), consult_reply_counted(),
    consult_argument_counted(), consult_vote_counted(), consult_count_argument(bigint, text, int),
    consult_count_voter(bigint, bigint, int), consult_count_opinion(bigint, text, text);
"""

VOTES = """
-- Several rows are held by key before they change: two statements at once never wait for each other.
CREATE FUNCTION consult_hold_propositions(held bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF CARDINALITY(held) > 1 THEN
        PERFORM 1 FROM consult_proposition WHERE id = ANY(held) ORDER BY id FOR NO KEY UPDATE;
    END IF;
END $$;

-- Votes come (+) and go (-): the opinions of each proposition. The threshold is reached once, its date stays.
CREATE FUNCTION consult_count_opinions(voted bigint[], opinions text[], steps int[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM consult_hold_propositions(voted);
    UPDATE consult_proposition AS p SET
        agree_count = p.agree_count + m.agree,
        mixed_count = p.mixed_count + m.mixed,
        disagree_count = p.disagree_count + m.disagree,
        threshold_reached_at = COALESCE(p.threshold_reached_at, CASE
            WHEN p.agree_count + m.agree >= s.threshold THEN STATEMENT_TIMESTAMP()
        END)
    FROM (
        SELECT id,
            COALESCE(SUM(step) FILTER (WHERE opinion = 'agree'), 0)::int AS agree,
            COALESCE(SUM(step) FILTER (WHERE opinion = 'mixed'), 0)::int AS mixed,
            COALESCE(SUM(step) FILTER (WHERE opinion = 'disagree'), 0)::int AS disagree
        FROM UNNEST(voted, opinions, steps) AS v(id, opinion, step) GROUP BY id
    ) AS m, consult_section AS s
    WHERE p.id = m.id AND s.id = p.section_id;
END $$;

-- The same votes: how many each person gave in each consultation, and how many people gave any.
CREATE FUNCTION consult_count_voters(voted bigint[], people bigint[], steps int[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    WITH moved AS (
        SELECT p.consultation_id AS asked, v.who, SUM(v.step)::int AS step
        FROM UNNEST(voted, people, steps) AS v(id, who, step) JOIN consult_proposition AS p ON p.id = v.id
        GROUP BY p.consultation_id, v.who HAVING SUM(v.step) <> 0
    ), come AS (
        INSERT INTO consult_voter AS v (consultation_id, participant_id, vote_count)
        SELECT asked, who, step FROM moved WHERE step > 0 ORDER BY asked, who
        ON CONFLICT (consultation_id, participant_id) DO UPDATE SET vote_count = v.vote_count + EXCLUDED.vote_count
        RETURNING v.consultation_id AS asked, v.participant_id AS who, v.vote_count AS votes
    ), gone AS (
        UPDATE consult_voter AS v SET vote_count = v.vote_count + moved.step
        FROM moved WHERE moved.step < 0 AND v.consultation_id = moved.asked AND v.participant_id = moved.who
        RETURNING v.consultation_id AS asked, v.participant_id AS who, v.vote_count AS votes
    ), now AS (
        SELECT asked, SUM(step) AS votes, SUM((votes = step)::int - (votes = 0)::int) AS voters
        FROM moved JOIN (SELECT * FROM come UNION ALL SELECT * FROM gone) AS counted USING (asked, who) GROUP BY asked
    )
    UPDATE consult_consultation AS c SET vote_count = c.vote_count + now.votes, voter_count = c.voter_count + now.voters
    FROM now WHERE c.id = now.asked;
END $$;

CREATE FUNCTION consult_vote_counted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    voted bigint[];
    people bigint[];
    opinions text[];
    steps int[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT ARRAY_AGG(proposition_id), ARRAY_AGG(participant_id), ARRAY_AGG(opinion), ARRAY_AGG(1)
        INTO voted, people, opinions, steps FROM come;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT ARRAY_AGG(proposition_id), ARRAY_AGG(participant_id), ARRAY_AGG(opinion), ARRAY_AGG(-1)
        INTO voted, people, opinions, steps FROM gone;
    ELSE
        SELECT ARRAY_AGG(proposition_id), ARRAY_AGG(participant_id), ARRAY_AGG(opinion), ARRAY_AGG(step)
        INTO voted, people, opinions, steps FROM (
            SELECT proposition_id, participant_id, opinion, SUM(step)::int AS step FROM (
                SELECT proposition_id, participant_id, opinion, 1 AS step FROM come
                UNION ALL SELECT proposition_id, participant_id, opinion, -1 FROM gone
            ) AS both_ways GROUP BY proposition_id, participant_id, opinion HAVING SUM(step) <> 0
        ) AS moved;
    END IF;
    IF voted IS NOT NULL THEN
        PERFORM consult_count_opinions(voted, opinions, steps);
        IF TG_OP <> 'UPDATE' OR EXISTS (
            SELECT 1 FROM UNNEST(voted, people, steps) AS v(id, who, step) GROUP BY id, who HAVING SUM(step) <> 0
        ) THEN
            PERFORM consult_count_voters(voted, people, steps);
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER consult_vote_come AFTER INSERT ON consult_vote
    REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION consult_vote_counted();
CREATE TRIGGER consult_vote_gone AFTER DELETE ON consult_vote
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION consult_vote_counted();
CREATE TRIGGER consult_vote_changed AFTER UPDATE ON consult_vote
    REFERENCING OLD TABLE AS gone NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION consult_vote_counted();
"""
NO_VOTES = """
DROP TRIGGER consult_vote_come ON consult_vote;
DROP TRIGGER consult_vote_gone ON consult_vote;
DROP TRIGGER consult_vote_changed ON consult_vote;
DROP FUNCTION consult_vote_counted(), consult_count_voters(bigint[], bigint[], int[]),
    consult_count_opinions(bigint[], text[], int[]), consult_hold_propositions(bigint[]);
"""

ARGUMENTS = """
-- An argument stands when everybody may read it: shown by moderators, not withdrawn by its author.
CREATE FUNCTION consult_count_arguments(argued bigint[], sides text[], steps int[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM consult_hold_propositions(argued);
    WITH moved AS (
        SELECT id,
            COALESCE(SUM(step) FILTER (WHERE side = 'for'), 0)::int AS more_for,
            COALESCE(SUM(step) FILTER (WHERE side = 'against'), 0)::int AS more_against
        FROM UNNEST(argued, sides, steps) AS a(id, side, step) GROUP BY id
    ), counted AS (
        UPDATE consult_proposition AS p
        SET for_count = p.for_count + moved.more_for, against_count = p.against_count + moved.more_against
        FROM moved WHERE p.id = moved.id
        RETURNING p.consultation_id AS asked, moved.more_for, moved.more_against
    )
    UPDATE consult_consultation AS c
    SET for_count = c.for_count + all_of.more_for, against_count = c.against_count + all_of.more_against
    FROM (
        SELECT asked, SUM(more_for) AS more_for, SUM(more_against) AS more_against FROM counted GROUP BY asked
    ) AS all_of WHERE c.id = all_of.asked;
END $$;
CREATE FUNCTION consult_argument_counted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    argued bigint[];
    sides text[];
    steps int[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT ARRAY_AGG(proposition_id), ARRAY_AGG(side), ARRAY_AGG(1) INTO argued, sides, steps
        FROM come WHERE is_shown AND withdrawn_at IS NULL;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT ARRAY_AGG(proposition_id), ARRAY_AGG(side), ARRAY_AGG(-1) INTO argued, sides, steps
        FROM gone WHERE is_shown AND withdrawn_at IS NULL;
    ELSE
        SELECT ARRAY_AGG(proposition_id), ARRAY_AGG(side), ARRAY_AGG(step) INTO argued, sides, steps FROM (
            SELECT proposition_id, side, SUM(step)::int AS step FROM (
                SELECT proposition_id, side, 1 AS step FROM come WHERE is_shown AND withdrawn_at IS NULL
                UNION ALL SELECT proposition_id, side, -1 FROM gone WHERE is_shown AND withdrawn_at IS NULL
            ) AS both_ways GROUP BY proposition_id, side HAVING SUM(step) <> 0
        ) AS moved;
    END IF;
    IF argued IS NOT NULL THEN
        PERFORM consult_count_arguments(argued, sides, steps);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER consult_argument_come AFTER INSERT ON consult_argument
    REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION consult_argument_counted();
CREATE TRIGGER consult_argument_gone AFTER DELETE ON consult_argument
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION consult_argument_counted();
CREATE TRIGGER consult_argument_changed AFTER UPDATE ON consult_argument
    REFERENCING OLD TABLE AS gone NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION consult_argument_counted();
"""
NO_ARGUMENTS = """
DROP TRIGGER consult_argument_come ON consult_argument;
DROP TRIGGER consult_argument_gone ON consult_argument;
DROP TRIGGER consult_argument_changed ON consult_argument;
DROP FUNCTION consult_argument_counted(), consult_count_arguments(bigint[], text[], int[]);
"""

REPLIES = """
CREATE FUNCTION consult_hold_arguments(held bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF CARDINALITY(held) > 1 THEN
        PERFORM 1 FROM consult_argument WHERE id = ANY(held) ORDER BY id FOR NO KEY UPDATE;
    END IF;
END $$;
CREATE FUNCTION consult_reply_counted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    answered bigint[];
    steps int[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT ARRAY_AGG(argument_id), ARRAY_AGG(1) INTO answered, steps
        FROM come WHERE is_shown AND withdrawn_at IS NULL;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT ARRAY_AGG(argument_id), ARRAY_AGG(-1) INTO answered, steps
        FROM gone WHERE is_shown AND withdrawn_at IS NULL;
    ELSE
        SELECT ARRAY_AGG(argument_id), ARRAY_AGG(step) INTO answered, steps FROM (
            SELECT argument_id, SUM(step)::int AS step FROM (
                SELECT argument_id, 1 AS step FROM come WHERE is_shown AND withdrawn_at IS NULL
                UNION ALL SELECT argument_id, -1 FROM gone WHERE is_shown AND withdrawn_at IS NULL
            ) AS both_ways GROUP BY argument_id HAVING SUM(step) <> 0
        ) AS moved;
    END IF;
    IF answered IS NOT NULL THEN
        PERFORM consult_hold_arguments(answered);
        UPDATE consult_argument AS a SET reply_count = a.reply_count + m.step
        FROM (SELECT id, SUM(step)::int AS step FROM UNNEST(answered, steps) AS r(id, step) GROUP BY id) AS m
        WHERE a.id = m.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER consult_reply_come AFTER INSERT ON consult_reply
    REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION consult_reply_counted();
CREATE TRIGGER consult_reply_gone AFTER DELETE ON consult_reply
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION consult_reply_counted();
CREATE TRIGGER consult_reply_changed AFTER UPDATE ON consult_reply
    REFERENCING OLD TABLE AS gone NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION consult_reply_counted();
"""
NO_REPLIES = """
DROP TRIGGER consult_reply_come ON consult_reply;
DROP TRIGGER consult_reply_gone ON consult_reply;
DROP TRIGGER consult_reply_changed ON consult_reply;
DROP FUNCTION consult_reply_counted(), consult_hold_arguments(bigint[]);
"""

USEFULS = """
CREATE FUNCTION consult_useful_counted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    marked bigint[];
    step int := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT ARRAY_AGG(argument_id) INTO marked FROM come;
    ELSE
        SELECT ARRAY_AGG(argument_id) INTO marked FROM gone;
    END IF;
    IF marked IS NOT NULL THEN
        PERFORM consult_hold_arguments(marked);
        UPDATE consult_argument AS a SET useful_count = a.useful_count + step * m.many
        FROM (SELECT id, COUNT(*)::int AS many FROM UNNEST(marked) AS u(id) GROUP BY id) AS m WHERE a.id = m.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER consult_useful_come AFTER INSERT ON consult_useful
    REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION consult_useful_counted();
CREATE TRIGGER consult_useful_gone AFTER DELETE ON consult_useful
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION consult_useful_counted();
"""
NO_USEFULS = """
DROP TRIGGER consult_useful_come ON consult_useful;
DROP TRIGGER consult_useful_gone ON consult_useful;
DROP FUNCTION consult_useful_counted();
"""

PROPOSITIONS = """
CREATE FUNCTION consult_propositions_counted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    step int := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE consult_consultation AS c SET proposition_count = c.proposition_count + m.many FROM (
            SELECT consultation_id AS asked, COUNT(*) AS many FROM come
            WHERE is_shown AND state = 'published' GROUP BY consultation_id
        ) AS m WHERE c.id = m.asked;
    ELSE
        UPDATE consult_consultation AS c SET proposition_count = c.proposition_count - m.many FROM (
            SELECT consultation_id AS asked, COUNT(*) AS many FROM gone
            WHERE is_shown AND state = 'published' GROUP BY consultation_id
        ) AS m WHERE c.id = m.asked;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER consult_propositions_come AFTER INSERT ON consult_proposition
    REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION consult_propositions_counted();
CREATE TRIGGER consult_propositions_gone AFTER DELETE ON consult_proposition
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION consult_propositions_counted();

-- By row, alone of all: each vote changes a row of this table, and these columns are then not named.
CREATE FUNCTION consult_proposition_moved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stood int := (OLD.is_shown AND OLD.state = 'published')::int;
    stands int := (NEW.is_shown AND NEW.state = 'published')::int;
BEGIN
    IF stood <> stands THEN
        UPDATE consult_consultation SET proposition_count = proposition_count + stands - stood
        WHERE id = NEW.consultation_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER consult_proposition_moved AFTER UPDATE OF is_shown, state
    ON consult_proposition FOR EACH ROW EXECUTE FUNCTION consult_proposition_moved();
"""
NO_PROPOSITIONS = """
DROP TRIGGER consult_propositions_come ON consult_proposition;
DROP TRIGGER consult_propositions_gone ON consult_proposition;
DROP TRIGGER consult_proposition_moved ON consult_proposition;
DROP FUNCTION consult_propositions_counted(), consult_proposition_moved();
"""


class Migration(migrations.Migration):
    dependencies = [("consult", "0007_decisions")]

    operations = [
        migrations.RunSQL(NOT_BY_ROW, "".join(before)),
        migrations.RunSQL(VOTES, NO_VOTES),
        migrations.RunSQL(ARGUMENTS, NO_ARGUMENTS),
        migrations.RunSQL(REPLIES, NO_REPLIES),
        migrations.RunSQL(USEFULS, NO_USEFULS),
        migrations.RunSQL(PROPOSITIONS, NO_PROPOSITIONS),
    ]
