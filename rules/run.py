"""One run of every rule over the facts: the only way from facts to findings."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ledger.text import Text, dong
from rules.assessment import Assessment, Verdict
from rules.finding import Finding, Outcome, Tally, fingerprint
from rules.rule import Rule, all_rules
from rules.severity import judge
from rules.vocabulary import subject_name

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from ledger.facts import Facts
    from ledger.text import Language
    from rules.citation import Citation
    from rules.law import Law


def run(
    facts: Facts,
    law: Law,
    as_of: dt.date,
    *,
    left_out: Sequence[Text] = (),
    rules: Iterable[Rule] | None = None,
) -> Outcome:
    """Check the facts, as they stood on a day, against the law.

    Args:
        facts: of one or more books.
        law: the norms that apply to them.
        as_of: what is dated later is not seen; deadlines are judged at it.
        left_out: what of the books was not obeyed, to be told with the outcome.
        rules: all of them unless said.
    """
    seen = facts.seen(as_of)
    codes = _programme_codes(seen)
    findings: list[Finding] = []
    tallies = []
    for rule in all_rules() if rules is None else rules:
        assessments = list(rule.check(seen, law, as_of))
        findings += [
            _finding(rule, item, law, as_of, codes.get(item.book, ""))
            for item in assessments
            if item.verdict is Verdict.FAIL
        ]
        tallies.append(_tally(rule, assessments))
    findings.sort(key=lambda f: (-f.severity, f.code, f.subject, f.book))
    return Outcome(
        as_of=as_of,
        books=tuple(sorted(set(seen["files"]["book"].astype(str)))),
        programmes=_programmes(seen),
        findings=tuple(findings),
        tallies=tuple(tallies),
        left_out=tuple(left_out),
        unseen=facts["postings"]["entry"].nunique() - seen["postings"]["entry"].nunique(),
    )


def _finding(rule: Rule, item: Assessment, law: Law, as_of: dt.date, programme: str) -> Finding:
    citations = _citations(rule, item, law, as_of)
    gravity = judge(
        rule.severity,
        rests_on_law=rule.rests_on_law,
        grade=citations[0].grade if citations else None,
        review=item.review,
    )
    return Finding(
        code=rule.code,
        name=rule.name,
        title=rule.title,
        severity=gravity.severity,
        kind=gravity.kind,
        message=_message(rule, item),
        subject=item.subject,
        programme=programme,
        book=item.book,
        citations=citations,
        observed=item.observed,
        allowed=item.allowed,
        at_issue=item.at_issue,
        evidence=item.evidence,
        fingerprint=fingerprint(programme, rule.code, item.subject),
    )


def _citations(rule: Rule, item: Assessment, law: Law, as_of: dt.date) -> tuple[Citation, ...]:
    """The norms that decide, those in force first: a repealed one is no ground to accuse on."""
    day = item.decided_on or as_of
    named = [norm for norm in (*item.norms, *rule.basis) if norm in law.norms]
    citations = [law.cite(norm, day) for norm in named]
    in_force = [citation for citation in citations if citation.grade]
    return tuple(in_force or citations)


def _message(rule: Rule, item: Assessment) -> Text:
    values = {"subject": subject_name(item.subject), **item.values}

    def worded(language: Language) -> dict[str, str]:
        return {key: _word(value, language) for key, value in values.items()}

    return Text(rule.message.vi.format(**worded("vi")), rule.message.en.format(**worded("en")))


def _word(value: str | int | Text, language: Language) -> str:
    if isinstance(value, int):
        return dong(value, language)
    return value if isinstance(value, str) else value.to(language)


def _tally(rule: Rule, assessments: Sequence[Assessment]) -> Tally:
    counts: Counter[Verdict] = Counter()
    reasons: Counter[Text] = Counter()
    for item in assessments:
        counts[item.verdict] += item.population
        if item.verdict is Verdict.UNKNOWN and item.reason:
            reasons[item.reason] += item.population
    return Tally(rule.code, rule.name, rule.title, dict(counts), tuple(reasons.most_common()))


def _programme_codes(facts: Facts) -> dict[str, str]:
    frame = facts["programme"]
    return dict(zip(frame["book"].astype(str), frame["code"].astype(str), strict=True))


def _programmes(facts: Facts) -> tuple[dict[str, str], ...]:
    columns = ["code", "title", "plan", "unit", "budget_year"]
    rows = facts["programme"][columns].astype(str).to_dict("records")
    return tuple({str(key): str(value) for key, value in row.items()} for row in rows)
