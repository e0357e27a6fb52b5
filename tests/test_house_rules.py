"""What no linter can say about this code. Each rule has a control: a piece of code that breaks it is caught.

Rules that ruff or import-linter know are in ``pyproject.toml``; every route in the access matrix: ``tests/trust``.
"""

import ast
import re
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import Model
from django.utils.functional import Promise

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"]
APART = ["launch", "bench", "tests", "demo", "docs", "locale", "static", "templates"]
FUNCTION_LINES, FILE_LINES, TASK_LINES = 40, 500, 8

# Where a request may be seen below the views, and why. An exception that no longer serves is a fault too.
SEES_REQUESTS = {
    "accounts/adapter.py": "allauth asks with the request at hand",
    "accounts/forms.py": "allauth calls signup(request, user)",
    "accounts/middleware.py": "a middleware",
    "accounts/wagtail_hooks.py": "Wagtail asks with the request at hand",
    "config/context.py": "a context processor",
    "config/middleware.py": "middlewares",
    "consult/models/below.py": "Wagtail calls serve(request) and serve_preview(request, mode)",
    "consult/models/serving.py": "Wagtail calls serve(request) and serve_preview(request, mode)",
    "consult/wagtail_hooks.py": "Wagtail asks with the request at hand",
    "consult/budgets/wagtail_hooks.py": "Wagtail asks with the request at hand",
    "pages/display.py": "reads a cookie for every page",
    "pages/identity.py": "Wagtail finds the site by the request",
    "pages/models.py": "Wagtail calls get_context(request)",
    "pages/wagtail_hooks.py": "Wagtail asks with the request at hand",
}
# What is marked safe, and why nobody's words are in it.
MARKS_SAFE = {
    "pages/templatetags/cahier.py": "drawings of the icon package",
    "pages/gallery.py": "the component sheet, shown to developers only",
    "consult/texts.py": "what people wrote, just cleaned to eight tags (attacked in tests/consult/test_texts.py)",
    "consult/citing.py": "blocks drawn by Wagtail; what is added is escaped (tests/consult/test_synthesis.py)",
    "config/theme_report.py": "our own stylesheets, inside the page that a command writes",
}

Fault = str
Rule = Callable[[ast.Module], Iterator[tuple[int, str]]]


def sources(*more: str) -> Iterator[Path]:
    """Our Python files, without migrations."""
    for package in [*PACKAGES, *more]:
        yield from (path for path in sorted((ROOT / package).rglob("*.py")) if "migrations" not in path.parts)


def at(path: Path) -> str:
    return str(path.relative_to(ROOT))


def faults(rule: Rule, paths: Iterator[Path], *, excepted: dict[str, str] | None = None) -> list[Fault]:
    """Where the rule is broken; exceptions that no longer serve are told too."""
    broken = {at(path): list(rule(ast.parse(path.read_text()))) for path in paths}
    told = [
        f"{name}:{line} {what}"
        for name, found in broken.items()
        if name not in (excepted or {})
        for line, what in found
    ]
    return told + [f"{name} needs no exception any more" for name in excepted or {} if not broken.get(name)]


def caught(rule: Rule, source: str) -> bool:
    return bool(list(rule(ast.parse(source))))


def is_door(path: Path) -> bool:
    return bool({"views", "urls", "api"} & set(path.parts)) or path.name in {"urls.py", "api.py"}


# --- rows are reached through policies ---------------------------------------------------------------------------


def reaches_rows(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}:
            yield node.lineno, f".{node.attr}"
        if isinstance(node, ast.ImportFrom) and node.module == "django.db" and "transaction" in names_of(node):
            yield node.lineno, "a transaction"


def names_of(node: ast.Import | ast.ImportFrom) -> set[str]:
    return {alias.name for alias in node.names}


def test_views_reach_rows_through_policies_and_write_through_acts() -> None:
    assert faults(reaches_rows, (path for path in sources() if is_door(path))) == []
    assert caught(reaches_rows, "PainPoint.objects.all()")
    assert caught(reaches_rows, "from django.db import transaction")


# --- nobody below the views sees a request -----------------------------------------------------------------------


OF_THE_DOORS = {"HttpRequest", "HttpResponse", "messages"}


