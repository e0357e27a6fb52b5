"""Money typed in euros, kept in cents."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from consult.budgets.forms.money import MoneyField, cents


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("600 000", 600_000_00),
        ("600\u00a0000,50 €", 600_000_50),
        ("600\u202f000,5", 600_000_50),
        ("12500.25 euros", 12_500_25),
        ("0", 0),
        ("1’200 EUR", 1_200_00),
    ],
)
def test_what_people_type_is_kept_in_cents(typed, kept):
    assert cents(typed) == kept


@pytest.mark.parametrize("typed", ["600.000", "1,250", "1.250.000", "-5", "12,345", "beaucoup", "1e6", "٣", "9" * 14])
def test_what_is_no_amount_or_may_be_two_is_refused(typed):
    with pytest.raises(ValidationError):
        cents(typed)


def test_an_amount_goes_to_the_form_and_back():
    field = MoneyField(least=1)
    with translation.override("fr"):
        shown = field.prepare_value(600_000_50)
        assert shown.replace("\u00a0", " ").replace("\u202f", " ") == "600 000,50"
        assert field.clean(shown) == 600_000_50
        assert not field.has_changed(600_000_50, shown)
    assert field.prepare_value("beaucoup") == "beaucoup"
    for refused in ("0", ""):
        with pytest.raises(ValidationError):
            field.clean(refused)
    with pytest.raises(ValidationError):
        MoneyField(most=100_00).clean("100,01")
