"""The README says what the code does."""

import inspect
import re
import subprocess
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import cast
from urllib.request import urlopen

import pytest
from forum import Forum

from discuz_scrape import Client, Post, Thread, models
from discuz_scrape.__main__ import main
from discuz_scrape.cli import app
from discuz_scrape.fetch._core import WalkOptions
from discuz_scrape.models import Model
from discuz_scrape.pages._kinds import AJAX, API, FEED, KINDS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
CI = ROOT / ".ci" / "run"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.M | re.S)


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


EXAMPLES = re.findall(r"^```python\n(.*?)^```\n\n```text\n(.*?)^```$", README, re.M | re.S)


@pytest.mark.parametrize(("code", "output"), EXAMPLES)
def test_examples_print_what_they_show(code: str, output: str, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102 - our own words
    assert capsys.readouterr().out == output


def test_first_screen_is_such_an_example() -> None:
    assert EXAMPLES[0][0] == blocks("python")[0]


def test_examples_of_addresses_give_what_they_say() -> None:
    (block,) = (block for block in blocks("python") if "parse_url" in block)
    names: dict[str, object] = {}
    for line in filter(None, block.splitlines()):
        code, _, told = line.partition("  # ")
        if told and " = " not in code:
            assert str(eval(code, names)) == told  # noqa: S307 - our own words
        else:
            exec(code, names)  # noqa: S102 - our own words


def commands() -> list[tuple[str, str]]:
    """Give the commands whose output is shown, and that output."""
    shown = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", "".join(blocks("console")), re.M)
    return [example for example in shown if example[0].startswith("discuz-scrape") and example[1]]


@pytest.mark.parametrize(("command", "output"), commands())
def test_shell_examples_print_what_they_show(command: str, output: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command.split()[1:]) == 0
    assert capsys.readouterr().out.rstrip("\n") == output.rstrip("\n")


def test_there_are_shell_examples() -> None:
    assert commands()


def fetching(word: str) -> str:
    return next(block for block in blocks("python") if word in block)


def test_examples_of_fetching_run_as_they_stand(forum: Forum, capsys: pytest.CaptureFixture[str]) -> None:
    thread = forum.thread(123, posts=12, subject="老凤头换中轴")
    with forum.served() as site:
        for word in ("with Client(", "AsyncClient()", "ThreadWalk("):
            code = fetching(word).replace("https://bbs.example.com/", site.url)
            code = code.replace("interval=1.5", "interval=0").replace("AsyncClient()", "AsyncClient(interval=0)")
            names: dict[str, object] = {"__name__": "readme"}
            exec(compile(code, "README.md", "exec"), names)  # noqa: S102 - our own words
            if word == "with Client(":
                assert names["newest"] == ["老凤头换中轴"]
            if word == "ThreadWalk(":
                read = cast("Callable[..., Iterable[Post]]", names["read"])
                posts = read(f"{site.url}thread-123-1-1.html", lambda url: urlopen(url).read())  # noqa: S310
                assert [post.pid for post in posts] == [post.pid for post in thread.posts]
            else:
                assert len(cast("Thread", names["thread"]).posts) == 12
    assert re.findall(r"^(\d+) ", capsys.readouterr().out, re.M) == [str(floor) for floor in range(1, 13)]


def test_options_and_methods_of_the_client_are_those_of_the_code() -> None:
    section = README.split("## Fetching")[1].split("\n## ")[0]
    methods, walk, options = re.findall(r"^\| (?:method|option) .*\n\| --- .*\n((?:\|.*\n)+)", section, re.M)
    named = [re.findall(r"`(\w+)", row.split("|")[1])[0] for row in methods.splitlines()]
    public = {name for name in dir(Client) if not name.startswith("_")} - {"close"}
    assert set(named) == public
    told = {name for row in options.splitlines() for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert told == set(inspect.signature(Client).parameters)
    told = {name for row in walk.splitlines() for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert told == set(WalkOptions.__annotations__)


def test_models_table_is_complete() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", README.split("| model | fields |")[1].split("\n\n")[0], re.M)
    documented = {model: re.findall(r"`(\w+)`", fields) for model, fields in rows}
    kinds = {name: kind for name, kind in inspect.getmembers(models, inspect.isclass) if issubclass(kind, Model)}
    assert documented == {name: list(kind.model_fields) for name, kind in kinds.items() if kind is not Model}


FACES = {
    "phones.touch": "touch", "phones.mobile": "mobile=1", "plain.archiver": "archiver", "plain.printable": "print",
    "plain.album": "album", "plain.preview": "preview", "ajax": "ajax", "api.answer": "JSON API", "feed": "feed",
}  # fmt: skip
"""Beginning of a reader's name to the face that it reads; all others read the desktop."""


def test_pages_and_faces_are_those_of_the_registry() -> None:
    head, _, *rows = (
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in re.findall(r"^\|.*\|$", README.split("## Any page")[1].split("\n## ")[0], re.M)
    )
    documented = {
        (row[1].strip("`"), face) for row in rows for face, cell in zip(head[2:], row[2:], strict=True) if cell == "yes"
    }
    read = {("Thread", "desktop")}
    for kind in (*KINDS, AJAX, API, FEED):
        if kind.reads:
            reader = import_module(f"discuz_scrape.pages.{kind.reads}").read
            face = next((face for name, face in FACES.items() if kind.reads.startswith(name)), "desktop")
            read |= {(model, face) for model in str(inspect.signature(reader).return_annotation).split(" | ")}
    assert documented == read


def test_every_command_and_option_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    names = [command.name or getattr(command.callback, "__name__", "") for command in app.registered_commands]
    for name in names:
        assert f"`discuz-scrape {name}" in README
        assert main([name, "--help"]) == 0
    assert main(["--help"]) == 0
    options = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", capsys.readouterr().out))
    assert {"--format", "--of", "--version"} < options
    assert [option for option in sorted(options) if f"`{option}" not in README and f" {option}`" not in README] == []


def test_error_tree_is_that_of_the_code() -> None:
    from discuz_scrape import errors

    drawn = re.findall(r"\w+Error\b", next(block for block in blocks("text") if "DiscuzScrapeError" in block))
    assert drawn == re.findall(r"\w+Error\b", (errors.__doc__ or "").split("A message page")[0])


@pytest.mark.skipif(not CI.exists(), reason="no repository")
def test_ci_runs_the_two_commands_of_the_readme() -> None:
    (block,) = blocks("sh")
    assert len(block.splitlines()) == 2
    ran = subprocess.run(["bash", str(CI), "--commands"], capture_output=True, text=True, check=True)
    assert ran.stdout == block


def test_benchmark_names_its_command() -> None:
    _, section = README.split("<!-- benchmark -->")
    assert "`python -m tests.benchmarks --sample 60`" in section.split("\n## ")[0]
    assert (ROOT / "tests" / "benchmarks" / "__main__.py").exists()
