"""Pages in files of their own, and in zip and tar archives."""

from __future__ import annotations

import email
import email.policy
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path, PurePath
from typing import Any, BinaryIO, cast

from discuz_scrape._bounds import MAX_BYTES
from discuz_scrape._saved import MAX_SIDECAR, SIDECAR, Saved, read_beside, read_saved
from discuz_scrape.errors import ParseError
from discuz_scrape.sources._borders import PIECE, VERSION
from discuz_scrape.sources._bytes import (
    COMPRESSED,
    PAGE_SUFFIXES,
    decompressed,
    opened,
    page_suffix,
    read_page,
)
from discuz_scrape.sources._item import Chunk, Fault, Item, identity_of, writable
from discuz_scrape.sources._place import is_remote, open_place, size_of

__all__ = ["Files", "Held", "Tar", "Zip", "is_page", "item_of", "pages_of_tar"]

_MHTML = frozenset({".mhtml", ".mht"})
_PAGES = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True)
class Files(Chunk):
    """Some files, a page each."""

    paths: tuple[str, ...]
    filesystem: Any = None

    @property
    def name(self) -> str:
        """The first file, and how many."""
        return writable(f"{self.paths[0]} +{len(self.paths)}")

    @property
    def identity(self) -> str:
        """That, and what stands for all."""
        return f"{self.name} {identity_of(self.paths)}"

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
        item = item_of(path, content)
        if isinstance(item, Fault):
            yield item
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
class Held(Chunk):
    """Pages that are in memory already, or what cannot be read."""

    pages: tuple[Item | Fault, ...]

    @property
    def name(self) -> str:
        """Where the first one was found."""
        return writable(self.pages[0].source)

    @property
    def identity(self) -> str:
        """That, and what stands for all."""
        return f"{self.name} {identity_of(page.source for page in self.pages)}"

    def items(self) -> Iterator[Item | Fault]:
        """Give the pages."""
        yield from self.pages


@dataclass(frozen=True, slots=True)
class Zip(Chunk):
    """Some entries of a zip archive."""

    path: str
    entries: tuple[zipfile.ZipInfo, ...]
    filesystem: Any = None

    @property
    def name(self) -> str:
        """The first entry, and how many."""
        return writable(f"{self.path}!{self.entries[0].filename} +{len(self.entries)}")

    @property
    def identity(self) -> str:
        """That, and what stands for all."""
        return f"{self.name} {identity_of(f'{entry.filename} {entry.CRC}' for entry in self.entries)}"

    def items(self) -> Iterator[Item | Fault]:
        """Read the entries in their order."""
        try:
            with open_place(self.path, self.filesystem) as place, _KnownZip(place) as archive:
                yield from (self._page(archive, entry) for entry in self.entries)
        except Exception as error:  # noqa: BLE001 - a compression raises what it likes
            yield Fault.of(self.path, error)

    def _page(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Item | Fault:
        source = f"{self.path}!{entry.filename}"
        try:
            with archive.open(entry) as file:  # by its place: several may have one name
                content = decompressed(_bounded(cast("BinaryIO", file)))
        except Exception as error:  # noqa: BLE001
            return Fault.of(source, error)
        return item_of(source, content)


class _KnownZip(zipfile.ZipFile):
    """An archive whose list of entries is known: to read it for each piece takes longer than to read the pages."""

    def _RealGetContents(self) -> None:  # noqa: N802 - zipfile calls it so
        pass


@dataclass(frozen=True, slots=True)
class Tar(Chunk):
    """A tar archive, compressed or not; it can be read from its beginning only."""

    path: str
    filesystem: Any = None

    @property
    def name(self) -> str:
        """The archive."""
        return writable(self.path)

    def is_stream(self) -> bool:
        """Whether it is large."""
        try:
            return size_of(self.path, self.filesystem) > PIECE
        except Exception:  # noqa: BLE001 - it is told when it is opened
            return False

    def items(self) -> Iterator[Item | Fault]:
        """Read the pages in it, in their order; what follows a broken place cannot be read."""
        try:
            with open_place(self.path, self.filesystem) as place:
                yield from pages_of_tar(self.path, place)
        except Exception as error:  # noqa: BLE001 - nobody knows what the file systems of others raise
            yield Fault.of(self.path, error)


def pages_of_tar(path: str, place: BinaryIO) -> Iterator[Item | Fault]:
    """The pages of an open tar archive, as `Tar` gives them."""
    try:
        with tarfile.open(fileobj=opened(place), mode="r|*", tarinfo=_Entry) as archive:
            for entry in archive:
                if entry.isfile() and is_page(entry.name):
                    yield _page_of_tar(f"{path}!{entry.name}", archive, entry)
    except Exception as error:  # noqa: BLE001 - a compression raises what it likes
        yield Fault.of(path, error)


def _page_of_tar(source: str, archive: tarfile.TarFile, entry: tarfile.TarInfo) -> Item | Fault:
    try:
        content = decompressed(_bounded(cast("BinaryIO", archive.extractfile(entry))))
    except Exception as error:  # noqa: BLE001
        return Fault.of(source, error)
    return item_of(source, content)


_ENDS: Any = (tarfile.EOFHeaderError, tarfile.EmptyHeaderError)  # type: ignore[attr-defined] # typeshed lacks them


class _Entry(tarfile.TarInfo):
    """An entry of an archive, whose header is broken where that is so: tarfile takes it for the end of the archive."""

    @classmethod
    def fromtarfile(cls, archive: tarfile.TarFile) -> _Entry:
        """Read the next header."""
        try:
            return super().fromtarfile(archive)
        except tarfile.HeaderError as error:
            if isinstance(error, _ENDS):
                raise
            raise tarfile.ReadError(str(error)) from error


def is_page(name: str) -> bool:
    """Whether a file in a folder or an archive is a page, by its name; hidden ones are none."""
    path = PurePath(name.lower())
    known = page_suffix(name) in PAGE_SUFFIXES or path.suffix in COMPRESSED
    return known and not path.name.startswith(".")


def item_of(source: str, content: bytes) -> Item | Fault:
    """A page that lies in a file; one that a browser saved as MHTML is taken out of it."""
    if content.startswith(VERSION):
        return Fault.of(source, ParseError("it holds a WARC: give it a name that ends in .warc or .warc.gz"))
    if page_suffix(source) not in _MHTML:
        return Item(source, content)
    try:
        return _of_mhtml(source, content)
    except ParseError as error:
        return Fault.of(source, error)
    except RecursionError:
        return Fault.of(source, ParseError("its parts lie too deep in each other"))


def _of_mhtml(source: str, content: bytes) -> Item:
    # the old policy: the new one takes headers apart in full, with errors of its own, and for minutes if they are long
    message = email.message_from_bytes(content, policy=email.policy.compat32)
    for part in message.walk():
        if part.get_content_type() in _PAGES:
            page = part.get_payload(decode=True)
            if isinstance(page, bytes):
                url = _told(part, "Content-Location") or _told(message, "Snapshot-Content-Location")
                url = url.replace(" ", "") if url else None  # it was folded
                return Item(source, page, url, _told(part, "Content-Type"), _date(message))
    raise ParseError("there is no page in it")


def _told(message: Message, name: str) -> str | None:
    """A header on one line, None where it is missing; bytes that are no ASCII are UTF-8."""
    value = message.get(name)
    if value is None:
        return None
    text = str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return " ".join(text.split()) or None


def _date(message: Message) -> datetime | None:
    try:
        told = parsedate_to_datetime(_told(message, "Date") or "")
    except (ValueError, OverflowError):
        return None
    return told if told.tzinfo else told.replace(tzinfo=UTC)


def _bounded(file: BinaryIO) -> bytes:
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ParseError(f"larger than {MAX_BYTES >> 20} MiB")
    return content
