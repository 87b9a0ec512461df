"""Make a valid book of a given size, with the metadata that the rules read.

    python benchmarks/make_book.py --transactions 100000 [--careless 4000] DIR

Four postings a transaction, six where it settles an advance: payments of contracts, a tenth of
them by advances, those of large contracts from commitments, every fifth with its invoice declared.
``--careless`` adds transactions that rules find fault with: names that nothing declares, money
carried over without a ground, payments nearly alike, an estimate overdrawn. The same size gives the
same book, byte for byte.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
from collections import defaultdict, deque
from pathlib import Path
from typing import NamedTuple

YEAR = 2021
TASKS = tuple(f"NV{number:02d}" for number in range(1, 13))
EVENTS_A_TASK = 40
ENTERPRISES = 400
WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)  # of the digits of a tax code
CONTRACTS = 600
LARGE = 10  # every so many contracts is tendered and registered as a commitment
ADVANCED = 20  # of so many payments one is advanced, and one settles an advance
DAYS_OUT, LAST_ADVANCED = 5, 290  # days until it is settled; the day after which none is drawn
INVOICED = 5  # every so many payments has its invoice declared
ITEMS = ("TM6651", "TM6652", "TM6655", "TM6657", "TM6658", "TM6799")
FIRST_DAY, DAYS = dt.date(YEAR, 2, 1), 330
UNIT = "Đơn vị đo tốc độ"
SLACK = 0
SEED = 49


class Chance(NamedTuple):
    """The few choices of one transaction; ``contract`` is its number within the task."""

    task: str
    event: str
    contract: int
    items: tuple[str, str, str]
    amounts: tuple[int, int, int]
    day: dt.date


def main() -> None:
    """Write the book and say what it holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transactions", type=int, default=100_000)
    parser.add_argument("--careless", type=int, default=0, help="transactions with faults besides")
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    make_book(arguments.folder, arguments.transactions, arguments.careless)
    print(f"{arguments.transactions} transactions in {arguments.folder / 'main.beancount'}")


def make_book(folder: Path, transactions: int, careless: int = 0) -> None:
    """A book of so many transactions of the year's months, beside its opening allotment."""
    folder.mkdir(parents=True, exist_ok=True)
    dice = random.Random(SEED)  # noqa: S311  # a benchmark, no secret
    months: dict[int, list[str]] = defaultdict(list)
    drawn: dict[str, int] = defaultdict(int)
    received: dict[str, int] = defaultdict(int)
    committed: dict[tuple[str, int], int] = defaultdict(int)
    chances = sorted((_chance(dice) for _ in range(transactions)), key=lambda c: c.day)
    advanced: deque[tuple[int, Chance]] = deque()
    for number, drawn_chance in enumerate(chances):
        chance = _for_advances(drawn_chance) if number % ADVANCED == 0 else drawn_chance
        if number % ADVANCED == 1 and _is_due(advanced, chance.day):
            months[chance.day.month].append(_settlement(number, *advanced.popleft(), chance.day))
            continue
        advances = number % ADVANCED == 0 and _day_number(chance) < LAST_ADVANCED
        state = advances or (number % 3 != 0 and chance.contract % LARGE != 1)
        total = sum(chance.amounts)
        (drawn if state else received)[chance.task] += total
        if advances:
            advanced.append((number, chance))
            text = _advance(number, chance)
        else:
            text = _payment(number, chance, state=state)
            if state and not chance.contract % LARGE:
                committed[chance.task, chance.contract] += total
        months[chance.day.month].append(text)
    # A declaration that nothing names would be a finding.
    named = {(c.task, c.contract) for c in chances} | {(c.task, c.event) for c in chances}
    declarations = _declarations(drawn, committed, named)
    (folder / "declarations.beancount").write_text(declarations, "utf-8")
    opening = _opening(drawn, received) + _commitments(committed)
    (folder / "opening.beancount").write_text(opening, "utf-8")
    names = ["declarations.beancount", "opening.beancount"]
    for month, texts in sorted(months.items()):
        names.append(f"{YEAR}-{month:02d}.beancount")
        (folder / names[-1]).write_text("\n".join(texts), "utf-8")
    if careless:
        names.append("careless.beancount")
        texts = [_careless(number) for number in range(careless)]
        (folder / names[-1]).write_text("\n".join(texts), "utf-8")
    head = 'option "title" "Sổ đo tốc độ"\noption "operating_currency" "VND"\n\n'
    includes = "".join(f'include "{name}"\n' for name in names)
    (folder / "main.beancount").write_text(head + includes, "utf-8")


