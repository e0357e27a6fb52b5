"""An account takes part under its mailbox: one mailbox is one person, whatever the accounts it opened."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from consult.people import email_key


def give_mailboxes(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Accounts that took part without one: theirs, where it is free; otherwise a word that no mailbox has."""
    people = apps.get_model("consult", "Participant").objects
    for person in people.filter(email_key=None).exclude(user=None).select_related("user"):
        key = email_key(person.user.email)
        is_free = not people.filter(email_key=key).exists()
        people.filter(pk=person.pk).update(email_key=key if is_free else f"second account {person.pk}")


class Migration(migrations.Migration):
    dependencies = [("consult", "0028_panels_kept")]

    operations = [
        migrations.RunPython(give_mailboxes, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="participant",
            constraint=models.CheckConstraint(
                condition=models.Q(("user", None), ("email_key__isnull", False), _connector="OR"),
                name="an_account_has_its_mailbox",
                violation_error_message="An account takes part under its mailbox.",
            ),
        ),
    ]
