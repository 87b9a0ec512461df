"""YAML files as pydantic models: what does not fit is told by its field, with what is expected."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any, Final, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from ledger.problems import BadInputError, Problem
from ledger.strict_yaml import Keys, Tree, read_yaml
from ledger.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

_Model = TypeVar("_Model", bound=BaseModel)

_ALIKE: Final = 0.6
_QUOTED: Final = re.compile(r"'([^']*)'")
# The fields by which people know an entry of a file.
_NAMES: Final = ("id", "code", "profile", "form")


class MisfitError(ValueError):
    """A value that a validator of a model does not accept.

    Attributes:
        expected: what must stand there, as it follows «cần».
        example: how it is written.
        right: how the value at fault is written rightly, where that is plain.
        field: which field, where the validator looks at several.
    """

    def __init__(
        self, expected: Text, example: str = "", *, right: str = "", field: str = ""
    ) -> None:
        super().__init__(expected.vi)
        self.expected = expected
        self.example = example
        self.right = right
        self.field = field

    def of(self, field: str) -> MisfitError:
        """The same of a named field."""
        return MisfitError(self.expected, self.example, right=self.right, field=field)

    def remedy(self, field: str) -> Text | None:
        """How to write it."""
        if self.right:
            return Text(f"viết {field}: {self.right}", f"write {field}: {self.right}")
        if self.example:
            return Text(f"viết như {field}: {self.example}", f"write as {field}: {self.example}")
        return None


def read_model(path: Path, model: type[_Model]) -> tuple[Tree, _Model]:
    """Read one file as a model, with the lines of its entries.

    Raises:
        BadInputError: it is no YAML, or does not fit the model; every misfit is told.
    """
    tree = read_yaml(path)
    try:
        return tree, model.model_validate(tree.content)
    except ValidationError as error:
        problems = [_problem(tree, model, detail) for detail in error.errors()]
        raise BadInputError(problems) from None


def _problem(tree: Tree, model: type[BaseModel], detail: Any) -> Problem:  # noqa: ANN401  # pydantic's ErrorDetails
    text: Text
    remedy: Text | None
    keys, here = _found(tree.content, detail["loc"])
    kind, cause = detail["type"], detail.get("ctx", {}).get("error")
    if kind == "missing":
        return _missing(tree, keys, str(detail["loc"][-1]))
    if isinstance(cause, MisfitError) and cause.field:
        if cause.field not in here:
            return _missing(tree, keys, cause.field, cause)
        keys, here = (*keys, cause.field), here[cause.field]
    if kind == "extra_forbidden":
        text, remedy = _no_field(str(keys[-1]), _fields(model, keys[:-1]))
    elif kind in {"literal_error", "enum"}:
        text, remedy = _no_word(
            _field(keys), _shown(here), _QUOTED.findall(detail["ctx"]["expected"])
        )
    else:
        misfit = cause if isinstance(cause, MisfitError) else _expected(kind, detail)
        said = str(cause) if cause else ""
        text, remedy = _unfit(_field(keys), here, misfit, said)
    return Problem(tree.file, tree.line_of(keys), _owned(tree, keys, text), remedy)


def _found(content: Any, loc: tuple[str | int, ...]) -> tuple[Keys, Any]:  # noqa: ANN401  # a YAML tree
    """The path of a misfit in the file and what stands there; names of types are left out."""
    keys: Keys = ()
    for part in loc:
        known = range(len(content)) if isinstance(content, list) else content
        if isinstance(known, (dict, range)) and part in known:
            keys, content = (*keys, part), content[part]
    return keys, content


def _field(keys: Keys) -> str:
    """The field that a path ends in, also by way of an item of its list."""
    return next((key for key in reversed(keys) if isinstance(key, str)), "")


def _owned(tree: Tree, keys: Keys, text: Text) -> Text:
    """A message with the name of the entry that it is about, where it has one."""
    content, around = tree.content, [tree.content]
    for key in keys:
        content = content[key]
        around.append(content)
    groups = [group for group in around if isinstance(group, dict)]
    names = [group[name] for group in groups for name in _NAMES if isinstance(group.get(name), str)]
    if not names:
        return text
    return Text(f"«{names[-1]}»: {text.vi}", f"“{names[-1]}”: {text.en}")


def _missing(tree: Tree, keys: Keys, field: str, misfit: MisfitError | None = None) -> Problem:
    text = Text(f"thiếu trường «{field}»", f"the field “{field}” is missing")
    example = "…"
    if misfit:
        example = misfit.example or example
        text = Text(
            f"{text.vi}; cần {misfit.expected.vi}", f"{text.en}; it must be {misfit.expected.en}"
        )
    remedy = Text(f"thêm dòng {field}: {example}", f"add the line {field}: {example}")
    return Problem(tree.file, tree.line_of(keys), _owned(tree, keys, text), remedy)


def _no_field(field: str, known: Iterable[str]) -> tuple[Text, Text]:
    text = Text(f"không có trường «{field}»", f"there is no field “{field}”")
    return text, did_you_mean(field, list(known), Text("các trường", "the fields"))


def _no_word(field: str, shown: Text, known: list[str]) -> tuple[Text, Text]:
    text = Text(
        f"{field}: {shown.vi} không phải từ dùng được ở đây",
        f"{field}: {shown.en} is no word that can stand here",
    )
    return text, did_you_mean(shown.vi.strip("«»"), known, Text("các từ dùng được", "the words"))


def did_you_mean(word: str, known: Sequence[str], listed: Text) -> Text:
    """Which of some words a mistyped one may stand for, and all of them."""
    near = difflib.get_close_matches(word, known, n=1, cutoff=_ALIKE)
    every = ", ".join(known)
    asked = Text(f"có phải «{near[0]}»? ", f"did you mean “{near[0]}”? ") if near else Text("", "")
    return Text(f"{asked.vi}{listed.vi}: {every}", f"{asked.en}{listed.en}: {every}")


def _unfit(
    field: str,
    value: Any,  # noqa: ANN401  # a YAML tree
    misfit: MisfitError | None,
    said: str,
) -> tuple[Text, Text | None]:
    if not field:
        return (
            Text("tệp phải gồm các trường «khóa: giá trị»", "the file must hold “key: value”"),
            Text("xem tệp mẫu trong tài liệu", "see the example in the manual"),
        )
    shown = _shown(value)
    if misfit is None:
        return Text(
            f"{field}: {shown.vi} không dùng được{f': {said}' if said else ''}",
            f"{field}: {shown.en} cannot be used{f': {said}' if said else ''}",
        ), Text("xem tệp mẫu trong tài liệu", "see the example in the manual")
    return Text(
        f"{field}: {shown.vi} không dùng được; cần {misfit.expected.vi}",
        f"{field}: {shown.en} cannot be used; it must be {misfit.expected.en}",
    ), misfit.remedy(field)


def _shown(value: Any) -> Text:  # noqa: ANN401  # a YAML tree
    if value is None:
        return Text("giá trị để trống", "an empty value")
    if isinstance(value, list):
        return Text("danh sách này", "this list")
    if isinstance(value, dict):
        return Text("nhóm trường này", "this group of fields")
    return Text(f"«{value}»", f"“{value}”")


# What is expected where pydantic itself asks for a type.
_LIST: Final = MisfitError(Text("một danh sách", "a list"), "[a, b]")
_EXPECTED: Final[Mapping[str, MisfitError]] = {
    "tuple_type": _LIST,
    "list_type": _LIST,
    "dict_type": MisfitError(Text("các trường «khóa: giá trị»", "fields, “key: value”")),
    "model_type": MisfitError(Text("các trường «khóa: giá trị»", "fields, “key: value”")),
    "string_type": MisfitError(Text("chữ", "text"), '"…"'),
    "bool_parsing": MisfitError(Text("true hoặc false", "true or false"), "true"),
    "int_parsing": MisfitError(Text("một số nguyên", "a whole number"), "2021"),
}


_LIMITS: Final = (
    ("ge", Text("từ {limit} trở lên", "at least {limit}")),
    ("le", Text("đến {limit} là cùng", "at most {limit}")),
)


def _expected(kind: str, detail: Any) -> MisfitError | None:  # noqa: ANN401  # as above
    """What pydantic itself asks for, a type or a limit; None where it is something else."""
    context = detail.get("ctx", {})
    limits = [text.format(limit=context[key]) for key, text in _LIMITS if key in context]
    return MisfitError(limits[0]) if limits else _EXPECTED.get(kind)


def _fields(model: type[BaseModel], keys: Keys) -> list[str]:
    """The fields of the model that a path of a file leads to, as the file writes them."""
    for key in keys:
        field = {info.alias or name: info for name, info in model.model_fields.items()}.get(
            str(key)
        )
        model = (_model_in(field.annotation) if field else None) or model
    return [info.alias or name for name, info in model.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401  # of any form
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)