def _chance(dice: random.Random) -> Chance:
    task = dice.choice(TASKS)
    return Chance(
        task=task,
        event=f"SK-{task}-{dice.randrange(EVENTS_A_TASK):03d}",
        contract=dice.randrange(CONTRACTS),
        items=(*dice.sample(ITEMS, 3),),  # type: ignore[arg-type]  # three of them, which a sample does not tell
        amounts=(dice.randrange(1, 900) * 1000, dice.randrange(1, 900) * 1000, 500_000),
        day=FIRST_DAY + dt.timedelta(days=dice.randrange(DAYS)),
    )


def _for_advances(chance: Chance) -> Chance:
    """The same under a contract that gets advances, and else is paid from contributions only."""
    return chance._replace(contract=chance.contract - chance.contract % LARGE + 1)


def _day_number(chance: Chance) -> int:
    return (chance.day - FIRST_DAY).days


def _is_due(advanced: deque[tuple[int, Chance]], day: dt.date) -> bool:
    """Whether the oldest advance has been out long enough."""
    return bool(advanced) and (day - advanced[0][1].day).days >= DAYS_OUT


def _tax_code(number: int) -> str:
    """An invented tax code with the check digit that a real one would have."""
    digits = f"01{number + 1:07d}"
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=True))
    # A sum divisible by eleven has no check digit, so that there is no such code.
    return f"{digits}{10 - total % 11}" if total % 11 else _tax_code(number + ENTERPRISES)


def _contract_number(task: str, number: int) -> str:
    return f"{number:04d}/{task}/HĐ"


def _vendor(contract: int) -> str:
    return _tax_code(contract % ENTERPRISES)


def _under(chance: Chance) -> str:
    """What every transaction under a contract says."""
    return (
        f'  contract: "{_contract_number(chance.task, chance.contract)}"\n'
        f'  vendor: "{_vendor(chance.contract)}"\n'
    )


def _payment(number: int, chance: Chance, *, state: bool) -> str:
    """A payment from the estimate or a commitment, or one from contributions on deposit."""
    fund = "NSTP" if state else "DN"
    estimate = "KhaDung" if chance.contract % LARGE else "CamKet"
    source = f"Assets:DuToan:{estimate}:{chance.task}:NSTP" if state else "Assets:TienGui:KB01"
    voucher = f"{YEAR}/{'RDT' if state else 'UNC'}/{number}"
    spending = "".join(
        f"  Expenses:{chance.task}:{fund}:{item}  {amount} VND\n"
        for item, amount in zip(chance.items, chance.amounts, strict=True)
    )
    return (
        f'{chance.day} * "Thanh toán đợt {number} của sự kiện {chance.event}"\n'
        f'  kind: "payment"\n  voucher: "{voucher}"\n  activity: "technical-consulting"\n'
        f'  event: "{chance.event}"\n{_under(chance)}  invoice: "1C21TAA/{number}"\n'
        f"  {source}  {-sum(chance.amounts)} VND\n{spending}"
        + ("" if number % INVOICED else _invoice(number, chance))
    )


def _invoice(number: int, chance: Chance) -> str:
    seller = _vendor(chance.contract)
    return (
        f'\n{chance.day} custom "invoice" "{seller}/1C21TAA/{number}"\n  seller: "{seller}"\n'
        f'  buyer: "{UNIT}"\n  total: {sum(chance.amounts)}\n'
    )


