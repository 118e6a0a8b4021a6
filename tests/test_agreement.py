"""Captures of one page by its several faces agree wherever two of them know a thing.

The captures are invented ones in `fixtures/faces`, and those of real installs where DISCUZ_SCRAPE_CORPUS names folders
of them (see `test_corpus.py`). What is compared, and what each face does not tell, is in `faces.py`.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from agreement import NO_URL, Capture, Comparison

from discuz_scrape import DiscuzScrapeError, detect, parse_page
from discuz_scrape.testing import find_cases

FACES = Path(__file__).parent.parent / "fixtures" / "faces"
CORPUS = [Path(folder) for folder in os.environ.get("DISCUZ_SCRAPE_CORPUS", "").split(os.pathsep) if folder]
KINDS = {"thread", "board", "index"}
VIEW = ("authorid", "stand", "cp", "filter", "orderby", "ordertype", "gid")
"""Parts of an address that choose other posts or rows than the plain page has, or other parts of them."""


def face_of(content: bytes, url: str, told: dict[str, Any]) -> str:
    """The face of a page of the corpus; the template for phones was written anew for X3.5."""
    face = detect(content, url=url).kind
    if face == "touch":
        return f"touch {told['discuz'].split('-')[0]}"
    if face == "api":
        return f"api v{parse_qs(urlsplit(url).query)['version'][0]}"
    if "action=commentmore" in url or "action=viewratings" in url:
        return "window"
    if face not in KINDS:
        return face
    if "viewpid=" in url or "inajax=" in url:
        return "ajax post" if "viewpid=" in url else "ajax"
    if "bot" in told["request"]["ua_kind"] or "spider" in told["request"]["user_agent"].lower():
        return "desktop for robots"
    if b'id="waterfall"' in content:
        return "desktop pictures"
    return "desktop" if "forum.php" in url else "desktop rewritten"


def captures_of_corpus(folder: Path) -> Iterator[tuple[Capture, Capture]]:
    """Every page twice: read with its URL, and without."""
    for file in sorted(folder.glob("*.json")):
        page_file = file.with_suffix(".html")
        if not page_file.exists():
            continue
        told = json.loads(file.read_text("utf-8"))
        content, url = page_file.read_bytes(), told["final_url"]
        captured = datetime.fromtimestamp(told["captured_at"], UTC)
        try:
            page = parse_page(content, url=url, content_type=told["content_type"], now=captured)
        except DiscuzScrapeError:
            if told.get("posts"):
                raise
            continue  # walls and pages that are not read have tests of their own
        if page.kind not in KINDS:
            continue
        query, face = parse_qs(urlsplit(url).query), face_of(content, url, told)
        role = told["request"]["role"]
        capture = Capture(
            name=file.stem,
            face=face,
            page=page,
            content=content,
            view=("guest" if role.startswith("guest") else role, *(query.get(name, [""])[0] for name in VIEW)),
            facts=told.get("thread") or (told.get("truth") or {}).get("forum") or {},
            item_facts=item_facts(page, told),
            alive=face != "window",
            unusual=is_unusual(page, face, told["notes"]),
        )
        yield capture, without_address(capture, content_type=told["content_type"], now=captured)


def without_address(capture: Capture, **options: Any) -> Capture:
    """The same page read without its URL: it may tell less, and nothing else."""
    page = parse_page(capture.content, **options)
    return replace(capture, page=page, face=capture.face + NO_URL, unusual=True)


def is_unusual(page: Any, face: str, notes: str) -> bool:
    """Whether the owner changed something for this capture, or keeps the authors' column from guests."""
    if face == "desktop for robots":
        return False
    has_column = page.kind != "thread" or any(post.author.profile for post in page.posts)
    return bool(notes) or (face == "desktop" and not has_column)


def item_facts(page: Any, told: dict[str, Any]) -> dict[int, dict[str, Any]]:
    if page.kind == "thread":
        return {row["pid"]: row for row in told.get("posts") or ()}
    truth = told.get("truth") or {}
    return {row["tid"]: row for row in truth.get("forum_threads") or ()} if "source" not in truth else {}


def captures_of_fixtures(folder: Path) -> Iterator[tuple[Capture, Capture]]:
    """The same for cases. The face is the name of the case: `touch-x35` is a capture of `touch X3.5`."""
    for case in find_cases(folder):
        settings = case.expected()["case"]
        face = case.name.replace("-x3", " X3.").replace("-", " ")
        told = Capture(name=case.name, face=face, page=case.parse(settings), content=case.page.read_bytes())
        bare = case.parse({key: value for key, value in settings.items() if key != "url"})
        yield told, replace(told, page=bare, face=face + NO_URL, unusual=True)


def groups(captures: Iterable[Capture]) -> list[list[Capture]]:
    """Captures of one thread or board each."""
    found: dict[tuple[str, int | None], list[Capture]] = defaultdict(list)
    for capture in captures:
        page = capture.page
        number = page.tid if page.kind == "thread" else page.forum.fid if page.kind == "board" else None
        found[page.kind, number].append(capture)
    return list(found.values())


@cache
def compared(folder: Path) -> Comparison:
    told = Comparison()
    captures = list(captures_of_fixtures(folder) if FACES in folder.parents else captures_of_corpus(folder))
    for twins in captures:
        told.compare(twins)
    for group in groups(capture for capture, _ in captures):
        told.compare(group)
    return told


INVENTED = sorted(path for path in FACES.glob("*") if path.is_dir())


@pytest.mark.parametrize("folder", [*INVENTED, *CORPUS], ids=lambda path: path.name)
def test_faces_agree(folder: Path) -> None:
    told = compared(folder)
    assert not told.differences, "\n".join(["", *told.differences])


@pytest.mark.skipif(not CORPUS, reason="DISCUZ_SCRAPE_CORPUS names no corpus")
def test_corpus_is_there() -> None:
    assert all(compared(folder).made for folder in CORPUS)


def test_every_pair_was_compared(capsys: pytest.CaptureFixture[str]) -> None:
    told = Comparison()
    for folder in (*INVENTED, *CORPUS):
        told.add(compared(folder))
    with capsys.disabled():
        print("", *told.table(), sep="\n")
    assert not told.never_made()
