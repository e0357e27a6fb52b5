"""``Consultation.proposition_count`` is kept by the database: those shown that were neither merged nor withdrawn."""

from django.db import migrations

COUNTED = """
CREATE FUNCTION consult_proposition_counted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stood boolean := TG_OP <> 'INSERT' AND OLD.is_shown AND OLD.state = 'published';
    stands boolean := TG_OP <> 'DELETE' AND NEW.is_shown AND NEW.state = 'published';
BEGIN
    IF stood <> stands THEN
        UPDATE consult_consultation SET proposition_count = proposition_count + stands::int - stood::int
        WHERE id = COALESCE(NEW.consultation_id, OLD.consultation_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER consult_proposition_counted AFTER INSERT OR DELETE OR UPDATE OF is_shown, state
    ON consult_proposition FOR EACH ROW EXECUTE FUNCTION consult_proposition_counted();
"""
NOT_COUNTED = (
    "DROP TRIGGER consult_proposition_counted ON consult_proposition; DROP FUNCTION consult_proposition_counted();"
)


class Migration(migrations.Migration):
    dependencies = [("consult", "0005_counted_by_the_database")]

    operations = [migrations.RunSQL(COUNTED, NOT_COUNTED)]