def _is_without_contract(number: int) -> bool:
    """Every second advance is one of cash, without a contract."""
    return number % (2 * ADVANCED) == 0


def _advance(number: int, chance: Chance) -> str:
    under = '  holder: "thủ quỹ"\n' if _is_without_contract(number) else _under(chance)
    lines = "".join(
        f"  Assets:TamUng:{chance.task}:NSTP:{item}  {amount} VND\n"
        for item, amount in zip(chance.items, chance.amounts, strict=True)
    )
    return (
        f'{chance.day} * "Tạm ứng đợt {number}"\n  kind: "advance"\n'
        f'  voucher: "{YEAR}/RDT/{number}"\n{under}'
        f"  Assets:DuToan:KhaDung:{chance.task}:NSTP  {-sum(chance.amounts)} VND\n{lines}"
    )


def _settlement(number: int, advance: int, chance: Chance, day: dt.date) -> str:
    under = "" if _is_without_contract(advance) else _under(chance)
    lines = "".join(
        f"  Assets:TamUng:{chance.task}:NSTP:{item}  {-amount} VND\n"
        f"  Expenses:{chance.task}:NSTP:{item}  {amount} VND\n"
        for item, amount in zip(chance.items, chance.amounts, strict=True)
    )
    return (
        f'{day} * "Thanh toán tạm ứng đợt {advance}"\n  kind: "advance-settlement"\n'
        f'  voucher: "{YEAR}/TTTU/{number}"\n  advance: "{YEAR}/RDT/{advance}"\n'
        f'  activity: "technical-consulting"\n  event: "{chance.event}"\n{under}{lines}'
    )


def _careless(number: int) -> str:
    """One transaction with a fault, or two payments nearly alike; faults take turns."""
    task = TASKS[number % len(TASKS)]
    day = FIRST_DAY + dt.timedelta(days=number % DAYS)
    estimate = f"Assets:DuToan:KhaDung:{task}:NSTP"
    amount = 1_000_000 + number
    spent = f"  {estimate}  {-amount} VND\n  Expenses:{task}:NSTP:{ITEMS[0]}  {amount} VND\n"
    match number // len(TASKS) % 4:
        case 0:
            return (
                f'{day} * "Chi theo hợp đồng không khai báo {number}"\n  kind: "payment"\n'
                f'  contract: "KKB-{number}"\n  vendor: "9{number:09d}"\n'
                f'  event: "KKB-{number}"\n{spent}'
            )
        case 1:
            return (
                f'{YEAR}-12-31 * "Chuyển nguồn không căn cứ {number}"\n  kind: "carry-over"\n'
                f"  {estimate}  {-amount} VND\n    budget-year: {YEAR}\n"
                f"  Equity:ChuyenNguon:NSTP  {amount} VND\n    budget-year: {YEAR}\n"
                f"  {estimate}  {amount} VND\n    budget-year: {YEAR + 1}\n"
                f"  Equity:ChuyenNguon:NSTP  {-amount} VND\n    budget-year: {YEAR + 1}\n"
            )
        case 2:
            vendor = _tax_code(number % ENTERPRISES)
            return "".join(
                f'{day + dt.timedelta(days=later)} * "Chi gần giống {number}"\n'
                f'  kind: "payment"\n  voucher: "{YEAR}/GG/{number}-{later}"\n'
                f'  vendor: "{vendor}"\n{spent}\n'
                for later in (0, 2)
            )
        case _:
            return (
                f'{day} * "Bổ sung không quyết định {number}"\n  kind: "supplement"\n'
                f"  {estimate}  {amount} VND\n  Equity:GiaoDuToan:NSTP  {-amount} VND\n"
            )


