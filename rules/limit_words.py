"""What a norm limits, in words with its figures."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from ledger.text import Language, Text, dong, joined, percent
from rules.vocabulary import tier_names, unit_name

if TYPE_CHECKING:
    from rules.norm import Limit, Norm, Value

UNKNOWN: Final = Text("chưa biết con số", "figure not known")
UNDATED: Final = Text("chưa biết ngày hiệu lực", "day of effect not known")
WITHOUT_FIGURE: Final = {
    "condition": Text("điều kiện", "condition"),
    "duty": Text("quy định, không có con số", "duty, no figure"),
}


def limits_text(norm: Norm, value: Value | None, language: Language) -> str:
    """The limits of a value in words; what is not known is said."""
    if value is None:
        undated = next((v for v in norm.values if v.limits), None)
        if undated is None:
            return UNKNOWN.to(language)
        return f"{limits_text(norm, undated, language)} ({UNDATED.to(language)})"
    limits = value.limits or ()
    apart = len({limit.measure for limit in limits}) > 1
    return "; ".join(limit_text(limit, language, parts=apart) for limit in limits)


def limit_text(limit: Limit, language: Language, *, parts: bool = False) -> str:
    """One limit in words.

    Args:
        limit: of a value.
        language: of the words.
        parts: whether a threshold tells from which amount the value's other limits apply.
    """
    if limit.measure in WITHOUT_FIGURE:
        return WITHOUT_FIGURE[limit.measure].to(language)
    if limit.measure == "date" and limit.day is not None:
        year = Text("năm sau", "next year") if limit.in_ == "next-year" else Text("", "")
        return f"{limit.day.day:02d}/{limit.day.month:02d} {year.to(language)}".strip()
    if limit.at_least is not None:
        return f"{Text('từ', 'from').to(language)} {dong(limit.at_least, language)}"
    if limit.measure == "share":
        figure = percent(Fraction(limit.at_most or 0), language)
    else:
        figure = dong(int(limit.at_most or 0), language)
        if limit.unit:
            figure = f"{figure} {unit_name(limit.unit).to(language)}"
    units = joined([unit_name(word) for word in limit.per]).to(language)
    per = f"/{units}" if units else ""
    tier = ", ".join(tier_names(words).to(language) for words in limit.when.values())
    most = Text("tối đa", "at most")
    if limit.measure == "threshold" and limit.slot:
        most = Text("giá trị trên", "value above")  # from which the paper is asked for
    elif limit.measure == "threshold" and parts:
        most = Text("mốc giá trị", "parted at the value of")
    return f"{most.to(language)} {figure}{per}" + (f" ({tier})" if tier else "")
