"""The generated pages of the benchmark: the same for the same seed, and read by other tools as they are meant."""

from collections.abc import Callable

import pytest
from benchmarks.answers import api_answers
from benchmarks.boards import board_pages
from benchmarks.pages import Page, heavy_pages, ordinary_pages, thread_pages
from benchmarks.serving import served

from discuz_scrape import Board, Client, Thread, parse_page

MAKERS = [ordinary_pages, heavy_pages]


@pytest.mark.parametrize("make", MAKERS)
def test_same_seed_gives_same_pages(make: Callable[..., list[Page]]) -> None:
    assert make(2, seed=3) == make(2, seed=3)
    assert make(1, seed=3) != make(1, seed=4)


@pytest.mark.parametrize("make", MAKERS)
def test_baselines_read_the_truth(make: Callable[..., list[Page]]) -> None:
    baselines = pytest.importorskip("benchmarks.baselines", reason="needs the extra [bench]")
    (page,) = make(1)
    for read in baselines.BASELINES.values():
        assert read(page.content.decode()) == page.truth


def test_served_threads_are_fetched_as_they_are_meant() -> None:
    main = pytest.importorskip("benchmarks.__main__", reason="needs the extra [bench]")
    with served(2, 3, seed=3) as urls, Client(interval=0) as client:
        threads = [client.thread(url) for url in urls]
    for number, thread in enumerate(threads):
        truth = [page.truth for page in thread_pages(number, 3, seed=3) if page.truth]
        assert main.reading(thread).posts == tuple(row for reading in truth for row in reading.posts)


def test_board_pages_have_fifty_rows() -> None:
    assert board_pages(1, seed=3) == board_pages(1, seed=3)
    (page,) = board_pages(1)
    board = parse_page(page.content, url=page.url)
    assert isinstance(board, Board)
    assert len(board.threads) == 50
    assert not board.issues


def test_answers_of_the_api_are_read_as_they_are_meant() -> None:
    assert api_answers(2, seed=3) == api_answers(2, seed=3)
    main = pytest.importorskip("benchmarks.__main__", reason="needs the extra [bench]")
    for page in api_answers(5, seed=3):
        thread = parse_page(page.content, url=page.url)
        assert isinstance(thread, Thread)
        assert main.reading(thread) == page.truth
        assert not thread.issues
