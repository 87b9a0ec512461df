"""The rows of the programme's own set: tasks, contributions, supports, norms, advances."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from ledger.accounts import ADVANCE_FAMILIES, STATE_FUNDS
from ledger.advances import by_voucher
from ledger.kinds import Effect, kinds_that
from ledger.text import Text
from reports.forms.grid import Amount, CellFigure
from reports.settlement.desk import code_of, day, merged, task_titles
from reports.settlement.figures import relative
from reports.settlement.grounds import Grounds, declaration_of, evidence_line
from reports.settlement.source import drawn_for_the_year_before
from reports.settlement.teller import Piece
from rules.assessment import Verdict
from rules.rows import records
from rules.vocabulary import activities, subject_name, unit_name

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from ledger.facts import Facts
    from reports.forms.grid import Record
    from reports.settlement.desk import Copy, Desk
    from rules.assessment import Assessment
    from rules.finding import Finding
    from rules.rule import Rule

_STATE_COLUMNS: Final = {
    "allotted": "allotted",
    "adjusted": "adjusted",
    "carried": "carried_over",
    "withheld": "withheld",
    "committed": "committed",
    "advanced": "advanced",
    "cancelled": "cancelled",
    "returned": "returned",
}
_OUTSIDE_GROUPS: Final = Text("Ngoài các nhóm nhiệm vụ", "Outside the groups of tasks")
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
_OF_AN_ADVANCE: Final = {
    "drawn": Text("đã tạm ứng", "drawn"),
    "settled": Text("đã thanh toán tạm ứng", "settled"),
    "returned": Text("đã nộp trả trong kỳ", "returned"),
    "carried": Text("chuyển năm sau", "carried over"),
    "later": Text("nộp trả, thu hồi sau chỉnh lý", "returned later"),
}
_OF_A_MOVE: Final = ["book", "file", "line", "date", "narration", "place"]
_RETURNS: Final = ("return-restoring", "return-to-budget", "recovery-from-next-year")


def tasks(desk: Desk, _: Copy) -> list[Record]:
    """Execution by task: the estimate and its use, spending of every fund, outputs."""
    keys = ("unit", "task")
    columns = {
        column: desk.teller.by(name, keys, fund=STATE_FUNDS)
        for column, name in _STATE_COLUMNS.items()
    }
    for fund in ("NSTP", "NSTW", "DN", "HD", "DNTC"):
        column = f"spent_{fund.lower()}"
        columns[column] = desk.teller.by("spent", keys, fund=fund)
    titles, groups, results = task_titles(desk.facts), _groups(desk), outputs(desk)
    found = {key for figures in columns.values() for key in figures if key[1]}
    ordered = sorted(found, key=lambda key: rank(str(key[0]), str(key[1]), titles))
    return [
        {
            "group": groups.get(task, ("", ""))[0],
            "group_label": groups.get(task, ("", desk.say(_OUTSIDE_GROUPS)))[1],
            "code": code_of(unit, task),
            "label": titles.get(task, ""),
            "planned": results.get(task, ("", ""))[0],
            "achieved": results.get(task, ("", ""))[1],
            **cells,
        }
        for (unit, task), cells in merged(ordered, columns, CellFigure(0))
    ]


def rank(unit: str, task: str, titles: Mapping[str, str]) -> tuple[str, int, str]:
    """Where a task stands: as the book declares them, undeclared ones last."""
    declared = list(titles)
    return unit, declared.index(task) if task in titles else len(declared), task


def _groups(desk: Desk) -> dict[str, tuple[str, str]]:
    frame = desk.facts["tasks"]
    return {
        str(task): (str(group), f"{group}. {title}")
        for task, group, title in zip(
            frame["task"], frame["group"], frame["group_title"], strict=True
        )
    }


def outputs(desk: Desk) -> dict[str, tuple[str, str]]:
    """What each task was to achieve and what it did."""
    expected = desk.facts["expected_outputs"]
    planned: dict[str, dict[str, str]] = {}
    for row in records(expected):  # a later change of the plan takes the earlier one's place
        planned.setdefault(str(row.task), {})[str(row.unit)] = _span(row.least, row.most)
    achieved: dict[str, Counter[str]] = {}
    for row in records(desk.facts["outputs"]):
        if not pd.isna(row.quantity):
            achieved.setdefault(str(row.task), Counter())[str(row.unit)] += int(row.quantity)
    return {
        task: (
            "; ".join(
                f"{n} {desk.say(unit_name(unit))}" for unit, n in planned.get(task, {}).items()
            ),
            "; ".join(
                f"{n} {desk.say(unit_name(unit))}" for unit, n in achieved.get(task, {}).items()
            ),
        )
        for task in {*planned, *achieved}
    }


def _span(least: Any, most: Any) -> str:  # noqa: ANN401  # a nullable number of a frame
    if pd.isna(least):
        return f"khoảng {most}"
    return str(least) if pd.isna(most) or least == most else f"{least}–{most}"


def programme_results(desk: Desk, copy: Copy) -> list[Record]:
    """Form F01-02 part III: what the tasks of a programme were to achieve, and did."""
    results = outputs(desk)
    used = desk.teller.source.by("b01.proposed", ("task",), **copy.where)
    wanted = desk.facts["tasks"]
    said = dict(zip(wanted["task"].astype(str), wanted["expected"].astype(str), strict=True))
    titles = task_titles(desk.facts)
    return [
        {
            "label": f"{task}: {titles.get(task, '')}",
            "planned": said.get(task) or results.get(task, ("", ""))[0],
            "achieved": results.get(task, ("", ""))[1],
        }
        for (task,) in sorted(used, key=lambda key: rank("", str(key[0]), titles))
    ]


def _party_names(facts: Facts) -> dict[str, str]:
    frame = facts["parties"]
    return dict(zip(frame["tax_code"].astype(str), frame["title"].astype(str), strict=True))


def _task_label(desk: Desk, unit: str, task: str) -> str:
    return f"{code_of(unit, task)}: {task_titles(desk.facts).get(task, '')}"


def contributors(desk: Desk, _: Copy) -> list[Record]:
    """Contributions by task and contributor."""
    keys = ("unit", "task", "contributor")
    names = {
        "pledged": "pledged",
        "cash": "cash",
        "direct": "direct",
        "given_back": "given.to.contributor",
        "due": "pledge.left",
    }
    columns = {column: desk.teller.sums(name, keys) for column, name in names.items()}
    titles, parties = task_titles(desk.facts), _party_names(desk.facts)
    found = {key for figures in columns.values() for key in figures if key[1]}
    ordered = sorted(found, key=lambda key: (rank(str(key[0]), str(key[1]), titles), key[2]))
    return [
        {
            "task": code_of(unit, task),
            "task_label": _task_label(desk, unit, task),
            "tax_code": contributor,
            "label": parties.get(contributor, ""),
            **cells,
        }
        for (unit, task, contributor), cells in merged(ordered, columns, Amount(0))
    ]


def supports(desk: Desk, _: Copy) -> list[Record]:
    """Every support to an enterprise: approved, paid and spent, by what norm and papers."""
    frame = desk.facts["supports"]
    codes = tuple(frame["support"].astype(str))
    used = ("spent", "advanced")
    paid = desk.teller.sums(used, ("task", "support"), support=codes, fund=STATE_FUNDS)
    direct = desk.teller.sums("spent", ("support",), support=codes, fund=("DN", "HD", "DNTC"))
    names, parties, accepted = activities(), _party_names(desk.facts), _acceptances(desk.facts)
    norms = _norms_by_subject(desk)
    titles = task_titles(desk.facts)
    found: list[Record] = []
    for _row, row in frame.iterrows():
        code, activity = str(row.support), str(row.activity)
        name = names.get(activity, Text(activity, activity))
        declared = declaration_of(f"support {code}")
        papers = [
            *accepted.get(f"support {code}", ()),
            *(str(paper) for paper in (row.no_double_funding, row.no_failed_scheme) if paper),
        ]
        found.append(
            {
                "task": str(row.task),
                "task_label": _task_label(desk, "", str(row.task)),
                "code": code,
                "tax_code": str(row.enterprise),
                "label": parties.get(str(row.enterprise), ""),
                "activity": str(row.title) or desk.say(name),
                "decision": f"{row.decision} {row.decision_date:%d/%m/%Y}",
                "eligible": desk.declared(declared, row, _money(row.eligible_cost)),
                "approved": desk.declared(declared, row, _money(row.state_support)),
                "own": desk.declared(declared, row, _money(row.own_share)),
                "paid": paid.get((str(row.task), code), Amount(0)),
                "direct": direct.get((code,), Amount(0)),
                "norm": norms.get(f"support {code}", ""),
                "documents": "; ".join(papers),
            }
        )
    return sorted(found, key=lambda one: (rank("", str(one["task"]), titles), str(one["code"])))


def _money(value: Any) -> int:  # noqa: ANN401  # a nullable number of a frame
    return 0 if pd.isna(value) else int(value)


def _acceptances(facts: Facts) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    frame = facts["acceptances"]
    for subject, name in zip(
        frame["for_"].astype(str), frame["acceptance"].astype(str), strict=True
    ):
        found.setdefault(subject, []).append(name)
    return found


def _norms_by_subject(desk: Desk) -> dict[str, str]:
    found: dict[str, str] = {}
    for _, item in desk.assessed:
        if item.norms and item.allowed is not None:
            norm, instrument = desk.law.norms[item.norms[0]], desk.law.instruments[item.norms[0]]
            article = f"{norm.article} " if norm.article else ""
            found.setdefault(item.subject, f"{article}{instrument.instrument}: {norm.text}")
    return found


def norms(desk: Desk, _: Copy) -> list[Record]:
    """What the rules of norms said of each subject: used, cap, how far it is verified."""
    found: list[Record] = []
    grounds = Grounds(desk)
    for rule, item in desk.assessed:
        owed = item.allowed is not None and (item.allowed > 0 or not _sets_a_least(desk, item))
        if item.norms and item.observed is not None and owed:
            found.append(_norm_record(desk, grounds, rule, item))
    return sorted(found, key=lambda one: (str(one["rule"]), str(one["subject"])))


def _sets_a_least(desk: Desk, item: Assessment) -> bool:
    """Whether the norm asks for what must at least be brought, not for what may be used."""
    value = desk.law.norms[item.norms[0]].value_on(_decided_on(desk, item)) if item.norms else None
    limits = (value.limits or ()) if value else ()
    return bool(limits) and all(limit.requires for limit in limits)


def _decided_on(desk: Desk, item: Assessment) -> dt.date:
    return item.decided_on or desk.teller.source.period.closing


def _looked_for(rule: Rule) -> Text:
    return Text(f"tìm xem có: {rule.title.vi}", f"looked for: {rule.title.en}")


def _norm_record(desk: Desk, grounds: Grounds, rule: Rule, item: Assessment) -> Record:
    cited = desk.law.cite(item.norms[0], _decided_on(desk, item))
    least = _sets_a_least(desk, item)
    found, bound = ("brought", "least") if least else ("used", "cap")
    verdicts = _LEAST_VERDICTS if least else _VERDICTS
    article = f"{cited.article} " if cited.article else ""
    return {
        "rule": rule.code,
        # The title names what is looked for; most rows below say that it was not found.
        "rule_label": f"{rule.code} · {desk.say(_looked_for(rule))}",
        "subject": desk.say(subject_name(item.subject)),
        "norm": f"{article}{cited.instrument} ({cited.norm}): {desk.say(cited.text)}",
        found: grounds.observed(item),
        bound: item.allowed,
        "verdict": desk.say(verdicts[item.verdict]),
        "grade": desk.say(cited.grade.label) if cited.grade else "",
        "source": cited.source,
    }


def advances(desk: Desk, _: Copy) -> list[Record]:
    """Advances not settled when the closing ended, and what became of them.

    An advance is known by its voucher; what settles or returns it names that voucher.
    """
    rows = _advance_rows(desk)
    by = ["of", "task", "fund"]
    sums = rows.groupby(by, sort=True, as_index=False)[list(_OF_AN_ADVANCE)].sum()
    open_ = sums[sums["drawn"] != sums["settled"] + sums["returned"]]
    moves = rows[[*by, *_OF_AN_ADVANCE, *_OF_A_MOVE]].merge(open_[by], on=by)
    own = dict(iter(moves.groupby(by, sort=False)))
    firsts = rows.sort_values(["date", "posting"]).drop_duplicates(by).merge(open_[by], on=by)
    first = {(row["of"], row["task"], row["fund"]): row for _, row in firsts.iterrows()}
    parties = _party_names(desk.facts)
    found: list[Record] = []
    for record in open_.to_dict("records"):
        key = (record["of"], record["task"], record["fund"])
        named = first[key]
        vendor = str(named["vendor"])
        found.append(
            {
                "voucher": record["of"],
                "task": record["task"],
                "fund": record["fund"],
                "date": day(named["date"]),
                "label": str(named["narration"]),
                "holder": str(named["holder"]) or parties.get(vendor, vendor),
                **{
                    name: desk.sum_of(
                        words, own[record["of"], record["task"], record["fund"]], name
                    )
                    for name, words in _OF_AN_ADVANCE.items()
                },
                "place": desk.place(named),
            }
        )
    return sorted(found, key=lambda record: (str(record["date"]), str(record["voucher"])))


def _advance_rows(desk: Desk) -> pd.DataFrame:
    """Postings of advances with the voucher of the advance and what each did to it, VND."""
    postings = desk.postings
    own = postings[postings["family"].isin(ADVANCE_FAMILIES) & postings["fund"].isin(STATE_FUNDS)]
    own = by_voucher(own)
    kind, amounts = own["kind"], own["amount"]
    carried = (kind == "carry-over") & (amounts < 0)
    in_time = (own["date"] <= pd.Timestamp(desk.teller.source.period.closing)) & ~carried
    settled = kind == "advance-settlement"
    returned = kind.isin(_RETURNS) & ~drawn_for_the_year_before(own)
    parts = {
        "drawn": amounts.where(in_time & ~settled & ~returned, 0),
        "settled": -amounts.where(in_time & settled, 0),
        "returned": -amounts.where(in_time & returned, 0),
        "carried": -amounts.where(carried, 0),
        "later": -amounts.where(~in_time & ~carried, 0),
    }
    return own.astype({"task": "str", "fund": "str"}).assign(**parts)


def closing(desk: Desk, _: Copy) -> list[Record]:
    """What was cancelled and what was carried over to the next year, with its ground."""
    postings = desk.postings
    gone = postings["amount"] < 0
    rows = postings[
        postings["kind"].isin(kinds_that(Effect.ENDS))
        & gone
        & (postings["task"] != "")
        & postings["fund"].isin(STATE_FUNDS)
    ]
    rows = rows.sort_values(["date", "posting"]).assign(gone=-rows["amount"])
    return [_closed(desk, rows.iloc[[number]]) for number in range(len(rows))]


_ENDS: Final = {
    "cancelled": Text("hủy dự toán", "estimate cancelled"),
    "estimate": Text("chuyển dự toán sang năm sau", "estimate carried over"),
    "advance": Text("chuyển tạm ứng sang năm sau", "advances carried over"),
}


def _closed(desk: Desk, rows: pd.DataFrame) -> Record:
    """One posting that cancelled or carried over; a frame of one row."""
    row = rows.iloc[0]
    column = "cancelled"
    if row["kind"] == "carry-over":
        column = "advance" if row["family"] in ADVANCE_FAMILIES else "estimate"
    return {
        "date": day(row["date"]),
        "task": code_of(str(row["unit"]), str(row["task"])),
        "fund": str(row["fund"]),
        "label": str(row["narration"]),
        "decision": str(row["decision"]),
        "ground": str(row["ground"]),
        **dict.fromkeys(_ENDS, 0),
        column: desk.sum_of(_ENDS[column], rows, "gone"),
        "place": desk.place(row),
    }


def findings(desk: Desk, _: Copy) -> list[Record]:
    """What the check found, gravest first, with the explanation that the book holds."""
    frame = desk.facts["explanations"]
    said = {
        (str(row.code), str(row.fingerprint)): f"{row.person}: {row.reason} {row.document}".strip()
        for row in frame.itertuples()
    }
    ordered = sorted(desk.findings, key=lambda finding: -finding.severity)
    return [_finding(desk, finding, said) for finding in ordered]


def _accepted(desk: Desk, finding: Finding) -> str:
    """Who took the finding out of the count, in the book itself, and why."""
    if finding.acceptance is None:
        return ""
    by, reason = finding.acceptance.by, finding.acceptance.reason
    return desk.say(
        Text(f"chấp nhận trong sổ bởi {by}: {reason}", f"accepted in the book by {by}: {reason}")
    )


def _finding(desk: Desk, finding: Finding, said: Mapping[tuple[str, str], str]) -> Record:
    file, line = finding.place
    shown = relative(file, Path(finding.book).parent) if finding.book else file
    basis = [f"{cited.article} {cited.instrument}".strip() for cited in finding.citations]
    return {
        "severity": desk.say(finding.severity.label),
        "code": finding.code,
        "label": desk.say(finding.message),
        "at_issue": _at_issue(desk, finding),
        "basis": "; ".join(dict.fromkeys(basis)),
        "explanation": "; ".join(
            filter(None, (said.get((finding.code, finding.fingerprint)), _accepted(desk, finding)))
        ),
        "fingerprint": finding.fingerprint,
        "place": f"{shown}:{line}",
    }


def _at_issue(desk: Desk, finding: Finding) -> Amount:
    """The amount called in question, with the lines of the book that the finding shows."""
    shown = [one for one in finding.evidence if one.at_issue] or finding.evidence
    lines = [evidence_line(desk, one, one.at_issue) for one in shown]
    piece = Piece(finding.message, finding.at_issue, cited=tuple(lines))
    adds = sum(one.at_issue for one in shown) == finding.at_issue
    return Amount(finding.at_issue, desk.teller.link([piece], adds=adds))
