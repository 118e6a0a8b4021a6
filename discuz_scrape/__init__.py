"""Turn Discuz! forum pages into clean, typed posts."""

from discuz_scrape._doors import parse_thread

__version__ = "0.1.0"
