"""Bootstrap's sheet as pages get it: the same rules, and nothing that the policy refuses."""

from pathlib import Path

from django.contrib.staticfiles import finders

from config.stylesheets import SHEET, package, without_drawings


def test_the_sheet_that_pages_get_asks_for_no_image():
    source = (package() / "css/bootstrap.min.css").read_text()
    assert source.count('url("data:') > 20, "the control: Bootstrap draws its signs with such images"
    given = Path(finders.find(SHEET)).read_text()
    assert given == without_drawings(source)
    assert "url(" not in given
    assert given.count("{") == source.count("{"), "no rule is lost"
    assert "Licensed under MIT" in given


def test_nothing_else_of_the_package_is_published():
    assert [path for path, _ in _found() if path.startswith("bootstrap/")] == [SHEET]


def _found():
    return [found for finder in finders.get_finders() for found in finder.list([])]
