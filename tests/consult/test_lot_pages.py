"""Who conducts a draw reads why it is impossible; a cancelled panel is said on every page."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.choices import RoleKind
from consult.drawing_lots import letters
from consult.models import Draw, PanelPage
from tests.consult.test_editing import entering
from tests.consult.test_lots import closed, filled, panel, url
from tests.consult.test_page import words

pytestmark = pytest.mark.django_db


def test_quotas_that_no_panel_has_are_said_one_by_one_to_who_conducts_it() -> None:
    found, editor = panel(), entering(RoleKind.EDITOR)
    filled(found, 3)
    closed(found)
    answer = editor.post(url(found, "panel_conduct"), {"freeze": "1"})
    assert answer.status_code == 422
    page = words(answer)
    assert "Aucun panel de ces volontaires ne respecte ces quotas" in page
    assert "<li>" in page.partition("ne respecte ces quotas")[2].partition("</ul>")[0]
    assert "non communiqué" not in page, "who conducts it has the list: the small figures too"
    assert not Draw.objects.exists()


def test_who_conducts_reads_whether_the_volunteers_suffice_and_a_cancelled_panel_is_said_everywhere() -> None:
    found, editor = panel(), entering(RoleKind.EDITOR)
    mine = filled(found, 20)[0]
    closed(found)
    page = words(editor.get(url(found, "panel_conduct")))
    assert "Figer la liste" in page
    assert "<td" in page.partition("Volontaires")[2], "10 and 10 beside what is asked"
    PanelPage.objects.filter(pk=found.pk).update(cancelled_reason="La salle a brûlé.")
    for answer in (
        editor.get(url(found, "panel_conduct")),
        Client().get(url(found)),
        Client().get(reverse("consult:volunteer", args=[letters.token_of(mine)])),
    ):
        assert "La salle a brûlé." in words(answer)
        assert "Figer la liste" not in words(answer)
        assert "Rendre ma place" not in words(answer)
        assert "Vous êtes sur la liste" not in words(answer)
