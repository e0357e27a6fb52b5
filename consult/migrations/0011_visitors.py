from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Now

import letters.fields
import pages.private_files


class Migration(migrations.Migration):
    """People without an account: what waits for their confirmation, the places of a list, the files of a text."""

    dependencies = [
        ("consult", "0010_statements_counted"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="VisitorAct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("proposition", "proposition"),
                            ("argument", "argument"),
                            ("reply", "reply"),
                            ("vote", "vote"),
                            ("useful", "“useful” on an argument"),
                            ("recognise", "this device"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("typed", letters.fields.EncryptedTextField(blank=True, verbose_name="what was typed")),
                ("name", letters.fields.EncryptedTextField(blank=True, verbose_name="name to show")),
                ("email", letters.fields.EncryptedTextField(blank=True, verbose_name="address")),
                (
                    "email_key",
                    models.CharField(blank=True, max_length=64, verbose_name="keyed hash of the address"),
                ),
                ("browser", models.CharField(blank=True, max_length=32, verbose_name="browser")),
                ("key", models.UUIDField(unique=True, verbose_name="key of the form")),
                ("url", models.CharField(blank=True, max_length=300, verbose_name="where it stands")),
                ("created_at", models.DateTimeField(db_default=Now(), verbose_name="written on")),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="confirmed on")),
                ("purge_on", models.DateField(db_index=True, verbose_name="erased on")),
                (
                    "consultation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=models.CASCADE,
                        related_name="+",
                        to="consult.consultation",
                        verbose_name="consultation",
                    ),
                ),
            ],
            options={
                "verbose_name": "act to confirm",
                "verbose_name_plural": "acts to confirm",
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("confirmed_at", None)),
                        fields=["email_key", "browser"],
                        name="acts_to_confirm",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["proposition", "argument", "reply", "vote", "useful", "recognise"])
                        ),
                        name="an_awaited_kind_that_exists",
                        violation_error_message="Unknown kind.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_at__isnull", True),
                            models.Q(("browser", ""), ("email", ""), ("email_key", ""), ("name", ""), ("typed", "")),
                            _connector="OR",
                        ),
                        name="what_is_confirmed_leaves_nothing_here",
                        violation_error_message="Once confirmed, nothing personal is left here.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ListPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(max_length=64, verbose_name="keyed hash of the address or of the code"),
                ),
                ("added_at", models.DateTimeField(db_default=Now(), verbose_name="added on")),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=models.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="added by",
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=models.CASCADE,
                        related_name="places",
                        to="consult.consultation",
                        verbose_name="consultation",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=models.PROTECT,
                        related_name="+",
                        to="consult.participant",
                        verbose_name="participant",
                    ),
                ),
            ],
            options={
                "verbose_name": "place on a list",
                "verbose_name_plural": "places on lists",
                "constraints": [
                    models.UniqueConstraint(fields=("consultation", "key"), name="a_list_names_somebody_once"),
                    models.UniqueConstraint(fields=("consultation", "participant"), name="one_place_a_person"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("pdf", "PDF"), ("jpeg", "JPEG"), ("png", "PNG")], max_length=5, verbose_name="kind"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="title")),
                (
                    "file",
                    models.FileField(
                        max_length=200,
                        storage=pages.private_files.private,
                        upload_to="propositions/",
                        verbose_name="file",
                    ),
                ),
                ("size", models.PositiveIntegerField(verbose_name="weight in bytes")),
                ("created_at", models.DateTimeField(db_default=Now(), verbose_name="added on")),
                (
                    "proposition",
                    models.ForeignKey(
                        on_delete=models.CASCADE,
                        related_name="attachments",
                        to="consult.proposition",
                        verbose_name="proposition",
                    ),
                ),
            ],
            options={
                "verbose_name": "attachment",
                "verbose_name_plural": "attachments",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["pdf", "jpeg", "png"])),
                        name="an_attachment_kind_that_exists",
                        violation_error_message="Unknown kind.",
                    )
                ],
            },
        ),
    ]