def _commitments(committed: dict[tuple[str, int], int]) -> str:
    return "\n".join(
        f'{YEAR}-01-20 * "Kho bạc chấp nhận cam kết chi"\n  kind: "commitment"\n'
        f"  budget-year: {YEAR}\n"
        f'  contract: "{_contract_number(task, number)}"\n'
        f'  commitment: "CKC-{task}-{number}/{YEAR}"\n'
        f"  Assets:DuToan:KhaDung:{task}:NSTP  {-amount} VND\n"
        f"  Assets:DuToan:CamKet:{task}:NSTP  {amount} VND\n"
        for (task, number), amount in sorted(committed.items())
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
        f'  contributor: "{_tax_code(0)}"',
        f"  Assets:TienGui:KB01  {sum(received.values())} VND",
    ]
    lines += [f"  Income:DongGop:{task}:DN  {-received[task]} VND" for task in TASKS]
    return "\n".join([*lines, ""])


def _declarations(
    drawn: dict[str, int],
    committed: dict[tuple[str, int], int],
    named: set[tuple[str, int | str]],
) -> str:
    total = sum(drawn.values()) + SLACK * len(TASKS)
    parts = [_programme(total), _accounts()]
    parts += [_task(task) for task in TASKS]
    parts += [_party(number) for number in range(ENTERPRISES)]
    parts += [
        _contract(number, task, committed=(task, number) in committed)
        for number in range(CONTRACTS)
        for task in TASKS
        if (task, number) in named
    ]
    parts += [
        _event(task, number)
        for task in TASKS
        for number in range(EVENTS_A_TASK)
        if (task, f"SK-{task}-{number:03d}") in named
    ]
    return "\n".join(parts)


def _programme(total: int) -> str:
    return (
        f'{YEAR}-01-01 custom "programme" "DO-TOC-DO"\n  plan: "49/KH-UBND"\n'
        f'  plan-date: {YEAR}-01-01\n  decisions: "5568/QĐ-UBND; {YEAR - 1}-12-09; {total}"\n'
        f'  budget-year: {YEAR}\n  unit: "{UNIT}"\n'
        '  instruments: "cnht; cnht-hanoi"\n'
    )


def _accounts() -> str:
    names = ["Assets:TienGui:KB01", "Equity:GiaoDuToan:NSTP", "Equity:ChuyenNguon:NSTP"]
    for task in TASKS:
        names += [f"Assets:DuToan:{word}:{task}:NSTP" for word in ("KhaDung", "CamKet")]
        names += [f"Income:DongGop:{task}:DN"]
        names += [f"Assets:TamUng:{task}:NSTP:{item}" for item in ITEMS]
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


def _contract(number: int, task: str, *, committed: bool) -> str:
    """A small contract awarded directly, or a large one tendered; accepted before it is paid."""
    name = _contract_number(task, number)
    value, method = (90_000_000, "Chỉ định thầu rút gọn")
    if not number % LARGE:
        value, method = (900_000_000, "Đấu thầu rộng rãi")
    exempt = "" if committed else '  commitment-exempt: "Hội nghị"\n'
    return (
        f'{YEAR}-01-01 custom "contract" "{name}" "Hợp đồng {number}"\n'
        f'  task: "{task}"\n  vendor: "{_vendor(number)}"\n'
        f"  value: {value}\n  state-part: {value}\n  guarantee: {value // 2}\n"
        f"  draft-sent: {YEAR}-01-08\n  signed: {YEAR}-01-15\n  end: {YEAR}-12-31\n"
        f'  package: "Gói {name}"\n  selection-plan: "1/QĐ"\n  method: "{method}"\n{exempt}'
        f'{FIRST_DAY} custom "acceptance" "BB-{name}"\n  for: "contract {name}"\n'
    )


def _event(task: str, number: int) -> str:
    name = f"SK-{task}-{number:03d}"
    guest = TASKS.index(task) * EVENTS_A_TASK + number
    return (
        f'{YEAR}-01-01 custom "event" "{name}" "Sự kiện {number}"\n  task: "{task}"\n'
        f'  activity: "technical-consulting"\n  start: {YEAR}-02-01\n  end: {YEAR}-12-20\n'
        f'  participants: "{_tax_code(guest % ENTERPRISES)}"\n'
        f'{YEAR}-12-20 custom "acceptance" "BB-{name}"\n  for: "event {name}"\n'
    )


if __name__ == "__main__":
    main()
