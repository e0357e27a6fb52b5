"""A former text of a proposition taken out alone: personal data in it, that its author has since removed."""

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from consult import taken_out
from consult.errors import IsTheOneRead
from consult.models import Proposition, Version
from journal.actions import record
from moderation.choices import Rule


@transaction.atomic
def take_out(version: Version, *, rule: Rule, by: User) -> Version:
    """Erase its words for good; its number, its date and the rule stay. The author is told. Twice changes nothing.

    The text that is read now is judged with the proposition (``moderation``). Raises ``IsTheOneRead``.
    """
    proposition = Proposition.objects.select_for_update(no_key=True).get(pk=version.proposition_id)
    held = Version.objects.select_for_update().get(pk=version.pk)
    if held.number == proposition.version:
        raise IsTheOneRead
    if held.removed_at is None:
        Version.objects.filter(pk=held.pk).update(
            title="", body="", reason="", removed_at=Now(), removed_rule=Rule(rule)
        )
        record("proposition.version_removed", proposition, by=by, version=held.number, rule=str(Rule(rule)))
        taken_out.tell(held, proposition)
    held.refresh_from_db()
    return held
