"""From what is named on a command line to pieces of work."""

from __future__ import annotations

import glob
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from discuz_scrape.sources._bytes import page_suffix
from discuz_scrape.sources._files import Files, Held, Tar, Zip, is_page
from discuz_scrape.sources._item import Chunk, Fault
from discuz_scrape.sources._place import is_remote, open_place, remote_files
from discuz_scrape.sources._streams import STDIN, Piped, is_piped
from discuz_scrape.sources._warc import Warc, check_readers, pieces, whole

__all__ = ["chunks", "readable"]

_TOGETHER = 64  # pages in one piece of work
_TARS = (".tar", ".tar.gz", ".tgz", ".tar.zst", ".tar.xz", ".tar.bz2")


def chunks(inputs: Iterable[str | os.PathLike[str]], *, filesystem: Any = None) -> Iterator[Chunk | Fault]:
    """List the pieces of work in files, folders, patterns such as `dump/*.html`, pipes, and - for standard input.

    Nothing is read but names; folders of any size pass by without being listed at once. What has a scheme, such as
    `s3://…`, is opened by fsspec, and everything on `filesystem` where one is given; a WARC there is one piece, which
    can be `parted`.
    """
    files: list[str] = []
    for path in _named(inputs, filesystem):
        kind = None if isinstance(path, Fault) else _kind_of(path)
        if kind is None and not isinstance(path, Fault):
            files.append(path)
            if len(files) < _TOGETHER:
                continue
        if files:
            yield Files(tuple(files), filesystem)
            files = []
        if isinstance(path, Fault):
            yield path
        elif kind is not None:
            yield from kind(path, filesystem)
    if files:
        yield Files(tuple(files), filesystem)


def readable(inputs: Iterable[str | os.PathLike[str]]) -> Iterator[Chunk]:
    """List the same, with what cannot be read in its place among them."""
    for chunk in chunks(inputs):
        yield Held((chunk,)) if isinstance(chunk, Fault) else chunk


Opener = Callable[[str, Any], Iterator[Chunk | Fault]]


def _kind_of(path: str) -> Opener | None:
    """How to take apart what holds many pages; None for a page of its own."""
    if is_piped(path):
        return _piped
    name = path.lower()
    if name.endswith(_TARS):
        return _tar
    if name.endswith(".zip"):
        return _zip
    if page_suffix(name) in (".warc", ".wet"):
        return _warc
    return None


def _named(inputs: Iterable[str | os.PathLike[str]], filesystem: Any) -> Iterator[str | Fault]:
    for given in inputs:
        path = os.fspath(given)
        if filesystem is not None or is_remote(path):
            yield from _elsewhere(path, filesystem)
        elif path == STDIN or os.path.lexists(path):
            yield from _below(path) if path != STDIN and os.path.isdir(path) else [path]
        elif glob.has_magic(path):
            found = False
            for match in glob.iglob(path, recursive=True):
                found = True
                if os.path.isdir(match):
                    yield from _below(match)
                elif os.path.isfile(match) or not os.path.exists(match):  # a pipe would never end
                    yield match
            if not found:
                yield Fault(path, "Empty", "nothing is called so")
        else:
            yield path  # it is told when it is opened


def _elsewhere(path: str, filesystem: Any) -> Iterator[str | Fault]:
    for found in remote_files(path, filesystem):
        if isinstance(found, Fault):
            yield found
            continue
        name, named = found
        if named or is_page(name) or _kind_of(name):
            yield name


def _below(folder: str) -> Iterator[str | Fault]:
    """The sources in a folder and the folders in it, in order; few folders at a time are held."""
    waiting = [(folder, True)]
    while waiting:
        path, is_folder = waiting.pop()
        if not is_folder:
            yield path
            continue
        try:
            with os.scandir(path) as entries:
                found = sorted(
                    ((entry.path, entry.is_dir(follow_symlinks=False)) for entry in entries if _is_wanted(entry)),
                    reverse=True,
                )
        except OSError as error:
            yield Fault.of(path, error)
        else:
            waiting += found


def _is_wanted(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith("."):
        return False
    if entry.is_dir(follow_symlinks=False):  # a link to a folder is not followed, so no loop can arise
        return True
    return (is_page(entry.name) or _kind_of(entry.path) is not None) and entry.is_file()


def _piped(path: str, _filesystem: Any) -> Iterator[Chunk | Fault]:
    yield Piped(path)


def _warc(path: str, filesystem: Any) -> Iterator[Warc | Fault]:
    try:
        check_readers()
        if filesystem is not None or is_remote(path):
            yield whole(path, filesystem)
        else:
            yield from pieces(path)
    except Exception as error:  # noqa: BLE001 - nobody knows what the file systems of others raise
        yield Fault.of(path, error)


def _tar(path: str, filesystem: Any) -> Iterator[Chunk | Fault]:
    yield Tar(path, filesystem)


def _zip(path: str, filesystem: Any) -> Iterator[Chunk | Fault]:
    try:
        with open_place(path, filesystem) as place, zipfile.ZipFile(place) as archive:
            entries = (entry for entry in archive.infolist() if not entry.is_dir() and is_page(entry.filename))
            while some := tuple(islice(entries, _TOGETHER)):
                yield Zip(path, some, filesystem)
    except Exception as error:  # noqa: BLE001 - nobody knows what the file systems of others raise
        yield Fault.of(path, error)
