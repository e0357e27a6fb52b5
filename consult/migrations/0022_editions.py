"""Each change of what an editor sets up draws another word, whatever the door: what was kept under the old one is over."""

from django.db import migrations, models

DRAWN = """
CREATE FUNCTION consult_edition_drawn(touched uuid) RETURNS void LANGUAGE sql AS $$
    INSERT INTO consult_edition (translation_key, word) VALUES (touched, GEN_RANDOM_UUID())
    ON CONFLICT (translation_key) DO UPDATE SET word = EXCLUDED.word
$$;

-- A row of the site's pages: its title, its address, whether it is public. Other kinds of pages draw nothing.
CREATE FUNCTION consult_site_page_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM consult_consultationpage WHERE page_ptr_id = NEW.id) THEN
        PERFORM consult_edition_drawn(OLD.translation_key);
        IF NEW.translation_key <> OLD.translation_key THEN
            PERFORM consult_edition_drawn(NEW.translation_key);
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER consult_site_page_changed AFTER UPDATE OF title, slug, live, locale_id, translation_key, seo_title,
    search_description ON wagtailcore_page FOR EACH ROW EXECUTE FUNCTION consult_site_page_changed();

CREATE FUNCTION consult_page_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM consult_edition_drawn(translation_key) FROM wagtailcore_page
    WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.page_ptr_id ELSE NEW.page_ptr_id END;
    RETURN NULL;
END $$;
CREATE TRIGGER consult_page_changed AFTER INSERT OR UPDATE OR DELETE ON consult_consultationpage
    FOR EACH ROW EXECUTE FUNCTION consult_page_changed();

CREATE FUNCTION consult_part_of_page_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM consult_edition_drawn(translation_key) FROM wagtailcore_page
    WHERE id IN (CASE TG_OP WHEN 'DELETE' THEN OLD.page_id ELSE NEW.page_id END,
        CASE TG_OP WHEN 'UPDATE' THEN OLD.page_id END);
    RETURN NULL;
END $$;
CREATE TRIGGER consult_phase_changed AFTER INSERT OR UPDATE OR DELETE ON consult_phase
    FOR EACH ROW EXECUTE FUNCTION consult_part_of_page_changed();
CREATE TRIGGER consult_section_changed AFTER INSERT OR UPDATE OR DELETE ON consult_section
    FOR EACH ROW EXECUTE FUNCTION consult_part_of_page_changed();

CREATE FUNCTION consult_administration_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM consult_edition_drawn(p.translation_key) FROM wagtailcore_page AS p
    JOIN consult_consultationpage AS c ON c.page_ptr_id = p.id WHERE c.administration_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER consult_administration_changed AFTER UPDATE ON directory_administration
    FOR EACH ROW EXECUTE FUNCTION consult_administration_changed();

INSERT INTO consult_edition (translation_key, word) SELECT translation_key, GEN_RANDOM_UUID() FROM consult_consultation;
"""
NOT_DRAWN = """
DROP TRIGGER consult_administration_changed ON directory_administration;
DROP TRIGGER consult_section_changed ON consult_section;
DROP TRIGGER consult_phase_changed ON consult_phase;
DROP TRIGGER consult_page_changed ON consult_consultationpage;
DROP TRIGGER consult_site_page_changed ON wagtailcore_page;
DROP FUNCTION consult_administration_changed(), consult_part_of_page_changed(), consult_page_changed(),
    consult_site_page_changed(), consult_edition_drawn(uuid);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("consult", "0021_version_removed"),
        ("directory", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.CreateModel(
            name="Edition",
            fields=[
                (
                    "translation_key",
                    models.UUIDField(primary_key=True, serialize=False, verbose_name="translation key"),
                ),
                ("word", models.UUIDField(verbose_name="edition")),
            ],
            options={"verbose_name": "edition", "verbose_name_plural": "editions"},
        ),
        migrations.RunSQL(DRAWN, NOT_DRAWN),
    ]
