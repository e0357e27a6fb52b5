"""The numbers in the references of fiches come from a sequence: no two fiches ever wait for one another."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("feedback", "0001_initial")]

    operations = [migrations.RunSQL("CREATE SEQUENCE feedback_reference_seq", "DROP SEQUENCE feedback_reference_seq")]
