"""One small town seen by everybody: each kind of person, and one row behind every address.

Rows are made by the acts that people use. Every private field holds a canary: a word found nowhere else.
"""

from datetime import timedelta
from uuid import uuid4

from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts import actions as accounts
from accounts.choices import RoleKind
from accounts.models import User
from consult import people
from consult.actions import meetings, merging, panels, statements, surveys, visiting
from consult.actions.arguments import argue
from consult.actions.attaching import attach
from consult.actions.importing import bring
from consult.actions.votes import vote
from consult.choices import AttachmentKind, Awaited, ImportedKind, Level, Opinion, PhaseKind, Side
from consult.models import Consultation, ConsultationPage, Phase, Proposition, Volunteer
from consult.models import Theme as ConsultTheme
from consult.people import participant_of
from consult.uploads import Prepared
from directory.models import Service
from feedback import letters, references
from feedback.actions import (
    answer_templates,
    follow_ups,
    importing,
    regrouping,
    reshaping,
    saved_views,
    sorting,
    themes,
    triage,
)
from feedback.actions.answering import answer_pain_point
from feedback.actions.intake import submit_fiche
from feedback.choices import ChangeKind, IntakeChannel, Outcome, Resolution
from feedback.grouping.placing import cut_once
from feedback.importing import Mapping
from feedback.models import (
    Answer,
    AnswerTemplate,
    Fiche,
    FloodSignal,
    FollowUp,
    PainPoint,
    Proposal,
    ProposedChange,
    SavedView,
    Theme,
)
from letters.choices import LetterState
from letters.models import Letter
from moderation.actions import decide, report, reporter_key
from moderation.choices import CaseState, Rule
from moderation.choices import Outcome as ModerationOutcome
from moderation.models import Case
from tests.consult.surveying import said, survey
from tests.consult.test_lots import closed, filled, panel
from tests.consult.test_meetings import meeting
from tests.consult.world import consultation, proposition, section_of
from tests.factories import OfficeFactory, ServiceFactory, UserFactory
from tests.trust.budget_town import BudgetTown
from webhooks import actions as webhooks

# ``owner`` answers for the service whose rows stand behind the addresses, ``other_owner`` for another one.
ROLES = (
    "visitor", "citizen", "agent", "clerk", "owner", "other_owner", "moderator", "evaluator", "editor", "administrator",
)  # fmt: skip
PASSWORD = "cahier-demo"
REASON = "Rappeler la personne qui le demande."

# Private field → a word that stands nowhere else.
CANARIES = {
    "Original.text: an address": "canari-texte@prive.example",
    "Original.text: a telephone number": "06 99 41 73 28",
    "Original.contact_email": "canari-contact@prive.example",
    "Original.contact_phone": "+33699417329",
    "Original.postal_name": "Canaripostal",
    "Original.on_behalf_of": "Canaripourautrui",
    "Fiche.masked_text of a service": "canarimasque",
    "Fiche.masked_text of no service": "canariegaree",
    "Fiche.dismissed_reason": "canariecarte",
    "FollowUp.text: an address": "canari-suite@prive.example",
    "Note.text": "canarinote",
    "PainPoint.title, not public": "Canarititre",
    "PainPoint.reason": "canariraison",
    "Transfer.reason": "canaritransfert",
    "AnswerTemplate.changes": "canarimodele",
    "SavedView.name": "Canarivue",
    "Entry.details: why the original was read": "canarimotif",
    "Import.content": "canarifichier",
    "Letter.address": "canari-lettre@prive.example",
    "Webhook.url": "canariadresse",
    "Webhook.secret": "canaricle",
    "Notice.text": "canarisignalement",
    "Notice.email": "canari-signaleur@prive.example",
    "Decision.facts of a text never shown again": "canarifaits",
    "Proposition.body never shown again": "canariretire",
    "StudyNote.text": "canarinotedetude",
    "Study.reason before it is published": "canariconclusion",
    "SurveyDraft.typed": "canariquestionnaire",
    "VisitorAct.typed": "canarivisite",
    "Volunteer.answers": "canarivolontaire",
    "VisitorAct.email": "canari-visiteur@prive.example",
    "Participant.email of a visitor": "canari-confirme@prive.example",
    "User.email of a citizen": "canari-compte@prive.example",
    "User.name of a citizen": "Canarinom",
    "User.email of an agent": "canari-agent@prive.example",
}


