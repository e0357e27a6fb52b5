"""The catalogue of frequent pain points, the first time; what a site changed or removed since stays as it is."""

from django.db import migrations

from clustering import archetypes


def create(apps, schema_editor) -> None:
    Archetype = apps.get_model("feedback", "Archetype")
    SupportingDocument = apps.get_model("directory", "SupportingDocument")
    for one in archetypes.default():
        fields = {"title": one.title, "examples": list(one.examples), "family": one.family}
        kept, is_new = Archetype.objects.get_or_create(key=one.key, defaults=fields)
        if is_new:
            kept.documents.set(SupportingDocument.objects.filter(key__in=one.documents))


class Migration(migrations.Migration):
    dependencies = [("feedback", "0011_archetypes")]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
