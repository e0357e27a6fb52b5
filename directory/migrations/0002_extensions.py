"""The PostgreSQL extensions that searching and constraints rely on."""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial")]

    operations = [TrigramExtension(), UnaccentExtension(), BtreeGistExtension()]
