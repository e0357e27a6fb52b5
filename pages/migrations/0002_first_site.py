"""A site has a home page and its legal pages from the first minute, in place of Wagtail's welcome."""

from django.db import migrations

PAGES = (
    (
        "accessibilite",
        "Accessibilité : non conforme",
        "Ce site n’a pas encore été audité. Il est donc déclaré non conforme.",
        "<p>Nous construisons ce site pour qu’il fonctionne au clavier, avec un lecteur d’écran, sur un petit écran et sans "
        "JavaScript. Tant qu’une personne indépendante ne l’a pas vérifié, nous ne disons pas qu’il est conforme.</p>"
        "<p>Une page vous gêne ? Écrivez-nous : l’adresse est au pied de chaque page.</p>",
    ),
    (
        "mentions-legales",
        "Mentions légales",
        "Qui publie ce site, et qui l’héberge.",
        "<p>À compléter par l’administration qui installe ce site : éditeur, directeur de la publication, hébergeur.</p>",
    ),
    (
        "donnees-personnelles",
        "Vos données personnelles",
        "Ce que nous gardons, combien de temps, et vos droits.",
        "<p>Votre fiche est relue par une machine qui cache les noms et les numéros avant que quiconque la lise. Le texte "
        "d’origine et votre adresse sont chiffrés, puis effacés après un an. Vous pouvez les exporter ou les effacer "
        "vous-même, avec le numéro et la clé de votre fiche.</p>",
    ),
    ("charte", "Charte de participation", "Les règles, pour vous et pour nous.", "<p>À compléter.</p>"),
    (
        "aide",
        "Aide",
        "Déposer une fiche, la suivre, comprendre la réponse.",
        "<p>Écrivez ce qui s’est passé. Vous recevez un numéro et une clé. Avec eux, vous suivez votre fiche.</p>",
    ),
)


def create(apps, schema_editor) -> None:
    ContentType = apps.get_model("contenttypes", "ContentType")
    Locale = apps.get_model("wagtailcore", "Locale")
    Page = apps.get_model("wagtailcore", "Page")
    Site = apps.get_model("wagtailcore", "Site")
    HomePage = apps.get_model("pages", "HomePage")
    StandardPage = apps.get_model("pages", "StandardPage")
    root = Page.objects.get(depth=1)
    Site.objects.all().delete()
    Page.objects.filter(depth__gt=1).delete()
    locale = Locale.objects.get(language_code="fr")
    home_type, _ = ContentType.objects.get_or_create(model="homepage", app_label="pages")
    home = HomePage.objects.create(
        title="Dites ce qui coince.",
        marked="Voyez ce que ça change.",
        lead="Vos remarques sur les services : ici, chaque message reçoit une suite, et elle est publique.",
        draft_title="Dites ce qui coince.",
        slug="accueil",
        content_type=home_type,
        locale=locale,
        path="00010001",
        depth=2,
        numchild=len(PAGES),
        url_path="/accueil/",
    )
    Page.objects.filter(pk=root.pk).update(numchild=1)
    page_type, _ = ContentType.objects.get_or_create(model="standardpage", app_label="pages")
    for number, (slug, title, intro, words) in enumerate(PAGES, start=1):
        StandardPage.objects.create(
            title=title,
            draft_title=title,
            slug=slug,
            intro=intro,
            body=[{"type": "words", "value": words}],
            content_type=page_type,
            locale=locale,
            path=f"00010001{number:04d}",
            depth=3,
            numchild=0,
            url_path=f"/accueil/{slug}/",
        )
    Site.objects.create(hostname="localhost", root_page=home, is_default_site=True, site_name="Cahier")


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailimages", "0027_image_description"),
    ]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
