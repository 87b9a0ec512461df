"""YAML as data that people write by hand: text stays text, keys stand once, lines are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import yaml

from ledger.problems import BadInputError, Problem, refusal
from ledger.system import reason
from ledger.text import Text

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import ValidationError

# The compiled parser where the package carries it; the answers are the same.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_LONGEST: Final = 1_000_000
_DEEPEST: Final = 20

Keys = tuple[str | int, ...]


class Tree(NamedTuple):
    """A YAML file read strictly.

    Attributes:
        file: its absolute path.
        content: dicts, lists, text and None; no scalar is ever converted (``0101234567`` and
            ``on`` stay as written); only an unquoted ``null`` or nothing is None.
        lines: the line on which each entry begins, by its path of keys.
    """

    file: str
    content: Any
    lines: dict[Keys, int]

    def line_of(self, keys: Keys) -> int:
        """The line of an entry, or of the nearest one that encloses it."""
        while keys not in self.lines and keys:
            keys = keys[:-1]
        return self.lines.get(keys, 1)


def read_yaml(path: Path) -> Tree:
    """Read one file.

    Raises:
        BadInputError: it is no YAML, or a key stands twice.
    """
    file = str(path.resolve())
    try:
        text = path.read_text("utf-8")
        _refuse_bombs(text)
        node = yaml.compose(text, Loader=_LOADER)
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        mark = getattr(error, "problem_mark", None)
        if isinstance(error, OSError):
            raise refusal(_unread(reason(error)), file=file) from None
        said = getattr(error, "problem", None) or error  # the reader's own words, on one line
        raise refusal(
            Text(f"không đọc được YAML: {said}", f"not readable as YAML: {said}"),
            Text("sửa dòng này theo cú pháp YAML", "mend this line by the syntax of YAML"),
            file=file,
            line=mark.line + 1 if mark else 0,
        ) from None
    tree = Tree(file, None, {})
    problems: list[Problem] = []
    content = _value(node, (), tree, problems) if node is not None else None
    if problems:
        raise BadInputError(problems)
    return tree._replace(content=content)


def _unread(why: Text) -> Text:
    return Text(f"không đọc được tệp: {why.vi}", f"the file cannot be read: {why.en}")


def _refuse_bombs(text: str) -> None:
    """A file that people write by hand is short, shallow and repeats nothing by reference.

    Told before the tree is built, which would grow without bound or overflow the stack.

    Raises:
        yaml.YAMLError: it is none of these.
    """
    if len(text) > _LONGEST:
        raise yaml.YAMLError(f"> {_LONGEST} ký tự / characters")
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.AliasEvent):
            raise yaml.YAMLError(f"*{event.anchor}: không dùng tham chiếu / no references")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise yaml.YAMLError(f"> {_DEEPEST} cấp / levels")


def _value(node: yaml.Node, keys: Keys, tree: Tree, problems: list[Problem]) -> Any:  # noqa: ANN401  # a YAML tree
    tree.lines.setdefault(keys, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_value(n, (*keys, i), tree, problems) for i, n in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, keys, tree, problems)
    null = node.tag == "tag:yaml.org,2002:null"
    return None if null else str(node.value)


def _mapping(
    node: yaml.MappingNode, keys: Keys, tree: Tree, problems: list[Problem]
) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in result:
            problems.append(
                Problem(
                    tree.file,
                    key_node.start_mark.line + 1,
                    Text(f"khóa «{key}» ghi hai lần", f"the key “{key}” stands twice"),
                    Text("bỏ một trong hai", "drop one of them"),
                )
            )
        tree.lines[(*keys, key)] = key_node.start_mark.line + 1
        result[key] = _value(value_node, (*keys, key), tree, problems)
    return result


def model_problems(tree: Tree, error: ValidationError) -> list[Problem]:
    """What a pydantic model did not accept of a tree, with the lines at fault."""
    return [_model_problem(tree, detail) for detail in error.errors()]


def _not_among(where: str, detail: Any) -> Text:  # noqa: ANN401  # as below
    words = detail.get("ctx", {}).get("expected", "").replace(" or ", ", ")
    value = detail.get("input")
    return Text(
        f"«{where}»: {value!r} không thuộc các từ {words}",
        f"“{where}”: {value!r} is none of {words}",
    )


def _model_problem(tree: Tree, detail: Any) -> Problem:  # noqa: ANN401  # pydantic's ErrorDetails
    keys = tuple(part for part in detail["loc"] if isinstance(part, (str, int)))
    where = ".".join(str(key) for key in keys)
    words = {
        "extra_forbidden": Text(f"không có trường «{where}»", f"there is no field “{where}”"),
        "missing": Text(f"thiếu trường «{where}»", f"the field “{where}” is missing"),
        "tuple_type": Text(f"«{where}» phải là một danh sách", f"“{where}” must be a list"),
        "literal_error": _not_among(where, detail),
    }
    if not keys:
        words["model_type"] = Text(
            "tệp phải gồm các trường «khóa: giá trị»", "the file must hold fields, “key: value”"
        )
    text = words.get(
        detail["type"],
        Text(
            f"«{where}»: giá trị {detail.get('input')!r} không dùng được ({detail['msg']})",
            f"“{where}”: the value {detail.get('input')!r} cannot be used ({detail['msg']})",
        ),
    )
    return Problem(tree.file, tree.line_of(keys), text)
