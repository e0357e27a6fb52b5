"""Decisions are prepared in private and made public together; a published one is never changed, only followed."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

STANDS = """
CREATE FUNCTION consult_decision_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.publication_id IS NOT NULL THEN
        RAISE EXCEPTION 'a published decision is never changed: a correction follows it'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consult_decision_stands BEFORE UPDATE OR DELETE ON consult_decision
    FOR EACH ROW EXECUTE FUNCTION consult_decision_stands();

CREATE FUNCTION consult_decision_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.corrects_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM consult_decision WHERE id = NEW.corrects_id
        AND proposition_id = NEW.proposition_id AND publication_id IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'a correction follows a published decision of the same proposition'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.publication_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM consult_publication JOIN consult_proposition USING (consultation_id)
        WHERE consult_publication.id = NEW.publication_id AND consult_proposition.id = NEW.proposition_id
    ) THEN
        RAISE EXCEPTION 'a decision is published with its own consultation'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER consult_decision_follows BEFORE INSERT OR UPDATE ON consult_decision
    FOR EACH ROW EXECUTE FUNCTION consult_decision_follows();

CREATE FUNCTION consult_publication_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a publication is never changed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER consult_publication_stands BEFORE UPDATE OR DELETE ON consult_publication
    FOR EACH ROW EXECUTE FUNCTION consult_publication_stands();
"""
FALLS = """
DROP TRIGGER consult_publication_stands ON consult_publication; DROP FUNCTION consult_publication_stands();
DROP TRIGGER consult_decision_follows ON consult_decision; DROP FUNCTION consult_decision_follows();
DROP TRIGGER consult_decision_stands ON consult_decision; DROP FUNCTION consult_decision_stands();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("consult", "0006_propositions_counted"),
        ("directory", "0004_known_documents"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DecisionNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(max_length=2000, verbose_name="note")),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="written on"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
                (
                    "proposition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="consult.proposition",
                        verbose_name="proposition",
                    ),
                ),
            ],
            options={
                "verbose_name": "internal note",
                "verbose_name_plural": "internal notes",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Publication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "published_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="published on"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="published by",
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
                        to="consult.consultation",
                        verbose_name="consultation",
                    ),
                ),
            ],
            options={
                "verbose_name": "publication of decisions",
                "verbose_name_plural": "publications of decisions",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("retained", "retained"),
                            ("partly", "partly retained"),
                            ("not_retained", "not retained"),
                        ],
                        max_length=12,
                        verbose_name="decision",
                    ),
                ),
                ("reason", models.TextField(max_length=4000, verbose_name="public reason")),
                ("correction_reason", models.CharField(blank=True, max_length=300, verbose_name="why it is corrected")),
                (
                    "prepared_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="prepared on"
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="consult.decision",
                        verbose_name="decision corrected",
                    ),
                ),
                (
                    "prepared_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="prepared by",
                    ),
                ),
                (
                    "proposition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="consult.proposition",
                        verbose_name="proposition",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: the administration that consults.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.service",
                        verbose_name="service that answers",
                    ),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="consult.publication",
                        verbose_name="publication",
                    ),
                ),
            ],
            options={
                "verbose_name": "decision",
                "verbose_name_plural": "decisions",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("verdict__in", ["retained", "partly", "not_retained"])),
                        name="a_verdict_that_exists",
                        violation_error_message="Unknown decision.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="a_decision_says_why",
                        violation_error_message="Say why.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("correction_reason", ""), ("corrects__isnull", True)),
                            models.Q(("corrects__isnull", False), models.Q(("correction_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="a_correction_says_why",
                        violation_error_message="Say why the decision is corrected.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("corrects__isnull", True)),
                        fields=("proposition",),
                        name="a_proposition_is_decided_once",
                        violation_error_message="Somebody decided before you.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("publication__isnull", True)),
                        fields=("proposition",),
                        name="one_decision_is_prepared_at_a_time",
                        violation_error_message="A decision is already being prepared.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Told",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_promised", models.BooleanField(default=False, verbose_name="letter promised")),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="consult.participant",
                        verbose_name="participant",
                    ),
                ),
                (
                    "publication",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="told",
                        to="consult.publication",
                        verbose_name="publication",
                    ),
                ),
            ],
            options={
                "verbose_name": "person told",
                "verbose_name_plural": "people told",
                "indexes": [
                    models.Index(condition=models.Q(("is_promised", False)), fields=["id"], name="people_not_told_yet")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("publication", "participant"), name="a_publication_is_told_once_to_each"
                    )
                ],
            },
        ),
        migrations.RunSQL(STANDS, FALLS),
    ]
