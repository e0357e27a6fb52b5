import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import modelcluster.fields
import wagtail.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("consult", "0011_visitors"),
        ("moderation", "0002_decisions_stand"),
        ("wagtailcore", "0098_apitoken"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "chosen",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="answers chosen",
                    ),
                ),
                (
                    "number",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="number"),
                ),
                ("day", models.DateField(blank=True, null=True, verbose_name="date")),
                ("text", models.TextField(blank=True, max_length=3000, verbose_name="text")),
            ],
            options={
                "verbose_name": "answer",
                "verbose_name_plural": "answers",
            },
        ),
        migrations.CreateModel(
            name="FreeText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_shown", models.BooleanField(verbose_name="shown to everybody")),
                ("text", models.TextField(max_length=3000, verbose_name="text")),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="written on"
                    ),
                ),
            ],
            options={
                "verbose_name": "free answer",
                "verbose_name_plural": "free answers",
                "ordering": ["-pk"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                ("code", models.SlugField(blank=True, max_length=40, verbose_name="short name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("short", "short text"),
                            ("long", "long text"),
                            ("one", "one answer"),
                            ("several", "several answers"),
                            ("scale", "scale"),
                            ("number", "number"),
                            ("day", "date"),
                        ],
                        default="one",
                        max_length=10,
                        verbose_name="kind of answer",
                    ),
                ),
                ("label", models.CharField(max_length=250, verbose_name="question")),
                ("help", models.CharField(blank=True, max_length=300, verbose_name="help")),
                ("is_required", models.BooleanField(default=True, verbose_name="an answer is required")),
                (
                    "choices",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=160),
                        blank=True,
                        default=list,
                        size=40,
                        verbose_name="answers",
                    ),
                ),
                ("takes_other", models.BooleanField(default=False, verbose_name="“other” may be written")),
                (
                    "minimum",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="smallest number"
                    ),
                ),
                (
                    "maximum",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="largest number"
                    ),
                ),
                (
                    "is_public",
                    models.BooleanField(
                        default=False, verbose_name="texts are published, once a moderator has read them"
                    ),
                ),
                ("starts_page", models.BooleanField(default=False, verbose_name="begins a new page")),
                ("shown_if", models.SlugField(blank=True, max_length=40, verbose_name="asked if the answer to")),
                (
                    "shown_if_answers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(),
                        blank=True,
                        default=list,
                        size=41,
                        verbose_name="is one of",
                    ),
                ),
            ],
            options={
                "verbose_name": "question",
                "verbose_name_plural": "questions",
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Response",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("web", "online"),
                            ("paper", "paper"),
                            ("meeting", "said in a meeting"),
                            ("import", "import"),
                            ("api", "another program"),
                        ],
                        default="web",
                        max_length=10,
                        verbose_name="came by",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="first sent on"
                    ),
                ),
                (
                    "changed_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="changed on"
                    ),
                ),
            ],
            options={
                "verbose_name": "response",
                "verbose_name_plural": "responses",
            },
        ),
        migrations.CreateModel(
            name="SurveyDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("typed", models.JSONField(blank=True, default=dict, verbose_name="answers so far")),
                (
                    "saved_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="saved on"),
                ),
                ("purge_on", models.DateField(verbose_name="erased on")),
            ],
            options={
                "verbose_name": "answers not sent",
                "verbose_name_plural": "answers not sent",
            },
        ),
        migrations.CreateModel(
            name="SurveyPage",
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
                    "intro",
                    wagtail.fields.RichTextField(
                        blank=True, verbose_name="what it is about, and what will be done with it"
                    ),
                ),
                ("hides_results", models.BooleanField(default=False, verbose_name="results are hidden until the end")),
            ],
            options={
                "verbose_name": "questionnaire",
                "verbose_name_plural": "questionnaires",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.AddField(
            model_name="freetext",
            name="answer",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="free_text",
                to="consult.answer",
                verbose_name="answer",
            ),
        ),
        migrations.AddField(
            model_name="freetext",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="free_texts",
                to="consult.participant",
                verbose_name="author",
            ),
        ),
        migrations.AddField(
            model_name="freetext",
            name="case",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)s",
                to="moderation.case",
                verbose_name="case",
            ),
        ),
        migrations.AddField(
            model_name="freetext",
            name="question",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="free_texts",
                to="consult.question",
                verbose_name="question",
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="question",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answers",
                to="consult.question",
                verbose_name="question",
            ),
        ),
        migrations.AddField(
            model_name="response",
            name="keyed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="keyed in by",
            ),
        ),
        migrations.AddField(
            model_name="response",
            name="participant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="responses",
                to="consult.participant",
                verbose_name="participant",
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="response",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="answers",
                to="consult.response",
                verbose_name="response",
            ),
        ),
        migrations.AddField(
            model_name="surveydraft",
            name="participant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="survey_drafts",
                to="consult.participant",
                verbose_name="participant",
            ),
        ),
        migrations.AddField(
            model_name="surveydraft",
            name="survey",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="drafts",
                to="consult.surveypage",
                verbose_name="questionnaire",
            ),
        ),
        migrations.AddField(
            model_name="response",
            name="survey",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="responses",
                to="consult.surveypage",
                verbose_name="questionnaire",
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="page",
            field=modelcluster.fields.ParentalKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="questions",
                to="consult.surveypage",
                verbose_name="questionnaire",
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.UniqueConstraint(fields=("response", "question"), name="a_question_is_answered_once"),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("chosen", []), _negated=True),
                    ("number__isnull", False),
                    ("day__isnull", False),
                    models.Q(("text", ""), _negated=True),
                    _connector="OR",
                ),
                name="an_answer_says_something",
                violation_error_message="An answer says something.",
            ),
        ),
        migrations.AddConstraint(
            model_name="surveydraft",
            constraint=models.UniqueConstraint(fields=("survey", "participant"), name="one_draft_of_a_response"),
        ),
        migrations.AddConstraint(
            model_name="response",
            constraint=models.UniqueConstraint(
                fields=("survey", "participant"),
                name="one_person_one_response",
                violation_error_message="You have already answered.",
            ),
        ),
        migrations.AddConstraint(
            model_name="response",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("channel__in", ("paper", "meeting")), ("keyed_by__isnull", False)),
                    models.Q(
                        models.Q(("channel__in", ("paper", "meeting")), _negated=True), ("keyed_by__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="a_paper_response_names_its_typist",
                violation_error_message="What came on paper names who keyed it in.",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(
                condition=models.Q(("code", ""), _negated=True),
                fields=("page", "code"),
                name="a_question_has_its_own_code",
                violation_error_message="Two questions have the same short name.",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["short", "long", "one", "several", "scale", "number", "day"])),
                name="a_question_kind_that_exists",
                violation_error_message="Unknown kind of answer.",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("choices__len__gte", 2), ("kind__in", ("one", "several", "scale"))),
                    models.Q(models.Q(("kind__in", ("one", "several", "scale")), _negated=True), ("choices", [])),
                    _connector="OR",
                ),
                name="choices_are_for_choosing",
                violation_error_message="Give two answers at least, one a line; none for a text, a number or a date.",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(("takes_other", False), ("kind__in", ("one", "several")), _connector="OR"),
                name="other_is_for_lists",
                violation_error_message="“Other” goes with a list of answers.",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("shown_if", ""), ("shown_if_answers", [])),
                    models.Q(models.Q(("shown_if", ""), _negated=True), ("shown_if_answers__len__gte", 1)),
                    _connector="OR",
                ),
                name="a_condition_names_answers",
                violation_error_message="Say which answers this question depends on.",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("maximum", None), ("minimum", None)),
                    models.Q(
                        ("kind", "number"),
                        models.Q(
                            ("minimum", None), ("maximum", None), ("maximum__gte", models.F("minimum")), _connector="OR"
                        ),
                    ),
                    _connector="OR",
                ),
                name="bounds_are_for_numbers_in_order",
                violation_error_message="The largest number is not under the smallest.",
            ),
        ),
    ]
