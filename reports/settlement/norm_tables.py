"""What the rules of norms said of each subject: used, cap, how far it is verified."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.text import Text
from reports.settlement.grounds import Grounds
from rules.assessment import Verdict
from rules.vocabulary import subject_name

if TYPE_CHECKING:
    import datetime as dt

    from reports.forms.grid import Record
    from reports.settlement.desk import Copy, Desk
    from rules.assessment import Assessment
    from rules.rule import Rule

_VERDICTS: Final = {
    Verdict.PASS: Text("trong mức", "within"),
    Verdict.FAIL: Text("vượt mức", "above"),
    Verdict.UNKNOWN: Text("chưa kiểm được", "not known"),
    Verdict.NOT_APPLICABLE: Text("không áp dụng", "not applicable"),
}
_LEAST_VERDICTS: Final = {
    **_VERDICTS,
    Verdict.PASS: Text("đủ mức", "reached"),
    Verdict.FAIL: Text("chưa đủ", "short"),
}


def norms(desk: Desk, _: Copy) -> list[Record]:
    """What the rules of norms said of each subject: used, cap, how far it is verified."""
    grounds = Grounds(desk)
    shown = [(rule, item) for rule, item in desk.assessed if _is_shown(desk, item)]
    units = desk.declarations.units_of((item.book, item.subject) for _, item in shown)
    found = [
        _norm_record(desk, grounds, rule, item, units[item.book, item.subject])
        for rule, item in shown
    ]
    return sorted(found, key=lambda one: (str(one["rule"]), str(one["subject"])))


def _is_shown(desk: Desk, item: Assessment) -> bool:
    """Whether there is something to compare; of what need not be brought nothing is told."""
    if not item.norms or item.observed is None or item.allowed is None:
        return False
    return item.allowed > 0 or not _sets_a_least(desk, item)


def _sets_a_least(desk: Desk, item: Assessment) -> bool:
    """Whether the norm asks for what must at least be brought, not for what may be used."""
    value = desk.law.norms[item.norms[0]].value_on(_decided_on(desk, item)) if item.norms else None
    limits = (value.limits or ()) if value else ()
    return bool(limits) and all(limit.requires for limit in limits)


def _decided_on(desk: Desk, item: Assessment) -> dt.date:
    return item.decided_on or desk.teller.source.period.closing


def _looked_for(rule: Rule) -> Text:
    return Text(f"tìm xem có: {rule.title.vi}", f"looked for: {rule.title.en}")


def _norm_record(
    desk: Desk, grounds: Grounds, rule: Rule, item: Assessment, of_unit: str
) -> Record:
    cited = desk.law.cite(item.norms[0], _decided_on(desk, item))
    least = _sets_a_least(desk, item)
    found, bound = ("brought", "least") if least else ("used", "cap")
    verdicts = _LEAST_VERDICTS if least else _VERDICTS
    article = f"{cited.article} " if cited.article else ""
    return {
        "rule": rule.code,
        # The title names what is looked for; most rows below say that it was not found.
        "rule_label": f"{rule.code} · {desk.say(_looked_for(rule))}",
        "subject": desk.say(subject_name(item.subject)) + of_unit,
        "norm": f"{article}{cited.instrument} ({cited.norm}): {desk.say(cited.text)}",
        found: grounds.observed(item),
        bound: item.allowed,
        "verdict": desk.say(verdicts[item.verdict]),
        "grade": desk.say(cited.grade.label) if cited.grade else "",
        "source": cited.source,
    }
