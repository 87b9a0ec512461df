"""The law that applies to a book: packs of norms, and what stands in force on a day."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from ledger.problems import BadInputError, Problem, refusal
from ledger.text import Text, dong, percent
from ledger.yaml_models import read_model
from rules.budget_codes import BudgetCodes, load_codes
from rules.citation import Citation, cited, smallest_first
from rules.finding import OwnFigure
from rules.loosening import changes, figure_words, slacks
from rules.norm import Instrument, Limit, Norm, Value, same_measure
from rules.norm_words import Known, word_problems
from rules.severity import READ_IN_THE_TEXT, Grade

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

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
        auditor: those of the files that an auditor brings.
        replaced: norms that ship whose figures a file of a book or an auditor replaces.
        shipped: those norms and their instruments as they ship.
        warnings: what of such a file is to be looked at.
    """

    norms: dict[str, Norm]
    instruments: dict[str, Instrument]
    files: tuple[str, ...]
    beside: tuple[str, ...] = ()
    codes: BudgetCodes = BudgetCodes()
    auditor: tuple[str, ...] = ()
    replaced: tuple[OwnFigure, ...] = ()
    shipped: Mapping[str, tuple[Norm, Instrument]] = {}
    warnings: tuple[Text, ...] = ()

    def as_shipped(self, norms: Collection[str]) -> Law:
        """The law with some of the norms that were replaced as they ship."""
        back = {norm: self.shipped[norm] for norm in norms}
        return self._replace(
            norms={**self.norms, **{norm: one for norm, (one, _) in back.items()}},
            instruments={**self.instruments, **{norm: one for norm, (_, one) in back.items()}},
        )

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
            reader=instrument.confirmed_by or "",
        )

    def can_bind(self, norm_id: str, day: dt.date) -> bool:
        """Whether the text of a norm can have bound on a day: existed, or closed that year after.

        How a budget year is closed is often written in the year that follows.
        """
        return _can_bind(self.instruments[norm_id], self.norms[norm_id], day)

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
    auditor: Sequence[Path] = (),
) -> Law:
    """The law for a book.

    Args:
        packs: packs that the programme names; the general pack always applies.
        beside: more norm files: the unit's own, which stand beside its book.
        codes: the unit's own lists of the budget classification, likewise.
        units: of counting that the book declares; None where no book is at hand.
        auditor: norm files of an auditor, which replace those beside the book.

    Raises:
        BadInputError: a file is not what it must be, names what does not exist, an unknown pack
            is named, a figure begins before its text was issued or loosens one that was read in
            the text, a local norm exceeds the ceiling that it may only narrow, or two local norms
            both apply.
    """
    wanted = {GENERAL_PACK, *packs}
    shipped = _shipped(NORMS_FOLDER)
    refuse_unknown_packs(wanted, {read.instrument.pack for read in shipped})
    chosen = [read for read in shipped if read.instrument.pack in wanted]
    units_own = [_confirmed(_read_instrument(path), Grade.CONFIRMED) for path in beside]
    auditors = [_confirmed(_read_instrument(path), Grade.AUDITOR) for path in auditor]
    own = [*units_own, *auditors]
    _refuse_unknown_words(own, units)
    _refuse_early(own, shipped)
    for layer in (chosen, units_own, auditors):
        _refuse_twice(layer)
    law = _collect([*chosen, *own])
    warnings = _refuse_wider_local(law, [*chosen, *own])
    law = law._replace(
        files=(*law.files, *(str(path.resolve()) for path in codes)),
        beside=tuple(read.tree.file for read in units_own),
        codes=load_codes(codes),
        auditor=tuple(read.tree.file for read in auditors),
        warnings=warnings,
    )
    return _with_replaced(law, chosen, own)


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


def _can_bind(instrument: Instrument, norm: Norm, day: dt.date) -> bool:
    closes = norm.decided_by == "budget-year"
    return instrument.earliest <= day or (closes and instrument.earliest.year <= day.year + 1)


def begins_early(instrument: Instrument, norm: Norm, day: dt.date) -> Text | None:
    """Why a norm cannot have begun on a day; None where it can."""
    if _can_bind(instrument, norm, day):
        return None
    number, issued = instrument.instrument, instrument.earliest
    return Text(
        f"«{norm.id}» từ {day:%d/%m/%Y}, trước ngày ban hành {number} ({issued:%d/%m/%Y})",
        f"“{norm.id}” from {day}, before {number} was issued ({issued})",
    )


