"""The law that applies to a book: packs of norms, and what stands in force on a day."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ledger.problems import BadInputError, Problem, refusal
from ledger.text import Text, dong, percent
from ledger.yaml_models import read_model
from rules.budget_codes import BudgetCodes, load_codes
from rules.citation import Citation, cited, smallest_first
from rules.norm import Instrument, Limit, Norm, Value, same_measure
from rules.norm_words import Known, word_problems
from rules.severity import Grade

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from ledger.strict_yaml import Tree

NORMS_FOLDER = Path(__file__).parent / "norms"
GENERAL_PACK = "general"


class Binding(NamedTuple):
    """A limit in force, with the norm that it stands in."""

    norm: Norm
    value: Value
    limit: Limit


class YearDay(NamedTuple):
    """A day that the law sets for a budget year, and the norm that sets it."""

    norm: str
    day: dt.date


class Law(NamedTuple):
    """The norms that apply to one book.

    Attributes:
        norms: by id, in the order of their files.
        instruments: the instrument of each norm, by the norm's id.
        files: the norm files read, for caches that must notice a change.
        beside: those of them that a book brings with it.
        codes: the budget classification, as far as it is known.
    """

    norms: dict[str, Norm]
    instruments: dict[str, Instrument]
    files: tuple[str, ...]
    beside: tuple[str, ...] = ()
    codes: BudgetCodes = BudgetCodes()

    def of_activity(self, activity: str) -> list[Norm]:
        """Every norm for one content of spending."""
        return [norm for norm in self.norms.values() if norm.activity == activity]

    def cite(self, norm_id: str, day: dt.date) -> Citation:
        """A norm as it stands on a day."""
        norm, instrument = self.norms[norm_id], self.instruments[norm_id]
        value = norm.value_on(day)
        article = smallest_first((value.article if value else None) or norm.article or "")
        return Citation(
            norm=norm_id,
            instrument=instrument.instrument,
            article=article,
            text=Text(norm.text, norm.text_en),
            grade=value.grade if value else None,
            source=value.source if value else "",
            full_name=cited(article, instrument.full_name),
        )

    def can_bind(self, norm_id: str, day: dt.date) -> bool:
        """Whether the text of a norm can have bound on a day: existed, or closed that year after.

        How a budget year is closed is often written in the year that follows.
        """
        earliest = self.instruments[norm_id].earliest
        closes = self.norms[norm_id].decided_by == "budget-year"
        return earliest <= day or (closes and earliest.year <= day.year + 1)

    def limits(self, norm_id: str, budget_year: int) -> tuple[Limit, ...]:
        """What a norm says for a budget year; nothing where it is not in force or not known."""
        value = self.norms[norm_id].value_on(dt.date(budget_year, 1, 1))
        return (value.limits or ()) if value else ()

    def limits_ever(self, norm_id: str) -> tuple[Limit, ...]:
        """Every limit that a norm sets, whenever; nothing for one that does not apply here."""
        norm = self.norms.get(norm_id)
        values = norm.values if norm else ()
        return tuple(limit for value in values for limit in value.limits or ())

    def date(self, norm_id: str, budget_year: int) -> dt.date | None:
        """The day that a calendar norm sets for a budget year; None where none is in force."""
        for limit in self.limits(norm_id, budget_year):
            if limit.measure == "date" and limit.day is not None:
                return limit.day.of(budget_year + (limit.in_ == "next-year"))
        return None

    def year_day(self, norms: Iterable[str], budget_year: int) -> YearDay | None:
        """The day that the first of some norms in force sets for a budget year."""
        for norm in norms:
            day = self.date(norm, budget_year)
            if day is not None:
                return YearDay(norm, day)
        return None


def load_law(
    packs: Iterable[str],
    beside: Sequence[Path] = (),
    codes: Sequence[Path] = (),
    units: Collection[str] | None = None,
) -> Law:
    """The law for a book.

    Args:
        packs: packs that the programme names; the general pack always applies.
        beside: more norm files: the unit's own, which stand beside its book.
        codes: the unit's own lists of the budget classification, likewise.
        units: of counting that the book declares; None where no book is at hand.

    Raises:
        BadInputError: a file is not what it must be, names what does not exist, an unknown pack
            is named, a local norm exceeds the ceiling that it may only narrow, or two local norms
            both apply.
    """
    wanted = {GENERAL_PACK, *packs}
    shipped = _shipped(NORMS_FOLDER)
    refuse_unknown_packs(wanted, {read.instrument.pack for read in shipped})
    chosen = [read for read in shipped if read.instrument.pack in wanted]
    own = [_confirmed(_read_instrument(path)) for path in beside]
    _refuse_unknown_words(own, units)
    law = _collect([*chosen, *own])
    _refuse_wider_local(law, [*chosen, *own])
    files = (*law.files, *(str(path.resolve()) for path in codes))
    brought = tuple(read.tree.file for read in own)
    return law._replace(files=files, beside=brought, codes=load_codes(codes))


def _refuse_unknown_words(own: Sequence[_Read], units: Collection[str] | None) -> None:
    """A word that nothing knows would switch a norm off without a word."""
    if not own:
        return
    known = known_words(units)
    problems = [one for read in own for one in word_problems(read.tree, read.instrument, known)]
    if problems:
        raise BadInputError(problems)


def known_words(units: Collection[str] | None) -> Known:
    """The words that a unit's own file can use; ``units`` as ``load_law`` takes them."""
    shipped = [read.instrument for read in _shipped(NORMS_FOLDER)]
    norms = [norm for instrument in shipped for norm in instrument.norms]
    values = [value for norm in norms for value in norm.values]
    limits = [limit for value in values for limit in value.limits or ()]
    return Known(
        packs=shipped_packs(),
        norms=[norm.id for norm in norms],
        instruments=[instrument.instrument for instrument in shipped],
        tiers={word for limit in limits for word in limit.when},
        units=units,
    )


