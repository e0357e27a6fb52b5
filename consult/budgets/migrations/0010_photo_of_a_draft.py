"""The photo of an idea that is not filed yet waits with its draft."""

from django.db import migrations, models

from pages.private_files import private


class Migration(migrations.Migration):
    dependencies = [("budgets", "0009_project_territory")]

    operations = [
        migrations.AddField(
            model_name="suggestiondraft",
            name="photo",
            field=models.FileField(
                blank=True, max_length=200, storage=private, upload_to="ideas/drafts/", verbose_name="photo"
            ),
        ),
    ]
