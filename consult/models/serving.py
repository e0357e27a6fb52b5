"""What Wagtail asks of a page and the layers above answer: the doors declare it when they are ready.

Wagtail calls methods of the page; what a page shows and what publishing means stand above the nouns.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from pages.dates import long_date

AFTER = "after"


@dataclass(frozen=True)
class Doors:
    """``index(request, page)`` and ``page(request, page, at)`` answer; ``publish(page, then)`` makes it public.

    ``at`` is None for the public, a moment for a preview.
    """

    index: Callable[..., HttpResponse]
    page: Callable[..., HttpResponse]
    publish: Callable[..., Any]


_doors: dict[str, Doors] = {}


def declare(app: str, doors: Doors) -> None:
    """``app``: the label of the application that has the list and the pages (« consult », « budgets »)."""
    _doors[app] = doors


def is_being_published(page: Any) -> bool:
    """Whether saving this page is Wagtail making another of its revisions public."""
    if not (page.live and page.pk and page.live_revision_id):
        return False
    return not type(page).objects.filter(pk=page.pk, live=True, live_revision=page.live_revision_id).exists()


class IndexServed(models.Model):
    """A list of consultations or of budgets, drawn by ``Doors.index``."""

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _doors[self._meta.app_label].index(request, page=self)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        return _doors[self._meta.app_label].index(request, page=self)


class Served(models.Model):
    """A consultation or a budget: the same drawing for the public, for the preview of each phase, once it is over."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Wagtail publishes by saving a page whose live revision is another: whatever the way, that is our act."""
        then = partial(super().save, *args, **kwargs)
        if is_being_published(self) and kwargs.get("update_fields") is None:
            _doors[self._meta.app_label].publish(self, then=then)
        else:
            then()

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _doors[self._meta.app_label].page(request, page=self)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        return _doors[self._meta.app_label].page(request, page=self, at=self._moment_of(mode_name))

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        """As it is now, at the beginning of each phase, and after the end."""
        with timezone.override(self.zone):
            phases = [
                (f"phase-{number}", self._as_on(phase.opens_at, phase)) for number, phase in enumerate(self._in_order())
            ]
        after = [(AFTER, _("After the end"))] if phases else []
        return [("", _("As it is now")), *phases, *after]

    def _as_on(self, moment: datetime, phase: Any) -> str:
        return _("As on %(day)s: %(phase)s") % {"day": long_date(moment), "phase": phase}

    def _moment_of(self, mode_name: str) -> datetime:
        phases = self._in_order()
        moments = {f"phase-{number}": phase.opens_at for number, phase in enumerate(phases)}
        if phases:
            moments[AFTER] = max(phase.closes_at for phase in phases)
        return moments.get(mode_name, timezone.now())

    def _in_order(self) -> list[Any]:
        """Its phases that have both dates: a draft may lack some."""
        dated = [phase for phase in self.phases.all() if phase.opens_at and phase.closes_at]
        return sorted(dated, key=lambda phase: phase.opens_at)

    def publish(self, revision: Any, user: Any = None, **kwargs: Any) -> Any:
        """Who approves what another wrote is who publishes it: ``save`` reads it there."""
        revision.user = user or revision.user
        return super().publish(revision, user=user, **kwargs)

    publish.alters_data = True
