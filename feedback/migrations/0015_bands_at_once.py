import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("feedback", "0014_themes")]

    operations = [
        migrations.RemoveIndex(model_name="segment", name="passages_alike"),
        migrations.AddIndex(
            model_name="segment",
            index=django.contrib.postgres.indexes.GinIndex(fields=["bands"], fastupdate=False, name="passages_alike"),
        ),
    ]
