"""Make a valid book of a given size, with the metadata that the rules read.

    python benchmarks/make_book.py --transactions 100000 DIR

Four postings a transaction; the same size gives the same book, byte for byte.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

YEAR = 2021
TASKS = tuple(f"NV{number:02d}" for number in range(1, 13))
EVENTS_A_TASK = 40
ENTERPRISES = 400
WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)  # of the digits of a tax code
CONTRACTS = 600
ITEMS = ("TM6651", "TM6652", "TM6655", "TM6657", "TM6658", "TM6799")
FIRST_DAY, DAYS = dt.date(YEAR, 2, 1), 330
SLACK = 0
SEED = 49


class Chance(NamedTuple):
    """The few choices of one transaction."""

    task: str
    event: str
    contract: str
    party: str
    items: tuple[str, str, str]
    amounts: tuple[int, int, int]
    day: dt.date


def main() -> None:
    """Write the book and say what it holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transactions", type=int, default=100_000)
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    make_book(arguments.folder, arguments.transactions)
    print(f"{arguments.transactions} transactions in {arguments.folder / 'main.beancount'}")


def make_book(folder: Path, transactions: int) -> None:
    """A book of so many transactions of the year's months, beside its opening allotment."""
    folder.mkdir(parents=True, exist_ok=True)
    dice = random.Random(SEED)  # noqa: S311  # a benchmark, no secret
    months: dict[int, list[str]] = defaultdict(list)
    drawn: dict[str, int] = defaultdict(int)
    received: dict[str, int] = defaultdict(int)
    chances = sorted((_chance(dice) for _ in range(transactions)), key=lambda c: c.day)
    for number, chance in enumerate(chances):
        state = number % 3 != 0
        total = sum(chance.amounts)
        (drawn if state else received)[chance.task] += total
        months[chance.day.month].append(_transaction(number, chance, state=state))
    named = {name for chance in chances for name in (chance.contract, chance.event)}
    (folder / "declarations.beancount").write_text(_declarations(drawn, named), "utf-8")
    (folder / "opening.beancount").write_text(_opening(drawn, received), "utf-8")
    names = ["declarations.beancount", "opening.beancount"]
    for month, texts in sorted(months.items()):
        names.append(f"{YEAR}-{month:02d}.beancount")
        (folder / names[-1]).write_text("\n".join(texts), "utf-8")
    head = 'option "title" "Sổ đo tốc độ"\noption "operating_currency" "VND"\n\n'
    includes = "".join(f'include "{name}"\n' for name in names)
    (folder / "main.beancount").write_text(head + includes, "utf-8")


def _chance(dice: random.Random) -> Chance:
    task = dice.choice(TASKS)
    return Chance(
        task=task,
        event=f"SK-{task}-{dice.randrange(EVENTS_A_TASK):03d}",
        contract=f"{dice.randrange(CONTRACTS):04d}/{task}/HĐ",
        party=_tax_code(dice.randrange(ENTERPRISES)),
        items=(*dice.sample(ITEMS, 3),),  # type: ignore[arg-type]
        amounts=(dice.randrange(1, 900) * 1000, dice.randrange(1, 900) * 1000, 500_000),
        day=FIRST_DAY + dt.timedelta(days=dice.randrange(DAYS)),
    )


def _tax_code(number: int) -> str:
    """An invented tax code with the check digit that a real one would have."""
    digits = f"01{number + 1:07d}"
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=True))
    # A sum divisible by eleven has no check digit, so that there is no such code.
    return f"{digits}{10 - total % 11}" if total % 11 else _tax_code(number + ENTERPRISES)


def _transaction(number: int, chance: Chance, *, state: bool) -> str:
    """A payment from the estimate, or one from contributions on deposit."""
    fund = "NSTP" if state else "DN"
    source = f"Assets:DuToan:KhaDung:{chance.task}:NSTP" if state else "Assets:TienGui:KB01"
    voucher = f"{YEAR}/{'RDT' if state else 'UNC'}/{number}"
    spending = "".join(
        f"  Expenses:{chance.task}:{fund}:{item}  {amount} VND\n"
        for item, amount in zip(chance.items, chance.amounts, strict=True)
    )
    return (
        f'{chance.day} * "Thanh toán đợt {number} của sự kiện {chance.event}"\n'
        f'  kind: "payment"\n  voucher: "{voucher}"\n  activity: "technical-consulting"\n'
        f'  event: "{chance.event}"\n  contract: "{chance.contract}"\n'
        f'  vendor: "{chance.party}"\n  invoice: "1C21TAA/{number}"\n'
        f"  {source}  {-sum(chance.amounts)} VND\n{spending}"
    )


