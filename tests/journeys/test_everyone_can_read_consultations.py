"""Each kind of page of a consultation, on a phone and on a desk, in light and in dark: axe finds nothing to say."""

from accounts import actions as accounts
from accounts.choices import RoleKind
from consult.actions import arguments as acts
from consult.actions.propositions import Written, file
from consult.choices import PhaseKind, Side
from consult.people import participant_of
from tests.consult.map_world import mapped
from tests.consult.world import section_of
from tests.factories import UserFactory
from tests.journeys import reading
from tests.journeys.visitors import PHONE, Visitors

EVERYBODY = (
    "", "regles/", "dossier/", "propositions/nouvelle/", "propositions/1/", "propositions/1/versions/",
    "propositions/1/arguments/?cote=for", "propositions/1/arguments/nouveau/", "propositions/1/arguments/1/", "carte/",
    "carte/resultats/", "carte/1/", "carte/mes-reponses/", "carte/proposer/", "resultats/", "corbeille/",
)  # fmt: skip


def test_on_the_pages_of_everyone_and_of_the_desk(visitors: Visitors):
    asked = mapped(PhaseKind.CONTRIBUTE, PhaseKind.VOTE)
    author = participant_of(UserFactory())
    said = Written(title="Fermer le quai le dimanche", body="Les enfants y apprendraient le vélo.")
    one = file(asked, section_of(asked), said, by=author)
    for side in Side:
        acts.argue(asked, one.number, side, "Le dimanche matin fait un quart de nos ventes.", by=author)
    base = f"/consultations/{asked.page.slug}/"
    page = visitors.come(signed_in=UserFactory(), **PHONE)
    found = reading.faults(page, ["/consultations/", *(f"{base}{path}" for path in EVERYBODY)])
    editor = UserFactory()
    for kind in (RoleKind.EDITOR, RoleKind.MODERATOR):
        accounts.grant(editor, kind, by=None)
    desk = visitors.come(signed_in=editor, **PHONE)
    assert found + reading.faults(desk, [f"{base}suites/", f"{base}suites/1/", "/moderation/"]) == []
