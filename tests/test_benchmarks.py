"""The generated pages of the benchmark: the same for the same seed, and read by other tools as they are meant."""

from collections.abc import Callable

import pytest
from benchmarks.pages import Page, heavy_pages, ordinary_pages

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
