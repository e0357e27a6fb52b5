"""Words kept to be used again."""

from django.db import transaction

from accounts.models import User
from directory.models import Service
from feedback.models import AnswerTemplate
from journal.actions import record


@transaction.atomic
def save_template(*, service: Service, name: str, changes: str, does_not_change: str = "", by: User) -> AnswerTemplate:
    """Keep these words under this name; the ones kept before under the same name are replaced."""
    words = {"changes": changes.strip(), "does_not_change": does_not_change.strip()}
    template, _created = AnswerTemplate.objects.update_or_create(service=service, name=name.strip(), defaults=words)
    record("answer_template.saved", template, by=by, name=template.name)
    return template


@transaction.atomic
def delete_template(template: AnswerTemplate, *, by: User) -> None:
    record("answer_template.deleted", template, by=by, name=template.name)
    template.delete()
