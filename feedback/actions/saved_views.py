"""Views of the board that a person keeps for themself: nobody else's business, so not in the journal."""

from django.db import transaction

from accounts.models import User
from feedback.models import SavedView


@transaction.atomic
def save_view(*, name: str, query: str, by: User) -> SavedView:
    """Keep these filters under this name; the same name again replaces the filters."""
    view, _created = SavedView.objects.update_or_create(user=by, name=name.strip(), defaults={"query": query})
    return view


@transaction.atomic
def delete_view(view: SavedView, *, by: User) -> None:
    """Forget one's own view; somebody else's stays."""
    SavedView.objects.filter(pk=view.pk, user=by).delete()
