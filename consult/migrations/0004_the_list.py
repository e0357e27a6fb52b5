"""A site has its list of consultations from the first minute: /consultations/ says that there are none yet."""

from django.db import migrations

TITLE, SLUG = "Consultations", "consultations"
INTRO = "Ce qu’on vous demande, ce que vous en dites, et ce qui en est fait."
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # how treebeard counts


def create(apps, schema_editor) -> None:
    ContentType = apps.get_model("contenttypes", "ContentType")
    Index = apps.get_model("consult", "ConsultationIndexPage")
    Page = apps.get_model("wagtailcore", "Page")
    Site = apps.get_model("wagtailcore", "Site")
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None or Index.objects.exists():
        return
    home = site.root_page
    children = Page.objects.filter(path__startswith=home.path, depth=home.depth + 1)
    if children.filter(slug=SLUG).exists():
        return  # somebody has a page of that name: theirs stays, the list is made in Wagtail
    last = children.order_by("path").last()
    page_type, _ = ContentType.objects.get_or_create(model="consultationindexpage", app_label="consult")
    Index.objects.create(
        title=TITLE,
        draft_title=TITLE,
        slug=SLUG,
        intro=INTRO,
        content_type=page_type,
        locale_id=home.locale_id,
        path=home.path + _after(last.path[-4:] if last else "0000"),
        depth=home.depth + 1,
        numchild=0,
        url_path=f"{home.url_path}{SLUG}/",
    )
    Page.objects.filter(pk=home.pk).update(numchild=home.numchild + 1)


def _after(step: str) -> str:
    number, written = int(step, 36) + 1, ""
    for _ in range(4):
        number, digit = divmod(number, 36)
        written = ALPHABET[digit] + written
    return written


class Migration(migrations.Migration):
    dependencies = [
        ("consult", "0003_dates_made_public"),
        ("pages", "0002_first_site"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
