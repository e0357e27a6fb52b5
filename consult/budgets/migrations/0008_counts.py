"""Counts, and what is signed beside them: nothing is counted while people vote, a count that ended stands."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

STANDS = """
CREATE FUNCTION budgets_count_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF EXISTS (
            SELECT FROM budgets_budgetphase phase JOIN budgets_budget budget ON budget.page_id = phase.page_id
            WHERE budget.id = NEW.budget_id AND phase.kind = 'ballot' AND phase.closes_at > STATEMENT_TIMESTAMP()
        ) OR EXISTS (
            SELECT FROM budgets_mark WHERE envelope_id = NEW.envelope_id AND pointer <> ''
        ) THEN
            RAISE EXCEPTION 'nothing is counted while people vote' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND (
        OLD.state IN ('asked', 'working') AND NEW.kind = OLD.kind
        AND to_jsonb(OLD) - ARRAY['state', 'step', 'error', 'input_hash', 'outcome', 'outcome_hash', 'figures',
            'done_at', 'asked_by_id']
        = to_jsonb(NEW) - ARRAY['state', 'step', 'error', 'input_hash', 'outcome', 'outcome_hash', 'figures',
            'done_at', 'asked_by_id']
        OR OLD.kind = 'trial' AND NEW.kind = 'official' AND NEW.signed_at IS NOT NULL
        AND to_jsonb(OLD) - ARRAY['kind', 'signed_by_id', 'signed_at', 'signatory']
        = to_jsonb(NEW) - ARRAY['kind', 'signed_by_id', 'signed_at', 'signatory']
        OR (NEW.asked_by_id IS NULL OR NEW.asked_by_id = OLD.asked_by_id)  -- whoever acted closed their account
        AND (NEW.signed_by_id IS NULL OR NEW.signed_by_id = OLD.signed_by_id)
        AND to_jsonb(OLD) - ARRAY['asked_by_id', 'signed_by_id'] = to_jsonb(NEW) - ARRAY['asked_by_id', 'signed_by_id']
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a count never changes' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER budgets_count_stands BEFORE INSERT OR UPDATE OR DELETE ON budgets_count
    FOR EACH ROW EXECUTE FUNCTION budgets_count_stands();

CREATE FUNCTION budgets_signed_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.signed_by_id IS NULL AND to_jsonb(OLD) - 'signed_by_id' = to_jsonb(NEW) - 'signed_by_id'
    THEN
        RETURN NEW;  -- whoever signed closed their account
    END IF;
    RAISE EXCEPTION 'what is signed never changes' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER budgets_drawing_stands BEFORE UPDATE OR DELETE ON budgets_drawing
    FOR EACH ROW EXECUTE FUNCTION budgets_signed_stands();
CREATE TRIGGER budgets_by_decision_stands BEFORE UPDATE OR DELETE ON budgets_bydecision
    FOR EACH ROW EXECUTE FUNCTION budgets_signed_stands();

CREATE FUNCTION budgets_counted_ballot_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM budgets_count WHERE kind = 'official'
        AND envelope_id = CASE TG_OP WHEN 'INSERT' THEN NEW.envelope_id ELSE OLD.envelope_id END
    ) THEN
        RAISE EXCEPTION 'the ballots of an official count stay as they were counted'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER budgets_counted_ballot_stands BEFORE INSERT OR UPDATE OR DELETE ON budgets_ballot
    FOR EACH ROW EXECUTE FUNCTION budgets_counted_ballot_stands();
