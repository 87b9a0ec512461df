"""The page that says whether a payment may be made (hỏi trước khi chi)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from ledger.problems import BadInputError
from ledger.text import Text
from reports.answer_table import Standing, standing, verdict
from reports.pages.data import asking, vouchers
from reports.pages.page import Page
from rules.severity import Severity
from rules.vocabulary import subject_name

if TYPE_CHECKING:
    from ledger.problems import Problem
    from reports.pages.data.fields import Choice
    from rules.ask import Answer, Use


_NO_WORDS = Text("", "")
# The colour of an answer, as the style sheet names it.
_LEVELS = {
    Standing.REFUSED: "bad",
    Standing.EXPLAIN: "warn",
    Standing.UNTESTED: "warn",
    Standing.ALLOWED: "good",
}


class Answering(Page):
    """What the pages share that show an answer, by the macro of ``_answer.html``."""

    def choices(self) -> dict[str, list[Choice]]:
        """The lists of the book that fields are chosen from."""
        found = self.once(
            "choices",
            lambda view: vouchers.choices(
                view.whole,
                view.language,
                {
                    code.code: code.name
                    for code in view.law.codes.known("sub-item", view.year).codes.values()
                },
            ),
        )
        return found or {}

    def level(self, answer: Answer) -> str:
        """The colour of the answer: ``good``, ``warn`` or ``bad``."""
        return _LEVELS[standing(answer)]

    def verdict(self, answer: Answer) -> Text:
        """The answer in a few words."""
        return verdict(answer)

    def proven(self, answer: Answer) -> int | None:
        """The most that may be paid against no verified rule, VND."""
        return answer.most(Severity.ERROR)

    def uses(self, answer: Answer) -> list[Use]:
        """The norms that read it; what several rules read and none can test stands once."""
        told = {
            use if use.observed is not None else use._replace(rule="", limits=_NO_WORDS): use
            for use in answer.uses
        }
        return list(told.values())

    def subject(self, subject: str) -> Text:
        """What a norm is counted for."""
        return subject_name(subject)


class Ask(Answering):
    """Hỏi trước khi chi."""

    title = Text("Hỏi trước khi chi", "Ask before paying")

    @property
    def asked(self) -> dict[str, str]:
        """The form as it was filled in."""
        return request.args.to_dict()

    def answer(self) -> tuple[Answer | None, tuple[Problem, ...]]:
        """What ``cnht ask`` says of the payment, or why it says nothing."""
        run = self.run
        if run.assessed is None:
            return None, run.problems
        try:
            return asking.answer(run.assessed, run.day, self.asked), ()
        except BadInputError as error:
            return None, error.problems
