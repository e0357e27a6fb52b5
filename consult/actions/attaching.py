"""Files of a proposition, kept and thrown away with their rows.

A file is written before its row is committed and deleted after: a row never names a file that is not there.
"""

from collections.abc import Iterable, Sequence
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile

from consult.errors import TooManyFiles
from consult.models import Attachment, Proposition
from consult.uploads import Prepared, throw_away


def attach(proposition: Proposition, files: Sequence[Prepared]) -> list[Attachment]:
    """Keep these files, in the caller's transaction, under its row. Raises ``TooManyFiles``."""
    if not files:
        return []
    if Attachment.objects.filter(proposition=proposition).count() + len(files) > settings.ATTACHMENTS_AT_MOST:
        raise TooManyFiles(settings.ATTACHMENTS_AT_MOST)
    return [_kept(proposition, one) for one in files]


def _kept(proposition: Proposition, given: Prepared) -> Attachment:
    row = Attachment(proposition=proposition, kind=given.kind, name=given.name, size=len(given.content))
    row.file.save(f"{uuid4().hex}.{given.kind}", ContentFile(given.content), save=False)
    row.save()
    return row


def detach(proposition: Proposition, keys: Iterable[int] | None = None) -> int:
    """Throw these files away, or all of them; how many. In the caller's transaction, under its row."""
    rows = Attachment.objects.filter(proposition=proposition)
    return throw_away(rows if keys is None else rows.filter(pk__in=list(keys)))
