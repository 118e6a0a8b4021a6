"""From what is named on a command line to pieces of work."""

from __future__ import annotations

import glob
import os
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from discuz_scrape.sources._bytes import PAGE_SUFFIXES, UNREADABLE, page_suffix, read_page
from discuz_scrape.sources._files import BROKEN_ENTRY, Files, Held, Tar, Zip, is_page
from discuz_scrape.sources._item import Chunk, Fault, Item
from discuz_scrape.sources._warc import pieces

__all__ = ["STDIN", "chunks"]

STDIN = "-"
_TOGETHER = 64  # pages in one piece of work
_TARS = (".tar", ".tar.gz", ".tgz", ".tar.zst", ".tar.xz", ".tar.bz2")


def chunks(inputs: Iterable[str | os.PathLike[str]]) -> Iterator[Chunk | Fault]:
    """List the pieces of work in files, folders, patterns such as `dump/*.html`, and - for standard input.

    Nothing is read but names; folders of any size pass by without being listed at once.
    """
    files: list[str] = []
    for path in _named(inputs):
        if isinstance(path, Fault):
            yield path
            continue
        kind = _kind_of(path)
        if kind is None:
            files.append(path)
            if len(files) < _TOGETHER:
                continue
        if files:
            yield Files(tuple(files))
            files = []
        if kind is not None:
            yield from kind(path)
    if files:
        yield Files(tuple(files))


Opener = Callable[[str], Iterator[Chunk | Fault]]


def _kind_of(path: str) -> Opener | None:
    """How to take apart what holds many pages; None for a page of its own."""
    if path == STDIN:
        return _standard_input
    name = path.lower()
    if name.endswith(_TARS):
        return _tar
    if name.endswith(".zip"):
        return _zip
    if page_suffix(name) in (".warc", ".wet"):
        return _warc
    return None


def _named(inputs: Iterable[str | os.PathLike[str]]) -> Iterator[str | Fault]:
    for given in inputs:
        path = os.fspath(given)
        if path == STDIN or os.path.lexists(path):
            yield from _below(path) if path != STDIN and os.path.isdir(path) else [path]
        elif glob.has_magic(path):
            found = False
            for match in glob.iglob(path, recursive=True):
                found = True
                yield from _below(match) if os.path.isdir(match) else [match]
            if not found:
                yield Fault(path, "Empty", "nothing is called so")
        else:
            yield path  # it is told when it is opened


def _below(folder: str) -> Iterator[str | Fault]:
    """The sources in a folder and the folders in it, in order; one folder at a time is held."""
    waiting = [folder]
    while waiting:
        place = waiting.pop()
        try:
            with os.scandir(place) as entries:
                found = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
        except OSError as error:
            yield Fault.of(place, error)
            continue
        inner = []
        for name, is_folder in found:
            path = os.path.join(place, name)
            if name.startswith("."):
                continue
            if is_folder:
                inner.append(path)  # a link to a folder is not followed, so no loop can arise
            elif (page_suffix(name) in PAGE_SUFFIXES or _kind_of(path)) and os.path.isfile(path):
                yield path
        waiting += reversed(inner)


def _standard_input(path: str) -> Iterator[Chunk | Fault]:
    try:
        yield Held(Item(path, read_page(sys.stdin.buffer)))
    except UNREADABLE as error:
        yield Fault.of(path, error)


def _warc(path: str) -> Iterator[Chunk | Fault]:
    try:
        yield from pieces(path)
    except OSError as error:
        yield Fault.of(path, error)


def _tar(path: str) -> Iterator[Chunk | Fault]:
    yield Tar(path)


def _zip(path: str) -> Iterator[Chunk | Fault]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = (entry.filename for entry in archive.infolist() if not entry.is_dir() and is_page(entry.filename))
            while some := tuple(islice(names, _TOGETHER)):
                yield Zip(path, some)
    except BROKEN_ENTRY as error:
        yield Fault.of(path, error)
