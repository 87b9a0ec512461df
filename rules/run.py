"""One run of every rule over the facts: the only way from facts to findings."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from ledger.programmes import firsts, in_year
from ledger.text import Text, dong
from rules.assessment import Assessment, Verdict
from rules.citation import BOOK_PLAN, Citation
from rules.finding import Finding, NormUse, Outcome, Tally, fingerprint
from rules.rows import in_order, records
from rules.rule import Described, ExplanationRule, Rule, WaiverRule, all_rules, catalogue
from rules.severity import judge
from rules.vocabulary import subject_name
from rules.waivers import (
    acceptances,
    answers,
    book_waivers,
    explained,
    key_of,
    left_out_uses,
    match,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ledger.facts import Facts
    from ledger.text import Language
    from rules.finding import Acceptance, Answer
    from rules.law import Law
    from rules.waivers import Key, Waiver


def run(  # noqa: PLR0913  # one run has that many sides
    facts: Facts,
    law: Law,
    as_of: dt.date,
    *,
    left_out: Sequence[Text] = (),
    rules: Iterable[Described] | None = None,
    waivers: Sequence[Waiver] = (),
    obey_book_waivers: bool = True,
    assessed: Mapping[str, Sequence[Assessment]] | None = None,
) -> Outcome:
    """Check the facts, as they stood on a day, against the law.

    Args:
        facts: of one or more books.
        law: the norms that apply to them.
        as_of: what is dated later is not seen; deadlines are judged at it.
        left_out: what of the books was not obeyed, to be told with the outcome.
        rules: all of them unless said.
        waivers: the auditor's own.
        obey_book_waivers: False leaves out the waivers that the books bring with them.
        assessed: what rules said already of the same facts, law and day, by their codes: they are
            not asked again.
    """
    seen = facts.seen(as_of)
    chosen = catalogue() if rules is None else tuple(rules)
    first = firsts(seen)
    plans = {book: str(row.plan) for book, row in first.items()}
    codes = _codes(facts, {book: str(row.code) for book, row in first.items()})
    asked = _Asked(law, as_of, codes, plans, _last_day(seen, as_of))
    said = assessed or {}
    looks = [
        asked.look(rule, _said(rule, said, facts if rule.sees_all else seen, law, as_of))
        for rule in chosen
        if isinstance(rule, Rule)
    ]
    # Waivers are looked at when every finding is known; none of them silences what is said here.
    known = [finding for look in looks for finding in look.findings]
    brought = book_waivers(seen)
    heard = [*waivers, *(brought if obey_book_waivers else ())]
    matches, said_of = match(heard, known, as_of), explained(seen, known)
    for rule in chosen:
        if isinstance(rule, WaiverRule):
            looks.append(asked.look(rule, rule.look(matches)))
        elif isinstance(rule, ExplanationRule):
            looks.append(asked.look(rule, rule.look(said_of)))
    findings = _with_words(looks, acceptances(matches), answers(seen))
    return Outcome(
        as_of=as_of,
        books=tuple(sorted(set(seen["files"]["book"].astype(str)))),
        programmes=_programmes(seen),
        findings=tuple(finding for finding in findings if not finding.acceptance),
        tallies=tuple(sorted((look.tally for look in looks), key=lambda tally: tally.code)),
        left_out=tuple(left_out),
        unseen=facts["postings"]["entry"].nunique() - seen["postings"]["entry"].nunique(),
        unseen_from=_first_unseen(facts, as_of),
        accepted=tuple(finding for finding in findings if finding.acceptance),
        waivers=(
            *(one.use for one in matches),
            *(() if obey_book_waivers else left_out_uses(brought)),
        ),
        own_norms=tuple(sorted(law.beside)),
        auditor_norms=tuple(sorted(law.auditor)),
        own_figures=law.replaced,
        norm_warnings=law.warnings,
    )


def assess(facts: Facts, law: Law, as_of: dt.date, family: str) -> list[tuple[Rule, Assessment]]:
    """Every assessment of a family of rules, in the order of their codes.

    Args:
        facts: as of the day wanted.
        law: the norms of the book.
        as_of: the day at which deadlines are judged.
        family: the beginning of the codes, e.g. ``NRM``.
    """
    rules = [rule for rule in all_rules() if rule.code.startswith(family)]
    return [(rule, item) for rule in rules for item in rule.check(facts, law, as_of)]


def _first_unseen(facts: Facts, as_of: dt.date) -> tuple[str, int] | None:
    """File and line of the earliest transaction after a day; None where there is none."""
    first = next(records(in_order(facts.after(as_of))), None)
    return (str(first.file), int(first.entry_line)) if first else None


def _said(
    rule: Rule,
    said: Mapping[str, Sequence[Assessment]],
    facts: Facts,
    law: Law,
    as_of: dt.date,
) -> Iterable[Assessment]:
    """What a rule says, asked only where it has not said it yet."""
    return said[rule.code] if rule.code in said else rule.check(facts, law, as_of)


class _Look(NamedTuple):
    """What one rule found, and how much it looked at."""

    findings: tuple[Finding, ...]
    tally: Tally


class _Asked(NamedTuple):
    """What every rule of one run is asked by.

    Attributes:
        programmes: the codes of each book's programmes.
        plans: the plan that each book carries out.
        last_day: of the budget years that the books keep; passes in bulk name no day of their own.
    """

    law: Law
    as_of: dt.date
    programmes: _Codes
    plans: dict[str, str]
    last_day: dt.date

    def look(self, rule: Described, found: Iterable[Assessment]) -> _Look:
        assessments = list(found)
        failed = [item for item in assessments if item.verdict is Verdict.FAIL]
        findings = tuple(self._finding(rule, item) for item in failed)
        return _Look(findings, self._tally(rule, assessments))

    def _finding(self, rule: Described, item: Assessment) -> Finding:
        citations = self._citations(rule, item)
        gravity = judge(
            rule.severity,
            rests_on_law=rule.rests_on_law and not item.in_book,
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
            programme=self.programmes.of(item),
            book=item.book,
            rests_on_law=rule.rests_on_law,
            citations=citations,
            observed=item.observed,
            allowed=item.allowed,
            at_issue=item.at_issue,
            evidence=item.evidence,
            fingerprint=fingerprint(
                self.programmes.first.get(item.book, ""), rule.code, item.subject
            ),
            in_book=item.in_book,
        )

    def _citations(self, rule: Described, item: Assessment) -> tuple[Citation, ...]:
        """The norms that decide, those in force first: a repealed one is no ground to accuse on.

        A text that did not exist yet is no ground at all.

        What a plan says binds the books that carry it out; another book is told by its own plan.
        """
        day, plan = item.decided_on or self.as_of, self.plans.get(item.book, "")
        named = dict.fromkeys(n for n in (*item.norms, *rule.basis) if n in self.law.norms)
        citations = [self.law.cite(norm, day) for norm in named]
        if rule.rests_on_plan:
            citations = [one for one in citations if not one.of_plan or one.instrument == plan]
        in_force = tuple(citation for citation in citations if citation.grade)
        if rule.rests_on_plan and plan and not in_force:
            return (_own_plan(plan),)
        return in_force or tuple(one for one in citations if self.law.can_bind(one.norm, day))

    def _tally(self, rule: Described, assessments: Sequence[Assessment]) -> Tally:
        counts: Counter[Verdict] = Counter()
        reasons: Counter[Text] = Counter()
        for item in assessments:
            counts[item.verdict] += item.population
            if item.verdict is Verdict.UNKNOWN and item.reason:
                reasons[item.reason] += item.population
        return Tally(
            rule.code,
            rule.name,
            rule.title,
            dict(counts),
            tuple(reasons.most_common()),
            self._norms_used(rule, assessments),
        )

    def _norms_used(
        self, rule: Described, assessments: Sequence[Assessment]
    ) -> tuple[NormUse, ...]:
        """The norms that subjects with an answer were measured against, as they stood then."""
        looked: Counter[_Measured] = Counter()
        failed: Counter[_Measured] = Counter()
        cited: dict[_Measured, tuple[Citation, ...]] = {}
        for item in assessments:
            if item.verdict in {Verdict.PASS, Verdict.FAIL}:
                key = (item.norms, item.decided_on, self.plans.get(item.book, ""))
                looked[key] += item.population
                failed[key] += item.population * (item.verdict is Verdict.FAIL)
                if key not in cited:
                    day = item.decided_on or self.last_day
                    cited[key] = self._citations(rule, item._replace(decided_on=day))
        subjects: Counter[Citation] = Counter()
        failures: Counter[Citation] = Counter()
        for key, citations in cited.items():
            for citation in citations:
                subjects[citation] += looked[key]
                failures[citation] += failed[key]
        ordered = sorted(subjects, key=lambda c: (c.instrument, c.norm, c.article, str(c.grade)))
        return tuple(NormUse(c, subjects[c], failures[c]) for c in ordered)


# What a subject is measured against: the norms named, the day, the plan of its book.
_Measured = tuple[tuple[str, ...], dt.date | None, str]


def _last_day(facts: Facts, as_of: dt.date) -> dt.date:
    """The last day of the books' budget years that is not later than the day of the check."""
    years = facts["programme"]["budget_year"]
    return as_of if years.empty else min(as_of, dt.date(int(years.max()), 12, 31))


