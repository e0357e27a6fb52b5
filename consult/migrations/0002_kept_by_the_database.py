"""What the database keeps by itself: who is shown follows the case, and the words to search follow the text."""

from django.db import migrations

from moderation.binding import shown_as_judged

# Stems and accents: « vélos » has its stem with its accent only; « velo », typed in a hurry, is found too.
SEARCH = """
CREATE FUNCTION consult_words(said text) RETURNS tsvector LANGUAGE sql AS $$
    SELECT TO_TSVECTOR('french', LOWER(said)) || TO_TSVECTOR('french', UNACCENT(LOWER(said)))
$$;
CREATE FUNCTION consult_proposition_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.search := SETWEIGHT(consult_words(NEW.title), 'A')
        || SETWEIGHT(consult_words(REGEXP_REPLACE(NEW.body, '<[^>]*>', ' ', 'g')), 'B');
    RETURN NEW;
END $$;
CREATE TRIGGER consult_proposition_words BEFORE INSERT OR UPDATE OF title, body ON consult_proposition
    FOR EACH ROW EXECUTE FUNCTION consult_proposition_words();
"""
NO_SEARCH = """DROP TRIGGER consult_proposition_words ON consult_proposition; DROP FUNCTION consult_proposition_words(); DROP FUNCTION consult_words(text);"""


class Migration(migrations.Migration):
    dependencies = [
        ("consult", "0001_initial"),
        ("moderation", "0001_initial"),
        ("directory", "0002_extensions"),
    ]

    operations = [
        shown_as_judged("consult_proposition"),
        shown_as_judged("consult_argument"),
        shown_as_judged("consult_reply"),
        migrations.RunSQL(SEARCH, NO_SEARCH),
    ]