def sees_a_request(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and node.arg == "request":
            yield node.lineno, "takes a request"
        if isinstance(node, ast.Attribute) and node.attr in {"request", "META"} and not is_standard_library(node):
            yield node.lineno, "reads a request"
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django"):
            yield from ((node.lineno, f"imports {name}") for name in OF_THE_DOORS & names_of(node))


def is_standard_library(node: ast.Attribute) -> bool:
    return ast.unparse(node) == "urllib.request"


def test_nobody_below_the_views_sees_a_request_or_a_page() -> None:
    below = (path for path in sources() if not is_door(path))
    assert faults(sees_a_request, below, excepted=SEES_REQUESTS) == []
    for source in ("def act(request): ...", "self.request.user", "from django.contrib import messages"):
        assert caught(sees_a_request, source)


# --- what follows an act is written in the act -------------------------------------------------------------------


def receives_signals(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and re.search(r"(^|\.)(signals|dispatch)$", node.module or ""):
            yield node.lineno, f"imports {node.module}"
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith((".connect", "receiver")):
            yield node.lineno, ast.unparse(node.func)


def test_we_write_no_signal_receivers() -> None:
    assert faults(receives_signals, sources()) == []
    for source in (
        "from django.db.models.signals import post_save",
        "@receiver(saved)\ndef f(): ...",
        "saved.connect(f)",
    ):
        assert caught(receives_signals, source)


# --- size --------------------------------------------------------------------------------------------------------


def long_functions(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and length(node) > FUNCTION_LINES:
            yield node.lineno, f"{node.name} has {length(node)} lines"


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Without its docstring: nobody should write less of it to please us."""
    words = ast.get_docstring(node, clean=False)
    return node.end_lineno - node.lineno + 1 - (len(words.splitlines()) if words else 0)


def long_tasks(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and any("shared_task" in ast.unparse(one) for one in node.decorator_list):
            if node.end_lineno - said(node).lineno >= TASK_LINES:
                yield node.lineno, f"{node.name} decides too much"
            if any(argument.arg.endswith(("_email", "address", "text")) for argument in node.args.args):
                yield node.lineno, f"{node.name} takes more than keys"


def said(node: ast.FunctionDef) -> ast.stmt:
    """The first statement that is no docstring."""
    return node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]


def test_no_function_is_longer_than_a_screen() -> None:
    assert faults(long_functions, sources("launch", "bench", "tests")) == []
    assert caught(long_functions, "def f():\n" + "    pass\n" * FUNCTION_LINES)
    assert not caught(long_functions, "def f():\n" + "    pass\n" * (FUNCTION_LINES - 1))


def test_no_file_is_longer_than_a_chapter() -> None:
    lengths = {at(path): len(path.read_text().splitlines()) for path in sources("launch", "bench", "tests")}
    assert {name: lines for name, lines in lengths.items() if lines > FILE_LINES} == {}
    assert len(lengths) > 100, "the rule reads nothing"


def test_a_task_takes_keys_and_decides_nothing() -> None:
    assert faults(long_tasks, (path for path in sources() if path.name == "tasks.py")) == []
    assert caught(long_tasks, "@shared_task\ndef f():\n" + "    pass\n" * (TASK_LINES + 1))
    assert caught(long_tasks, "@shared_task\ndef f(address): ...")


# --- nothing hidden ----------------------------------------------------------------------------------------------


def hides(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and node.type is None:
            yield node.lineno, "catches everything"
        if isinstance(node, ast.ExceptHandler) and "Exception" in names_in(node.type) and all(map(is_empty, node.body)):
            yield node.lineno, "swallows an exception"


def names_in(expression: ast.expr | None) -> set[str]:
    return {node.id for node in ast.walk(expression) if isinstance(node, ast.Name)} if expression else set()


def is_empty(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Pass | ast.Continue) or ast.unparse(statement) == "..."


def borrows_secrets(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in PACKAGES:
            for name in names_of(node):
                if name.startswith("_"):
                    yield node.lineno, f"{node.module}.{name}"


def test_no_exception_is_swallowed() -> None:
    assert faults(hides, sources("launch", "bench")) == []
    assert caught(hides, "try: ...\nexcept Exception: pass")
    assert caught(hides, "try: ...\nexcept: raise")


def test_no_module_takes_what_another_keeps_for_itself() -> None:
    assert faults(borrows_secrets, sources("bench")) == []
    assert caught(borrows_secrets, "from letters.delivery import _claim")


SILENCED = re.compile(r"#\s*(noqa|type:\s*ignore|pragma)")
# What needs a sentence each time; the others are the pattern their name tells (an import in ``ready``…).
SAID_BY_ITS_CODE = {"PLC0415", "DJ001", "S308"}


def test_whoever_silences_a_linter_says_why() -> None:
    silent = [
        f"{at(path)}:{number}"
        for path in sources("launch", "bench", "tests")
        if path != Path(__file__)
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if SILENCED.search(line) and "(" not in line[SILENCED.search(line).end() :]
        if not re.search(rf"noqa: ({'|'.join(SAID_BY_ITS_CODE)})\b", line)
    ]
    assert silent == []


def test_no_test_is_skipped_in_silence() -> None:
    marks = re.compile(r"\b(pytest\.skip|mark\.skip|mark\.skipif|mark\.xfail|pytest\.xfail)\b")
    found = [at(path) for path in sources("tests") if path != Path(__file__) and marks.search(path.read_text())]
    assert found == []


# --- nobody's words become markup --------------------------------------------------------------------------------


def marks_safe(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"mark_safe", "SafeString", "safestring.mark_safe"}:
            yield node.lineno, ast.unparse(node)


UNSAFE_MARKUP = re.compile(r"\|\s*safe(seq)?\b|autoescape\s+off|\sstyle\s*=|\son(click|change|submit|load)\s*=")


def test_what_people_write_never_becomes_markup() -> None:
    assert faults(marks_safe, sources(), excepted=MARKS_SAFE) == []
    assert caught(marks_safe, "mark_safe(text)")
    pages = [path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".xml", ".svg"}]
    assert [at(page) for page in pages if UNSAFE_MARKUP.search(page.read_text())] == []
    for source in ("{{ text|safe }}", "{% autoescape off %}", '<p style="x">', '<p onclick="x">'):
        assert UNSAFE_MARKUP.search(source)


def test_no_editor_may_write_raw_html_and_no_page_is_read_by_a_machine() -> None:
    ours = "\n".join(path.read_text() for path in sources())
    for word in ("RawHTMLBlock", "wagtail.api", "wagtail.contrib.forms", "modelsearch"):
        assert word not in ours


# --- words -------------------------------------------------------------------------------------------------------


TRANSLATE = {"_", "_t", "gettext", "gettext_lazy", "pgettext", "pgettext_lazy"}


def formatted_messages(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        is_message = isinstance(node, ast.Call) and ast.unparse(node.func) in TRANSLATE
        if is_message and any(isinstance(argument, ast.JoinedStr | ast.BinOp) for argument in node.args):
            yield node.lineno, ast.unparse(node)


def test_no_message_is_glued_together_before_it_is_translated() -> None:
    assert faults(formatted_messages, sources()) == []
    assert caught(formatted_messages, '_(f"{n} fiches")')


def test_every_message_is_said_in_french() -> None:
    call_command("translations", "check")


def own_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.partition(".")[0] in PACKAGES]


def untranslated(model: type[Model]) -> Iterator[str]:
    if not isinstance(model._meta.verbose_name, Promise) or not isinstance(model._meta.verbose_name_plural, Promise):
        yield model._meta.label
    for field in model._meta.local_fields + model._meta.local_many_to_many:
        if (
            field.name not in inherited(model)
            and not field.auto_created
            and not isinstance(field.verbose_name, Promise)
        ):
            yield f"{model._meta.label}.{field.name}"
        for _value, label in field.choices or ():
            if not isinstance(label, Promise | str) or label == "":
                yield f"{model._meta.label}.{field.name}: a choice without a word"


def inherited(model: type[Model]) -> set[str]:
    """What Django and Wagtail named."""
    theirs = [
        base for base in model.__mro__ if hasattr(base, "_meta") and base.__module__.partition(".")[0] not in PACKAGES
    ]
    links = {field.name for field in model._meta.parents.values() if field}
    return links | {field.name for base in theirs for field in base._meta.get_fields()}


def test_the_names_of_things_are_translated() -> None:
    assert len(own_models()) > 20
    assert [fault for model in own_models() for fault in untranslated(model)] == []


# --- the repository ----------------------------------------------------------------------------------------------


def test_every_package_stands_in_the_contracts() -> None:
    found = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert found - set(PACKAGES) - set(APART) == set(), "add it to [tool.importlinter] root_packages and its layers"


LEAKS = re.compile(
    r"/root/|/work/|/tmp/\w|https?://[^\s/]*(pypi|artifactory|nexus|proxy)[^\s/]*/"
    r"|AKIA[0-9A-Z]{16}|BEGIN [A-Z ]*PRIVATE KEY"
)
TEXTS = (".py", ".md", ".txt", ".toml", ".lock", ".yml", ".yaml", ".json", ".html", ".js", ".css", ".po")


def test_nothing_committed_tells_of_one_machine() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    texts = [ROOT / name for name in listed.split("\0") if name.endswith(TEXTS)]
    told = [at(path) for path in texts if path != Path(__file__) and path.exists() and LEAKS.search(path.read_text())]
    assert told == []


OUR_PATH = re.compile(rf"`((?:{'|'.join([*PACKAGES, *APART])})/[\w./-]+)`")


@pytest.mark.parametrize("document", ["architecture.md", "run.md", "dependencies.md", "first-change.md"])
def test_a_document_speaks_of_files_that_exist(document: str) -> None:
    paths = set(OUR_PATH.findall((ROOT / "docs" / document).read_text()))
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []
