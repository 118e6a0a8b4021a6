"""Pages in files of their own, and in zip and tar archives."""

from __future__ import annotations

import email
import email.policy
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path, PurePath
from typing import Any, BinaryIO, cast

from discuz_scrape._bounds import MAX_BYTES
from discuz_scrape._saved import MAX_SIDECAR, SIDECAR, Saved, read_beside, read_saved
from discuz_scrape.errors import ParseError
from discuz_scrape.sources._bytes import (
    COMPRESSED,
    PAGE_SUFFIXES,
    UNREADABLE,
    decompressed,
    opened,
    page_suffix,
    read_page,
)
from discuz_scrape.sources._item import Fault, Item
from discuz_scrape.sources._place import is_remote, open_place

__all__ = ["BROKEN_ENTRY", "Files", "Held", "Tar", "Zip", "is_page", "item_of"]

BROKEN_ENTRY: tuple[type[Exception], ...] = (
    *UNREADABLE, zipfile.BadZipFile, tarfile.TarError, RuntimeError, NotImplementedError,
)  # fmt: skip
"""What reading an entry of an archive may raise: RuntimeError for one with a password."""

_MHTML = frozenset({".mhtml", ".mht"})


@dataclass(frozen=True, slots=True)
class Files:
    """Some files, a page each."""

    paths: tuple[str, ...]
    filesystem: Any = None

    @property
    def name(self) -> str:
        """The first file, and how many."""
        return f"{self.paths[0]} +{len(self.paths)}"

    def items(self) -> Iterator[Item | Fault]:
        """Read the files in their order."""
        for path in self.paths:
            try:
                with open_place(path, self.filesystem) as file:
                    content = read_page(file)
            except Exception as error:  # noqa: BLE001 - nobody knows what the file systems of others raise
                yield Fault.of(path, error)
                continue
            yield from self._kept(path, content)

    def _kept(self, path: str, content: bytes) -> Iterator[Item | Fault]:
        """A page, with what the client wrote down beside it when it was fetched; it can be read without that."""
        saved = None
        try:
            saved = self._saved(path)
        except ParseError as error:
            yield Fault.of(path, error)
        try:
            item = item_of(path, content)
        except ParseError as error:
            yield Fault.of(path, error)
        else:
            yield item if saved is None else Item(path, content, saved.url, saved.content_type, saved.fetched_at)

    def _saved(self, path: str) -> Saved | None:
        if self.filesystem is None and not is_remote(path):
            return read_beside(Path(path))
        try:
            with open_place(path + SIDECAR, self.filesystem) as file:
                return read_saved(file.read(MAX_SIDECAR + 1), path + SIDECAR)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ParseError(f"{path}{SIDECAR} cannot be read: {error}") from error


@dataclass(frozen=True, slots=True)
class Held:
    """A page that is in memory already, or what cannot be read."""

    item: Item | Fault

    @property
    def name(self) -> str:
        """Where it was found."""
        return self.item.source

    def items(self) -> Iterator[Item | Fault]:
        """Give the page."""
        yield self.item


@dataclass(frozen=True, slots=True)
class Zip:
    """Some entries of a zip archive."""

    path: str
    names: tuple[str, ...]
    filesystem: Any = None

    @property
    def name(self) -> str:
        """The first entry, and how many."""
        return f"{self.path}!{self.names[0]} +{len(self.names)}"

    def items(self) -> Iterator[Item | Fault]:
        """Read the entries in their order."""
        try:
            with open_place(self.path, self.filesystem) as place, zipfile.ZipFile(place) as archive:
                yield from (self._page(archive, name) for name in self.names)
        except BROKEN_ENTRY as error:
            yield Fault.of(self.path, error)

    def _page(self, archive: zipfile.ZipFile, name: str) -> Item | Fault:
        source = f"{self.path}!{name}"
        try:
            with archive.open(name) as file:
                content = decompressed(_bounded(cast("BinaryIO", file)))
            return item_of(source, content)
        except BROKEN_ENTRY as error:
            return Fault.of(source, error)


@dataclass(frozen=True, slots=True)
class Tar:
    """A tar archive, compressed or not; it can be read from its beginning only."""

    path: str
    filesystem: Any = None

    @property
    def name(self) -> str:
        """The archive."""
        return self.path

    def items(self) -> Iterator[Item | Fault]:
        """Read the pages in it, in their order; what follows a broken place cannot be read."""
        try:
            with open_place(self.path, self.filesystem) as place, _tar(place) as archive:
                for entry in archive:
                    if entry.isfile() and is_page(entry.name):
                        yield self._page(archive, entry)
        except BROKEN_ENTRY as error:
            yield Fault.of(self.path, error)

    def _page(self, archive: tarfile.TarFile, entry: tarfile.TarInfo) -> Item | Fault:
        source = f"{self.path}!{entry.name}"
        try:
            return item_of(source, decompressed(_bounded(cast("BinaryIO", archive.extractfile(entry)))))
        except BROKEN_ENTRY as error:
            return Fault.of(source, error)


def _tar(place: BinaryIO) -> tarfile.TarFile:
    return tarfile.open(fileobj=opened(place), mode="r|*")


def is_page(name: str) -> bool:
    """Whether a file in a folder or an archive is a page, by its name; hidden ones are none."""
    path = PurePath(name.lower())
    known = page_suffix(name) in PAGE_SUFFIXES or path.suffix in COMPRESSED
    return known and not path.name.startswith(".")


def item_of(source: str, content: bytes) -> Item:
    """A page that lies in a file; one that a browser saved as MHTML is taken out of it."""
    if page_suffix(source) in _MHTML:
        return _of_mhtml(source, content)
    return Item(source, content)


def _of_mhtml(source: str, content: bytes) -> Item:
    message = email.message_from_bytes(content, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            page = part.get_payload(decode=True)
            if isinstance(page, bytes):
                url = part.get("Content-Location") or message.get("Snapshot-Content-Location")
                content_type = str(part.get("Content-Type") or "")
                return Item(source, page, str(url) if url else None, content_type, _date(message))
    raise ParseError("there is no page in it")


def _date(message: EmailMessage) -> datetime | None:
    told = getattr(message.get("Date"), "datetime", None)
    if not isinstance(told, datetime):
        return None
    return told if told.tzinfo else told.replace(tzinfo=UTC)


def _bounded(file: BinaryIO) -> bytes:
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ParseError(f"larger than {MAX_BYTES >> 20} MiB")
    return content
