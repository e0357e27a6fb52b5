"""What the database says of a consultation whose page, phases or sections changed: it is another edition."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Edition(models.Model):
    """A word drawn anew, by triggers, whenever anything that an editor sets up changes, in any language.

    Whoever keeps what they read of it keeps it under this word (``public.read``). A row of its own: votes hold the row
    of the consultation, editors never wait for them.
    """

    translation_key = models.UUIDField(_("translation key"), primary_key=True)
    word = models.UUIDField(_("edition"))

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")

    def __str__(self) -> str:
        return str(self.word)
