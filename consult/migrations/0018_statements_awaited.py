"""A visitor may also answer statements and propose some, and confirm from their mailbox."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consult", "0017_surveys_and_seats_awaited")]

    operations = [
        migrations.AlterField(
            model_name="visitoract",
            name="kind",
            field=models.CharField(
                choices=[
                    ("proposition", "proposition"),
                    ("argument", "argument"),
                    ("reply", "reply"),
                    ("vote", "vote"),
                    ("useful", "“useful” on an argument"),
                    ("recognise", "this device"),
                    ("survey", "answers to a questionnaire"),
                    ("seat", "registration for a meeting"),
                    ("stance", "answer to a statement"),
                    ("statement", "statement"),
                ],
                max_length=12,
                verbose_name="kind",
            ),
        ),
        migrations.RemoveConstraint(model_name="visitoract", name="an_awaited_kind_that_exists"),
        migrations.AddConstraint(
            model_name="visitoract",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    kind__in=[
                        "proposition",
                        "argument",
                        "reply",
                        "vote",
                        "useful",
                        "recognise",
                        "survey",
                        "seat",
                        "stance",
                        "statement",
                    ]
                ),
                name="an_awaited_kind_that_exists",
                violation_error_message="Unknown kind.",
            ),
        ),
    ]
