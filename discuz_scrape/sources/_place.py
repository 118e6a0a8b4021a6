"""Files by their names: on this machine, or by fsspec where they have a scheme (`s3://…`) or a file system."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from discuz_scrape.errors import ParseError
from discuz_scrape.sources._item import Fault

__all__ = ["is_remote", "open_place", "remote_files", "size_of"]


def is_remote(path: str) -> bool:
    """Whether fsspec opens it: it has a scheme."""
    return "://" in path


def open_place(path: str, filesystem: Any = None) -> BinaryIO:
    """Open a file for reading; on `filesystem` where one is given."""
    if filesystem is None and not is_remote(path):
        return open(path, "rb")
    system, inner = _found(path, filesystem)
    return cast("BinaryIO", system.open(inner, "rb"))


def size_of(path: str, filesystem: Any = None) -> int:
    """Bytes of a file."""
    if filesystem is None and not is_remote(path):
        return os.path.getsize(path)
    system, inner = _found(path, filesystem)
    return int(system.size(inner) or 0)


def remote_files(path: str, filesystem: Any = None) -> Iterator[tuple[str, bool] | Fault]:
    """List the files that are meant by a file, folder or pattern, in order, and whether somebody named each one."""
    try:
        system, inner = _found(path, filesystem)
        named = sorted(system.glob(inner)) if _has_magic(inner) else [inner]
        if not named:
            yield Fault(path, "Empty", "nothing is called so")
        for name in named:
            if not system.isdir(name):
                yield _whole(system, name, filesystem), True
                continue
            for file in sorted(system.find(name)):
                if "/." not in file[len(name) :]:
                    yield _whole(system, file, filesystem), False
    except Exception as error:  # noqa: BLE001 - nobody knows what the file systems of others raise
        yield Fault.of(path, error)


def _found(path: str, filesystem: Any) -> tuple[Any, str]:
    if filesystem is not None:
        return filesystem, path
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise ParseError('remote files need more: pip install "discuz-scrape[ray]"') from error
    system, inner = url_to_fs(path)
    return system, str(inner)


def _whole(system: Any, name: str, filesystem: Any) -> str:
    """The name by which another process finds the file."""
    return name if filesystem is not None else str(system.unstrip_protocol(name))


def _has_magic(path: str) -> bool:
    return any(sign in path for sign in "*?[")
