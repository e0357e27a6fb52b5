"""Photos that wait with the draft of an idea: private, drawn again, gone with the draft."""

from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet

from consult.budgets.models import SuggestionDraft
from consult.choices import AttachmentKind
from consult.uploads import Prepared


def put(draft: SuggestionDraft, photo: Prepared | None) -> None:
    """With this draft instead of the one it had; None takes it away. In the caller's transaction."""
    _delete_once_committed([draft])
    draft.photo = ""
    if photo is not None:
        draft.photo.save(f"{uuid4().hex}.{photo.kind}", ContentFile(photo.content), save=False)
    draft.save(update_fields=["photo"])


def name_of(draft: SuggestionDraft | None) -> str:
    """What a form says of the photo it shows: the draft may have another by the time the form is sent."""
    return draft.photo.name.rpartition("/")[2] if draft and draft.photo else ""


def read(draft: SuggestionDraft) -> Prepared | None:
    """As it will be kept with the idea; None when there is none, or none any more."""
    if not draft.photo:
        return None
    try:
        with draft.photo.open("rb") as opened:
            return Prepared(AttachmentKind(draft.photo.name.rpartition(".")[2]), "", opened.read())
    except FileNotFoundError:
        return None


def throw_away(drafts: QuerySet[SuggestionDraft]) -> int:
    """These drafts, in the caller's transaction: rows now, files once it is committed; how many."""
    gone = list(drafts)
    SuggestionDraft.objects.filter(pk__in=[one.pk for one in gone]).delete()
    _delete_once_committed(gone)
    return len(gone)


def _delete_once_committed(drafts: list[SuggestionDraft]) -> None:
    files = [(one.photo.storage, one.photo.name) for one in drafts if one.photo]
    transaction.on_commit(lambda: [storage.delete(name) for storage, name in files])
