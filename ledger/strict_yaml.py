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
    except OSError as error:
        raise refusal(_unread(reason(error)), file=file) from None
    except UnicodeDecodeError:
        said = Text("chữ không phải UTF-8", "its text is not UTF-8")
        raise refusal(
            _unread(said), Text("lưu dạng UTF-8", "save it as UTF-8"), file=file
        ) from None
    try:
        _refuse_bombs(text, file)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        raise _not_yaml(error, text, file) from None
    tree = Tree(file, None, {})
    problems: list[Problem] = []
    content = _value(node, (), tree, problems) if node is not None else None
    if problems:
        raise BadInputError(problems)
    return tree._replace(content=content)


def _unread(why: Text) -> Text:
    return Text(f"không đọc được tệp: {why.vi}", f"the file cannot be read: {why.en}")


# What the parser says, what people did, and what to do; first come, first told.
_SLIPS: Final = (
    (
        "mapping values are not allowed",
        Text(
            "thừa một dấu hai chấm, hoặc dòng thụt vào sai chỗ",
            "one colon too many, or a line indented wrongly",
        ),
        Text(
            "chữ có dấu hai chấm thì đặt trong ngoặc kép; các khóa cùng cấp thụt vào như nhau",
            "put text with a colon between quotes; indent keys of one level alike",
        ),
    ),
    (
        "cannot start any token",
        Text(
            "dòng bắt đầu, hoặc giá trị bắt đầu, bằng ký tự không dùng được: dấu Tab, @, `, %",
            "a line or a value begins with a character that cannot stand there: Tab, @, `, %",
        ),
        Text(
            "thụt vào bằng dấu cách, không bằng Tab; đặt giá trị trong ngoặc kép",
            "indent by spaces, not by Tab; put the value between quotes",
        ),
    ),
    (
        "unexpected end of stream",
        Text("mở ngoặc kép mà không đóng", "a quote is opened and never closed"),
        Text("thêm dấu ngoặc kép ở cuối chữ", "close the quote where the text ends"),
    ),
    (
        "did not find expected ','",
        Text(
            "danh sách trong ngoặc [ ] hoặc { } thiếu dấu phẩy hoặc ngoặc đóng",
            "a list between [ ] or { } lacks a comma or its closing bracket",
        ),
        Text("thêm dấu phẩy, đóng ngoặc", "add the comma, close the bracket"),
    ),
    (
        "did not find expected '-'",
        Text(
            "trong một danh sách có dòng không bắt đầu bằng gạch đầu dòng «-»",
            "a list holds a line that does not begin with “-”",
        ),
        Text("thụt các dòng như nhau, mỗi mục một gạch", "indent alike, one dash an item"),
    ),
    (
        "did not find expected key",
        Text(
            "chỗ này phải có «khóa: giá trị»: dòng thụt vào sai, hoặc sau ngoặc kép còn chữ",
            "no “key: value” where one must stand: a wrong indent, or text after a closing quote",
        ),
        Text("thụt các khóa như nhau; đặt cả chữ trong ngoặc kép", "indent keys alike; quote all"),
    ),
    (
        "unknown escape character",
        Text("trong ngoặc kép có dấu \\ không đúng cách", "a \\ between quotes that means nothing"),
        Text("viết \\\\, hoặc dùng dấu nháy đơn '…'", "write \\\\, or use single quotes '…'"),
    ),
    (
        "found another document",
        Text(
            "tệp có hai phần cách nhau bằng «---»", "the file holds two documents, parted by “---”"
        ),
        Text("bỏ dòng «---»", "drop the line “---”"),
    ),
    (
        "control characters",
        Text(
            "tệp có ký tự điều khiển, không phải chữ", "the file holds control characters, no text"
        ),
        Text("lưu lại tệp dạng chữ, UTF-8", "save the file as text, UTF-8"),
    ),
)
_OTHER_SLIP: Final = (
    Text("dòng này không đúng cú pháp", "this line is not its syntax"),
    Text(
        "mỗi dòng một «khóa: giá trị», thụt vào bằng dấu cách; xem tệp mẫu trong tài liệu",
        "one “key: value” a line, indented by spaces; see the example in the manual",
    ),
)


