"""What people may import, and what importing may cost."""

import inspect
import pickle
import subprocess
import sys
import types
from pathlib import Path

import pytest
from pydantic import ValidationError

import discuz_scrape
from discuz_scrape import errors, models, parse_thread
from discuz_scrape._schema import field_docs
from discuz_scrape.errors import DiscuzScrapeError
from discuz_scrape.models import Model

PAGE = Path(__file__).parent.parent / "fixtures" / "thread" / "x34" / "first-page.in.html"
MODELS = [kind for _, kind in inspect.getmembers(models, inspect.isclass) if issubclass(kind, Model)]
ERRORS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, DiscuzScrapeError)]


def test_all_is_sorted_and_is_the_namespace() -> None:
    names = discuz_scrape.__all__
    assert list(names) == sorted(names, key=str.lower)
    assert dir(discuz_scrape) == sorted(names)
    assert all(hasattr(discuz_scrape, name) for name in names)
    space = vars(discuz_scrape).items()
    public = {name for name, value in space if name[0] != "_" and not isinstance(value, types.ModuleType)}
    assert set(names) - {"__version__"} == public - {"TYPE_CHECKING"}


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="parse_everything"):
        _ = discuz_scrape.parse_everything


@pytest.mark.parametrize("kind", [*MODELS, *ERRORS], ids=lambda kind: kind.__name__)
def test_models_and_errors_are_public(kind: type) -> None:
    assert kind is Model or getattr(discuz_scrape, kind.__name__) is kind


@pytest.mark.parametrize("name", [name for name in discuz_scrape.__all__ if name != "__version__"])
def test_public_name_has_a_docstring(name: str) -> None:
    value = getattr(discuz_scrape, name)
    if inspect.isclass(value) or inspect.isfunction(value):
        assert vars(value).get("__doc__") if inspect.isclass(value) else value.__doc__


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_has_a_docstring(model: type[Model]) -> None:
    assert list(field_docs(model)) == list(model.model_fields)


def test_models_are_frozen_closed_and_picklable() -> None:
    thread = parse_thread(PAGE.read_bytes())
    with pytest.raises(ValidationError, match="frozen"):
        thread.posts[0].body = "other"
    with pytest.raises(ValidationError, match="extra"):
        models.Forum.model_validate({"fid": 1, "colour": "red"})
    assert pickle.loads(pickle.dumps(thread)) == thread  # noqa: S301 - our own bytes


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_errors_are_picklable(kind: type[DiscuzScrapeError]) -> None:
    words = {"text": "x"} if issubclass(kind, errors.NoticeError) else {}
    error = kind("it failed", url="https://bbs.example/", **words)
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (type(copy), copy.args, vars(copy)) == (kind, error.args, vars(error))


def test_exit_codes() -> None:
    assert {kind.exit_code for kind in ERRORS} == {1, 4, 8, 16}


def test_importing_and_parsing_loads_nothing_that_is_not_used() -> None:
    code = (
        "import sys, discuz_scrape, pathlib\n"
        "discuz_scrape.parse_thread(pathlib.Path(sys.argv[1]).read_bytes())\n"
        "print(*{'httpx', 'tenacity', 'typer', 'rich', 'discuz_scrape.output'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code, str(PAGE)], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []


def test_typed() -> None:
    assert (Path(discuz_scrape.__file__).parent / "py.typed").exists()