"""
FALLS = """
DROP TRIGGER budgets_counted_ballot_stands ON budgets_ballot; DROP FUNCTION budgets_counted_ballot_stands();
DROP TRIGGER budgets_by_decision_stands ON budgets_bydecision;
DROP TRIGGER budgets_drawing_stands ON budgets_drawing; DROP FUNCTION budgets_signed_stands();
DROP TRIGGER budgets_count_stands ON budgets_count; DROP FUNCTION budgets_count_stands();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("budgets", "0007_studies_stand"),
        ("consult", "0028_panels_kept"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ByDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("funded", models.BooleanField(verbose_name="funded")),
                ("reason", models.TextField(max_length=2000, verbose_name="reason that everybody reads")),
                ("signatory", models.CharField(max_length=160, verbose_name="signed by, name and office")),
                (
                    "signed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="signed on"
                    ),
                ),
                (
                    "project",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="by_decision",
                        to="budgets.project",
                        verbose_name="project",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="signed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "decision that departs from the count",
                "verbose_name_plural": "decisions that depart from the count",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), _negated=True), models.Q(("signatory", ""), _negated=True)
                        ),
                        name="a_departure_is_told_and_signed",
                        violation_error_message="Say why, and who signs it: everybody reads both.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Count",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                (
                    "kind",
                    models.CharField(
                        choices=[("trial", "to be signed"), ("official", "official"), ("what_if", "by another rule")],
                        default="trial",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("regulation", models.JSONField(verbose_name="rules it was counted by")),
                ("regulation_hash", models.CharField(max_length=64, verbose_name="hash of the rules")),
                ("input_hash", models.CharField(blank=True, max_length=64, verbose_name="hash of the ballots")),
                ("outcome", models.JSONField(blank=True, null=True, verbose_name="outcome")),
                ("outcome_hash", models.CharField(blank=True, max_length=64, verbose_name="hash of the outcome")),
                ("figures", models.JSONField(blank=True, default=dict, verbose_name="figures told beside it")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "asked for"),
                            ("working", "under way"),
                            ("done", "done"),
                            ("failed", "stopped"),
                        ],
                        default="asked",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reading", "The ballots are being read."),
                            ("counting", "The rounds are being counted."),
                            ("telling", "What each project received or lacked is being worked out."),
                        ],
                        max_length=10,
                        verbose_name="what is being done",
                    ),
                ),
                ("error", models.CharField(blank=True, max_length=400, verbose_name="why it stopped")),
                (
                    "asked_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="asked on"),
                ),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="ended on")),
                ("signatory", models.CharField(blank=True, max_length=160, verbose_name="signed by, name and office")),
                ("signed_at", models.DateTimeField(blank=True, null=True, verbose_name="signed on")),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
                    ),
                ),
                (
                    "budget",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="counts",
                        to="budgets.budget",
                        verbose_name="budget",
                    ),
                ),
                (
                    "envelope",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="counts",
                        to="budgets.envelope",
                        verbose_name="envelope",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="signed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "count",
                "verbose_name_plural": "counts",
                "ordering": ["number", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("envelope", "number", "regulation_hash"),
                        name="a_count_once_by_the_same_rules",
                        violation_error_message="This count is already asked for.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "official")),
                        fields=("envelope",),
                        name="one_official_count_an_envelope",
                        violation_error_message="The official count of this envelope is already signed.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "official"),
                                ("signed_at__isnull", False),
                                ("state", "done"),
                                models.Q(("signatory", ""), _negated=True),
                            ),
                            models.Q(
                                ("kind__in", ("trial", "what_if")), ("signatory", ""), ("signed_at__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="an_official_count_is_signed_and_no_other",
                        violation_error_message="An official count is signed, and no other.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("done_at__isnull", False),
                                ("outcome__isnull", False),
                                ("state", "done"),
                                models.Q(("outcome_hash", ""), _negated=True),
                                models.Q(("input_hash", ""), _negated=True),
                            ),
                            models.Q(
                                ("done_at__isnull", False),
                                ("outcome__isnull", True),
                                ("state", "failed"),
                                models.Q(("error", ""), _negated=True),
                            ),
                            models.Q(
                                ("done_at__isnull", True),
                                ("outcome__isnull", True),
                                ("state__in", ("asked", "working")),
                            ),
                            _connector="OR",
                        ),
                        name="a_count_that_ended_says_how",
                        violation_error_message="A count ends with an outcome, or says why it stopped.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Drawing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("numbers", models.JSONField(verbose_name="projects that were equal")),
                ("seed", models.CharField(max_length=40, verbose_name="number drawn")),
                ("story", models.TextField(max_length=1000, verbose_name="where, when and how it was drawn")),
                ("signatory", models.CharField(max_length=160, verbose_name="signed by, name and office")),
                (
                    "signed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="signed on"
                    ),
                ),
                (
                    "envelope",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drawing",
                        to="budgets.envelope",
                        verbose_name="envelope",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="signed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "public drawing of lots",
                "verbose_name_plural": "public drawings of lots",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seed", ""), _negated=True),
                            models.Q(("story", ""), _negated=True),
                            models.Q(("signatory", ""), _negated=True),
                        ),
                        name="a_drawing_is_told_and_signed",
                        violation_error_message="Say what was drawn, how, and who signs it.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ResultTold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_promised", models.BooleanField(default=False, verbose_name="the letter is promised")),
                (
                    "budget",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="budgets.budget",
                        verbose_name="budget",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="consult.participant",
                        verbose_name="participant",
                    ),
                ),
            ],
            options={
                "verbose_name": "person told of a result",
                "verbose_name_plural": "people told of a result",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("budget", "participant"),
                        name="a_result_is_told_once",
                        violation_error_message="This person is already told.",
                    )
                ],
            },
        ),
        migrations.RunSQL(STANDS, FALLS),
    ]