def _own_plan(plan: str) -> Citation:
    """The plan that a book names, whose text the program does not hold."""
    return Citation(
        norm=BOOK_PLAN,
        instrument=plan,
        article="",
        text=Text("Kế hoạch mà sổ thực hiện.", "The plan that the book carries out."),
        grade=None,
        source="",
        full_name=f"Kế hoạch {plan} của sổ",
    )


def _with_words(
    looks: Iterable[_Look],
    accepted: Mapping[Key, Acceptance],
    given: Mapping[Key, tuple[Answer, ...]],
) -> list[Finding]:
    """The findings in order, each with the waiver over it and what the unit says of it."""
    findings = [finding for look in looks for finding in look.findings]
    return [
        dataclasses.replace(
            finding,
            acceptance=accepted.get(key_of(finding)),
            answers=given.get(key_of(finding), ()),
        )
        for finding in sorted(findings, key=lambda f: (-f.severity, f.code, f.subject, f.book))
    ]


def _message(rule: Described, item: Assessment) -> Text:
    values = {"subject": subject_name(item.subject), **item.values}

    def worded(language: Language) -> dict[str, str]:
        return {key: _word(value, language) for key, value in values.items()}

    return Text(rule.message.vi.format(**worded("vi")), rule.message.en.format(**worded("en")))


