"""An account takes part under its mailbox: one mailbox is one person, whatever the accounts it opened.

Accounts that took part without one have a word that no mailbox has, until they act again (``people.participant_of``).
"""

from django.db import migrations, models

GIVEN = """
UPDATE consult_participant SET email_key = 'account ' || id WHERE user_id IS NOT NULL AND email_key IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("consult", "0028_panels_kept")]

    operations = [
        migrations.RunSQL(GIVEN, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="participant",
            constraint=models.CheckConstraint(
                condition=models.Q(("user", None), ("email_key__isnull", False), _connector="OR"),
                name="an_account_has_its_mailbox",
                violation_error_message="An account takes part under its mailbox.",
            ),
        ),
    ]
