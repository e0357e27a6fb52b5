import django.db.models.deletion
import django.db.models.functions.datetime
import wagtail.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consult", "0022_news_without_versions"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.CreateModel(
            name="MeetingPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("public", "public meeting"),
                            ("workshop", "workshop"),
                            ("visit", "visit"),
                            ("panel", "citizens’ panel"),
                            ("online", "online meeting"),
                        ],
                        default="public",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "intro",
                    models.TextField(blank=True, max_length=400, verbose_name="what it is for, in two sentences"),
                ),
                ("starts_at", models.DateTimeField(verbose_name="begins on")),
                ("ends_at", models.DateTimeField(verbose_name="ends on")),
                ("place", models.CharField(blank=True, max_length=160, verbose_name="place")),
                ("address", models.CharField(blank=True, max_length=300, verbose_name="address of the place")),
                (
                    "access",
                    models.CharField(
                        blank=True,
                        max_length=300,
                        verbose_name="how to come, and who can come in (lift, loop, sign language)",
                    ),
                ),
                ("link", models.URLField(blank=True, verbose_name="link to take part from afar")),
                ("agenda", wagtail.fields.RichTextField(blank=True, verbose_name="agenda")),
                ("takes_registrations", models.BooleanField(default=True, verbose_name="people register")),
                ("capacity", models.PositiveIntegerField(blank=True, null=True, verbose_name="seats")),
                ("minutes", wagtail.fields.RichTextField(blank=True, verbose_name="minutes")),
                ("cancelled_reason", models.CharField(blank=True, max_length=300, verbose_name="cancelled, because")),
            ],
            options={
                "verbose_name": "meeting",
                "verbose_name_plural": "meetings",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["public", "workshop", "visit", "panel", "online"])),
                        name="a_meeting_kind_that_exists",
                        violation_error_message="Unknown kind of meeting.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="a_meeting_ends_after_it_begins",
                        violation_error_message="A meeting ends after it begins.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("capacity__isnull", True), ("capacity__gt", 0), _connector="OR"),
                        name="a_meeting_has_a_seat",
                        violation_error_message="Give one seat at least; empty: as many as come.",
                    ),
                ],
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="Said",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "argument",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="said_in",
                        to="consult.argument",
                        verbose_name="argument",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="said",
                        to="consult.meetingpage",
                        verbose_name="meeting",
                    ),
                ),
                (
                    "proposition",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="said_in",
                        to="consult.proposition",
                        verbose_name="proposition",
                    ),
                ),
            ],
            options={
                "verbose_name": "said in a meeting",
                "verbose_name_plural": "said in meetings",
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("argument__isnull", True), ("proposition__isnull", False)),
                            models.Q(("argument__isnull", False), ("proposition__isnull", True)),
                            _connector="OR",
                        ),
                        name="something_was_said",
                        violation_error_message="A proposition, or an argument.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("seated", "registered"), ("waiting", "on the waiting list"), ("left", "given back")],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="asked on"),
                ),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="changed on"
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to="consult.meetingpage",
                        verbose_name="meeting",
                    ),
                ),
                (
                    "participant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to="consult.participant",
                        verbose_name="participant",
                    ),
                ),
            ],
            options={
                "verbose_name": "registration",
                "verbose_name_plural": "registrations",
                "indexes": [models.Index(fields=["meeting", "state", "asked_at", "id"], name="seats_by_arrival")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("meeting", "participant"),
                        name="one_person_one_seat",
                        violation_error_message="You are already registered.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["seated", "waiting", "left"])),
                        name="a_seat_state_that_exists",
                        violation_error_message="Unknown state.",
                    ),
                ],
            },
        ),
    ]
