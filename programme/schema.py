"""The shape of a file, read off its models: which keys there are at a place, and which model stands there."""

from collections.abc import Iterator, Sequence
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from programme.model import Model
from programme.text import Both

HIDDEN: dict[type[Model], frozenset[str]] = {Both: frozenset({"kind", "values"})}
"""Fields that no file has: they are filled while the bot speaks."""


def keys_of(model: type[Model]) -> tuple[str, ...]:
    """The keys that a table of this model can have, in their order."""
    return tuple(name for name in model.model_fields if name not in HIDDEN.get(model, ()))


def keys_at(model: type[Model], path: Sequence[str | int]) -> tuple[str, ...]:
    """The keys that can stand at this path of a file of `model`; none where no table of a model stands."""
    kind: Any = model
    for step in path:
        kind = _below(kind, step)
    inside = models_in(kind)
    return keys_of(inside[0]) if inside else names_in(kind)


def models_in(kind: Any) -> tuple[type[Model], ...]:
    """The models in an annotation, themselves or as elements of a list; not those that are values of a table with free keys."""
    if isinstance(kind, type) and issubclass(kind, Model):
        return (kind,)
    if get_origin(kind) is dict:
        return ()
    return tuple(model for part in _parts(kind) for model in models_in(part))


def names_in(kind: Any) -> tuple[str, ...]:
    """The keys of a table with a few fixed names: `signup`, `preferences` and `visits` of the windows."""
    return tuple(map(str, get_args(get_args(kind)[0]))) if get_origin(kind) is dict else ()


def reachable(model: type[Model]) -> tuple[type[Model], ...]:
    """This model and all models inside it, each once, in the order in which a reader meets them."""
    found: dict[type[Model], None] = {}
    waiting = [model]
    while waiting:
        it = waiting.pop(0)
        if it not in found:
            found[it] = None
            waiting += [inside for name in keys_of(it) for inside in _all_models(it.model_fields[name].annotation)]
    return tuple(found)


def _all_models(kind: Any) -> Iterator[type[Model]]:
    if isinstance(kind, type) and issubclass(kind, Model):
        yield kind
    else:
        for part in get_args(kind):
            yield from _all_models(part)


def _below(kind: Any, step: str | int) -> Any:
    """What stands under this step; None where nothing is known."""
    if get_origin(kind) is dict:
        return get_args(kind)[1]
    if isinstance(step, int):
        return kind  # an element of a list: `models_in` looks through the list
    inside = models_in(kind)
    fields = inside[0].model_fields if inside else {}
    return fields[step].annotation if step in fields else None


def _parts(kind: Any) -> tuple[Any, ...]:
    """What an annotation is made of: the kinds in a union or a list."""
    if get_origin(kind) is Annotated:
        return (get_args(kind)[0],)
    if get_origin(kind) in (Union, UnionType, tuple):
        return tuple(part for part in get_args(kind) if part not in (NoneType, Ellipsis))
    return ()
