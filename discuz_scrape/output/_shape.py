"""How pages are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

__all__ = ["Body", "Shape", "rich_body"]


class Body(StrEnum):
    """The forms of a body."""

    text = "text"
    html = "html"
    markdown = "markdown"


@dataclass(frozen=True, slots=True)
class Shape:
    """How pages are written."""

    body: Body
    """The body that CSV, Markdown and text show; JSON carries every one that was parsed."""
    whole: bool = False
    """One object for a page, instead of one for each of its rows."""


def rich_body(post: Mapping[str, Any], body: Body) -> str | None:
    """Take the body in a form other than text; None where that was not asked for, or not parsed."""
    rich: str | None = None if body is Body.text else post[f"body_{body}"]
    return rich
