"""Whoever wishes hears of the result, whether they vote or not."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consult", "0030_ideas_awaited"), ("budgets", "0012_paper_batches")]

    operations = [
        migrations.CreateModel(
            name="BudgetFollow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "budget",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="follows",
                        to="budgets.budget",
                        verbose_name="budget",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="followed_budgets",
                        to="consult.participant",
                        verbose_name="participant",
                    ),
                ),
            ],
            options={
                "verbose_name": "follow of a budget",
                "verbose_name_plural": "follows of budgets",
            },
        ),
        migrations.AddConstraint(
            model_name="budgetfollow",
            constraint=models.UniqueConstraint(fields=("participant", "budget"), name="a_budget_is_followed_once"),
        ),
    ]
