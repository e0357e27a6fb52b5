"""A page that gains or loses pages below it is another edition too: nobody looks below a page that has none."""

from django.db import migrations

TRIGGER = """
DROP TRIGGER consult_site_page_changed ON wagtailcore_page;
CREATE TRIGGER consult_site_page_changed AFTER UPDATE OF title, slug, live, locale_id, translation_key, seo_title,
    search_description{more} ON wagtailcore_page FOR EACH ROW EXECUTE FUNCTION consult_site_page_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("consult", "0025_imports")]

    operations = [migrations.RunSQL(TRIGGER.format(more=", numchild"), TRIGGER.format(more=""))]
