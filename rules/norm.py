"""The models of a norm file: an instrument, its norms, their values over time (định mức).

Numbers are exact: a share is a Fraction, an amount an int of VND. YAML scalars come as text.
"""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from ledger.text import Text, read_dong
from ledger.written import right_spelling
from ledger.yaml_models import MisfitError
from rules.severity import Grade

if TYPE_CHECKING:
    from collections.abc import Callable

Measure = Literal["share", "amount", "count", "days", "date", "threshold", "condition", "duty"]
# What a condition can ask for: fields of a support, then of the enterprise. A condition that a
# book has no place for is named otherwise, and cannot be tested.
REQUIREMENTS: Final = (
    "own-share",
    "no-double-funding",
    "no-failed-scheme",
    "approved-list",
    "sector",
    "district",
    "size",
)
DecidedBy = Literal["decision", "signature", "draft-sent", "event", "payment", "budget-year"]

_WHOLE = re.compile(r"\d{1,3}(?:_?\d{3})*|\d+")
_A_COMMON_YEAR = 2001
# What an instrument is, by the letters of its number.
_KINDS = {
    "QH": "Luật",
    "NĐ": "Nghị định",
    "NQ": "Nghị quyết",
    "QĐ": "Quyết định",
    "TT": "Thông tư",
    "KH": "Kế hoạch",
}
_KIND_IN_NUMBER = re.compile(r"/(?P<kind>QH|NĐ|NQ|QĐ|TT|KH)")
_YEAR_IN_NUMBER = re.compile(r"/(?P<year>\d{4})/")
_MONTH_DAY = re.compile(r"(?P<month>\d\d)-(?P<day>\d\d)")


_SHARE = Text("một tỷ lệ từ 0 đến 1", "a share from 0 to 1")
_PERCENT = re.compile(r"(?P<whole>\d{1,3})(?:[.,](?P<part>\d+))? ?%?")
_COMMA = re.compile(r"[01],\d+")


def _share(text: object) -> object:
    if isinstance(text, str) and re.fullmatch(r"(?:0(?:\.\d+)?|1(?:\.0+)?)", text):
        return Fraction(text)
    raise MisfitError(_SHARE, '"0.70"', right=_as_share(text))


def _as_share(text: object) -> str:
    """A share as people write it, a percentage or with a comma, as it is to be written."""
    if not isinstance(text, str):
        return ""
    if _COMMA.fullmatch(text) and Fraction(text.replace(",", ".")) <= 1:
        return f'"{text.replace(",", ".")}"'
    match = _PERCENT.fullmatch(text)
    if match is None or not 1 < int(match["whole"]) < 100:  # noqa: PLR2004  # per cent
        return ""
    return f'"0.{int(match["whole"]):02d}{match["part"] or ""}"'


def _whole(text: object) -> object:
    if isinstance(text, str) and _WHOLE.fullmatch(text):
        return int(text)
    amount = read_dong(text) if isinstance(text, str) else None
    right = f"{amount:_}" if amount is not None else ""
    raise MisfitError(Text("một số nguyên", "a whole number"), "12_000_000", right=right)


def _date(text: object) -> object:
    written = text if isinstance(text, str) else ""
    try:
        return dt.date.fromisoformat(written)
    except ValueError:
        day = Text("một ngày có thật, năm-tháng-ngày", "a day that exists, year-month-day")
        raise MisfitError(day, "2021-01-31", right=right_spelling(written)) from None


def _month_day(text: object) -> object:
    match = _MONTH_DAY.fullmatch(text) if isinstance(text, str) else None
    try:
        day = dt.date(_A_COMMON_YEAR, int(match["month"]), int(match["day"])) if match else None
    except ValueError:
        day = None
    if day is None:
        raise MisfitError(
            Text("một ngày trong năm, tháng-ngày", "a day of the year, month-day"), '"01-31"'
        )
    return MonthDay(month=day.month, day=day.day)


