"""Every fixture gives what its expected side says."""

from pathlib import Path

import pytest

from discuz_scrape.testing import Case, FixtureError, find_cases, main

FIXTURES = Path(__file__).parent.parent / "fixtures"
CASES = find_cases(FIXTURES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.page.relative_to(FIXTURES)))
def test_case(case: Case) -> None:
    differences = case.differences()
    assert not differences, "\n".join(
        ["", *differences, f"if that is right: python -m discuz_scrape.testing write {case.page}"]
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.page.relative_to(FIXTURES)))
def test_case_says_why(case: Case) -> None:
    assert case.expected()["case"]["why"]


def test_lone_page_is_refused(tmp_path: Path) -> None:
    (tmp_path / "new.in.html").write_text("<p>x</p>")
    with pytest.raises(FixtureError, match=r"testing write .*new\.in\.html"):
        find_cases(tmp_path)


def test_lone_expectation_is_refused(tmp_path: Path) -> None:
    (tmp_path / "old.out.json").write_text("{}")
    with pytest.raises(FixtureError, match="no page beside it"):
        find_cases(tmp_path)


def test_difference_names_its_path(tmp_path: Path) -> None:
    page = tmp_path / "odd.in.html"
    page.write_text("<p>no forum here</p>")
    page.with_name("odd.out.json").write_text('{"case": {"why": "x"}, "error": {"type": "NoticeError"}}')
    assert Case(page).differences() == ['error.type: expected "NoticeError", found "ParseError"']


def test_write_makes_a_pair_and_keeps_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    page = tmp_path / "odd.in.html"
    page.write_text("<p>no forum here</p>")
    assert main(["write", str(page), "--why", "not a forum"]) == 0
    assert main(["write", str(tmp_path)]) == 0
    (case,) = find_cases(tmp_path)
    assert case.expected()["case"] == {"why": "not a forum"}
    assert case.differences() == []


def test_nothing_is_written_in_ci(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    assert main(["write", str(tmp_path)]) == 1
