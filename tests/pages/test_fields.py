"""A form tells what it wants, keeps what was typed, and says what is missing where it is missing."""

from django import forms
from django.utils import translation

from pages.forms import Cards, Faces, Voice


class FicheForm(forms.Form):
    text = forms.CharField(label="Que s’est-il passé", help_text="Une phrase suffit.", widget=Voice())
    email = forms.EmailField(label="Adresse e-mail", required=False)
    satisfaction = forms.ChoiceField(
        label="Satisfaction",
        required=False,
        widget=Faces(),
        choices=[("", "---"), ("1", "Pas du tout"), ("5", "Très bien")],
    )
    answer = forms.ChoiceField(
        label="Réponse", widget=Cards(notes={"yes": "par e-mail"}), choices=[("yes", "Oui"), ("no", "Non")]
    )
    charter = forms.BooleanField(label="J’ai lu", required=False)
    answer_text = forms.CharField(label="Réponse du service", required=False, widget=forms.Textarea())
    token = forms.CharField(widget=forms.HiddenInput(), required=False)


def shown(data: dict | None = None) -> str:
    with translation.override("en"):
        return str(FicheForm(data))


def piece(html: str, start: str, end: str) -> str:
    return html[html.index(start) :].partition(end)[0]


def test_help_stands_between_the_label_and_the_field_and_is_tied_to_it() -> None:
    html = shown()
    assert html.index('for="id_text"') < html.index('id="id_text_helptext"') < html.index("<textarea")
    assert 'aria-describedby="id_text_helptext"' in html


def test_optional_is_written_and_required_is_not() -> None:
    with translation.override("en"):
        form = FicheForm()
        assert "(optional)" in form["email"].as_field_group()
        assert "(optional)" in form["satisfaction"].as_field_group()
        assert "(optional)" not in form["text"].as_field_group()
        assert "(optional)" not in form["charter"].as_field_group(), "an unticked box is an answer"


def test_an_error_keeps_what_was_typed_and_says_it_below() -> None:
    html = shown({"email": "nadia.b@exemple", "text": "", "answer": "yes"})
    email = piece(html, '<label class="form-label" for="id_email"', "</div></div>")
    assert 'value="nadia.b@exemple"' in email
    assert 'aria-invalid="true"' in email
    assert 'aria-describedby="id_email_error"' in email
    assert email.index("<input") < email.index('id="id_email_error"')


def test_the_summary_counts_the_faults_and_leads_to_each() -> None:
    html = shown({"email": "nadia.b@exemple", "text": "", "answer": "maybe"})
    summary = piece(html, "data-errors", "</div></div>")
    assert "3 answers to correct." in summary
    for target in ("id_text", "id_email", "id_answer_0"):
        assert f'href="#{target}"' in summary
        assert f'id="{target}"' in html


def test_people_and_administration_write_in_two_voices() -> None:
    form = FicheForm()
    assert "is-voice" in form["text"].as_field_group()
    assert "is-voice" not in form["answer_text"].as_field_group()


def test_choices_are_told_by_a_legend_and_leaving_out_is_no_choice() -> None:
    faces = FicheForm()["satisfaction"].as_field_group()
    assert "<legend>Satisfaction" in faces
    assert faces.count('type="radio"') == 2
    assert faces.count("<svg") == 2
    cards = FicheForm({"answer": "yes"})["answer"].as_field_group()
    assert "<small>par e-mail</small>" in cards
    assert cards.count("checked") == 1


def test_a_lone_field_is_left_as_django_draws_it() -> None:
    assert "form-control" not in str(FicheForm()["email"]), "Wagtail's pages would change with ours"


def test_hidden_fields_go_along_unseen() -> None:
    token = piece(shown({"token": "abc"}), '<input type="hidden"', ">")
    assert 'value="abc"' in token
