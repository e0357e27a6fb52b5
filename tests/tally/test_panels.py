"""A panel drawn by lot: quotas respected or proved impossible, only the seed decides, alike are treated alike."""

import json
from collections import Counter
from io import StringIO
from itertools import combinations
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tally.panels import Impossible, Pool, chances, draw, fingerprint, replaced
from tally.panels.pool import Bounds

quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def pools(draws: st.DrawFn) -> Pool:
    """Small enough to try every panel."""
    many = draws(st.integers(1, 8))
    values = {"age": ["jeune", "vieux"], "quartier": ["nord", "sud", "est"]}
    volunteers = {
        f"V{n}": {name: draws(st.sampled_from(choices)) for name, choices in values.items()} for n in range(many)
    }
    size = draws(st.integers(1, many))
    quotas = {
        name: {
            value: Bounds(low, low + draws(st.integers(0, 3)))
            for value in draws(st.lists(st.sampled_from(choices), unique=True))
            for low in [draws(st.integers(0, 3))]
        }
        for name, choices in values.items()
    }
    return Pool(volunteers, quotas, size)


def respects(pool: Pool, people: tuple[str, ...] | list[str]) -> bool:
    if len(people) != pool.size:
        return False
    for category, quotas in pool.quotas.items():
        counts = Counter(pool.volunteers[one][category] for one in people)
        if not all(bounds.low <= counts[value] <= bounds.high for value, bounds in quotas.items()):
            return False
    return True


@quick
@given(pools(), st.text(max_size=5))
def test_quotas_are_respected_or_no_panel_at_all_respects_them(pool: Pool, seed: str) -> None:
    panels = [one for one in combinations(sorted(pool.volunteers), pool.size) if respects(pool, one)]
    if panels:
        assert respects(pool, draw(pool, seed=seed).chosen)
    else:
        with pytest.raises(Impossible):
            draw(pool, seed=seed)


@quick
@given(pools(), st.randoms(use_true_random=False))
def test_the_order_of_the_list_changes_nothing(pool: Pool, chance: object) -> None:
    names = list(pool.volunteers)
    chance.shuffle(names)
    mixed = Pool({one: pool.volunteers[one] for one in names}, pool.quotas, pool.size)
    assert fingerprint(mixed.volunteers) == fingerprint(pool.volunteers)
    try:
        found = draw(pool, seed="7 11 23")
    except Impossible:
        return
    assert draw(mixed, seed="7 11 23") == found


@quick
@given(pools(), st.text(max_size=5))
def test_who_is_passed_over_could_not_have_been_taken(pool: Pool, seed: str) -> None:
    """Each person left out on the way would have made every panel with those taken before break a quota."""
    try:
        found = draw(pool, seed=seed)
    except Impossible:
        return
    panels = [set(one) for one in combinations(sorted(pool.volunteers), pool.size) if respects(pool, one)]
    met: list[str] = []
    out: list[str] = []
    for one in [*found.chosen, *found.passed_over]:
        assert one in pool.volunteers
    from tally.panels.drawing import order

    for one in order(pool.volunteers, seed):
        if len(met) == pool.size:
            break
        possible = any(panel >= {*met, one} and not panel & set(out) for panel in panels)
        assert (one in found.chosen) == possible
        (met if possible else out).append(one)


