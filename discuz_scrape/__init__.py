"""Turn Discuz! forum pages into clean, typed posts."""

__version__ = "0.1.0"
