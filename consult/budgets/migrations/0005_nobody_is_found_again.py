"""The voter roll and the marks under random keys: a sequence would say who voted first. Nothing is deployed: made anew."""

from uuid import uuid4

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

import letters.fields

BALLOT_CHANNELS = [("web", "online"), ("paper", "paper"), ("kiosk", "tablet at a counter")]


def key() -> models.UUIDField:
    return models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False, verbose_name="random key")


class Migration(migrations.Migration):
    dependencies = [("budgets", "0004_ideas_kept"), ("consult", "0028_panels_kept")]

    operations = [
        migrations.DeleteModel("BallotDraft"),
        migrations.DeleteModel("Mark"),
        migrations.DeleteModel("RollEntry"),
        migrations.AddField(
            "budget",
            "roll_by",
            models.CharField(
                blank=True,
                choices=[("name", "name and given name"), ("number", "number")],
                default="",
                max_length=10,
                verbose_name="how its voter roll names people",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "budget",
            "sealed_at",
            models.DateTimeField(blank=True, null=True, verbose_name="nobody's ballot can be found again since"),
        ),
        migrations.CreateModel(
            name="RollEntry",
            fields=[
                ("id", key()),
                ("person_key", models.CharField(max_length=64, verbose_name="keyed hash of the person")),
                ("listed", models.BooleanField(default=False, verbose_name="on the roll of the town")),
                (
                    "budget",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="roll",
                        to="budgets.budget",
                        verbose_name="budget",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="consult.participant",
                        verbose_name="participant",
                    ),
                ),
            ],
            options={
                "verbose_name": "line of the voter roll",
                "verbose_name_plural": "lines of the voter roll",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["budget", "person_key"],
                        name="a_person_once_on_a_roll",
                        violation_error_message="This person is already on the roll.",
                    ),
                    models.UniqueConstraint(
                        fields=["budget", "participant"],
                        name="an_account_once_on_a_roll",
                        violation_error_message="This account already stands for somebody on the roll.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("id", key()),
                ("channel", models.CharField(choices=BALLOT_CHANNELS, max_length=10, verbose_name="voted by")),
                (
                    "pointer",
                    letters.fields.UndatedTextField(blank=True, verbose_name="where the ballot is, until it closes"),
                ),
                (
                    "is_territory",
                    models.BooleanField(default=False, verbose_name="took the territory of this person"),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="marks",
                        to="budgets.rollentry",
                        verbose_name="line of the roll",
                    ),
                ),
                (
                    "envelope",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="marks",
                        to="budgets.envelope",
                        verbose_name="envelope",
                    ),
                ),
            ],
            options={
                "verbose_name": "mark on the roll",
                "verbose_name_plural": "marks on the roll",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["entry", "envelope"],
                        name="one_person_one_ballot_an_envelope",
                        violation_error_message="This person has already voted.",
                    ),
                    models.UniqueConstraint(
                        fields=["entry"],
                        condition=Q(is_territory=True),
                        name="one_person_one_territory",
                        violation_error_message="This person has already voted for a territory.",
                    ),
                    models.CheckConstraint(
                        name="a_mark_by_a_channel_that_exists",
                        condition=Q(channel__in=["web", "paper", "kiosk"]),
                        violation_error_message="Unknown channel.",
                    ),
                    models.CheckConstraint(
                        name="a_paper_ballot_is_found_again_by_nobody",
                        condition=Q(channel="web") | Q(pointer=""),
                        violation_error_message="Only a ballot cast online may be found again.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BallotDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("choices", letters.fields.UndatedTextField(blank=True, verbose_name="choices")),
                (
                    "reminded",
                    models.BooleanField(default=False, verbose_name="was reminded that it does not count yet"),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to="budgets.rollentry",
                        verbose_name="line of the roll",
                    ),
                ),
                (
                    "envelope",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drafts",
                        to="budgets.envelope",
                        verbose_name="envelope",
                    ),
                ),
            ],
            options={
                "verbose_name": "ballot not cast",
                "verbose_name_plural": "ballots not cast",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["entry", "envelope"],
                        name="one_draft_an_envelope",
                        violation_error_message="This ballot is already begun.",
                    ),
                ],
            },
        ),
    ]