def word(field: str) -> str:
    """The only word whose field begins so."""
    (found,) = [word for name, word in CANARIES.items() if name.startswith(field)]
    return found


class Town:
    """The people by role, and the rows that addresses lead to."""

    def __init__(self) -> None:
        self.service = ServiceFactory(name="Cantine scolaire", slug="cantine")
        self.other_service = ServiceFactory(name="Piscine", slug="piscine")
        self.office = OfficeFactory(service=self.service, name="Guichet des familles")
        self.people = self._people()
        self.newcomer = UserFactory()
        self.owner, self.citizen = self.people["owner"], self.people["citizen"]
        self._file()
        self._decide()
        self._keep()
        self._ask()
        self.money = BudgetTown(self.people)

    def _people(self) -> dict[str, User]:
        people = {
            "citizen": UserFactory(email=word("User.email of a citizen"), name=word("User.name of a citizen")),
            "agent": UserFactory(email=word("User.email of an agent"), holds=[RoleKind.AGENT]),
            "clerk": UserFactory(keeps=[self.office]),
            "owner": UserFactory(owns=[self.service], name="Inès R."),
            "other_owner": UserFactory(owns=[self.other_service]),
        }
        for kind in (RoleKind.MODERATOR, RoleKind.EVALUATOR, RoleKind.EDITOR, RoleKind.ADMINISTRATOR):
            people[kind.value] = UserFactory()
            accounts.grant(people[kind.value], kind, by=None)
        for person in people.values():
            EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
        return people

    def _ask(self) -> None:
        """One consultation, open to propositions, arguments and votes."""
        kinds = (PhaseKind.CONTRIBUTE, PhaseKind.VOTE)
        self.asked = consultation(*kinds)
        self.section = section_of(self.asked)
        self.proposition = proposition(self.asked, by=self.people["agent"])
        self._argue()
        self._map()
        self._judge()
        self._put_together()
        self._gather()
        self._visit()
        table = b"id,titre,texte\n1,Un banc,Pour attendre.\n"
        brought = {"kind": ImportedKind.PROPOSITIONS, "platform": "Papier", "file_name": "idees.csv", "by": None}
        self.brought_there = bring(self.asked, table, section=self.section, **brought)

    def _gather(self) -> None:
        """A questionnaire that one person has begun and another answered, a meeting to come, two panels."""
        self.survey, self.meeting = survey(self.asked), meeting(self.asked)
        text = f"Un mot {word('SurveyDraft.typed')}."
        surveys.keep(self.survey, said(transport=2, idee={"text": text}), by=participant_of(UserFactory()))
        surveys.send(self.survey, said(), by=participant_of(UserFactory()))
        self.seat = meetings.register(self.meeting, by=participant_of(UserFactory()))
        self.panel, self.frozen_panel = panel(self.asked), panel(self.asked)
        said_of_themselves = {"Âge": word("Volunteer.answers"), "Quartier": "Centre"}
        self.volunteer = filled(self.panel, 1)[0]
        Volunteer.objects.filter(pk=self.volunteer.pk).update(answers=said_of_themselves)
        filled(self.frozen_panel, 4)
        closed(self.frozen_panel)
        panels.freeze(self.frozen_panel, by=None)

    def _visit(self) -> None:
        """Somebody without an account wrote and has not confirmed; somebody else has; a text has a file."""
        typed = {"number": 1, "side": "for", "text": f"Un mot {word('VisitorAct.typed')}.", "key": str(uuid4())}
        said = {"email": word("VisitorAct.email"), "name": "Une visiteuse", "browser": "b", "key": uuid4()}
        Phase.objects.filter(page=self.asked.page).update(level=Level.VISITOR)
        self.visitor_act = visiting.wait(self.asked, Awaited.ARGUMENT, typed, **said)
        visitor = people.visitor(word("Participant.email of a visitor"), name="Un visiteur")
        argue(self.asked, 1, Side.AGAINST, "Et les livraisons ?", by=visitor)
        Phase.objects.filter(page=self.asked.page).update(level=Level.ACCOUNT)
        [self.attachment] = attach(self.proposition, [Prepared(AttachmentKind.PDF, "Plan", b"%PDF-1.7 %%EOF")])

    def _put_together(self) -> None:
        """Somebody is asked whether the proposition may go into another one."""
        supporter, into = participant_of(UserFactory()), proposition(self.asked, number=3)
        vote(self.asked, self.proposition.number, Opinion.AGREE, by=supporter)
        plan = merging.Plan([self.proposition], "Les deux disent la même chose.", into=into)
        self.merge = merging.ask(self.asked, plan, days=7, by=self.people["editor"])
        self.voice = self.merge.voices.get()
        into.versions.create(number=2, title=into.title, body=into.body)
        Proposition.objects.filter(pk=into.pk).update(version=2)
        self.consult_theme = ConsultTheme.objects.create(consultation=self.asked, name="Sécurité du quai")

    def _map(self) -> None:
        """An opinion map of one statement, and another that the citizen proposed."""
        ConsultationPage.objects.filter(pk=self.asked.page_id).update(
            has_map=True, map_seeds="Fermer le quai aux voitures."
        )
        self.asked = Consultation.objects.select_related("page").get(pk=self.asked.pk)
        statements.sow(self.asked, self.asked.page, by=self.people["editor"])
        said = "Ouvrir une baignade dans la Lorne."
        self.own_statement = statements.propose(self.asked, said, by=participant_of(self.citizen))

    def _argue(self) -> None:
        """An argument that everybody reads, and one of the citizen that a moderator has not read yet."""
        number, said = self.proposition.number, "Les enfants y apprendraient le vélo."
        self.argument = argue(self.asked, number, Side.FOR, said, by=participant_of(UserFactory()))
        self.own_argument = argue(self.asked, number, Side.AGAINST, said, by=participant_of(self.citizen))
        Case.objects.filter(pk=self.own_argument.case_id).update(state=CaseState.WAITING, is_shown=False)

    def _judge(self) -> None:
        """A text reported, and another removed for a rule that forbids to show it again."""
        said = {"text": f"Une phrase {word('Notice.text')}.", "email": word("Notice.email")}
        key = reporter_key(email=said["email"])
        report(self.proposition.case, rule=Rule.FALSEHOOD, key=key, is_good_faith=True, **said)
        harmful = {"title": "Un nom", "body": f"<p>Un texte {word('Proposition.body')}.</p>"}
        self.removed = proposition(self.asked, number=2)
        Proposition.objects.filter(pk=self.removed.pk).update(**harmful)
        self.removed.versions.update(**harmful)
        facts = f"Vous donnez le nom de quelqu’un, {word('Decision.facts')}."
        why = {"outcome": ModerationOutcome.REMOVE, "rule": Rule.PERSONAL_DATA, "facts": facts, "after": None}
        decide(self.removed.case, **why, by=self.people["moderator"])

    def _file(self) -> None:
        """One fiche of an account, one on paper, one to sort, one set aside, one that named no service."""
        text = (
            f"Le portail canarimasque refuse mon dossier. Écrivez à {word('Original.text: an address')} "
            f"ou appelez le {word('Original.text: a telephone')}."
        )
        reached = {"email": word("Original.contact_email"), "phone": word("Original.contact_phone")}
        self.fiche = self._one(text, service=self.service, author=self.citizen, wants_answer=True, **reached)
        paper = {"channel": IntakeChannel.PAPER, "by": self.people["clerk"], "wants_answer": True}
        name = f"{word('Original.postal_name')}\n1 rue Privée\n99000 Valbourg"
        self.paper = self._one(
            "Le portail canarimasque se ferme à midi.",
            service=self.service,
            postal_name=name,
            on_behalf_of=word("Original.on_behalf_of"),
            **paper,
        )
        self.to_sort = self._one("Une remarque canarimasque que rien ne rattache.", service=self.service)
        self._one("On me redemande encore le RIB canarimasque.", service=self.service)
        self.lost = self._one("La porte canariegaree reste fermée.")
        self.other_fiche = self._one("Les casiers de la piscine sont cassés.", service=self.other_service)
        self.set_aside = self._one("Un propos canarimasque hors sujet.", service=self.service)
        sorting.dismiss_fiche(self.set_aside, reason=f"Hors sujet, {word('Fiche.dismissed_reason')}.", by=self.owner)

    @staticmethod
    def _one(text: str, *, service: Service | None = None, **details) -> Fiche:
        fiche = submit_fiche(text=text, service=service, **details)
        cut_once(fiche)
        fiche.refresh_from_db()
        return fiche

    def _decide(self) -> None:
        """A private pain point with a note; a public one, answered and asked about; one set aside; one received."""
        alone = self._one("Le badge canarimasque de la cantine ne s’active pas.", service=self.service)
        self.pain_point = self._found(alone, title=f"{word('PainPoint.title')} : rien ne rattache")
        triage.note(self.pain_point, text=f"Voir avec {word('Note.text')}.", by=self.owner)
        self.theme: Theme = themes.choose(self.pain_point, theme=None, name="Badges", by=self.owner).theme
        self.public_pain_point = self._found(self.fiche, self.paper, title="Le portail refuse les dossiers")
        answer = answer_pain_point(
            self.public_pain_point, outcome=Outcome.DONE, changes="Le portail accepte.", publish=True, by=self.owner
        )
        Answer.objects.filter(pk=answer.pk).update(created_at=timezone.now() - timedelta(weeks=6))
        follow_ups.ask_due_follow_ups()
        self.follow_up = FollowUp.objects.get(fiche=self.fiche)
        follow_ups.reply(self.follow_up, reply="partly", text=f"Écrivez à {word('FollowUp.text')}.")
        dismissed = self._found(self._one("Rien canarimasque à voir.", service=self.service), title="Rien à voir")
        triage.dismiss(dismissed, reason=word("PainPoint.reason"), by=self.owner)
        self.transferred = self._found(self._one("Le car passe trop tôt le matin.", service=self.service))
        due = timezone.localdate() + timedelta(days=15)
        reason = f"C’est {word('Transfer.reason')} qui peut agir."
        triage.transfer(self.transferred, to_service=self.other_service, reason=reason, due_on=due, by=self.owner)

    def _found(self, *fiches: Fiche, title: str = "Le car passe trop tôt") -> PainPoint:
        segments = [segment for fiche in fiches for segment in fiche.segments.all()]
        return reshaping.found(segments, title=title, service=self.service, by=self.owner)

    def _keep(self) -> None:
        """What people keep for themselves, what was read, a letter in doubt, a file to import."""
        self.signal = self._signal()
        self.webhook = webhooks.link(
            name="Astreinte",
            kind="pagerduty",
            url=f"https://hooks.demo.example/{word('Webhook.url')}",
            secret=word("Webhook.secret"),
            service=None,
            wants_states=False,
            by=self.people["administrator"],
        )
        self.saved_view: SavedView = saved_views.save_view(name=word("SavedView"), query="", by=self.owner)
        self.template: AnswerTemplate = answer_templates.save_template(
            service=self.service, name="Accusé", changes=word("AnswerTemplate"), by=self.owner
        )
        sorting.read_original(self.fiche, reason=f"Rappeler, {word('Entry.details')}.", by=self.owner)
        letter = Letter.objects.filter(kind=letters.ANSWER, channel="email").first()
        Letter.objects.filter(pk=letter.pk).update(state=LetterState.UNKNOWN, address=word("Letter.address"))
        self.letter = letter
        table = f"texte;reçu le\nLe portail {word('Import.content')} se ferme.;2025-11-12\n;2025-11-13\n"
        self.brought = importing.upload(
            service=self.service, content=table.encode(), file_name="passe.csv", by=self.owner
        )
        importing.check(self.brought, mapping=Mapping.of(self.brought.mapping))
        self.proposal = self._proposal()

    def _signal(self) -> FloodSignal:
        """As if many had sent the same text."""
        text, today = self.to_sort.segments.first(), timezone.localdate()
        return FloodSignal.objects.create(
            text=text, service=self.service, fiche_count=12, most_in_a_day=12, first_on=today, last_on=today
        )

    def _proposal(self) -> Proposal:
        """A new grouping to read: a passage to sort would join the private pain point."""
        asked = regrouping.ask(self.service, resolution=Resolution.MEDIUM, by=self.owner)
        regrouping.run_part(asked.run.parts.get().pk)
        segment = self.to_sort.segments.get().pk
        ProposedChange.objects.create(
            proposal=asked,
            kind=ChangeKind.GROWN,
            position=1 + asked.changes.count(),
            pain_point=self.pain_point,
            segments=[segment],
            central=[segment],
        )
        return asked

    @property
    def key(self) -> str:
        return references.tracking_key(self.fiche)
