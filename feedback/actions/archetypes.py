"""What administrators say about the frequent pain points that lend their titles to the grouping."""

from collections.abc import Iterable

from django.db import transaction

from accounts.models import User
from directory.models import SupportingDocument
from feedback.models import Archetype
from journal.actions import record


@transaction.atomic
def keep_archetype(
    archetype: Archetype | None,
    *,
    key: str,
    title: str,
    examples: list[str],
    documents: Iterable[SupportingDocument],
    is_active: bool,
    by: User,
) -> Archetype:
    """Change it, or add a new one. Its key is given once. The next regrouping uses it; no title given changes."""
    known = Archetype.objects.select_for_update()
    archetype = Archetype(key=key) if archetype is None else known.get(pk=archetype.pk)
    archetype.title, archetype.examples, archetype.is_active = title.strip(), examples, is_active
    archetype.save()
    archetype.documents.set(documents)
    record("archetype.kept", archetype, by=by, title=archetype.title, is_active=is_active)
    return archetype