EARLY_REMEDY: Final = Text(
    "ghi ngày có hiệu lực theo văn bản", "write the day of effect that the text names"
)


def _refuse_early(own: Sequence[_Read], shipped: Sequence[_Read]) -> None:
    """No text binds before it was issued; when that was, what ships knows best."""
    numbers = {read.instrument.instrument: read.instrument for read in shipped}
    homes = {norm.id: read.instrument for read in shipped for norm in read.instrument.norms}
    problems = []
    for read in own:
        for position, norm in enumerate(read.instrument.norms):
            told = numbers.get(read.instrument.instrument, read.instrument)
            instrument = homes.get(norm.id, told)
            for number, value in enumerate(norm.values):
                early = value.from_ and begins_early(instrument, norm, value.from_)
                if early:
                    line = read.tree.line_of(("norms", position, "values", number))
                    problems.append(Problem(read.tree.file, line, early, EARLY_REMEDY))
    if problems:
        raise BadInputError(problems)


def _with_replaced(law: Law, chosen: Sequence[_Read], own: Sequence[_Read]) -> Law:
    """The law, with what of it was replaced by other figures.

    Raises:
        BadInputError: a figure that was read in the text itself is loosened.
    """
    ships = {norm.id: (norm, read.instrument) for read in chosen for norm in read.instrument.norms}
    replaced, problems = [], []
    for read in own:
        for position, norm in enumerate(read.instrument.norms):
            if norm.id not in ships or norm is not law.norms[norm.id]:
                continue
            shipped, instrument = ships[norm.id]
            line = read.tree.line_of(("norms", position))
            problems += [
                Problem(read.tree.file, line, text, _KEEP_THE_TEXT)
                for text in _looser_than_read(shipped, instrument, norm)
            ]
            changed = changes(shipped, norm)
            if changed:
                text = Text(shipped.text, shipped.text_en)
                reader, file = read.instrument.confirmed_by or "", read.tree.file
                own_one = file in law.auditor
                replaced.append(
                    OwnFigure(norm.id, instrument.full_name, text, changed, file, reader, own_one)
                )
    if problems:
        raise BadInputError(problems)
    there = {one.norm: ships[one.norm] for one in replaced}
    return law._replace(replaced=tuple(replaced), shipped=there)


_KEEP_THE_TEXT: Final = Text(
    "bỏ định mức này khỏi tệp để dùng con số đi kèm; văn bản sửa đổi thì ghi giá trị mới từ ngày "
    "văn bản ấy có hiệu lực, giữ các giá trị trước; kiểm tra không dùng tệp của sổ: "
    "--no-book-norms",
    "take this norm out of the file, so that the figure that ships is used; an amendment is a new "
    "value from its day of effect, beside the earlier ones; to check without the book's file: "
    "--no-book-norms",
)


def _looser_than_read(shipped: Norm, instrument: Instrument, own: Norm) -> list[Text]:
    """The first figure read in the text itself that a file would loosen."""
    for slack in slacks(shipped, own):
        if slack.of_a_text_read:
            read, instead = figure_words(shipped, slack), figure_words(own, slack)
            name = cited(smallest_first(shipped.article or ""), instrument.full_name)
            return [
                Text(
                    f"«{own.id}» từ {slack.day:%d/%m/%Y}: {instead.vi}; nguyên văn đã đọc của "
                    f"{name}: {read.vi}; không nới lỏng được",
                    f"“{own.id}” from {slack.day}: {instead.en}; the text of {name} was read and "
                    f"says: {read.en}; it cannot be loosened",
                )
            ]
    return []


def _confirmed(read: _Read, grade: Grade) -> _Read:
    """A unit's or an auditor's file: somebody answers for each figure, and it counts as primary."""
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
                "values": tuple(value.model_copy(update={"grade": grade}) for value in norm.values)
            }
        )
        for norm in instrument.norms
    )
    return read._replace(instrument=instrument.model_copy(update={"norms": norms}))


def _collect(reads: Sequence[_Read]) -> Law:
    """Norms by id; a unit's own file replaces the shipped norm of the same id."""
    norms: dict[str, Norm] = {}
    instruments: dict[str, Instrument] = {}
    for read in reads:
        norms.update({norm.id: norm for norm in read.instrument.norms})
        instruments.update({norm.id: read.instrument for norm in read.instrument.norms})
    return Law(norms, instruments, tuple(read.tree.file for read in reads))


