"""What editors submit is read before it is public: said so, where Wagtail says « Moderators approval »."""

from django.db import migrations

WAGTAILS, OURS = "Moderators approval", "Relecture avant publication"


def name(apps, schema_editor) -> None:
    for model in ("Workflow", "Task"):
        apps.get_model("wagtailcore", model).objects.filter(name=WAGTAILS).update(name=OURS)


class Migration(migrations.Migration):
    dependencies = [("pages", "0002_first_site")]
    operations = [migrations.RunPython(name, migrations.RunPython.noop)]
