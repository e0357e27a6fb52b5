"""What people who follow may hear of is written by the database, whatever the door, the first time everybody may read it.

What is imported is no news: it was said elsewhere, before.
"""

from django.db import migrations

NEWS = """
CREATE FUNCTION consult_tell(what text, about bigint, asked bigint, concerned bigint, who bigint) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO consult_happening (kind, subject, consultation_id, proposition_id, author_id, at)
    VALUES (what, about, asked, concerned, who, STATEMENT_TIMESTAMP()) ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION consult_proposition_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' OR NOT OLD.is_shown THEN
        PERFORM consult_tell('proposition', NEW.id, NEW.consultation_id, NEW.id, NEW.author_id);
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.state <> NEW.state AND NEW.state IN ('withdrawn', 'merged') THEN
        PERFORM consult_tell(NEW.state, NEW.id, NEW.consultation_id, NEW.id, NULL);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER consult_proposition_told AFTER INSERT OR UPDATE OF is_shown, state ON consult_proposition
    FOR EACH ROW WHEN (NEW.is_shown AND NEW.channel <> 'import') EXECUTE FUNCTION consult_proposition_told();

CREATE FUNCTION consult_argument_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM consult_tell('argument', NEW.id, p.consultation_id, p.id, NEW.author_id)
        FROM consult_proposition AS p WHERE p.id = NEW.proposition_id;
    RETURN NULL;
END $$;
CREATE TRIGGER consult_argument_told AFTER INSERT OR UPDATE OF is_shown ON consult_argument
    FOR EACH ROW WHEN (NEW.is_shown AND NEW.channel <> 'import') EXECUTE FUNCTION consult_argument_told();

CREATE FUNCTION consult_reply_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM consult_tell('reply', NEW.id, p.consultation_id, p.id, NEW.author_id)
        FROM consult_argument AS a JOIN consult_proposition AS p ON p.id = a.proposition_id
        WHERE a.id = NEW.argument_id;
    RETURN NULL;
END $$;
CREATE TRIGGER consult_reply_told AFTER INSERT OR UPDATE OF is_shown ON consult_reply
    FOR EACH ROW WHEN (NEW.is_shown) EXECUTE FUNCTION consult_reply_told();

CREATE FUNCTION consult_version_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM consult_tell('version', NEW.id, p.consultation_id, p.id, p.author_id)
        FROM consult_proposition AS p WHERE p.id = NEW.proposition_id AND p.is_shown;
    RETURN NULL;
END $$;
CREATE TRIGGER consult_version_told AFTER INSERT ON consult_version
    FOR EACH ROW WHEN (NEW.number > 1) EXECUTE FUNCTION consult_version_told();

CREATE FUNCTION consult_decision_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM consult_tell('decision', NEW.id, p.consultation_id, p.id, NULL)
        FROM consult_proposition AS p WHERE p.id = NEW.proposition_id;
    RETURN NULL;
END $$;
CREATE TRIGGER consult_decision_told AFTER INSERT OR UPDATE OF publication_id ON consult_decision
    FOR EACH ROW WHEN (NEW.publication_id IS NOT NULL) EXECUTE FUNCTION consult_decision_told();
"""
NO_NEWS = """
DROP TRIGGER consult_decision_told ON consult_decision; DROP FUNCTION consult_decision_told();
DROP TRIGGER consult_version_told ON consult_version; DROP FUNCTION consult_version_told();
DROP TRIGGER consult_reply_told ON consult_reply; DROP FUNCTION consult_reply_told();
DROP TRIGGER consult_argument_told ON consult_argument; DROP FUNCTION consult_argument_told();
DROP TRIGGER consult_proposition_told ON consult_proposition; DROP FUNCTION consult_proposition_told();
DROP FUNCTION consult_tell(text, bigint, bigint, bigint, bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("consult", "0015_follows")]

    operations = [migrations.RunSQL(NEWS, NO_NEWS)]
