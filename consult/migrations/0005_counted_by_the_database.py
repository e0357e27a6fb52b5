"""Counters, and the sort keys made of them, are kept by the database: exact whatever the door, in the same transaction.

Whoever writes holds rows in this order: argument, proposition, voter, consultation.
"""

from django.db import migrations

RANKED = """
-- Lower bound of the 95 % interval of a share (Wilson, 1927): what is sure with few voices counts little.
CREATE FUNCTION consult_wilson(positive bigint, total bigint) RETURNS double precision LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN total <= 0 THEN 0 ELSE (
        positive::float8 / total + 1.9208 / total
        - 1.96 * SQRT(GREATEST(positive::float8 / total * (1 - positive::float8 / total), 0) / total
            + 0.9604 / (total::float8 * total))
    ) / (1 + 3.8416 / total) END
$$;

-- Support is a share of the votes. Debate counts arguments, and only as far as both sides speak: it tells nothing of votes.
CREATE FUNCTION consult_proposition_ranked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.score := consult_wilson(NEW.agree_count, NEW.agree_count + NEW.mixed_count + NEW.disagree_count);
    NEW.debate := CASE WHEN LEAST(NEW.for_count, NEW.against_count) = 0 THEN 0 ELSE POWER(
        (NEW.for_count + NEW.against_count)::float8,
        LEAST(NEW.for_count, NEW.against_count)::float8 / GREATEST(NEW.for_count, NEW.against_count)
    ) END;
    RETURN NEW;
END $$;
CREATE TRIGGER consult_proposition_ranked
    BEFORE INSERT OR UPDATE OF agree_count, mixed_count, disagree_count, for_count, against_count
    ON consult_proposition FOR EACH ROW EXECUTE FUNCTION consult_proposition_ranked();
"""
COUNTED = """
-- One vote less of an opinion, one more of another, either of which may be none. The threshold is reached once.
CREATE FUNCTION consult_count_opinion(voted bigint, gone text, come text) RETURNS bigint LANGUAGE sql AS $$
    UPDATE consult_proposition AS p SET
        agree_count = agree_count + (come = 'agree')::int - (gone = 'agree')::int,
        mixed_count = mixed_count + (come = 'mixed')::int - (gone = 'mixed')::int,
        disagree_count = disagree_count + (come = 'disagree')::int - (gone = 'disagree')::int,
        threshold_reached_at = COALESCE(threshold_reached_at, CASE
            WHEN agree_count + (come = 'agree')::int - (gone = 'agree')::int >= s.threshold THEN STATEMENT_TIMESTAMP()
        END)
    FROM consult_section AS s WHERE s.id = p.section_id AND p.id = voted
    RETURNING p.consultation_id
$$;
CREATE FUNCTION consult_count_voter(asked bigint, who bigint, step int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    votes int;
BEGIN
    IF asked IS NULL THEN
        RETURN;
    ELSIF step > 0 THEN
        INSERT INTO consult_voter (consultation_id, participant_id, vote_count) VALUES (asked, who, 1)
            ON CONFLICT (consultation_id, participant_id) DO UPDATE SET vote_count = consult_voter.vote_count + 1
            RETURNING vote_count INTO votes;
    ELSE
        UPDATE consult_voter SET vote_count = vote_count - 1
            WHERE consultation_id = asked AND participant_id = who RETURNING vote_count INTO votes;
    END IF;
    UPDATE consult_consultation SET
        vote_count = vote_count + step,
        voter_count = voter_count + (step > 0 AND votes = 1)::int - (step < 0 AND votes = 0)::int
    WHERE id = asked;
END $$;
CREATE FUNCTION consult_vote_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM consult_count_voter(consult_count_opinion(NEW.proposition_id, '', NEW.opinion), NEW.participant_id, 1);
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM consult_count_voter(consult_count_opinion(OLD.proposition_id, OLD.opinion, ''), OLD.participant_id, -1);
    ELSIF (NEW.proposition_id, NEW.participant_id) = (OLD.proposition_id, OLD.participant_id) THEN
        PERFORM consult_count_opinion(NEW.proposition_id, OLD.opinion, NEW.opinion);
    ELSE
        PERFORM consult_count_voter(consult_count_opinion(OLD.proposition_id, OLD.opinion, ''), OLD.participant_id, -1);
        PERFORM consult_count_voter(consult_count_opinion(NEW.proposition_id, '', NEW.opinion), NEW.participant_id, 1);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER consult_vote_counted AFTER INSERT OR DELETE OR UPDATE OF opinion, proposition_id, participant_id
    ON consult_vote FOR EACH ROW EXECUTE FUNCTION consult_vote_counted();

-- An argument stands when everybody may read it: shown by moderators, not withdrawn by its author.
CREATE FUNCTION consult_count_argument(argued bigint, chosen text, step int) RETURNS void LANGUAGE sql AS $$
    WITH counted AS (
        UPDATE consult_proposition SET
            for_count = for_count + step * (chosen = 'for')::int,
            against_count = against_count + step * (chosen = 'against')::int
        WHERE id = argued RETURNING consultation_id
    )
    UPDATE consult_consultation SET
        for_count = for_count + step * (chosen = 'for')::int,
        against_count = against_count + step * (chosen = 'against')::int
    WHERE id = (SELECT consultation_id FROM counted)
$$;
CREATE FUNCTION consult_argument_counted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stood boolean := TG_OP <> 'INSERT' AND OLD.is_shown AND OLD.withdrawn_at IS NULL;
    stands boolean := TG_OP <> 'DELETE' AND NEW.is_shown AND NEW.withdrawn_at IS NULL;
BEGIN
    IF stood AND stands AND (NEW.proposition_id, NEW.side) = (OLD.proposition_id, OLD.side) THEN
        RETURN NULL;
    END IF;
    IF stood THEN
        PERFORM consult_count_argument(OLD.proposition_id, OLD.side, -1);
    END IF;
    IF stands THEN
        PERFORM consult_count_argument(NEW.proposition_id, NEW.side, 1);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER consult_argument_counted AFTER INSERT OR DELETE OR UPDATE OF is_shown, withdrawn_at, side, proposition_id
    ON consult_argument FOR EACH ROW EXECUTE FUNCTION consult_argument_counted();

CREATE FUNCTION consult_reply_counted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stood boolean := TG_OP <> 'INSERT' AND OLD.is_shown AND OLD.withdrawn_at IS NULL;
    stands boolean := TG_OP <> 'DELETE' AND NEW.is_shown AND NEW.withdrawn_at IS NULL;
BEGIN
    IF stood <> stands THEN
        UPDATE consult_argument SET reply_count = reply_count + stands::int - stood::int
        WHERE id = COALESCE(NEW.argument_id, OLD.argument_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER consult_reply_counted AFTER INSERT OR DELETE OR UPDATE OF is_shown, withdrawn_at
    ON consult_reply FOR EACH ROW EXECUTE FUNCTION consult_reply_counted();

CREATE FUNCTION consult_useful_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE consult_argument SET useful_count = useful_count + CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END
    WHERE id = CASE TG_OP WHEN 'INSERT' THEN NEW.argument_id ELSE OLD.argument_id END;
    RETURN NULL;
END $$;
CREATE TRIGGER consult_useful_counted AFTER INSERT OR DELETE
    ON consult_useful FOR EACH ROW EXECUTE FUNCTION consult_useful_counted();
"""
NOT_COUNTED = """
DROP TRIGGER consult_useful_counted ON consult_useful;
DROP TRIGGER consult_reply_counted ON consult_reply;
DROP TRIGGER consult_argument_counted ON consult_argument;
DROP TRIGGER consult_vote_counted ON consult_vote;
DROP FUNCTION consult_useful_counted(), consult_reply_counted(), consult_argument_counted(), consult_vote_counted(),
    consult_count_argument(bigint, text, int), consult_count_voter(bigint, bigint, int),
    consult_count_opinion(bigint, text, text);
"""
NOT_RANKED = """
DROP TRIGGER consult_proposition_ranked ON consult_proposition;
DROP FUNCTION consult_proposition_ranked(), consult_wilson(bigint, bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("consult", "0004_the_list")]

    operations = [migrations.RunSQL(RANKED, NOT_RANKED), migrations.RunSQL(COUNTED, NOT_COUNTED)]
