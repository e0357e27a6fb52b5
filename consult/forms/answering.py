"""The form of one page of a questionnaire, made from its questions."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from consult.choices import QuestionKind
from consult.models import Question
from consult.models.surveys import OTHER
from consult.questionnaires import LARGEST, LONG_TEXT, SHORT_TEXT, Given
from pages.forms import Voice


class AnswersForm(forms.Form):
    """One field a question, named by its code; ``<code>-other`` beside a list that takes « other »."""

    def __init__(self, data: QueryDict | None = None, *, questions: Sequence[Question], given: Given) -> None:
        super().__init__(_ticked(data, questions) if data else data)
        self.questions = list(questions)
        for question in self.questions:
            said = given.get(question.code, {})
            self.fields[question.code] = MAKERS[QuestionKind(question.kind)](question, said)
            if question.takes_other:
                self.fields[_other(question)] = forms.CharField(
                    label=_("Other: which?"), max_length=SHORT_TEXT, required=False, initial=said.get("text", "")
                )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for question in self.questions:
            if question.takes_other and question.code in cleaned:
                self._judge_other(question, cleaned)
        return cleaned

    def _judge_other(self, question: Question, cleaned: dict[str, Any]) -> None:
        text, chosen = cleaned.get(_other(question), ""), _numbers(cleaned[question.code])
        if OTHER in chosen and not text:
            self.add_error(_other(question), _("Say which other answer, in a few words."))
        elif text and OTHER not in chosen:
            self.add_error(_other(question), _("You wrote another answer: choose « Other », or erase what you wrote."))

    def given(self) -> Given:
        """What was answered on this page, to keep: a question left empty is there, empty."""
        return {question.code: self._given(question) for question in self.questions}

    def _given(self, question: Question) -> dict[str, Any]:
        value = self.cleaned_data.get(question.code)
        if question.is_choice:
            chosen = _numbers(value)
            text = self.cleaned_data.get(_other(question), "") if OTHER in chosen else ""
            return {"chosen": chosen, **({"text": text} if text else {})}
        if value in (None, ""):
            return {}
        names = {QuestionKind.NUMBER: "number", QuestionKind.DAY: "day"}
        return {names.get(QuestionKind(question.kind), "text"): str(value)}


def _ticked(data: QueryDict, questions: Sequence[Question]) -> QueryDict:
    """Who wrote another answer chose « other », unless a list of one answer says something else."""
    data = data.copy()
    for question in questions:
        chosen = data.getlist(question.code)
        is_free = not chosen or question.kind == QuestionKind.SEVERAL
        if question.takes_other and data.get(_other(question), "").strip() and is_free and str(OTHER) not in chosen:
            data.setlist(question.code, [*chosen, str(OTHER)])
    return data


def _other(question: Question) -> str:
    return f"{question.code}-other"


def _numbers(value: Any) -> list[int]:
    if value in (None, ""):
        return []
    return list(value) if isinstance(value, list) else [value]


def _base(question: Question, **errors: str) -> dict[str, Any]:
    return {
        "label": question.label,
        "help_text": question.help,
        "required": question.is_required,
        "error_messages": {"required": _("Answer this question to go on."), **errors},
    }


def _choices(question: Question) -> list[tuple[int, str]]:
    listed = list(enumerate(question.choices, start=1))
    return [*listed, (OTHER, _("Other"))] if question.takes_other else listed


def _one(question: Question, said: dict[str, Any]) -> forms.Field:
    return forms.TypedChoiceField(
        **_base(question),
        choices=_choices(question),
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        initial=next(iter(said.get("chosen", ())), None),
    )


def _several(question: Question, said: dict[str, Any]) -> forms.Field:
    return forms.TypedMultipleChoiceField(
        **_base(question),
        choices=_choices(question),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        initial=said.get("chosen", []),
    )


def _short(question: Question, said: dict[str, Any]) -> forms.Field:
    return forms.CharField(**_base(question), max_length=SHORT_TEXT, widget=Voice(rows=2), initial=said.get("text", ""))


def _long(question: Question, said: dict[str, Any]) -> forms.Field:
    return forms.CharField(**_base(question), max_length=LONG_TEXT, widget=Voice(rows=6), initial=said.get("text", ""))


def _number(question: Question, said: dict[str, Any]) -> forms.Field:
    return forms.DecimalField(
        **_base(question, invalid=_("Write a number, in figures.")),
        min_value=question.minimum if question.minimum is not None else -LARGEST + 1,
        max_value=question.maximum if question.maximum is not None else LARGEST - 1,
        decimal_places=2,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        initial=said.get("number") or None,
    )


def _day(question: Question, said: dict[str, Any]) -> forms.Field:
    return forms.DateField(
        **_base(question, invalid=_("Write a date, for example 14/03/2026.")),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        initial=date.fromisoformat(said["day"]) if said.get("day") else None,
    )


MAKERS = {
    QuestionKind.SHORT: _short,
    QuestionKind.LONG: _long,
    QuestionKind.ONE: _one,
    QuestionKind.SEVERAL: _several,
    QuestionKind.SCALE: _one,
    QuestionKind.NUMBER: _number,
    QuestionKind.DAY: _day,
}
