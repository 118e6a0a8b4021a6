"""Fixture cases: a page and what it must give, as two files side by side.

    fixtures/<kind>/<group>/<case>.in.html     the bytes as served (.in.xml, .in.json too; .in.txt is flattened text)
    fixtures/<kind>/<group>/<case>.out.json    {"case": {...}, "page": {...}} or {"case": {...}, "error": {...}}

`case` says what the page is for (`why`) and what the parser is told beside its content: `url`, `content_type`, `now`,
`timezone`, `formats`. Cases below a folder `thread` are for `parse_thread`, flattened text is for `parse_text`, and
all others are for `parse_page`. `page` is the model without the fields that have their default value, so a field too
many is seen like one too few. `error` is the class, the forum's words (`text`) and a part of the message.

    python -m discuz_scrape.testing show CASE...     prints the expected side that the parser gives now
    python -m discuz_scrape.testing write CASE...    writes it, to be reviewed as a diff

To add a case, save the page as `<case>.in.html` and run `write` with `--why`; to change how it is called, edit `case`
in the JSON and run `write` again.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from discuz_scrape import parse_page, parse_text, parse_thread
from discuz_scrape.errors import DiscuzScrapeError
from discuz_scrape.models import Page

SETTINGS = ("url", "content_type", "now", "timezone", "formats", "why")


class FixtureError(Exception):
    """A fixture that cannot be used: half of a pair, or settings that cannot be read."""


@dataclass(frozen=True, slots=True)
class Case:
    """A page and what it must give."""

    page: Path
    """The page: `<case>.in.<suffix>`."""

    @property
    def name(self) -> str:
        """The file name of the case, without its ending."""
        return self.page.name.rsplit(".in.", 1)[0]

    @property
    def expected_file(self) -> Path:
        """What the page must give: `<case>.out.json` beside it."""
        return self.page.with_name(f"{self.name}.out.json")

    def expected(self) -> dict[str, Any]:
        """Read the expected side; a new case has only an empty `case`."""
        if not self.expected_file.exists():
            return {"case": {}}
        loaded: dict[str, Any] = json.loads(self.expected_file.read_text("utf-8"))
        return loaded

    def outcome(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Parse the page; give `page` or `error` as plain data."""
        try:
            page = self.parse(settings)
        except DiscuzScrapeError as error:
            told = {"text": getattr(error, "text", None), "retry_after": getattr(error, "retry_after", None)}
            about = {key: value for key, value in told.items() if value is not None}
            return {"error": {"type": type(error).__name__, **about, "message": str(error)}}
        return {"page": page.model_dump(mode="json", exclude_defaults=True)}

    def parse(self, settings: Mapping[str, Any]) -> Page:
        """Parse the page as the settings of the case say."""
        options = _options(settings)
        if self.page.suffix == ".txt":
            return parse_text(self.page.read_text("utf-8"), **options)
        only_html = {key: settings[key] for key in ("content_type", "formats") if key in settings}
        parse = parse_thread if "thread" in self.page.parts else parse_page
        return parse(self.page.read_bytes(), **only_html, **options)

    def differences(self) -> list[str]:
        """Compare what the page must give with what it gives, one line for every path that differs."""
        expected = self.expected()
        settings = expected.pop("case")
        found = self.outcome(settings)
        if "error" in expected and "error" in found:
            _accept_part(expected["error"], found["error"])
        return list(_differences(expected, found, ""))

    def render(self, changes: Mapping[str, Any] | None = None) -> str:
        """Write the expected side anew from what the page gives now; settings stay, unless changed."""
        before = self.expected()
        settings = {key: value for key, value in {**before["case"], **(changes or {})}.items() if value is not None}
        found = self.outcome(settings)
        if "error" in before and "error" in found:
            _accept_part(before["error"], found["error"])
        ordered = {key: settings[key] for key in SETTINGS if key in settings}
        return json.dumps({"case": ordered, **found}, ensure_ascii=False, indent=1) + "\n"


def find_cases(folder: Path) -> list[Case]:
    """Find every case below a folder, in order; a lone file of a pair is a `FixtureError`."""
    cases = [Case(page) for page in sorted(folder.rglob("*.in.*"))]
    written = {case.expected_file for case in cases}
    for case in cases:
        if not case.expected_file.exists():
            msg = f"{case.page} has no {case.expected_file.name}: "
            raise FixtureError(msg + f"python -m discuz_scrape.testing write {case.page} --why 'what it is for'")
    for lone in sorted(set(folder.rglob("*.out.json")) - written):
        raise FixtureError(f"{lone} has no page beside it: git rm {lone}")
    return cases


def _options(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Turn settings as JSON has them into arguments of a parser."""
    if unknown := settings.keys() - set(SETTINGS):
        raise FixtureError(f"unknown settings: {', '.join(sorted(unknown))}")
    options = {key: settings[key] for key in ("url",) if key in settings}
    if "now" in settings:
        options["now"] = datetime.fromisoformat(settings["now"])
    if "timezone" in settings:
        offset = datetime.strptime(settings["timezone"], "%z").utcoffset() or timedelta()
        options["timezone"] = timezone(offset)
    return options


def _accept_part(expected: dict[str, Any], found: dict[str, Any]) -> None:
    """Take a part of the message for the whole of it, so that a case can name the words that matter."""
    if expected.get("message", "") in found["message"]:
        found.pop("message")
        if "message" in expected:
            found["message"] = expected["message"]


def _differences(expected: object, found: object, path: str) -> Iterator[str]:
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in [*expected, *(key for key in found if key not in expected)]:
            yield from _differences(expected.get(key, ...), found.get(key, ...), f"{path}.{key}".lstrip("."))
    elif isinstance(expected, list) and isinstance(found, list):
        for at in range(max(len(expected), len(found))):
            yield from _differences(_item(expected, at), _item(found, at), f"{path}[{at}]")
    elif expected != found or type(expected) is not type(found):
        yield f"{path}: expected {_shown(expected)}, found {_shown(found)}"


def _item(values: list[object], at: int) -> object:
    return values[at] if at < len(values) else ...


def _shown(value: object) -> str:
    return "nothing" if value is ... else json.dumps(value, ensure_ascii=False)


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m discuz_scrape.testing", description="Show or write expected sides.")
    parser.add_argument("action", choices=("show", "write"))
    parser.add_argument("cases", nargs="+", type=Path, metavar="CASE", help="a file of the pair, or a folder of cases")
    parser.add_argument("--formats", type=lambda text: text.split(","), help="text,html,markdown")
    for name in ("url", "content_type", "now", "timezone", "why"):
        parser.add_argument(f"--{name.replace('_', '-')}")
    return parser.parse_args(argv)


def _pages(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(path.rglob("*.in.*"))
    if path.name.endswith(".out.json"):
        return sorted(path.parent.glob(path.name.removesuffix(".out.json") + ".in.*"))
    return [path]


def main(argv: Sequence[str] | None = None) -> int:
    """Run `show` or `write`."""
    given = _arguments(argv)
    if given.action == "write" and os.environ.get("CI"):
        sys.stderr.write("nothing is written in CI: run this where the diff is reviewed\n")
        return 1
    changes = {key: getattr(given, key) for key in SETTINGS if getattr(given, key) is not None}
    for case in (Case(page) for path in given.cases for page in _pages(path)):
        text = case.render(changes)
        if given.action == "write":
            case.expected_file.write_text(text, "utf-8", newline="\n")
            text = f"{case.expected_file}\n"
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
