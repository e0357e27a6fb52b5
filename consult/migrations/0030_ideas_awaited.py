"""Ideas and supports of budgets may wait for an address too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consult", "0029_one_mailbox"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="visitoract",
            name="an_awaited_kind_that_exists",
        ),
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
                    ("volunteer", "registration for a panel drawn by lot"),
                    ("stance", "answer to a statement"),
                    ("statement", "statement"),
                    ("idea", "idea for a budget"),
                    ("support", "support of an idea"),
                ],
                max_length=12,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="visitoract",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "proposition",
                            "argument",
                            "reply",
                            "vote",
                            "useful",
                            "recognise",
                            "survey",
                            "seat",
                            "volunteer",
                            "stance",
                            "statement",
                            "idea",
                            "support",
                        ],
                    )
                ),
                name="an_awaited_kind_that_exists",
                violation_error_message="Unknown kind.",
            ),
        ),
    ]