def _not_yaml(error: yaml.YAMLError, text: str, file: str) -> BadInputError:
    """What the parser refused, told as the slip that people make."""
    told = next(((slip, todo) for said, slip, todo in _SLIPS if said in str(error)), _OTHER_SLIP)
    mark = getattr(error, "problem_mark", None)
    # The parser may point behind the last line.
    last = len(text.splitlines())
    return refusal(
        Text(f"không đọc được YAML: {told[0].vi}", f"not readable as YAML: {told[0].en}"),
        told[1],
        file=file,
        line=min(mark.line + 1, last) if mark else 0,
    )


def _refuse_bombs(text: str, file: str) -> None:
    """A file that people write by hand is short, shallow and repeats nothing by reference.

    Told before the tree is built, which would grow without bound or overflow the stack.

    Raises:
        BadInputError: it is none of these.
        yaml.YAMLError: it is no YAML.
    """
    if len(text) > _LONGEST:
        raise refusal(
            Text(f"tệp dài hơn {_LONGEST} ký tự", f"the file is longer than {_LONGEST} characters"),
            Text("chia tệp", "split the file"),
            file=file,
        )
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.AliasEvent):
            raise refusal(
                Text(f"không dùng tham chiếu «*{event.anchor}»", f"no references: *{event.anchor}"),
                Text("viết lại giá trị ở đây", "write the value here again"),
                file=file,
                line=_line(event),
            )
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise refusal(
                Text(f"lồng sâu hơn {_DEEPEST} cấp", f"nested deeper than {_DEEPEST} levels"),
                Text("bỏ bớt cấp", "use fewer levels"),
                file=file,
                line=_line(event),
            )


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


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
        _wrong_value(where, detail),
    )
    return Problem(tree.file, tree.line_of(keys), text)


# What was expected, by the beginning of pydantic's name of the error.
_EXPECTED: Final = (
    ("int_", Text("cần số nguyên", "a whole number is needed")),
    ("float_", Text("cần một số", "a number is needed")),
    ("string_", Text("cần chữ", "text is needed")),
    ("bool_", Text("cần yes hoặc no", "yes or no is needed")),
    ("date_", Text("cần ngày, viết như 2021-01-31", "a day is needed, as 2021-01-31")),
    ("dict_", Text("cần các cặp «khóa: giá trị»", "pairs “key: value” are needed")),
    ("model_", Text("cần các cặp «khóa: giá trị»", "pairs “key: value” are needed")),
    ("list_", Text("cần một danh sách", "a list is needed")),
    ("too_short", Text("thiếu phần tử", "too few items")),
)
_LIMITS: Final = (
    ("ge", Text("từ {limit} trở lên", "at least {limit}")),
    ("gt", Text("lớn hơn {limit}", "more than {limit}")),
    ("le", Text("đến {limit} là cùng", "at most {limit}")),
    ("lt", Text("nhỏ hơn {limit}", "less than {limit}")),
)


def _wrong_value(where: str, detail: Any) -> Text:  # noqa: ANN401  # as below
    """A value that does not fit, with what was expected in words of ours."""
    context = detail.get("ctx", {})
    if "error" in context:  # what a validator of ours said
        said = Text(str(context["error"]), str(context["error"]))
    else:
        limits = [text.format(limit=context[key]) for key, text in _LIMITS if key in context]
        named = [text for start, text in _EXPECTED if detail["type"].startswith(start)]
        said = next(iter((*limits, *named)), Text("sai kiểu giá trị", detail["msg"]))
    if not isinstance(detail.get("input"), (str, int)):
        return Text(f"«{where}»: {said.vi}", f"“{where}”: {said.en}")
    return Text(
        f"«{where}»: giá trị {detail['input']!r} không dùng được: {said.vi}",
        f"“{where}”: the value {detail['input']!r} cannot be used: {said.en}",
    )
