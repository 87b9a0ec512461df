"""Whether the cases of the rules notice small faults in the rules (kiểm thử đột biến).

    python -m tests.mutate_rules [--sample 300] [--seed 49] [--only NRM201|shared] [--again FILE]

A seeded sample of mutants over every module of ``rules/``: turned comparisons, whole numbers one
up and one down, turned connectives and signs, dropped filters, flipped flags. Each runs in a fork
against the cases of its rule, those of a family's helper against the cases of the family; those of
a module that all families share against one case in five, then against the tests that name the
module (``TESTS`` adds those that reach it by the command line). Prints the survivors and the share
killed; exit code 1 below the bar. ``--only`` takes a rule's code, or ``shared`` for the modules
that all share. ``--again`` takes what an earlier run of the same sample printed and tries its
survivors alone, while cases are added for them.
"""

# ruff: noqa: T201  # a command that prints
from __future__ import annotations

import argparse
import ast
import gc
import importlib
import os
import random
import signal
import sys
import tempfile
from collections import Counter, defaultdict
from functools import cache
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import pytest

from rules import rule as rule_module
from tests.cases import Case, all_cases, expected_of, facts_of, judged, law_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.facts import Facts
    from rules.law import Law

TESTED = Path(__file__).parent
RULES = TESTED.parent / "rules"
BAR = 85  # % of the mutants
SECONDS = 60  # after which a mutant counts as killed: it does not end
SHARED_SECONDS = 300  # the same, against every case and whole files of tests
SHARED = "shared"
ONE_IN = 5  # cases that a module which all families share is tried on: any of them reads it
# Tests that reach a shared module and do not name it.
TESTS = {
    "balances": ("test_rules_bok_bud",),
    "baseline": ("test_baseline",),
    "budget_codes": ("test_norms_sheets",),
    "checking": ("test_waivers",),
    "coverage": ("test_docs",),
    "law_changes": ("test_norms_sheets",),
    "limit_words": ("test_norms_sheets",),
    "own_files": ("test_norms_sheets",),
    "rows": ("test_rules_bok_bud",),
    "waivers": ("test_baseline",),
}
KILLED, SURVIVED = 1, 0
TURNED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
# Flags of libraries that only guard or order, so that flipping them changes no answer.
GUARDS = frozenset({"strict", "observed", "sort", "copy", "ignore_index", "index", "regex"})


class Ready(NamedTuple):
    """A case with its book read."""

    case: Case
    facts: Facts
    law: Law


