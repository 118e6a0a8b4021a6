"""The command line: a thin skin over the library.

stdout is data only, stderr is for people. Exit codes are OR-ed over the inputs: 1 a file that cannot be read or
written, 4 ParseError, 8 NoticeError, 16 FetchError; 2 is a usage error, 130 Ctrl-C. A closed pipe ends quietly with 0.
"""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import rich  # noqa: F401 - the progress bar needs it: better to miss it at the start than in the middle
import typer

import discuz_scrape
from discuz_scrape import output
from discuz_scrape._schema import json_schema
from discuz_scrape.cli._detections import json_lines, table
from discuz_scrape.cli._inputs import STDIN
from discuz_scrape.cli._options import KINDS, read_encoding, read_kinds, read_now, read_rules, read_timezone
from discuz_scrape.cli._run import Reader, copy, ended, explain, say
from discuz_scrape.models import Page, Thread
from discuz_scrape.output import Body, Format

app = typer.Typer(
    help="Turn Discuz! forum pages into clean, typed posts.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain help, and errors of one line
    pretty_exceptions_enable=False,
)


class Of(StrEnum):
    """What a schema describes."""

    thread = "thread"
    post = "post"
    page = "page"
    row = "row"


_DESCRIBED: dict[Of, Any] = {Of.thread: Thread, Of.post: output.PostRow, Of.page: Page, Of.row: output.Row}


def _print_version(given: bool) -> None:  # noqa: FBT001 - typer's way
    if given:
        typer.echo(f"discuz-scrape {discuz_scrape.__version__}")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Turn Discuz! forum pages into clean, typed posts."""


@app.command()
def parse(
    inputs: Annotated[
        list[Path], typer.Argument(metavar="FILE...|DIR|-", help="Pages (.gz too), folders of pages, or - for stdin.")
    ],
    *,
    threads: Annotated[bool, typer.Option("--threads", help="Write one object per page, not per post or row.")] = False,
    kind: Annotated[
        list[str] | None, typer.Option("--kind", help=f"Only pages of a kind ({KINDS}); may be repeated.")
    ] = None,
    format_: Annotated[Format, typer.Option("--format", help="What to write.")] = Format.jsonl,
    body: Annotated[
        Body | None, typer.Option("--body", help="Which body. JSON adds it as a field, the others show it.")
    ] = None,
    url: Annotated[str | None, typer.Option("--url", help="Address of the page, for its links.")] = None,
    encoding: Annotated[str | None, typer.Option("--encoding", help="Encoding, as a server would name it.")] = None,
    timezone: Annotated[
        str | None, typer.Option("--timezone", help="IANA name or +08:00, where the page tells no offset.")
    ] = None,
    now: Annotated[
        str | None, typer.Option("--now", help="ISO time from which relative dates count, where the page has no clock.")
    ] = None,
    out: Annotated[Path | None, typer.Option("-o", "--output", help="Write to a file, replaced when whole.")] = None,
) -> None:
    """Read saved pages and write their posts, thread rows, boards or entries, one JSON object a line."""
    _check_inputs(inputs)
    body = body or output.default_body(format_)
    zone = read_timezone(timezone) if timezone else None
    reader = Reader(
        url=url,
        content_type=read_encoding(encoding) if encoding else None,
        timezone=zone,
        now=read_now(now, zone) if now else None,
        formats={"text", body.value},
    )
    write = partial(output.write, fmt=format_, body=body, whole=threads)
    pages = partial(reader.pages, kinds=read_kinds(kind or []), alike=format_ is Format.csv)
    raise typer.Exit(ended(lambda: copy(reader, inputs, out, lambda paths: write(pages(paths)))))


@app.command()
def detect(
    inputs: Annotated[
        list[Path], typer.Argument(metavar="FILE...|DIR|-", help="Pages (.gz too), folders of pages, or - for stdin.")
    ],
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Write JSON lines, as to a pipe; a person gets a table.")
    ] = False,
    url: Annotated[str | None, typer.Option("--url", help="Address of the page, for walls without a mark.")] = None,
    encoding: Annotated[str | None, typer.Option("--encoding", help="Encoding, as a server would name it.")] = None,
) -> None:
    """Tell which pages are Discuz!, and of which kind, without parsing them."""
    _check_inputs(inputs)
    reader = Reader(url=url, content_type=read_encoding(encoding) if encoding else None)
    write = json_lines if as_json or not sys.stdout.isatty() else table
    lines = partial(reader.results, work=discuz_scrape.detect)
    raise typer.Exit(ended(lambda: copy(reader, inputs, None, lambda paths: write(lines(paths)))))


def _check_inputs(inputs: list[Path]) -> None:
    if inputs.count(STDIN) > 1:
        raise typer.BadParameter("- is standard input, which can be read once")


@app.command()
def url(
    urls: Annotated[list[str], typer.Argument(metavar="URL...|-", help="Addresses, or - for one a line from stdin.")],
    *,
    rewrite: Annotated[
        list[str] | None, typer.Option("--rewrite", help="Rewrite pattern such as t{tid}-{page}; may be repeated.")
    ] = None,
) -> None:
    """Tell what addresses of a forum lead to, one JSON object a line."""
    rules = read_rules(rewrite or [])
    raise typer.Exit(ended(lambda: explain(urls, rules)))


@app.command()
def schema(
    of: Annotated[Of, typer.Option("--of", help="A page of a thread, a post on it; any page, any row.")] = Of.thread,
) -> None:
    """Print the JSON Schema of what parse writes."""
    text = json.dumps(json_schema(_DESCRIBED[of]), ensure_ascii=False, indent=2)
    raise typer.Exit(ended(lambda: say(text)))