def town(many: int = 300) -> Pool:
    """Volunteers as they come: many old people from the centre, few young ones from the north."""
    ages, places = ["60+", "60+", "60+", "30-59", "30-59", "16-29"], ["centre", "centre", "sud", "nord"]
    volunteers = {
        f"V{n:03}": {
            "age": ages[(n * 7) % 6],
            "sexe": "F" if n % 3 else "H",
            "quartier": places[(n * 5 + n // 7) % 4],
        }
        for n in range(many)
    }
    quotas = {
        "age": {"16-29": Bounds(7, 9), "30-59": Bounds(12, 14), "60+": Bounds(8, 10)},
        "sexe": {"F": Bounds(14, 16), "H": Bounds(14, 16)},
        "quartier": {"centre": Bounds(9, 11), "sud": Bounds(9, 11), "nord": Bounds(9, 11)},
    }
    return Pool(volunteers, quotas, 30)


def test_the_draw_of_a_town_is_the_same_for_everybody_and_another_seed_draws_another() -> None:
    pool = town()
    assert respects(pool, draw(pool, seed="7 11 23 31 40 3").chosen)
    assert draw(pool, seed="a").chosen != draw(pool, seed="b").chosen


@quick
@given(pools(), st.text(max_size=3), st.randoms(use_true_random=False))
def test_whoever_leaves_is_replaced_by_the_same_draw_within_the_quotas(pool: Pool, seed: str, chance: object) -> None:
    try:
        found = draw(pool, seed=seed)
    except Impossible:
        return
    gone = [one for one in pool.volunteers if chance.random() < 0.4]
    now = replaced(pool, found, gone=gone)
    stayed = [one for one in found.chosen if one not in gone]
    assert now[: len(stayed)] == stayed, "nobody who stays loses their place"
    assert not set(now) & set(gone)
    panels = [set(one) for one in combinations(sorted(set(pool.volunteers) - set(gone)), pool.size)]
    possible = any(respects(pool, sorted(panel)) and panel >= set(now) for panel in panels)
    assert (len(now) == pool.size and respects(pool, now)) or not possible


def test_the_chances_of_each_are_told_and_those_who_are_alike_have_the_same() -> None:
    pool = town(120)
    found = chances(pool, seed="essai", draws=60)
    assert sum(found.values()) == pytest.approx(30)
    assert min(found.values()) > 0
    by_kind: dict[tuple, set[float]] = {}
    for one, chance in found.items():
        by_kind.setdefault(pool.kind_of(one), set()).add(chance)
    assert all(len(values) == 1 for values in by_kind.values())


def test_without_quotas_everybody_has_the_same_chance() -> None:
    pool = Pool({f"V{n}": {} for n in range(40)}, {}, 10)
    seen = Counter(one for n in range(400) for one in draw(pool, seed=str(n)).chosen)
    assert max(abs(count / 400 - 0.25) for count in seen.values()) < 0.1


def test_what_is_impossible_says_which_quota() -> None:
    pool = Pool({"a": {"age": "jeune"}, "b": {"age": "vieux"}}, {"age": {"jeune": Bounds(2, 2)}}, 2)
    with pytest.raises(Impossible) as found:
        draw(pool, seed="1")
    assert ("age", "jeune", 2, 1) in found.value.reasons


@pytest.mark.parametrize("wrong", [{"size": 0}, {"quotas": {"age": {"x": Bounds(2, 1)}}}, {"quotas": {"sexe": {}}}])
def test_nonsense_is_refused(wrong: dict) -> None:
    with pytest.raises(ValueError, match=r"."):
        Pool(**{"volunteers": {"a": {"age": "x"}}, "quotas": {}, "size": 1, **wrong})


def test_a_hash_of_the_list_changes_with_anything_in_it() -> None:
    pool = town(20).volunteers
    other = {**pool, "V003": {**pool["V003"], "age": "15"}}
    assert fingerprint(pool) != fingerprint(other)


def files(folder: Path, pool: Pool) -> tuple[Path, Path]:
    people, rules = folder / "volontaires.csv", folder / "quotas.json"
    lines = ["id,age,sexe,quartier"]
    lines += [f"{one},{v['age']},{v['sexe']},{v['quartier']}" for one, v in pool.volunteers.items()]
    people.write_text("\n".join(lines))
    rules.write_text(json.dumps({"size": pool.size, "quotas": pool.quotas}))
    return people, rules


def test_anybody_draws_again_from_the_files(tmp_path: Path) -> None:
    pool, out = town(), StringIO()
    people, rules = files(tmp_path, pool)
    call_command("draw_panel", people, quotas=rules, seed="7 11 23", json=True, stdout=out)
    told = json.loads(out.getvalue())
    assert told["chosen"] == draw(pool, seed="7 11 23").chosen
    assert told["input_hash"] == fingerprint(pool.volunteers)


@pytest.mark.parametrize("content", ["", "id,age\nV1", "{", "id,age\nV1,x\nV1,y"])
def test_files_that_cannot_be_read_are_one_clear_line(tmp_path: Path, content: str) -> None:
    people, rules = files(tmp_path, town(20))
    people.write_text(content)
    with pytest.raises(CommandError):
        call_command("draw_panel", people, quotas=rules, seed="1")
    rules.write_text("[]")
    with pytest.raises(CommandError):
        call_command("draw_panel", people, quotas=rules, seed="1")