def _word(value: str | int | Text, language: Language) -> str:
    if isinstance(value, int):
        return dong(value, language)
    return value if isinstance(value, str) else value.to(language)


class _Codes(NamedTuple):
    """The code of the programme of each book and budget year.

    Attributes:
        first: of the first programme of each book: what fingerprints hold on to, so that those
            given remain when a later year's programme is declared.
        by_year: of the programme of each book in each of the years of its postings.
        years: the budget year of each posting, by its number.
    """

    first: dict[str, str]
    by_year: dict[tuple[str, int], str]
    years: dict[int, int]

    def of(self, item: Assessment) -> str:
        """The programme of the postings behind an assessment, if they are of one year."""
        years = {self.years[row.posting] for row in item.evidence if row.posting >= 0}
        first = self.first.get(item.book, "")
        return self.by_year.get((item.book, years.pop()), first) if len(years) == 1 else first


def _codes(facts: Facts, first: dict[str, str]) -> _Codes:
    if len(first) == len(facts["programme"]):
        return _Codes(first, {}, defaultdict(int))
    postings = facts["postings"]
    spoken = {year: in_year(facts, year)["code"] for year in postings["budget_year"].unique()}
    return _Codes(
        first,
        {(str(b), int(y)): str(c) for y, codes in spoken.items() for b, c in codes.items()},
        dict(zip(postings["posting"].tolist(), postings["budget_year"].tolist(), strict=True)),
    )


def _programmes(facts: Facts) -> tuple[dict[str, str], ...]:
    columns = ["code", "title", "plan", "unit", "unit_code", "budget_year"]
    rows = facts["programme"][columns].astype(str).to_dict("records")
    return tuple({str(key): str(value) for key, value in row.items()} for row in rows)
