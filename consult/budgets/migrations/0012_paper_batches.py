"""Batches of paper: two people, a third act, nothing left of a sheet; no count beside an open batch."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

STANDS = """
CREATE FUNCTION budgets_batch_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF EXISTS (SELECT FROM budgets_count WHERE kind = 'official' AND budget_id = NEW.budget_id) THEN
            RAISE EXCEPTION 'the official count is signed: no batch is opened any more'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND (
        (NEW.opened_by_id IS NULL OR NEW.opened_by_id = OLD.opened_by_id)  -- whoever acted closed their account
        AND (NEW.closed_by_id IS NULL OR NEW.closed_by_id = OLD.closed_by_id)
        AND to_jsonb(OLD) - ARRAY['opened_by_id', 'closed_by_id'] = to_jsonb(NEW) - ARRAY['opened_by_id', 'closed_by_id']
    ) THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.state = 'open'
        AND (OLD.budget_id, OLD.envelope_id, OLD.number) = (NEW.budget_id, NEW.envelope_id, NEW.number)
    THEN
        IF NEW.state <> 'open' AND EXISTS (SELECT FROM budgets_papersheet WHERE batch_id = OLD.id) THEN
            RAISE EXCEPTION 'a batch that is over keeps no sheet' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF EXISTS (SELECT FROM budgets_papersheet WHERE batch_id = OLD.id AND rank > NEW.announced) THEN
            RAISE EXCEPTION 'more sheets than announced' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a batch that is over never changes' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER budgets_batch_stands BEFORE INSERT OR UPDATE OR DELETE ON budgets_paperbatch
    FOR EACH ROW EXECUTE FUNCTION budgets_batch_stands();

CREATE FUNCTION budgets_sheet_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM budgets_paperbatch WHERE id = NEW.batch_id AND state = 'open' AND announced >= NEW.rank
    ) THEN
        RAISE EXCEPTION 'a sheet stands in a batch that is open, and within its number'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.second IS NOT NULL
        AND (OLD.batch_id, OLD.rank, OLD.first, OLD.second) IS DISTINCT FROM (NEW.batch_id, NEW.rank, NEW.first, NEW.second)
    THEN
        RAISE EXCEPTION 'what two people read never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER budgets_sheet_stands BEFORE INSERT OR UPDATE ON budgets_papersheet
    FOR EACH ROW EXECUTE FUNCTION budgets_sheet_stands();

CREATE FUNCTION budgets_count_waits_for_paper() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (TG_OP = 'INSERT' OR NEW.kind = 'official' AND OLD.kind <> 'official')
        AND EXISTS (SELECT FROM budgets_paperbatch WHERE budget_id = NEW.budget_id AND state = 'open') THEN
        RAISE EXCEPTION 'nothing is counted while paper ballots are keyed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER budgets_count_waits_for_paper BEFORE INSERT OR UPDATE ON budgets_count
    FOR EACH ROW EXECUTE FUNCTION budgets_count_waits_for_paper();
