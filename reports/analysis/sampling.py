"""Monetary-unit sampling: each dong has the same chance (chọn mẫu theo đơn vị tiền tệ).

A payment is drawn where one of the dong at a fixed interval falls into it, so that large payments
are drawn more often and every payment of an interval or more for certain. Where no misstatement is
found in the sample, the overstatement of the whole is, with the confidence asked for, at most the
tolerable part.
"""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from fractions import Fraction

    import pandas as pd


class Plan(NamedTuple):
    """What a sample is to prove.

    Attributes:
        confidence: e.g. 95 %, as a Fraction below 1.
        tolerable: the largest overstatement that is borne, as a share of the whole.
        seed: of the random start; the same seed draws the same sample.
    """

    confidence: Fraction
    tolerable: Fraction
    seed: int


class Sample(NamedTuple):
    """A sample drawn.

    Attributes:
        plan: what it is to prove.
        total: of the payments that could be drawn, VND.
        payments: how many payments could be drawn.
        excluded: rows that were left out: money that came back.
        size: how many dong were pointed at; a large payment may hold several of them.
        interval: VND between two of them; 0 where there is nothing to draw from.
        drawn: the payments, with the columns of the population, ``hits`` (how many dong fell into
            it) and ``certain`` (of an interval or more).
    """

    plan: Plan
    total: int
    payments: int
    excluded: int
    size: int
    interval: int
    drawn: pd.DataFrame


def draw(population: pd.DataFrame, plan: Plan) -> Sample:
    """Draw a sample from payments in their given order.

    The size is that for no expected misstatement: the Poisson factor −ln(1 − confidence) over the
    tolerable share.
    """
    could = population[population["amount"] > 0].reset_index(drop=True)
    total = int(could["amount"].sum())
    excluded = len(population) - len(could)
    factor = -math.log(1 - plan.confidence)
    size = min(math.ceil(factor / plan.tolerable), total)
    interval = total // size if size else 0
    hits = _hits(could["amount"].to_numpy(dtype=np.int64), interval, plan.seed)
    drawn = could.assign(hits=hits, certain=could["amount"] >= max(interval, 1))
    drawn = drawn[drawn["hits"] > 0].reset_index(drop=True)
    return Sample(plan, total, len(could), excluded, size, interval, drawn)


def _hits(amounts: np.ndarray, interval: int, seed: int) -> np.ndarray:
    """How many of the dong at ``start``, ``start + interval`` … fall into each payment."""
    if not interval:
        return np.zeros(len(amounts), dtype=np.int64)
    start = random.Random(seed).randint(1, interval)  # noqa: S311  # a sample, no secret
    ends = np.cumsum(amounts)
    reached = np.where(ends >= start, (ends - start) // interval + 1, 0)
    return np.diff(reached, prepend=0)
