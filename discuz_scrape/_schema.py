"""JSON Schema of the models, with the words that stand below each field in the source.

The models do not read their own docstrings: that would cost every import, for the sake of the few who ask for a schema.
"""

from __future__ import annotations

import ast
import inspect
import itertools
from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter

from discuz_scrape.models import Model


def json_schema(model: Any) -> dict[str, Any]:
    """Describe a model, or a union of some, as it is written: every field is there, None where the page tells none."""
    schema = TypeAdapter(model).json_schema(mode="serialization")
    models = {kind.__name__: kind for kind in _heirs(Model)}
    parts = schema.get("$defs", {})
    for name, part in ({schema["title"]: schema} | parts if "title" in schema else parts).items():
        part["required"] = list(part["properties"])
        for field, words in field_docs(models[name]).items():
            part["properties"][field]["description"] = words
    return schema


def field_docs(model: type[Model]) -> dict[str, str]:
    """Read the docstring below each field of a model, inherited fields included."""
    docs: dict[str, str] = {}
    for kind in reversed(model.__mro__):
        if issubclass(kind, Model):
            docs |= _docs_of(kind)
    return {name: docs[name] for name in model.model_fields if name in docs}


def _docs_of(kind: type) -> Iterator[tuple[str, str]]:
    tree = ast.parse(inspect.getsource(inspect.getmodule(kind) or kind))
    body = next(node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == kind.__name__)
    for field, below in itertools.pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            match below:
                case ast.Expr(value=ast.Constant(value=str(words))):
                    yield field.target.id, inspect.cleandoc(words).replace("\n", " ")


def _heirs(kind: type[Model]) -> Iterator[type[Model]]:
    for heir in kind.__subclasses__():
        yield heir
        yield from _heirs(heir)
