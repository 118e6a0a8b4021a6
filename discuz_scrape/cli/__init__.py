"""The command line: a thin skin over the library.

stdout is data only, stderr is for people. Exit codes are OR-ed over the inputs or addresses: 1 a file that cannot be
read or written, 4 ParseError, 8 NoticeError, 16 FetchError; 2 is a usage error, 130 Ctrl-C, 143 SIGTERM. A closed pipe
ends quietly with 0.
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
from discuz_scrape.cli import _report, _target
from discuz_scrape.cli._detections import json_lines, table
from discuz_scrape.cli._inputs import addresses
from discuz_scrape.cli._options import (
    KINDS,
    PASSWORD,
    read_encoding,
    read_kinds,
    read_pages,
    read_rules,
    read_time,
    read_timezone,
)
from discuz_scrape.cli._run import Run, detected, ended, explain, put, say
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
    format_: Annotated[
        Format | None, typer.Option("--format", help="What to write; else by the ending of the file, else jsonl.")
    ] = None,
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
    out: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FILE",
            help="Replaced when whole: .jsonl, .json, .csv, .md, .txt (and .gz, .zst), .parquet, .sqlite.",
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option("--workers", metavar="N", min=0, help="Processes; 0 for none but this. By default by need."),
    ] = None,
    resume: Annotated[
        Path | None, typer.Option("--resume", metavar="FILE", help="Keep there how far it is, and go on.")
    ] = None,
    dedupe: Annotated[
        bool, typer.Option("--dedupe", help="Of several captures of a post or row, only the newest.")
    ] = False,
    sieve: Annotated[
        bool | None,
        typer.Option("--sieve/--no-sieve", help="Drop what is not Discuz!; by default of WARC files only."),
    ] = None,
    stats: Annotated[
        Path | None, typer.Option("--stats", metavar="FILE", help="Write numbers of the run there, as JSON.")
    ] = None,
    ray: Annotated[
        str | None,
        typer.Option("--ray", metavar="ADDRESS|local", help="On a Ray cluster, into a folder of Parquet files (-o)."),
    ] = None,
) -> None:
    """Read saved pages and write their posts, thread rows, boards or entries, one JSON object a line."""
    from discuz_scrape.bulk.sinks import text_format
    from discuz_scrape.cli import _bulk

    _check_inputs(inputs)
    out = None if out == _target.STDOUT else out
    zone = read_timezone(timezone) if timezone else None
    formats = ("text", body or output.default_body(format_ or text_format(out)))
    told = {
        "url": url,
        "content_type": read_encoding(encoding) if encoding else None,
        "timezone": zone,
        "now": read_time(now, zone) if now else None,
        "formats": formats,
        "sieve": sieve,
    }
    options = {
        "format": format_, "body": body, "threads": threads, "kind": kind, "url": url, "encoding": encoding,
        "timezone": timezone, "now": now, "sieve": sieve, "dedupe": dedupe,
    }  # fmt: skip
    if ray is not None:
        from discuz_scrape.cli import _cluster

        unfit = {
            "--resume": resume, "--dedupe": dedupe, "--threads": threads, "--workers": workers is not None,
            "--format": format_, "--url": url, "--encoding": encoding, "--now": now,
        }  # fmt: skip
        kinds = read_kinds(kind or ["thread"])
        folder = _cluster.checked(out, kinds, [option for option, given in unfit.items() if given])
        work = partial(_cluster.run, inputs, folder, ray, kinds[0], formats, zone, sieve=sieve, stats=stats)
        raise typer.Exit(ended(work))
    plan = _bulk.Plan(
        inputs=inputs,
        out=out,
        fmt=format_,
        body=body,
        whole=threads,
        kinds=read_kinds(kind or []),
        job=told,
        options=options,
        workers=workers,
        resume=resume,
        dedupe=dedupe,
        stats=stats,
    )
    raise typer.Exit(ended(lambda: _bulk.run(plan)))


@app.command()
def fetch(
    urls: Annotated[
        list[str], typer.Argument(metavar="URL...|-", help="Threads, boards, any pages; - for one a line of stdin.")
    ],
    *,
    pages: Annotated[
        str | None, typer.Option("--pages", metavar="N-M", help="Of threads and boards, these: 2-5, 3, 3-, -5.")
    ] = None,
    threads: Annotated[
        int | None, typer.Option("--threads", metavar="N", min=1, help="Of boards, the posts of N threads.")
    ] = None,
    author: Annotated[int | None, typer.Option("--author", metavar="UID", min=1, help="Only this member's.")] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="TIME", help="Not before this ISO date or time.")
    ] = None,
    extras: Annotated[bool, typer.Option("--extras", help="Also remarks and ratings that pages omit.")] = False,
    format_: Annotated[Format, typer.Option("--format", help="What to write.")] = Format.jsonl,
    body: Annotated[
        Body | None, typer.Option("--body", help="Which body. JSON adds it as a field, the others show it.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write to a file; with --resume, add to it.")
    ] = None,
    resume: Annotated[
        Path | None, typer.Option("--resume", metavar="FILE", help="Keep there how far it is, and go on.")
    ] = None,
    save: Annotated[
        Path | None, typer.Option("--save", metavar="DIR", help="Keep every page as it came, for parse.")
    ] = None,
    attachments: Annotated[
        Path | None, typer.Option("--attachments", metavar="DIR", help="Fetch the files of the posts too.")
    ] = None,
    cookies: Annotated[
        Path | None, typer.Option("--cookies", metavar="FILE", help="Those of a member, as cookies.txt.")
    ] = None,
    login: Annotated[
        str | None, typer.Option("--login", metavar="USER", help=f"Password: asked for, or {PASSWORD}.")
    ] = None,
    interval: Annotated[
        float, typer.Option("--interval", metavar="SECONDS", min=0, help="Between two requests to a host.")
    ] = 1.5,
    attempts: Annotated[int, typer.Option("--attempts", metavar="N", min=1, help="How often to try.")] = 5,
    no_robots: Annotated[bool, typer.Option("--no-robots", help="Do not obey robots.txt: your decision.")] = False,
    subdomains: Annotated[bool, typer.Option("--subdomains", help="All sub-domains belong to the site.")] = False,
    user_agent: Annotated[
        str | None, typer.Option("--user-agent", metavar="TEXT", help="What to call ourselves.")
    ] = None,
    proxy: Annotated[str | None, typer.Option("--proxy", metavar="URL", help="Send all requests through it.")] = None,
    rewrite: Annotated[
        list[str] | None, typer.Option("--rewrite", metavar="PATTERN", help="Such as t{tid}-{page}; repeatable.")
    ] = None,
    timezone: Annotated[
        str | None, typer.Option("--timezone", metavar="ZONE", help="IANA name or +08:00, if pages lack it.")
    ] = None,
) -> None:
    """Fetch threads and boards, politely, as parse writes them."""
    from discuz_scrape.cli import _fetch

    if resume is not None and format_ is not Format.jsonl:
        raise typer.BadParameter("--resume goes with --format jsonl: to nothing else can be added")
    body = body or output.default_body(format_)
    zone = read_timezone(timezone) if timezone else None
    rules = read_rules(rewrite or [])
    start, stop = read_pages(pages) if pages else (None, None)
    oldest = read_time(since, zone) if since else None
    options = {
        "interval": interval,
        "attempts": attempts,
        "robots": not no_robots,
        "user_agent": user_agent,
        "cookies": cookies,
        "proxy": proxy,
        "subdomains": subdomains,
        "save": save,
        "rewrite": rewrite,
        "timezone": zone,
        "formats": {"text", body.value},
    }
    plan = _fetch.Plan(
        walk={"start": start, "stop": stop, "author": author, "since": oldest, "extras": extras, "rewrite": rules},
        threads=threads or 0,
        login=login or None,
        write=partial(output.write, fmt=format_, body=body),
        alike=format_ is Format.csv,
        out=out,
        files=attachments,
        resume=resume,
    )
    raise typer.Exit(ended(lambda: _fetch.run(addresses(urls), plan, options)))


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
    run = Run()
    write = json_lines if as_json or not sys.stdout.isatty() else table
    shown = write is table or _report.may_be_shown(None)  # the table comes when all is read
    found = detected(run, inputs, url, read_encoding(encoding) if encoding else None, shown=shown)
    raise typer.Exit(ended(lambda: put(run, write(found), None)))


def _check_inputs(inputs: list[Path]) -> None:
    if inputs.count(_target.STDOUT) > 1:
        raise typer.BadParameter("- is standard input, which can be read once")
    if _target.STDOUT in inputs and sys.stdin is None:
        raise typer.BadParameter("- is standard input, which is closed")


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
