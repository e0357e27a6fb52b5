"""The report says both sides, and no goal is reached that is not."""

import pytest

from bench.clustering import report
from bench.clustering.goals import goals

RUN = {"date": "2026-11-22", "commit": "abc1234", "load": 1.0}


def row(name: str, engine: str, ami: float) -> dict:
    figures = {"ami": ami, "ami_spread": 0.01, "ari": 0.4, "ami_assigned": ami, "noise": 0.1, "themes": 12.0}
    return {"set": name, "engine": engine} | figures | {"cpu": 1.5, "features_cpu": 0.5, "memory": 40}


@pytest.fixture
def measured() -> dict:
    rows = [
        row(name, engine, ami)
        for name in ("repnum_args", "dila_fiches")
        for engine, ami in (("ours, words alone", 0.54), ("BERTopic on words", 0.44))
    ]
    sizes = [
        {"texts": 10_000, "engine": engine, "cpu": cpu, "cpu_with_features": cpu, "memory": 300}
        | {"ami": 0.5, "noise": 0.0, "themes": 90, "topics": 156}
        for engine, cpu in (("ours, words alone", 4.0), ("BERTopic on words", 9.0))
    ]
    head = {"machine": "a machine", "repetitions": 3, "missing": ["evoc"]}
    return head | {"quality": {**RUN, "rows": rows}, "scale": {**RUN, "rows": sizes}}


def test_a_ratio_has_its_two_sides_and_its_verdict(measured):
    found = {goal.what: goal for goal in goals(measured)}
    beaten = found["AMI against BERTopic on words, mean of the sets"]
    assert (beaten.ours, beaten.other, beaten.ratio, beaten.reached) == ("0.540", "0.440", "1.23 ×", False)
    slower = found["10 k texts, CPU of warm BERTopic, features given free"]
    assert (slower.ours, slower.other, slower.ratio) == ("4.00 CPU s", "9.00 CPU s", "2.2 ×")
    assert not slower.reached
    assert found["AMI, repnum_args, ours, words alone"].reached
    assert not found["AMI, dila_fiches, ours, words alone"].reached


def test_the_report_is_one_page_of_markdown_that_says_what_is_missing(measured):
    written = report.markdown(measured)
    assert "Not installed, so not measured: evoc." in written
    assert "| **ours, words alone** | 0.540 ± 0.010 | 0.400 | 0.540 | 10 % | 12.0 | 1.50 | 2.00 | 40 |" in written
    assert "| 10,000 | BERTopic on words | 9.0 |" in written


def test_the_report_is_pasted_between_its_marks_only():
    page = f"# Before\n{report.BEGIN}\nold\n{report.END}\nAfter\n"
    once = report.pasted(page, "new")
    assert once == f"# Before\n{report.BEGIN}\nnew\n{report.END}\nAfter\n"
    assert report.pasted(once, "new") == once
    with pytest.raises(ValueError, match="no place"):
        report.pasted("# Nothing", "new")