def _opening(drawn: dict[str, int], received: dict[str, int]) -> str:
    """Allotment of what will be drawn and a little more, and contributions that will be spent."""
    lines = [
        f'{YEAR}-01-01 * "Giao dự toán"',
        '  kind: "allotment"',
        f"  budget-year: {YEAR}",
        '  decision: "5568/QĐ-UBND"',
        f"  decision-date: {YEAR - 1}-12-09",
    ]
    lines += [f"  Assets:DuToan:KhaDung:{t}:NSTP  {drawn[t] + SLACK} VND" for t in TASKS]
    lines += [f"  Equity:GiaoDuToan:NSTP  {-sum(drawn.values()) - SLACK * len(TASKS)} VND", ""]
    lines += [
        f'{YEAR}-01-02 * "Nhận đóng góp"',
        '  kind: "contribution-cash"',
        f'  voucher: "{YEAR}/BC/1"',
        f'  contributor: "{_tax_code(0)}"',
        f"  Assets:TienGui:KB01  {sum(received.values())} VND",
    ]
    lines += [f"  Income:DongGop:{task}:DN  {-received[task]} VND" for task in TASKS]
    return "\n".join([*lines, ""])


def _declarations(drawn: dict[str, int], named: set[str]) -> str:
    """What the transactions name, and the parties; a declaration never used is a finding."""
    total = sum(drawn.values()) + SLACK * len(TASKS)
    parts = [_programme(total), _accounts()]
    parts += [_task(task) for task in TASKS]
    parts += [_party(number) for number in range(ENTERPRISES)]
    for task in TASKS:
        contracts = {number: f"{number:04d}/{task}/HĐ" for number in range(CONTRACTS)}
        parts += [_contract(n, name, task) for n, name in contracts.items() if name in named]
        events = {number: f"SK-{task}-{number:03d}" for number in range(EVENTS_A_TASK)}
        parts += [_event(n, name, task) for n, name in events.items() if name in named]
    return "\n".join(parts)


def _programme(total: int) -> str:
    return (
        f'{YEAR}-01-01 custom "programme" "DO-TOC-DO"\n  plan: "49/KH-UBND"\n'
        f'  plan-date: {YEAR}-01-01\n  decisions: "5568/QĐ-UBND; {YEAR - 1}-12-09; {total}"\n'
        f'  budget-year: {YEAR}\n  unit: "Đơn vị đo tốc độ"\n'
        '  instruments: "cnht; cnht-hanoi"\n'
    )


def _accounts() -> str:
    names = ["Assets:TienGui:KB01", "Equity:GiaoDuToan:NSTP"]
    for task in TASKS:
        names += [f"Assets:DuToan:KhaDung:{task}:NSTP", f"Income:DongGop:{task}:DN"]
        names += [f"Expenses:{task}:{fund}:{item}" for fund in ("NSTP", "DN") for item in ITEMS]
    return "".join(f"{YEAR}-01-01 open {name} VND\n" for name in names)


def _task(task: str) -> str:
    return (
        f'{YEAR}-01-01 custom "task" "{task}" "Nhiệm vụ {task}"\n  group: "I"\n'
        f'  group-title: "Nhóm"\n  start: {YEAR}-01-01\n  end: {YEAR}-12-31\n'
        '  lead-unit: "Đơn vị"\n  activities: "technical-consulting"\n'
        f"  detailed-plan: TRUE\n  plan-approved: {YEAR}-01-02\n"
    )


def _party(number: int) -> str:
    return (
        f'{YEAR}-01-01 custom "party" "{_tax_code(number)}" "Công ty {number}"\n'
        '  role: "enterprise; vendor"\n'
    )


def _contract(number: int, name: str, task: str) -> str:
    return (
        f'{YEAR}-01-01 custom "contract" "{name}" "Hợp đồng {number}"\n'
        f'  task: "{task}"\n  vendor: "{_tax_code(number % ENTERPRISES)}"\n'
        f"  value: 900000000\n  signed: {YEAR}-01-15\n  end: {YEAR}-12-31\n"
    )


def _event(number: int, name: str, task: str) -> str:
    guest = TASKS.index(task) * EVENTS_A_TASK + number
    return (
        f'{YEAR}-01-01 custom "event" "{name}" "Sự kiện {number}"\n  task: "{task}"\n'
        f'  activity: "technical-consulting"\n  start: {YEAR}-02-01\n  end: {YEAR}-12-20\n'
        f'  participants: "{_tax_code(guest % ENTERPRISES)}"\n'
        f'{YEAR}-12-20 custom "acceptance" "BB-{name}"\n  for: "event {name}"\n'
    )


if __name__ == "__main__":
    main()