def shipped_packs() -> list[str]:
    """The names of the packs that ship."""
    return sorted({read.instrument.pack for read in _shipped(NORMS_FOLDER)})


class _Read(NamedTuple):
    tree: Tree
    instrument: Instrument


@cache
def _shipped(folder: Path) -> tuple[_Read, ...]:
    """The program's own files, which do not change while it runs."""
    return tuple(_read_instrument(path) for path in sorted(folder.glob("*.yaml")))


def _read_instrument(path: Path) -> _Read:
    return _Read(*read_model(path, Instrument))


def refuse_unknown_packs(wanted: set[str], known: set[str], file: str = "", line: int = 0) -> None:
    """Stop where a pack is named that does not exist.

    Args:
        wanted: the packs named.
        known: those that exist.
        file: where they are named, if that is known.
        line: likewise.

    Raises:
        BadInputError: one is.
    """
    unknown = sorted(wanted - known)
    if unknown:
        names = ", ".join(sorted(known))
        raise refusal(
            Text(
                f"chương trình nêu bộ định mức không có: {', '.join(unknown)}",
                f"the programme names packs that do not exist: {', '.join(unknown)}",
            ),
            Text(
                f"sửa trường instruments; các bộ đang có: {names}",
                f"mend the field instruments; packs that exist: {names}",
            ),
            file=file,
            line=line,
        )


def _confirmed(read: _Read) -> _Read:
    """A unit's own file: somebody answers for each figure, and then it counts as primary."""
    instrument = read.instrument
    if not instrument.confirmed_by or not instrument.confirmed_on:
        raise refusal(
            Text(
                "tệp định mức của đơn vị thiếu confirmed-by hoặc confirmed-on",
                "a unit's norm file needs confirmed-by and confirmed-on",
            ),
            Text("ghi ai đã đọc văn bản và ngày đọc", "say who read the text and when"),
            file=read.tree.file,
            line=1,
        )
    norms = tuple(
        norm.model_copy(
            update={
                "values": tuple(
                    value.model_copy(update={"grade": Grade.CONFIRMED}) for value in norm.values
                )
            }
        )
        for norm in instrument.norms
    )
    return read._replace(instrument=instrument.model_copy(update={"norms": norms}))