"""
FALLS = """
DROP TRIGGER budgets_count_waits_for_paper ON budgets_count; DROP FUNCTION budgets_count_waits_for_paper();
DROP TRIGGER budgets_sheet_stands ON budgets_papersheet; DROP FUNCTION budgets_sheet_stands();
DROP TRIGGER budgets_batch_stands ON budgets_paperbatch; DROP FUNCTION budgets_batch_stands();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("budgets", "0011_kiosks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PaperBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("place", models.CharField(max_length=80, verbose_name="where these ballots come from")),
                ("announced", models.PositiveIntegerField(verbose_name="sheets counted by hand")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "being keyed"), ("closed", "in the box"), ("given_up", "given up")],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("valid", models.PositiveIntegerField(blank=True, null=True, verbose_name="ballots put in the box")),
                ("blank", models.PositiveIntegerField(blank=True, null=True, verbose_name="blank sheets")),
                ("spoiled", models.PositiveIntegerField(blank=True, null=True, verbose_name="spoiled sheets")),
                ("settled", models.PositiveIntegerField(blank=True, null=True, verbose_name="differences settled")),
                (
                    "settled_together",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="of these, by the two who keyed"),
                ),
                (
                    "explanation",
                    models.TextField(blank=True, max_length=1000, verbose_name="why more ballots than people marked"),
                ),
                ("signatory", models.CharField(blank=True, max_length=160, verbose_name="signed by, name and office")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="why it was given up")),
                (
                    "budget",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="batches",
                        to="budgets.budget",
                        verbose_name="budget",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="closed by",
                    ),
                ),
                (
                    "envelope",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="batches",
                        to="budgets.envelope",
                        verbose_name="envelope",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="opened by",
                    ),
                ),
            ],
            options={
                "verbose_name": "batch of paper ballots",
                "verbose_name_plural": "batches of paper ballots",
            },
        ),
        migrations.CreateModel(
            name="PaperSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rank", models.PositiveIntegerField(verbose_name="place in the stack")),
                ("first", models.JSONField(verbose_name="first reading")),
                ("second", models.JSONField(blank=True, null=True, verbose_name="second reading")),
                ("settled", models.JSONField(blank=True, null=True, verbose_name="settled as")),
                ("together", models.BooleanField(default=False, verbose_name="settled by the two who keyed")),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sheets",
                        to="budgets.paperbatch",
                        verbose_name="batch",
                    ),
                ),
                (
                    "first_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="first keyed by",
                    ),
                ),
                (
                    "second_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="keyed again by",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="settled by",
                    ),
                ),
            ],
            options={
                "verbose_name": "sheet of a batch",
                "verbose_name_plural": "sheets of a batch",
            },
        ),
        migrations.CreateModel(
            name="DeskDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.CharField(
                        choices=[("web", "online"), ("paper", "paper"), ("kiosk", "tablet at a counter")],
                        max_length=10,
                        verbose_name="voted by",
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("marks", models.PositiveIntegerField(default=0, verbose_name="people marked")),
                ("cancelled", models.PositiveIntegerField(default=0, verbose_name="marks cancelled")),
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
                    "envelope",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="budgets.envelope",
                        verbose_name="envelope",
                    ),
                ),
            ],
            options={
                "verbose_name": "day of the desks",
                "verbose_name_plural": "days of the desks",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("envelope", "channel", "day"),
                        name="a_desk_day_once",
                        violation_error_message="This day is already counted.",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="paperbatch",
            constraint=models.UniqueConstraint(
                fields=("budget", "number"),
                name="a_batch_number_once",
                violation_error_message="This batch already exists.",
            ),
        ),
        migrations.AddConstraint(
            model_name="paperbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "closed", "given_up"])),
                name="a_batch_in_a_state_that_exists",
                violation_error_message="Unknown state.",
            ),
        ),
        migrations.AddConstraint(
            model_name="paperbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("announced__gte", 1), ("announced__lte", 500), models.Q(("place", ""), _negated=True)
                ),
                name="a_batch_of_a_size_that_people_key",
                violation_error_message="Say where the ballots come from, and how many they are: 500 at most.",
            ),
        ),
        migrations.AddConstraint(
            model_name="paperbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "announced",
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("valid"), "+", models.F("blank")
                                ),
                                "+",
                                models.F("spoiled"),
                            ),
                        ),
                        ("state", "closed"),
                        ("blank__isnull", False),
                        ("spoiled__isnull", False),
                        ("valid__isnull", False),
                        ("settled__isnull", False),
                        ("settled_together__isnull", False),
                        ("settled_together__lte", models.F("settled")),
                    ),
                    models.Q(
                        models.Q(("state", "closed"), _negated=True),
                        ("blank", None),
                        ("settled", None),
                        ("settled_together", None),
                        ("spoiled", None),
                        ("valid", None),
                    ),
                    _connector="OR",
                ),
                name="a_closed_batch_adds_up",
                violation_error_message="A batch closes when its sheets are as many as announced.",
            ),
        ),
        migrations.AddConstraint(
            model_name="paperbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "given_up"), models.Q(("reason", ""), _negated=True)),
                    models.Q(models.Q(("state", "given_up"), _negated=True), ("reason", "")),
                    _connector="OR",
                ),
                name="a_batch_given_up_says_why",
                violation_error_message="Say why this batch is given up.",
            ),
        ),
        migrations.AddConstraint(
            model_name="paperbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("explanation", ""), ("signatory", "")),
                    models.Q(models.Q(("explanation", ""), _negated=True), models.Q(("signatory", ""), _negated=True)),
                    _connector="OR",
                ),
                name="an_excess_is_explained_and_signed",
                violation_error_message="Explain it, and sign: everybody reads both.",
            ),
        ),
        migrations.AddConstraint(
            model_name="papersheet",
            constraint=models.UniqueConstraint(
                fields=("batch", "rank"),
                name="a_sheet_once_in_a_batch",
                violation_error_message="This sheet is already keyed.",
            ),
        ),
        migrations.AddConstraint(
            model_name="papersheet",
            constraint=models.CheckConstraint(
                condition=models.Q(("rank__gte", 1)),
                name="a_sheet_has_a_place_in_the_stack",
                violation_error_message="Sheets are numbered from 1.",
            ),
        ),
        migrations.AddConstraint(
            model_name="papersheet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("second__isnull", True), ("second_by__isnull", True)),
                    models.Q(
                        ("second__isnull", False),
                        models.Q(
                            ("first_by__isnull", True),
                            ("second_by__isnull", True),
                            models.Q(("first_by", models.F("second_by")), _negated=True),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="a_sheet_is_keyed_by_two_people",
                violation_error_message="Somebody else keys this sheet a second time.",
            ),
        ),
        migrations.AddConstraint(
            model_name="papersheet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled__isnull", True), ("settled_by__isnull", True), ("together", False)),
                    models.Q(
                        ("second__isnull", False),
                        ("settled__isnull", False),
                        models.Q(
                            ("together", True),
                            ("settled_by__isnull", True),
                            models.Q(
                                models.Q(
                                    ("first_by__isnull", True),
                                    models.Q(("settled_by", models.F("first_by")), _negated=True),
                                    _connector="OR",
                                ),
                                models.Q(
                                    ("second_by__isnull", True),
                                    models.Q(("settled_by", models.F("second_by")), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="a_difference_is_settled_by_a_third_act",
                violation_error_message="Somebody else settles what two people read differently.",
            ),
        ),
        migrations.RunSQL(STANDS, FALLS),
    ]