def _words(value: object) -> object:
    """One word, or a list of words of which any will do."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, (list, tuple)) and value:
        return tuple(value)
    raise MisfitError(
        Text("một từ, hoặc danh sách từ", "one word, or a list of words"), "[small, nhỏ]"
    )


def _to_yaml_key(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


class _Model(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        arbitrary_types_allowed=True,
        alias_generator=_to_yaml_key,
    )


class MonthDay(BaseModel):
    """A day of the year without the year."""

    month: int
    day: int

    def of(self, year: int) -> dt.date:
        """That day in a year."""
        return dt.date(year, self.month, self.day)


Date = Annotated[dt.date, BeforeValidator(_date)]
Share = Annotated[Fraction, BeforeValidator(_share)]
Whole = Annotated[int, BeforeValidator(_whole)]
Words = Annotated[tuple[str, ...], BeforeValidator(_words)]


class Limit(_Model):
    """One limit of a norm's value.

    Attributes:
        measure: what is limited; ``condition`` and ``duty`` carry no figure.
        at_most: a share (Fraction) or a whole number (VND, count, days) by ``measure``.
        at_least: for ``threshold``, in place of ``at_most``: the first amount that it takes in.
        of: what a share is a share of: the cost of all funds, the value of the contract paid
            on, what the book's or the task's estimate was given in the budget year.
        per: what an amount or a count is counted by: quantities that the book declares, and the
            words of ``rules.nrm.costs.KEY_WORDS``, which say what is added up.
        unit: for ``count``: the unit counted, e.g. ``trainee``.
        when: the tier, e.g. ``{destination: asia, size: [small, nhỏ]}``: each word as declared
            with the event, the support or the enterprise; any word of a list will do.
        day: for ``date``: the day of the calendar, in the year named by ``in_``.
        requires: for ``condition``: the field of the support that must show it.
        grounds: letters of the list of what may be carried over that the limit speaks of.
        complete: whether ``grounds`` is the whole list; False where part of it was not read.
        activities: contents of spending that the limit speaks of; all of them where none is named.
        sub_items: sub-items of the budget classification, or ranges of them: ``6700-6749``.
        tasks: tasks of the plan that the limit speaks of.
        slot: for a paper that must be in the dossier: the word of a ``document``'s ``slot``.
        papers_of: what that paper is about.
    """

    measure: Measure
    at_most: Fraction | int | None = None
    at_least: int | None = None
    of: Literal["eligible-cost", "contract", "year-funds", "task-funds"] | None = None
    per: tuple[str, ...] = ()
    unit: str | None = None
    when: dict[str, Words] = {}
    day: Annotated[MonthDay | None, BeforeValidator(_month_day)] = None
    in_: Literal["same-year", "next-year"] = "same-year"
    requires: str | None = None
    grounds: tuple[str, ...] = ()
    complete: bool = True
    activities: tuple[str, ...] = ()
    sub_items: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    slot: str | None = None
    papers_of: Literal["contract", "support", "task", "advance"] | None = None

    @property
    def top(self) -> Fraction | int:
        """``at_most`` of a limit that carries a figure."""
        return self.at_most or 0

    @model_validator(mode="before")
    @classmethod
    def _figure_by_measure(cls, raw: Any) -> Any:  # noqa: ANN401  # a YAML mapping
        """Read ``at-most`` as the measure says, and ask for what the measure needs."""
        if not isinstance(raw, dict):
            return raw
        measure = str(raw.get("measure"))
        if measure in _NEEDED and _NEEDED[measure] not in raw:
            needed = Text(f"khi measure là «{measure}»", f"there where the measure is “{measure}”")
            raise MisfitError(needed, field=_NEEDED[measure])
        if measure == "threshold" and "at-least" in raw:
            return _read(raw, "at-least", _whole)
        if measure in _FIGURES:
            return _read(raw, "at-most", _FIGURES[measure])
        return raw


# The field that a measure without a figure cannot do without.
_NEEDED = {"date": "day", "condition": "requires"}
# How the figure of a measure is read.
_FIGURES: dict[str, Callable[[object], object]] = {
    "share": _share,
    **dict.fromkeys(("amount", "count", "days", "threshold"), _whole),
}


def _read(raw: dict[str, Any], field: str, read: Callable[[object], object]) -> dict[str, Any]:
    try:
        return {**raw, field: read(raw.get(field))}
    except MisfitError as misfit:
        raise misfit.of(field) from None


# Words of ``per`` that name the subject, which a text may leave out.
_OF_SUBJECT = frozenset({"event", "support", "project"})


def same_measure(limit: Limit, other: Limit) -> bool:
    """Whether two limits limit the same thing, so that their figures can be compared."""
    return _thing(limit) == _thing(other)


def _thing(limit: Limit) -> tuple[object, ...]:
    per = frozenset(limit.per) - _OF_SUBJECT
    return limit.measure, limit.of or "eligible-cost", limit.unit, per, limit.when


class Value(_Model):
    """What a norm says from a day on.

    Attributes:
        from_: first day of application; None where it is not known, and then the value is
            unknown too.
        limits: all of them bind; None ends the norm.
        grade: how far this very number is verified.
        source: where it was read.
        article: the article, where an amendment moved it.
    """

    from_: Date | None
    limits: tuple[Limit, ...] | None
    grade: Grade
    source: str
    checked_on: Date
    article: str | None = None


class Seen(_Model):
    """How it is known that a norm exists whose figure is not known."""

    grade: Grade
    source: str


class Norm(_Model):
    """One norm of an instrument.

    Attributes:
        id: stable name, as in the research notes.
        article: None where it is not known; never guessed.
        text: what it limits, in Vietnamese, in our own words.
        activity: the content of spending that it limits; None for a general norm.
        funds: the sources limited.
        decided_by: whose date chooses the value.
        values: by date of effect, rising; none where the figure is not known.
        seen: for a norm without a value: how its existence is known.
        unenforced: for a norm that no rule reads: why none can (``docs/coverage.md`` prints it).
    """

    id: str
    article: str | None
    text: str
    text_en: str
    activity: str | None = None
    funds: tuple[str, ...] = ("NSTP", "NSTW")
    decided_by: DecidedBy = "payment"
    values: tuple[Value, ...] = ()
    seen: Seen | None = None
    note: str = ""
    unenforced: str = ""

    @model_validator(mode="after")
    def _values_rise(self) -> Norm:
        starts = [value.from_ for value in self.values if value.from_]
        if starts != sorted(set(starts)):
            rising = Text(
                "các giá trị xếp theo ngày «from» tăng dần, mỗi ngày một giá trị",
                "values in the order of “from”, one a day",
            )
            raise MisfitError(rising, field="values")
        if not self.values and self.seen is None:
            seen = Text(
                "nguồn cho biết có quy định, khi chưa có giá trị nào",
                "where it was seen that there is a norm, where no value is known",
            )
            raise MisfitError(seen, "{grade: secondary, source: …}", field="seen")
        return self

    def value_on(self, day: dt.date) -> Value | None:
        """The value in force on a day; None where there is none or it is not known."""
        found = None
        for value in self.values:
            if value.from_ and value.from_ <= day:
                found = value
        return found if found and found.limits is not None else None

    @property
    def unknown(self) -> bool:
        """Whether the norm is known to exist and its figure or start is not."""
        return not any(value.from_ for value in self.values)


class Instrument(_Model):
    """One legal instrument and its norms.

    Attributes:
        instrument: its number.
        pack: the pack of norms that it belongs to; ``general`` applies to every book.
        narrows: the instrument whose ceilings this local one may only narrow.
        confirmed_by: in a file beside a book: who of the unit read the text, and ``confirmed_on``
            when; its values then count as primary for that book.
    """

    instrument: str
    title: str
    issuer: str
    issued: Date | None
    pack: str
    narrows: str | None = None
    confirmed_by: str | None = None
    confirmed_on: Date | None = None
    norms: tuple[Norm, ...]

    @property
    def full_name(self) -> str:
        """What it is and its number; a law by its title: «Luật Ngân sách nhà nước 83/2015/QH13»."""
        found = _KIND_IN_NUMBER.search(self.instrument)
        kind = _KINDS[found["kind"]] if found else ""
        if kind == "Luật" and self.title.startswith(kind):
            kind = self.title
        return f"{kind} {self.instrument}".strip()

    @property
    def earliest(self) -> dt.date:
        """The first day on which it can have existed: its own, or the year in its number."""
        year = _YEAR_IN_NUMBER.search(self.instrument)
        return self.issued or dt.date(int(year["year"]) if year else 1, 1, 1)
