"""Where pages come from: files, folders, archives, WARCs, standard input.

What is named on a command line becomes `Chunk`s: pieces of work that fit into a message to another process, each of
which opens its part of the source itself and gives `Item`s, page by page, or a `Fault` where something cannot be read.
A chunk reads the same whenever it is opened, so a run that broke off can go on with those that are missing.
"""

from discuz_scrape.sources._bytes import PAGE_SUFFIXES
from discuz_scrape.sources._files import Files
from discuz_scrape.sources._find import chunks, readable
from discuz_scrape.sources._item import Chunk, Fault, Item, writable
from discuz_scrape.sources._streams import STDIN, Piped, is_piped, spread
from discuz_scrape.sources._warc import Warc

__all__ = [
    "PAGE_SUFFIXES", "STDIN", "Chunk", "Fault", "Files", "Item", "Piped", "Warc", "chunks", "is_piped", "readable",
    "spread", "writable",
]  # fmt: skip