def _collect(reads: Sequence[_Read]) -> Law:
    """Norms by id; a unit's own file replaces the shipped norm of the same id."""
    norms: dict[str, Norm] = {}
    instruments: dict[str, Instrument] = {}
    problems = []
    for read in reads:
        for position, norm in enumerate(read.instrument.norms):
            if norm.id in norms and not read.instrument.confirmed_by:
                line = read.tree.line_of(("norms", position))
                text = Text(f"định mức «{norm.id}» có hai lần", f"norm “{norm.id}” stands twice")
                problems.append(Problem(read.tree.file, line, text))
            norms[norm.id] = norm
            instruments[norm.id] = read.instrument
    if problems:
        raise BadInputError(problems)
    return Law(norms, instruments, tuple(read.tree.file for read in reads))


def _refuse_wider_local(law: Law, reads: Sequence[_Read]) -> None:
    """A local decision may only narrow the ceiling above it, and only one may apply."""
    problems: list[Problem] = []
    for read in reads:
        if read.instrument.narrows is None:
            continue
        for position, norm in enumerate(read.instrument.norms):
            if norm is not law.norms[norm.id]:
                continue  # replaced by the unit's own
            line = read.tree.line_of(("norms", position))
            told = [(text, _NARROWER) for text in wider_than_above(law, read.instrument, norm)]
            told += [(text, _ONE_OF_THEM) for text in _rivals(law, norm)]
            problems += [Problem(read.tree.file, line, *one) for one in told]
    if problems:
        raise BadInputError(problems)


_NARROWER = Text(
    "ghi mức không quá trần; hoặc sửa «narrows» nếu quy định không thu hẹp văn bản đó",
    "write a figure within the ceiling; or mend “narrows” if it is not that text that it narrows",
)
_ONE_OF_THEM = Text(
    "giữ định mức đang áp dụng; cho định mức kia hết hiệu lực bằng «limits: null» từ ngày đó",
    "keep the norm that applies; let the other end by “limits: null” from that day",
)


def _starts(norm: Norm, other: Norm) -> list[dt.date]:
    return sorted({v.from_ for v in (*norm.values, *other.values) if v.from_})


def _limits_on(norm: Norm, day: dt.date) -> tuple[Limit, ...]:
    value = norm.value_on(day)
    return (value.limits or ()) if value else ()


def _overlaps(norm: Norm, other: Norm) -> list[tuple[dt.date, Limit, Limit]]:
    """Days from which a limit of each is in force, both of the same measure, unit and tier."""
    return [
        (day, limit, against)
        for day in _starts(norm, other)
        for limit in _limits_on(norm, day)
        for against in _limits_on(other, day)
        if same_measure(limit, against)
    ]


def wider_than_above(law: Law, instrument: Instrument, norm: Norm) -> list[Text]:
    """Where a local norm allows more than the instrument that it may only narrow."""
    texts = []
    for above in law.of_activity(norm.activity) if norm.activity else ():
        if law.instruments[above.id].instrument != instrument.narrows:
            continue
        for day, limit, ceiling in _overlaps(norm, above):
            if (limit.at_most or 0) > (ceiling.at_most or 0):
                own, most = _figure(limit), _figure(ceiling)
                texts.append(
                    Text(
                        f"«{norm.id}» từ {day:%d/%m/%Y} cho phép {own.vi}, cao hơn trần "
                        f"{most.vi} của {instrument.narrows} («{above.id}»)",
                        f"“{norm.id}” allows {own.en} from {day}, above the ceiling "
                        f"{most.en} of {instrument.narrows} (“{above.id}”)",
                    )
                )
                break
    return texts


def _figure(limit: Limit) -> Text:
    figure = limit.at_most or 0
    if limit.measure == "share":
        return Text(percent(Fraction(figure)), percent(Fraction(figure), "en"))
    return Text(dong(int(figure)), dong(int(figure), "en"))


def _rivals(law: Law, norm: Norm) -> list[Text]:
    """Other local norms for the same thing on one day: which one applies is not ours to say."""
    return [
        Text(
            f"«{norm.id}» và «{rival.id}» cùng là quy định địa phương cho một nội dung",
            f"“{norm.id}” and “{rival.id}” are both local norms for one content",
        )
        for rival in (law.of_activity(norm.activity) if norm.activity else ())
        if rival.id < norm.id
        and law.instruments[rival.id].narrows is not None
        and _overlaps(norm, rival)
    ]
