"""From an address to what it leads to: the script and parameters it stands for, and the page those name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain
from typing import Any
from urllib.parse import unquote

from discuz_scrape import _urls
from discuz_scrape._address import Address, decoded
from discuz_scrape._rewrite import Rule
from discuz_scrape._routes import FACE_OF_MOBILE, NOISE, PAGED, ROUTES_OF, SCRIPTS, Route
from discuz_scrape.models import AttachmentToken

__all__ = ["Record", "resolve"]

Record = dict[str, Any]

_NUMBER = re.compile(r"\s*([0-9]{1,18})(?![0-9])").match
_KEYWORD = re.compile(r"[0-9A-Za-z_]{1,99}").fullmatch
_ARCHIVED = re.compile(r"(tid|fid)-(\w{1,99}?)(?:-page-([0-9]{1,18}))?(?:\.html)?").fullmatch
_INNER = re.compile(r"(?:(?<![^/])(?:archiver|api/mobile)/+)+\Z")
_ANCHOR = re.compile(r"(?:pid|post_)([0-9]{1,18})").fullmatch
_SAVED = re.compile(r"([a-z]+\.php)(?:@|%3[Ff])(.+?)(?:\.html?)?").fullmatch
_FILE = re.compile(r"\.(?:png|jpe?g|gif|bmp|webp|svg|ico|css|js|swf|mp[34]|pdf|zip|rar|7z|txt|xml|torrent|apk)", re.I)
_AVATAR_PARAMETERS = frozenset({"uid", "size", "type"})
_FOLDERS = re.compile(r"(?:^|/)(?:data/(?:attachment|cache|avatar)|static|template|uc_server)/")

_OF_INDEX = NOISE | {"gid", "forumlist", "showmobile", "showoldetails"}
_NUMBERS = frozenset(
    {"tid", "fid", "gid", "pid", "uid", "aid", "id", "page", "authorid", "ordertype", "postno", "searchid"}
)


def resolve(address: Address, rules: tuple[Rule, ...], charset: str | None) -> Record:
    """The fields of the `PageRef` of an address."""
    folder = address.path.endswith("/")  # of the forum, unless a rule says otherwise
    found = (folder and _by_rule(address, rules)) or _by_script(address) or _by_rule(address, rules)
    return (_record(*found, address, charset) if found else None) or _other(address)


Found = tuple[str, str, dict[str, str], str | None]
"""Folder of the site, script, parameters as written, and the rewrite pattern that told them."""


def _by_script(address: Address) -> Found | None:
    """The script that an address names."""
    folder, slash, name = address.path.rpartition("/")
    saved = _SAVED(name)  # a mirror made a file name of it
    if saved is not None:
        name, query = saved[1], saved[2].replace("%26", "&").replace("%3D", "=")
        address = Address(address.origin, address.path, "&".join(filter(None, (query, address.query))), "")
    params = address.params()
    if name in ("", "index.php"):
        return _by_folder(folder + slash, name, params, address.query)
    return (folder + slash, name, params, None) if name in SCRIPTS else None


def _by_folder(folder: str, name: str, params: dict[str, str], query: str) -> Found | None:
    """What a folder or its `index.php` shows: the forum, or with a bare number a member. Not every one is a forum."""
    if f"/{folder}".endswith("/archiver/"):
        return _archive(folder.removesuffix("archiver/"), query)
    if f"/{folder}".endswith("/api/mobile/"):
        return folder.removesuffix("api/mobile/"), "api/mobile/index.php", params, None
    if f"/{folder}".endswith("/m/") and not name and "a" in params:
        return folder.removesuffix("m/"), "m/", params, None
    if query.isascii() and query.isdecimal():
        return folder, "home.php", {"mod": "space", "uid": query}, None
    if "mod" in params or params.keys() <= _OF_INDEX:
        return folder, "forum.php", params, None
    return None


def _archive(folder: str, query: str) -> Found | None:
    """A page of the archiver: its whole query is a file name, which other parameters may follow."""
    name, _, rest = query.partition("&")
    if not name:
        return folder, "archiver/", {}, None
    found = _ARCHIVED(unquote(name))
    if found is None:
        return None
    params = {found[1]: found[2]} | ({"page": found[3]} if found[3] else {})
    return folder, "archiver/", params | Address("", "", rest, "").params(), None


def _by_rule(address: Address, rules: tuple[Rule, ...]) -> Found | None:
    """The script that a rewritten address stands for. The query of the address comes after what the rule adds."""
    for rule in rules:
        read = rule.read(address.path)
        if read is not None:
            folder, script, params = read
            return folder, script, params | address.params(), rule.pattern
    return None


def _record(
    folder: str, script: str, params: Mapping[str, str], rule: str | None, address: Address, charset: str | None
) -> Record | None:
    """The fields of a page, by the script and its parameters."""
    texts, codec = decoded([*params, *params.values()], charset)
    named = dict(zip(texts[: len(params)], texts[len(params) :], strict=True))
    record = _archived(named) if script == "archiver/" else _routed(script, named)
    if record is None:
        if rule is not None:
            return None
        record = _misc(script, named)
    anchor = _ANCHOR(address.fragment)
    if anchor is not None and record["kind"] == "thread" and record["face"] != "ajax" and not record.get("pid"):
        record["pid"] = int(anchor[1]) or None
    return record | {
        "site": address.origin + _root(folder) or None,
        "charset": codec if _beyond_ascii(record) else None,
        "rule": rule,
    }


def _root(folder: str) -> str:
    """The root of a forum, which is none of its own folders: relative links may be resolved against the wrong one."""
    root = _INNER.sub("", folder)
    return root.rstrip("/") + "/" if root else ""


def _beyond_ascii(record: Record) -> bool:
    texts = [record.get("username"), record.get("name"), record.get("words"), *chain(*record["query"])]
    return any(text is not None and not text.isascii() for text in texts)


def _face(params: Mapping[str, str]) -> str:
    if params.get("inajax", "0") not in ("", "0"):
        return "ajax"
    return FACE_OF_MOBILE.get(params.get("mobile", ""), "desktop")


def _routed(script: str, params: Mapping[str, str]) -> Record | None:
    """The fields of the first row of the table that fits."""
    for route in ROUTES_OF.get(script, ()):
        if route.fits(params):
            record = _fields(route, params)
            if not route.needs or any(record.get(name) is not None for name in route.needs):
                used = {name for name, _ in (*route.fixed, *route.fields, *route.told)} | route.noise
                return record | {"face": route.face or _face(params), "query": _rest(params, used)}
    return None


def _fields(route: Route, params: Mapping[str, str]) -> Record:
    record: Record = {"kind": route.kind} | dict(route.sets)
    for name, field in (*route.fields, *route.told):
        _read(record, field, params.get(name, ""))
    if ("view", "view") in route.fields and route.script == "forum.php" and not record.get("view"):
        record["view"] = "hot"
    if route.kind in PAGED:
        record["page"] = record.get("page") or 1
    return record


def _read(record: Record, field: str, value: str) -> None:
    """One field by its parameter; a number that is none, and 0, say nothing."""
    if not value:
        return
    if field == "aid" and not value.isdecimal():
        record["token"] = token = _token(value)
        record["aid"] = token.aid if token else None
    elif field == "fid" and _KEYWORD(value) and not value.isdecimal():
        record["board"] = value
    elif field in _NUMBERS:
        found = _NUMBER(value)
        record[field] = int(found[1]) or None if found else None
    else:
        record.setdefault(field, value)


def _token(text: str) -> AttachmentToken | None:
    parts = _urls.token_parts(text.replace(" ", "+"))
    if parts is None or int(parts[0]) == 0:
        return None
    key, made, uid, tid = (*parts[1:5], "", "", "", "")[:4]
    return AttachmentToken(
        aid=int(parts[0]),
        key=key or None,
        made_at=datetime.fromtimestamp(int(made), UTC) if made.isdecimal() and len(made) < 12 else None,
        uid=_count(uid),
        tid=_count(tid) or None,
    )


def _count(digits: str) -> int | None:
    return int(digits) if digits.isdecimal() and len(digits) < 19 else None


def _rest(params: Mapping[str, str], used: Iterable[str]) -> tuple[tuple[str, str], ...]:
    drop = NOISE.union(used)
    return tuple(sorted((name, value) for name, value in params.items() if value and name not in drop))


def _archived(params: Mapping[str, str]) -> Record:
    record: Record = {"face": "archiver", "query": _rest(params, ("tid", "fid", "page"))}
    for name in ("tid", "fid", "page"):
        _read(record, name, params.get(name, ""))
    record["kind"] = "thread" if record.get("tid") else "board" if record.keys() & {"fid", "board"} else "index"
    if record["kind"] != "index":
        record["page"] = record.get("page") or 1
    return record


def _misc(script: str, params: Mapping[str, str]) -> Record:
    """Any other address of the software: what numbers it has are told, and stay in the query too."""
    record: Record = {"kind": "misc", "face": _face(params), "path": script}
    for name in ("tid", "fid", "pid", "uid", "aid"):
        _read(record, name, params.get(name, ""))
    query = _rest(params, ())
    return record | {"query": tuple(sorted(query, key=lambda pair: (pair[0] not in ("mod", "module"), pair)))}


def _other(address: Address) -> Record:
    """An address of no known form: an avatar, a file, or anything."""
    whole = str(address)
    uid = _urls.avatar_uid(whole) if "avatar" in address.path else None
    if uid:
        kept = sorted(part for part in address.query.split("&") if part.partition("=")[0] in _AVATAR_PARAMETERS)
        whole = str(replace(address, query="&".join(kept)))
    folder = _FOLDERS.search(address.path)
    kind = "avatar" if uid else "file" if folder or _FILE.fullmatch(_extension(address.path)) else "other"
    record: Record = {"kind": kind, "uid": uid, "path": whole}
    if folder is not None:
        start = len(address.origin) + folder.start() + address.path.startswith("/", folder.start())
        record |= {"site": whole[:start] or None, "path": whole[start:]}
    return record


def _extension(path: str) -> str:
    name = path.rpartition("/")[2]
    return name[name.rfind(".") :] if "." in name else ""
