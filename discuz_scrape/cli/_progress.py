"""The bar on stderr that a person watches; what it shows is told by those who draw it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.progress import Progress

__all__ = ["bar"]


def bar(*columns: Any, expand: bool = False) -> Progress:
    """Make a bar of these columns. It is gone when its block ends."""
    from rich.console import Console
    from rich.progress import Progress

    return Progress(
        *columns,
        # `problem` writes to sys.stderr, which the bar redirects through itself while it is shown
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        speed_estimate_period=300,
        expand=expand,
    )