def _refuse_twice(reads: Sequence[_Read]) -> None:
    """Refuse a norm that two files of one hand give: which of them counts would be chance."""
    first: dict[str, str] = {}
    problems = []
    for read in reads:
        for position, norm in enumerate(read.instrument.norms):
            if norm.id in first:
                other = Path(first[norm.id]).name
                text = Text(
                    f"định mức «{norm.id}» có hai lần: {other} cũng ghi",
                    f"norm “{norm.id}” stands twice: {other} gives it too",
                )
                remedy = Text(
                    "giữ một chỗ; số thay đổi theo thời gian ghi thành nhiều giá trị của một "
                    "định mức",
                    "keep one; figures that follow one another are values of one norm",
                )
                line = read.tree.line_of(("norms", position))
                problems.append(Problem(read.tree.file, line, text, remedy))
            first.setdefault(norm.id, read.tree.file)
    if problems:
        raise BadInputError(problems)


def _refuse_wider_local(law: Law, reads: Sequence[_Read]) -> tuple[Text, ...]:
    """A local decision may only narrow the ceiling above it, and only one may apply.

    Returns:
        Where it exceeds a ceiling that is known at second hand only: which of them is wrong is
        not ours to say.
    """
    problems: list[Problem] = []
    warnings: list[Text] = []
    for read in reads:
        if read.instrument.narrows is None:
            continue
        for position, norm in enumerate(read.instrument.norms):
            if norm is not law.norms[norm.id]:
                continue  # replaced by the unit's own
            line = read.tree.line_of(("norms", position))
            wider = wider_than_above(law, read.instrument, norm)
            warnings += [one.text for one in wider if not one.ceiling_read]
            told = [(one.text, _NARROWER) for one in wider if one.ceiling_read]
            told += [(text, _ONE_OF_THEM) for text in _rivals(law, norm)]
            problems += [Problem(read.tree.file, line, *one) for one in told]
    if problems:
        raise BadInputError(problems)
    return tuple(warnings)


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


class Wider(NamedTuple):
    """A local norm that allows more than the ceiling above it.

    Attributes:
        ceiling_read: whether the ceiling was read in the text itself.
    """

    text: Text
    ceiling_read: bool


def _overlaps(norm: Norm, other: Norm) -> list[tuple[dt.date, Limit, Limit]]:
    """Days from which a limit of each is in force, both of the same measure, unit and tier."""
    return [
        (day, limit, against)
        for day in _starts(norm, other)
        for limit in _limits_on(norm, day)
        for against in _limits_on(other, day)
        if same_measure(limit, against)
    ]


def wider_than_above(law: Law, instrument: Instrument, norm: Norm) -> list[Wider]:
    """Where a local norm allows more than the instrument that it may only narrow."""
    found = []
    for above in law.of_activity(norm.activity) if norm.activity else ():
        if law.instruments[above.id].instrument != instrument.narrows:
            continue
        wider = [
            _wider(instrument, norm, above, overlap)
            for overlap in _overlaps(norm, above)
            if (overlap[1].at_most or 0) > (overlap[2].at_most or 0)
        ]
        # One is told of each ceiling: one that was read, if there is any.
        found += sorted(wider, key=lambda one: not one.ceiling_read)[:1]
    return found


def _wider(
    instrument: Instrument, norm: Norm, above: Norm, overlap: tuple[dt.date, Limit, Limit]
) -> Wider:
    day, limit, ceiling = overlap
    value = above.value_on(day)
    read = value is not None and value.grade in READ_IN_THE_TEXT
    own, most = _figure(limit), _figure(ceiling)
    text = Text(
        f"«{norm.id}» từ {day:%d/%m/%Y} cho phép {own.vi}, cao hơn trần "
        f"{most.vi} của {instrument.narrows} («{above.id}»)",
        f"“{norm.id}” allows {own.en} from {day}, above the ceiling "
        f"{most.en} of {instrument.narrows} (“{above.id}”)",
    )
    if not read:
        text = Text(
            f"{text.vi}; trần ấy mới biết ở nguồn thứ cấp, hãy đọc {instrument.narrows}",
            f"{text.en}; that ceiling is known at second hand only, read {instrument.narrows}",
        )
    return Wider(text, read)


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
