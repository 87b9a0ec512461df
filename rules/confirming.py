"""A worksheet that a unit filled in, as norm files that the unit answers for.

Every line is checked before anything is kept: types, dates, figures above a ceiling, two figures
for one thing on one day. The rows come from whoever read the file; what they mean is known here.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ledger.problems import BadInputError, Problem
from ledger.text import Text, split_list
from rules.confirmed_cells import (
    NO_LIMIT,
    day_of,
    figure_of,
    period_of,
    required,
    tiers_of,
)
from rules.law import EARLY_REMEDY, begins_early, wider_than_above
from rules.limit_words import limit_text
from rules.norm import Limit, Norm, same_measure
from rules.severity import Grade
from rules.to_confirm import lines_of
from rules.vocabulary import activities, units

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ledger.sheet_cell import SheetCell, SheetRow
    from rules.law import Law, Wider
    from rules.norm import Instrument, Value

HEADINGS: Final = {
    "norm": "Mã định mức",
    "line": "Dòng",
    "instrument": "Văn bản",
    "text": "Nội dung",
    "known": "Đã biết",
    "grade": "Mức xác minh",
    "read-in": "Đã thấy ở",
    "article": "Điều, khoản, điểm",
    "measure": "Loại mức",
    "figure": "Con số",
    "per": "Đơn vị tính",
    "when": "Bậc",
    "from": "Từ ngày",
    "to": "Đến ngày",
    "source": "Đọc ở",
}
LABELS: Final = {"confirmed-by": "Người đọc văn bản", "confirmed-on": "Ngày đọc"}
HINT: Final = Text(
    "để đủ các cột ấy ở một hàng; «cnht norms worksheet» ghi ra bảng có đủ cột",
    "put these columns on one row; “cnht norms worksheet” writes a sheet that has them",
)
MEASURES: Final = {
    ("share", "eligible-cost"): "tỷ lệ trên chi phí",
    ("share", "contract"): "tỷ lệ trên giá trị hợp đồng",
    ("amount", None): "số tiền",
}

_FILLED: Final = ("article", "figure", "from", "to", "source")
_FREE: Final = ("measure", "per", "when")
_ONE_DAY: Final = dt.timedelta(days=1)

_REWRITE: Final = Text(
    "ghi lại bảng bằng «cnht norms worksheet» rồi chép phần đã điền sang",
    "write the worksheet anew and copy what was filled in",
)


class Confirmed(NamedTuple):
    """One norm file of the unit's own.

    Attributes:
        name: of the file, without folder.
        content: as YAML holds it, every scalar text.
        norms: how many norms it confirms.
        warnings: what is to be looked at, though it is no mistake.
    """

    name: str
    content: dict[str, Any]
    norms: int
    warnings: tuple[Text, ...] = ()


class _Entry(NamedTuple):
    """A filled line.

    Attributes:
        limit: None where the text sets no such limit.
        last: the last day, where one was given.
    """

    row: SheetRow
    norm: Norm
    number: int
    limit: Limit | None
    first: dt.date
    last: dt.date | None
    article: str
    source: str


def confirmed_files(
    rows: Sequence[SheetRow], labels: SheetRow, law: Law, today: dt.date
) -> list[Confirmed]:
    """The unit's own norm files, one an instrument.

    Args:
        rows: by the keys of ``HEADINGS``.
        labels: by the keys of ``LABELS``.
        law: every pack that ships, and the ceilings in it.
        today: nobody has read a text later than that.

    Raises:
        BadInputError: something was filled in wrongly, with every cell at fault, or nothing was
            filled in.
    """
    problems: list[Problem] = []
    by, on = _reader(labels, today, problems)
    entries: list[_Entry] = []
    refused: set[str] = set()
    for row in rows:
        before = len(problems)
        entries += _entries(row, law, problems)
        if len(problems) > before:
            refused.add(row["norm"].text)
    # A line that is refused is told by itself; it was not left out.
    told = [entry for entry in entries if entry.norm.id not in refused]
    problems += [*_incomplete(told), *_twice(entries, law)]
    if not entries and not problems:
        problems.append(_nothing_filled(rows))
    if not problems:
        problems += [problem for entry in entries for problem in _early(law, entry)]
        problems += [problem for entry in entries for problem in _above_ceiling(law, entry, on)]
    if problems:
        raise BadInputError(problems)
    files: dict[str, list[dict[str, Any]]] = {}
    for norm_id, of_norm in _by_norm(entries).items():
        content = _norm(of_norm[0].norm, of_norm, on)
        files.setdefault(law.instruments[norm_id].instrument, []).append(content)
    instruments = {one.instrument: one for one in law.instruments.values()}
    return [
        Confirmed(
            f"{_slug(number)}.yaml",
            {**_head(instruments[number], by, on), "norms": contents},
            len(contents),
            tuple(
                wider.text
                for content in contents
                for wider in _wider(law, instruments[number], content)
            ),
        )
        for number, contents in files.items()
    ]


def _reader(labels: SheetRow, today: dt.date, problems: list[Problem]) -> tuple[str, str]:
    """Who read the texts, and when."""
    texts = {}
    for key, label in LABELS.items():
        cell = labels.get(key)
        if cell is None or cell.value is None:
            text = Text(f"chưa ghi «{label}»", f"“{label}” is not filled in")
            remedy = Text("ghi ở đầu trang định mức", "write it at the top of the sheet of norms")
            problems.append(cell.problem(text, remedy) if cell else Problem("", 0, text, remedy))
            continue
        texts[key] = cell.text
        if key == "confirmed-on":
            day = day_of(cell, problems)
            texts[key] = day.isoformat() if day else ""
            if day and day > today:
                problems.append(_not_read_yet(cell, day))
    return texts.get("confirmed-by", ""), texts.get("confirmed-on", "")


def _not_read_yet(cell: SheetCell, day: dt.date) -> Problem:
    text = Text(
        f"«{LABELS['confirmed-on']}» {day:%d/%m/%Y} chưa tới",
        f"the day of reading {day} has not come",
    )
    return cell.problem(text, Text("ghi ngày đã đọc văn bản", "write the day the text was read"))


def _entries(row: SheetRow, law: Law, problems: list[Problem]) -> Iterator[_Entry]:
    """The line as read, where it was filled in and nothing is wrong with it."""
    norm = law.norms.get(row["norm"].text)
    if norm is None:
        text = Text(
            f"không có định mức «{row['norm'].text}»", f"there is no norm “{row['norm'].text}”"
        )
        problems.append(row["norm"].problem(text, _REWRITE))
        return
    known = {line.number: line.limit for line in lines_of(norm)}
    number = row["line"].value
    if not isinstance(number, int) or number not in known:
        text = Text(f"định mức «{norm.id}» không có dòng này", f"“{norm.id}” has no such line")
        problems.append(row["line"].problem(text, _REWRITE))
        return
    free = known[number] is None
    keys = (*_FILLED, *(_FREE if free else ()))
    if all(row[key].value is None for key in keys):
        return
    before = len(problems)
    limit = _limit(row, known[number], problems)
    first, last = period_of(row, problems)
    source = required(row["source"], _SOURCE, problems)
    article = norm.article or ""
    if not article or row["article"].text:
        article = required(row["article"], _ARTICLE, problems)
    if len(problems) == before and first is not None:
        yield _Entry(row, norm, number, limit, first, last, article, source)


def _limit(row: SheetRow, known: Limit | None, problems: list[Problem]) -> Limit | None:
    if row["figure"].text.casefold() == NO_LIMIT:
        return None
    shape = _shape(known) if known else _free_shape(row, problems)
    if not shape:
        return None
    figure = figure_of(row["figure"], share=shape["measure"] == "share", problems=problems)
    return Limit.model_validate({**shape, "at-most": figure}) if figure is not None else None


def _shape(limit: Limit) -> dict[str, Any]:
    """Everything of a limit but its figure, as YAML holds it."""
    shape: dict[str, Any] = {"measure": limit.measure}
    if limit.of:
        shape["of"] = limit.of
    if limit.unit:
        shape["unit"] = limit.unit
    if limit.per:
        shape["per"] = list(limit.per)
    if limit.when:
        shape["when"] = {word: list(values) for word, values in limit.when.items()}
    return shape


def _free_shape(row: SheetRow, problems: list[Problem]) -> dict[str, Any]:
    """What a line limits that nothing was known of."""
    measures = {label: key for key, label in MEASURES.items()}
    key = measures.get(row["measure"].text.casefold())
    if key is None:
        text = Text(
            f"loại mức phải là một trong: {', '.join(measures)}",
            f"the kind of limit must be one of: {', '.join(measures)}",
        )
        problems.append(row["measure"].problem(text))
        return {}
    measure, of = key
    shape: dict[str, Any] = {"measure": measure}
    if of:
        shape["of"] = of
    per = [_word(part) for part in split_list(row["per"].text)]
    if measure == "amount":
        if not per:
            text = Text(
                "số tiền tối đa cần đơn vị tính, ví dụ «enterprise»",
                "a maximum amount needs its unit, e.g. “enterprise”",
            )
            problems.append(row["per"].problem(text))
        shape["per"] = per
    tiers = tiers_of(row["when"], problems)
    return {**shape, "when": tiers} if tiers else shape


_SOURCE: Final = (
    Text("chưa ghi đã đọc văn bản ở đâu", "where the text was read is not filled in"),
    Text("ghi công báo, trang hoặc tệp đã đọc", "write the gazette, page or file read"),
)
_ARTICLE: Final = (
    Text("chưa ghi điều, khoản của mức này", "the article of this figure is not filled in"),
    Text("ghi như «khoản 2 Điều 5»", "write it like “khoản 2 Điều 5”"),
)


def _word(text: str) -> str:
    """A unit by its word or its Vietnamese name."""
    names = {name.vi.casefold(): word for word, name in units().items()}
    return names.get(text.casefold(), text)


def _incomplete(entries: Sequence[_Entry]) -> Iterator[Problem]:
    """A norm of which only some of the known limits were filled in would lose the others."""
    for norm_entries in _by_norm(entries).values():
        norm = norm_entries[0].norm
        wanted = {line.number for line in lines_of(norm) if line.limit is not None}
        missing = sorted(wanted - {entry.number for entry in norm_entries})
        if missing:
            numbers = ", ".join(map(str, missing))
            text = Text(
                f"định mức «{norm.id}» mới điền một phần, còn dòng {numbers}",
                f"“{norm.id}” is filled in in part, line {numbers} is not",
            )
            remedy = Text(
                f"điền đủ; văn bản không đặt mức ấy thì ghi «{NO_LIMIT}» ở cột «Con số»",
                f"fill in the rest; “{NO_LIMIT}” where the text sets no such limit",
            )
            yield norm_entries[0].row["norm"].problem(text, remedy)


def _twice(entries: Sequence[_Entry], law: Law) -> Iterator[Problem]:
    """Two figures for one thing on one day: which one holds is not ours to say."""
    for one, other in combinations(entries, 2):
        if _same_thing(one, other, law) and _overlap(one, other):
            figure = one.row["figure"]
            text = Text(
                f"trùng với ô {figure.ref}: hai mức cho cùng nội dung và cùng ngày",
                f"repeats cell {figure.ref}: two figures for one content and one day",
            )
            yield other.row["figure"].problem(text, Text("bỏ một dòng", "drop one line"))


def _same_thing(one: _Entry, other: _Entry, law: Law) -> bool:
    if one.limit is None or other.limit is None or one.norm.activity != other.norm.activity:
        return False
    numbers = {law.instruments[entry.norm.id].instrument for entry in (one, other)}
    return len(numbers) == 1 and same_measure(one.limit, other.limit)


def _overlap(one: _Entry, other: _Entry) -> bool:
    starts_before = other.last is None or one.first <= other.last
    return starts_before and (one.last is None or other.first <= one.last)


def _nothing_filled(rows: Sequence[SheetRow]) -> Problem:
    text = Text("chưa điền dòng nào", "no line is filled in")
    return rows[0]["figure"].problem(text) if rows else Problem("", 0, text)


def _by_norm(entries: Iterable[_Entry]) -> dict[str, list[_Entry]]:
    found: dict[str, list[_Entry]] = {}
    for entry in entries:
        found.setdefault(entry.norm.id, []).append(entry)
    return found


def _norm(norm: Norm, entries: Sequence[_Entry], on: str) -> dict[str, Any]:
    told = _told(norm, entries)
    return {
        "id": norm.id,
        "article": entries[0].article or None,
        "text": told.vi,
        "text-en": told.en,
        "activity": norm.activity,
        "funds": list(norm.funds),
        "decided-by": norm.decided_by,
        "values": [
            *_read_before(norm, entries),
            *_values(entries, on),
            *_read_after(norm, entries),
        ],
    }


def _told(norm: Norm, entries: Sequence[_Entry]) -> Text:
    """What the norm limits in words: ours hold while they tell the very figures confirmed."""
    known = {line.number: line.limit for line in lines_of(norm)}
    if all(entry.limit and entry.limit == known[entry.number] for entry in entries):
        return Text(norm.text, norm.text_en)
    content = activities().get(norm.activity or "", Text(norm.id, norm.id))
    figures = [_figure_told(entry) for entry in entries]
    vi, en = ("; ".join(dict.fromkeys(one.to(lang) for one in figures)) for lang in ("vi", "en"))
    return Text(f"{content.vi}: {vi}.", f"{content.en}: {en}.")


def _figure_told(entry: _Entry) -> Text:
    """What one line says, with its days where they end."""
    vi, en = "không đặt mức", "no limit is set"
    if entry.limit:
        vi, en = limit_text(entry.limit, "vi"), limit_text(entry.limit, "en")
    if entry.last is None:
        return Text(vi, en)
    return Text(
        f"{vi} (từ {entry.first:%d/%m/%Y} đến {entry.last:%d/%m/%Y})",
        f"{en} (from {entry.first} to {entry.last})",
    )


def _values(entries: Sequence[_Entry], on: str) -> Iterator[dict[str, Any]]:
    """One value for each day on which a limit begins or ends."""
    starts = {entry.first for entry in entries}
    ends = {entry.last + _ONE_DAY for entry in entries if entry.last}
    for day in sorted(starts | ends):
        now = [e for e in entries if e.first <= day and (e.last is None or day <= e.last)]
        limits = [_limit_content(entry.limit) for entry in now if entry.limit]
        told = now or [entry for entry in entries if entry.last and entry.last + _ONE_DAY == day]
        yield {
            "from": day.isoformat(),
            "limits": limits or None,
            "grade": str(Grade.PRIMARY),
            "source": "; ".join(dict.fromkeys(entry.source for entry in told)),
            "checked-on": on,
            "article": "; ".join(dict.fromkeys(e.article for e in told if e.article)) or None,
        }


def _read_before(norm: Norm, entries: Sequence[_Entry]) -> Iterator[dict[str, Any]]:
    """Values read in the text itself that end before what the unit confirms."""
    first = min(entry.first for entry in entries)
    yield from (_value_content(v) for v in _primary(norm) if v.from_ and v.from_ < first)


def _read_after(norm: Norm, entries: Sequence[_Entry]) -> Iterator[dict[str, Any]]:
    """Values (an end, too) read in the text itself that begin after what the unit confirms."""
    ends = {entry.last + _ONE_DAY for entry in entries if entry.last}
    last = max({entry.first for entry in entries} | ends)
    yield from (_value_content(v) for v in _primary(norm) if v.from_ and v.from_ > last)


def _primary(norm: Norm) -> list[Value]:
    return [value for value in norm.values if value.grade is Grade.PRIMARY]


def _value_content(value: Value) -> dict[str, Any]:
    limits = [_limit_content(limit) for limit in value.limits or ()]
    return {
        "from": value.from_.isoformat() if value.from_ else None,
        "limits": limits or None,
        "grade": str(value.grade),
        "source": value.source,
        "checked-on": value.checked_on.isoformat(),
        "article": value.article,
    }


def _limit_content(limit: Limit) -> dict[str, Any]:
    figure = limit.at_most
    if isinstance(figure, Fraction):
        exact = Decimal(figure.numerator) / Decimal(figure.denominator)
        return {**_shape(limit), "at-most": f"{exact.normalize():f}"}
    return {**_shape(limit), "at-most": str(figure)}


def _early(law: Law, entry: _Entry) -> Iterator[Problem]:
    """A figure that would bind before its text was issued."""
    told = begins_early(law.instruments[entry.norm.id], entry.norm, entry.first)
    if told:
        yield entry.row["from"].problem(told, EARLY_REMEDY)


def _above_ceiling(law: Law, entry: _Entry, on: str) -> Iterator[Problem]:
    """A local figure above the ceiling, read in its text, that it may only narrow."""
    content = _norm(entry.norm, [entry], on)
    for wider in _wider(law, law.instruments[entry.norm.id], content):
        if wider.ceiling_read:
            yield entry.row["figure"].problem(
                wider.text,
                Text("đọc lại văn bản, sửa con số", "read the text again and mend the figure"),
            )


def _wider(law: Law, instrument: Instrument, content: dict[str, Any]) -> list[Wider]:
    if instrument.narrows is None:
        return []
    return wider_than_above(law, instrument, Norm.model_validate(content))


def _head(instrument: Instrument, by: str, on: str) -> dict[str, Any]:
    return {
        "instrument": instrument.instrument,
        "title": instrument.title,
        "issuer": instrument.issuer,
        "issued": instrument.issued.isoformat() if instrument.issued else None,
        "pack": instrument.pack,
        "narrows": instrument.narrows,
        "confirmed-by": by,
        "confirmed-on": on,
    }


def _slug(number: str) -> str:
    """A file name from an instrument's number: ``11/2020/QĐ-UBND`` is ``11-2020-qd-ubnd``."""
    plain = unicodedata.normalize("NFD", number.casefold().replace("đ", "d"))
    return re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode()).strip("-")