class Mutant(NamedTuple):
    """One fault in one module: the change of so many at the node of so many."""

    path: Path
    line: int
    what: str
    node: int
    change: int


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Every mutant of one module."""
    tree = ast.parse(path.read_text("utf-8"))
    skipped = set(_skipped(tree))
    for number, node in enumerate(ast.walk(tree)):
        if id(node) not in skipped:
            for change, (what, *_) in enumerate(_changes(node)):
                yield Mutant(path, getattr(node, "lineno", 0), what, number, change)


def _mutated(mutant: Mutant) -> ast.Module:
    """The module with the fault."""
    tree = ast.parse(mutant.path.read_text("utf-8"))
    node = list(ast.walk(tree))[mutant.node]
    _, field, place, new = list(_changes(node))[mutant.change]
    if place is None:
        setattr(node, field, new)
    elif new is None:
        del getattr(node, field)[place]
    else:
        getattr(node, field)[place] = new
    return ast.fix_missing_locations(tree)


def _skipped(tree: ast.Module) -> Iterator[int]:
    """Nodes that say nothing of what is checked: types, what only type checkers read."""
    for node in ast.walk(tree):
        parts: list[ast.AST | None] = []
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            parts.append(node)
        elif isinstance(node, ast.AnnAssign | ast.arg):
            parts.append(node.annotation)
        elif isinstance(node, ast.FunctionDef):
            parts.append(node.returns)
        elif isinstance(node, ast.keyword) and node.arg in GUARDS:
            parts.append(node.value)
        for part in parts:
            if part is not None:
                yield from (id(below) for below in ast.walk(part))


def _changes(node: ast.AST) -> Iterator[tuple[str, str, int | None, Any]]:
    """What may be changed at a node: in words, its field, the place in it, the new value."""
    if isinstance(node, ast.Compare):
        for place, op in enumerate(node.ops):
            yield _turned(op), "ops", place, TURNED[type(op)]()
    elif isinstance(node, ast.BoolOp | ast.BinOp) and type(node.op) in TURNED:
        yield _turned(node.op), "op", None, TURNED[type(node.op)]()
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield f"{node.value} flipped", "value", None, not node.value
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield f"{node.value} one up", "value", None, node.value + 1
        yield f"{node.value} one down", "value", None, node.value - 1
    elif isinstance(node, ast.If | ast.IfExp):
        yield "condition negated", "test", None, ast.UnaryOp(ast.Not(), node.test)
    elif isinstance(node, ast.comprehension):
        for place in range(len(node.ifs)):
            yield "filter dropped", "ifs", place, None
    elif isinstance(node, ast.Assign) and _is_filter(node.value):
        filtered = cast("ast.Subscript", node.value)
        yield "filter dropped", "value", None, filtered.value


def _turned(op: ast.AST) -> str:
    return f"{type(op).__name__} to {TURNED[type(op)].__name__}"


def _is_filter(node: ast.AST) -> bool:
    """Whether an expression is a frame with some of its rows left out."""
    conditions = ast.Compare | ast.UnaryOp | ast.BinOp
    return isinstance(node, ast.Subscript) and isinstance(node.slice, conditions)


def dies(mutant: Mutant, ready: list[Ready]) -> bool:
    """Whether a case notices the mutant; in a fork, so that nothing of it stays."""
    gc.freeze()  # the books read stay: no child walks through them
    child = os.fork()
    if not child:
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        shared = mutant.path.parent == RULES
        signal.alarm(SHARED_SECONDS if shared else SECONDS)
        os._exit((_shared_verdict if shared else _verdict)(mutant, ready))
    return os.waitpid(child, 0)[1] != SURVIVED


def _verdict(mutant: Mutant, ready: list[Ready]) -> int:
    try:
        _install(mutant)
        for case, facts, law in ready:
            module = importlib.import_module(type(case.rule).__module__)
            rule = getattr(module, type(case.rule).__name__)()
            fresh = type(facts)(facts.frames)
            judgement = judged(case, rule, fresh, law)
            if judgement.says != expected_of(case) or judgement.broken:
                return KILLED
    except Exception:  # noqa: BLE001  # a mutant that breaks is noticed
        return KILLED
    return SURVIVED


def _shared_verdict(mutant: Mutant, ready: list[Ready]) -> int:
    """What cases say of a module that all rules share, then the tests that name it."""
    try:
        _install(mutant, ("rules", "tests.cases", "tests.promises"))
        cases = importlib.import_module("tests.cases")
        rules = {rule.code: rule for rule in importlib.import_module("rules.rule").catalogue()}
        laws = {}
        # What no rule imports is no concern of the cases.
        for known, facts, _ in ready if f"rules.{mutant.path.stem}" in sys.modules else ():
            case = cases.Case(rules[known.rule.code], known.name, known.content)
            chosen = str((known.content.get("packs"), known.content.get("norms")))
            if chosen not in laws:
                laws[chosen] = cases.law_of(case)
            judgement = cases.judged(case, case.rule, type(facts)(facts.frames), laws[chosen])
            if judgement.says != cases.expected_of(case) or judgement.broken:
                return KILLED
        return SURVIVED if _tests_pass(mutant.path.stem) else KILLED
    except Exception:  # noqa: BLE001  # a mutant that breaks is noticed
        return KILLED


def _tests_pass(module: str) -> bool:
    """Whether the tests that reach a shared module pass."""
    named = [path for path in TESTED.glob("test_*.py") if f"rules.{module} " in path.read_text()]
    files = sorted({*named, *(TESTED / f"{name}.py" for name in TESTS.get(module, ()))})
    options = ["-q", "-x", "-n", "0", "-p", "no:cacheprovider"]
    return not files or pytest.main([*options, *map(str, files)]) == pytest.ExitCode.OK


def _install(mutant: Mutant, anew: tuple[str, ...] = ()) -> None:
    """Read the families, or the packages named, anew, with the mutant for its module."""
    families = tuple(f"rules.{path.parent.name}" for path in RULES.glob("*/__init__.py"))
    for name in [name for name in sys.modules if name.startswith(anew or families)]:
        del sys.modules[name]
    for cached in (rule_module.catalogue, rule_module.all_rules):
        cached.cache_clear()
    plain = SourceFileLoader.get_code
    code = compile(_mutated(mutant), str(mutant.path), "exec")

    def get_code(self: SourceFileLoader, fullname: str) -> Any:  # a code object
        return code if Path(self.path) == mutant.path else plain(self, fullname)

    SourceFileLoader.get_code = get_code  # type: ignore[assignment, method-assign]


def main() -> int:
    """Sample, run, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--seed", type=int, default=49)
    parser.add_argument("--only", default="", help="a rule alone, or shared")
    parser.add_argument("--again", type=Path, help="what an earlier run printed")
    arguments = parser.parse_args()
    by_module: dict[Path, list[Case]] = defaultdict(list)
    for case in all_cases():
        by_module[case.rule.cases_file().with_suffix(".py")].append(case)
    only = {m for m, cases in by_module.items() if cases[0].rule.code == arguments.only}
    shared = set(RULES.glob("*.py"))
    if arguments.only == SHARED:
        only = shared
    modules = sorted(only or shared.union(RULES.glob("*/*.py")))
    mutants = [mutant for module in modules for mutant in mutants_of(module)]
    dice = random.Random(arguments.seed)  # noqa: S311  # a sample, no secret
    sample = dice.sample(mutants, min(arguments.sample, len(mutants)))
    if arguments.again:
        before = set(arguments.again.read_text("utf-8").splitlines())
        sample = [mutant for mutant in sample if _survivor(mutant) in before]
    print(f"{len(sample)} of {len(mutants)} mutants, seed {arguments.seed}", flush=True)
    told: Counter[bool] = Counter()
    with tempfile.TemporaryDirectory() as scratch:
        read = _reader(by_module, Path(scratch))
        for mutant in sorted(sample, key=lambda m: (m.path, m.line, m.what)):
            killed = dies(mutant, read(mutant.path))
            told[killed] += 1
            if not killed:
                print(_survivor(mutant), flush=True)
    share = 100 * told[True] / max(len(sample), 1)
    print(f"killed {told[True]} of {len(sample)}: {share:.1f} % (bar {BAR} %)")
    return int(share < BAR)


def _survivor(mutant: Mutant) -> str:
    """How a survivor is told."""
    return f"survived {mutant.path.relative_to(RULES.parent)}:{mutant.line}: {mutant.what}"


def _reader(by_module: dict[Path, list[Case]], scratch: Path) -> Callable[[Path], list[Ready]]:
    """What reads the cases of a module's rule, or of a helper's family, once."""
    kept: dict[Path, list[Ready]] = {}

    @cache
    def shared() -> list[Ready]:
        return [_read_case(case, scratch) for case in all_cases()[::ONE_IN]]

    def ready(module: Path) -> list[Ready]:
        if module in kept:
            return kept[module]
        if module in by_module:
            kept[module] = [_read_case(case, scratch) for case in by_module[module]]
            return kept[module]
        if module.parent == RULES:
            return shared()
        family = [other for other in sorted(by_module) if other.parent == module.parent]
        return [one for other in family for one in ready(other)]

    return ready


def _read_case(case: Case, scratch: Path) -> Ready:
    return Ready(case, facts_of(case, Path(tempfile.mkdtemp(dir=scratch))), law_of(case))


if __name__ == "__main__":
    sys.exit(main())
