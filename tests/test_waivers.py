"""Waivers and explanations as the command line obeys them, and what an auditor may leave out."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest

from ledger.store import Store
from ledger.text import Text
from rules.assessment import Evidence
from rules.checking import Switches, check_books
from rules.finding import Finding, WaiverState
from rules.rule import ExplanationRule, WaiverRule, all_rules, catalogue
from rules.severity import FindingKind, Severity
from rules.waivers import Waiver, match
from tests.books import ALLOTMENT, OVERDRAWN, run_bean_check, run_cnht, write_book
from tests.test_norms_sheets import FAIR

if TYPE_CHECKING:
    from pathlib import Path

FINGERPRINT = "f57ed21811e9e4c8"  # BUD101 NV02/NSTP/2021 of the programme MAU
DAY = dt.date(2022, 12, 31)
SELECT = ("--select", "BUD101,BOK40")

OWN_NORMS = """instrument: 29/2018/TT-BTC
title: x
issuer: Bộ Tài chính
issued: 2018-03-28
pack: cnht
confirmed-by: A
confirmed-on: 2022-01-01
norms: []
"""


def waiver(*more: str, reason: str = "Chờ Kho bạc nhập", day: str = "2022-01-10") -> str:
    lines = [f'{day} custom "waiver" "BUD101" "{FINGERPRINT}"', 'by: "An"', f'reason: "{reason}"']
    return "\n  ".join([*lines, *more]) + "\n"


@pytest.fixture
def overdrawn(overdrawn_book: Path) -> Path:
    return overdrawn_book


@pytest.fixture(scope="module")
def waived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book whose overspend is accepted, which no test writes: checked once, then remembered."""
    folder = tmp_path_factory.mktemp("waived") / "book"
    return write_book(folder, ALLOTMENT + OVERDRAWN + waiver("until: 2030-12-31"))


def own(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "own.beancount"
    path.write_text(text, "utf-8")
    return path


def as_json(*arguments: str | Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(run_cnht(*arguments, "--format", "json").out)
    return content


def codes(content: dict[str, Any]) -> list[str]:
    return [finding["code"] for finding in content["findings"]]


def test_a_waived_finding_is_told_apart_and_not_counted(waived: Path) -> None:
    ran = run_cnht("check", waived, *SELECT)
    assert ran.code == 0
    assert "Tổng cộng: 0 phát hiện" in ran.out
    assert "sai: 0 phát hiện, 0 đồng; cần giải trình: 0 phát hiện, 0 đồng" in ran.out
    assert "đã chấp nhận: BUD101" in ran.out
    assert "An (ghi trong sổ): Chờ Kho bạc nhập; đến hết 31/12/2030" in ran.out
    assert "1 phát hiện (1 theo khai báo trong sổ, 0 theo kiểm toán viên)" in ran.out


def test_all_tells_it_on_a_line_of_its_own(waived: Path) -> None:
    (line,) = run_cnht("check", waived, *SELECT, "--all").out.splitlines()
    assert ": đã chấp nhận: BUD101 " in line
    assert "Chờ Kho bạc nhập" in line


def test_json_keeps_it_apart(waived: Path) -> None:
    content = as_json("check", waived, *SELECT)
    assert content["findings"] == []
    assert content["totals"]["findings"] == content["totals"]["at_issue"] == 0
    assert (content["totals"]["accepted"], content["totals"]["accepted_at_issue"]) == (1, 1)
    (finding,) = content["accepted"]
    assert finding["fingerprint"] == FINGERPRINT
    assert finding["acceptance"]["by"] == "An"
    assert finding["acceptance"]["until"] == "2030-12-31"
    assert finding["acceptance"]["own"] is False
    assert finding["acceptance"]["file"] == str(waived)


def test_a_waiver_that_does_not_hold_is_told_where_its_rule_is_not_asked(tmp_path: Path) -> None:
    text = ALLOTMENT + OVERDRAWN + waiver("until: 2021-01-31")
    book = write_book(tmp_path / "book", text)
    told = "1 chấp nhận đã hết hạn; BOK401 nêu rõ"
    assert told in run_cnht("check", book, "--select", "BUD").out
    assert told not in run_cnht("check", book, "--select", "BUD,BOK4").out
    assert told not in run_cnht("check", book, "--select", "NRM").out


def test_the_waivers_of_the_book_can_be_left_out(waived: Path) -> None:
    assert run_cnht("check", waived, *SELECT).code == 0
    ran = run_cnht("check", waived, *SELECT, "--no-book-waivers")
    assert ran.code == 1
    assert "Tổng cộng: 1 phát hiện" in ran.out


def test_an_auditors_own_waiver_counts_whatever_its_day(overdrawn: Path, tmp_path: Path) -> None:
    file = own(tmp_path, waiver(day="2026-05-01"))
    options = ("--as-of", "2022-12-31", "--waivers", file, *SELECT)
    (finding,) = as_json("check", overdrawn, *options)["accepted"]
    assert finding["acceptance"]["own"] is True
    assert run_cnht("check", overdrawn, *options).code == 0


def test_an_auditors_own_stays_when_those_of_the_book_are_left_out(
    waived: Path, tmp_path: Path
) -> None:
    file = own(tmp_path, waiver(reason="Đã xem hồ sơ"))
    content = as_json("check", waived, "--waivers", file, "--no-book-waivers", *SELECT)
    assert [f["acceptance"]["reason"] for f in content["accepted"]] == ["Đã xem hồ sơ"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("until: 2022-01-31", "BOK401"),
        ("up-to: 0", "BOK403"),
    ],
)
def test_a_waiver_that_no_longer_holds_is_a_finding_and_so_is_what_it_named(
    tmp_path: Path, more: str, code: str
) -> None:
    book = write_book(tmp_path / "book", ALLOTMENT + OVERDRAWN + waiver(more))
    content = as_json("check", book, *SELECT)
    assert codes(content) == ["BUD101", code]
    assert content["totals"]["at_issue"] == 1


def test_a_waiver_of_nothing_is_bad_input_from_the_auditor_and_a_finding_in_a_book(
    tmp_path: Path,
) -> None:
    file = own(tmp_path, "\n" + waiver())
    book = write_book(tmp_path / "book", ALLOTMENT)
    target = tmp_path / "out.json"
    ran = run_cnht("check", book, "--waivers", file, "--format", "json", "-o", target)
    assert (ran.code, ran.out) == (2, "")
    assert f"{file}:2: lần kiểm tra này không có phát hiện BUD101" in ran.err
    assert not target.exists()
    assert codes(as_json("check", write_book(book.parent, ALLOTMENT + waiver()), *SELECT)) == [
        "BOK402"
    ]


def test_a_slip_of_the_auditor_tells_which_fingerprints_there_are(
    overdrawn: Path, tmp_path: Path
) -> None:
    file = own(tmp_path, waiver().replace(FINGERPRINT, "0" * 16))
    assert f"BUD101 đang có: {FINGERPRINT}" in run_cnht("check", overdrawn, "--waivers", file).err


def test_an_expired_waiver_of_the_auditor_shows_its_own_file(
    overdrawn: Path, tmp_path: Path
) -> None:
    file = own(tmp_path, waiver("until: 2022-01-31"))
    found = as_json("check", overdrawn, "--waivers", file, *SELECT)["findings"]
    assert [(f["code"], f["file"]) for f in found] == [
        ("BUD101", str(overdrawn)),
        ("BOK401", str(file)),
    ]


def test_every_waiver_is_listed_with_what_came_of_it(waived: Path, tmp_path: Path) -> None:
    file = own(tmp_path, waiver("up-to: 0"))
    content = as_json("check", waived, "--waivers", file, *SELECT)
    listed = [(w["own"], w["state"], w["at_issue"]) for w in content["waivers"]]
    assert listed == [(True, "exceeded", 1), (False, "in-use", 1)]
    content = as_json("check", waived, "--no-book-waivers", *SELECT)
    assert [(w["own"], w["state"]) for w in content["waivers"]] == [(False, "left-out")]
    ran = run_cnht("check", waived, "--no-book-waivers")
    assert "1 chấp nhận ghi trong sổ không được xét, theo yêu cầu." in ran.out


def test_a_waiver_in_one_book_does_not_reach_another(waived: Path, tmp_path: Path) -> None:
    other = write_book(tmp_path / "other", ALLOTMENT + OVERDRAWN)
    content = as_json("check", waived, other, *SELECT)
    assert [(f["code"], f["file"]) for f in content["findings"]] == [("BUD101", str(other))]
    assert len(content["accepted"]) == 1


def test_no_waiver_silences_what_is_said_of_waivers(tmp_path: Path) -> None:
    text = ALLOTMENT + waiver()
    first = as_json("check", write_book(tmp_path / "book", text), *SELECT)["findings"][0]
    more = waiver().replace(FINGERPRINT, first["fingerprint"]).replace("BUD101", "BOK402")
    book = write_book(tmp_path / "book", text + more)
    assert codes(as_json("check", book, *SELECT)) == ["BOK402", "BOK402"]


def test_an_explanation_stands_with_its_finding_and_silences_nothing(tmp_path: Path) -> None:
    text = (
        f'2022-01-10 custom "explanation" "BUD101" "{FINGERPRINT}"\n'
        '  person: "Lê Minh Họa"\n  reason: "Kho bạc nhập chậm"\n  document: "12/SCT-KHTC"\n'
    )
    book = write_book(tmp_path / "book", ALLOTMENT + OVERDRAWN + text)
    ran = run_cnht("check", book, "--select", "BUD101")
    assert ran.code == 1
    assert "Giải trình của Lê Minh Họa: Kho bạc nhập chậm (12/SCT-KHTC)" in ran.out
    assert "Giải trình của Lê Minh Họa" in run_cnht("check", book, "--all").out
    (finding,) = as_json("check", book, "--select", "BUD101")["findings"]
    assert finding["explanations"][0]["person"] == "Lê Minh Họa"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (waiver() + '2022-01-01 custom "party" "1" "A"\n  role: "x"\n', 4, "không phải chấp nhận"),
        (waiver() + "2022-01-01 open Assets:A\n", 4, "không phải chấp nhận"),
        ('plugin "os"\n' + waiver(), 1, "không phải chấp nhận"),
        ('include "main.beancount"\n' + waiver(), 1, "không phải chấp nhận"),
        ("không phải sổ\n", 1, "không bắt đầu bằng ngày"),
        (waiver("rolle: 1"), 4, "«rolle»"),
        (waiver("up-to: -1"), 4, "«up-to»"),
        (waiver().replace(FINGERPRINT, "abc"), 1, "dấu vân «abc»"),
        (waiver().replace("BUD101", "XYZ1"), 1, "không có phát hiện XYZ1"),
    ],
)
def test_a_bad_file_of_waivers_is_bad_input_with_its_line(
    overdrawn: Path, tmp_path: Path, text: str, line: int, words: str
) -> None:
    file = own(tmp_path, text)
    ran = run_cnht("check", overdrawn, "--waivers", file)
    assert (ran.code, ran.out) == (2, "")
    assert f"{file}:{line}: " in ran.err
    assert words in ran.err


def test_a_file_of_waivers_that_is_not_there_is_bad_input(overdrawn: Path, tmp_path: Path) -> None:
    ran = run_cnht("check", overdrawn, "--waivers", tmp_path / "none.beancount")
    assert (ran.code, ran.out) == (2, "")
    assert "none.beancount" in ran.err


def test_norms_beside_the_book_are_told_and_can_be_left_out(tmp_path: Path) -> None:
    overdrawn = write_book(tmp_path / "book", ALLOTMENT + OVERDRAWN)
    norms = overdrawn.parent / "norms"
    norms.mkdir()
    (norms / "own.yaml").write_text(OWN_NORMS, "utf-8")
    ran = run_cnht("check", overdrawn)
    assert "Có dùng định mức do đơn vị xác nhận" in ran.out
    assert "own.yaml" in ran.out
    ran = run_cnht("check", overdrawn, "--no-book-norms")
    assert "Có dùng định mức do đơn vị xác nhận" not in ran.out
    assert "định mức cạnh sổ, theo yêu cầu (--no-book-norms)" in ran.out
    (norms / "own.yaml").write_text("a: 1\na: 2\n", "utf-8")
    assert run_cnht("check", overdrawn).code == 2
    assert run_cnht("check", overdrawn, "--no-book-norms").code == 1


LOOSE_NORMS = """
instrument: 29/2018/TT-BTC
title: Thông tư
issuer: Bộ Tài chính
issued: 2018-03-28
pack: cnht
confirmed-by: Nguyễn Văn A
confirmed-on: 2026-02-10
norms:
  - id: tt29-domestic-fair
    article: null
    text: Hội chợ
    text-en: Fairs
    activity: domestic-fair
    decided-by: event
    values:
      - from: 2018-05-11
        limits:
          - {measure: amount, at-most: 20_000_000, per: [participating-unit, event]}
        grade: primary
        source: bản chính
        checked-on: 2026-02-10
"""


def test_what_a_looser_norm_of_the_unit_hides_is_told(tmp_path: Path) -> None:
    book = write_book(tmp_path / "book", FAIR.replace("20000001", "24000001"))
    asked = ("check", book, "--select", "NRM201", "--as-of", "2021-12-31")
    lost = json.loads(run_cnht(*asked, "--format", "json").out)["totals"]
    assert (lost["findings"], lost["at_issue"]) == (1, 1)
    (book.parent / "norms").mkdir()
    (book.parent / "norms" / "x.yaml").write_text(LOOSE_NORMS, "utf-8")
    told = (
        "thay con số đi kèm của «tt29-domestic-fair», Thông tư 29/2018/TT-BTC",
        "tối đa 12.000.000/",
        "tối đa 20.000.000/",
        "(NỚI LỎNG)",
        "mất 1 phát hiện, 1 đồng so với con số đi kèm",
    )
    for form in ("table", "html", "sarif"):
        ran = run_cnht(*asked, "--format", form)
        assert ran.code == 0
        assert all(words in ran.out for words in told), form
    content = json.loads(run_cnht(*asked, "--format", "json").out)
    (figure,) = content["own_figures"]
    assert (figure["loosened"], figure["findings"], figure["at_issue"]) == (True, 1, 1)
    assert (figure["own"], figure["reader"]) == (False, "Nguyễn Văn A")
    doctor = run_cnht("doctor", book).out
    assert "x.yaml" in doctor
    assert "thay «tt29-domestic-fair»" in doctor
    assert "(NỚI LỎNG)" in doctor


def test_the_plugin_obeys_the_waivers_of_the_book(tmp_path: Path) -> None:
    text = 'plugin "rules.plugin"\n' + ALLOTMENT + OVERDRAWN
    assert "BUD101" in run_bean_check(write_book(tmp_path / "a", text)).err
    assert "BUD101" not in run_bean_check(write_book(tmp_path / "b", text + waiver())).err


def test_kept_outcomes_are_told_apart_by_every_switch(waived: Path, tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    file = own(tmp_path, waiver())

    def accepted(switches: Switches) -> list[bool]:
        outcome = check_books([waived], DAY, store=store, switches=switches)
        return [bool(f.acceptance and f.acceptance.own) for f in outcome.accepted]

    for _ in range(2):
        assert accepted(Switches()) == [False]
        assert accepted(Switches(book_waivers=False)) == []
        assert accepted(Switches(waivers=(file,))) == [True]
    file.write_text(waiver("up-to: 0"), "utf-8")
    assert accepted(Switches(waivers=(file,))) == [False]


def test_an_outcome_with_waivers_comes_back_as_it_was(waived: Path, tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    first = check_books([waived], DAY, store=store)
    assert first.accepted
    assert check_books([waived], DAY, store=store) == first


def test_rules_over_waivers_stand_in_the_catalogue() -> None:
    over_waivers = [rule for rule in catalogue() if isinstance(rule, WaiverRule)]
    assert [rule.code for rule in over_waivers] == ["BOK401", "BOK402", "BOK403", "BOK404"]
    over_words = [rule for rule in catalogue() if isinstance(rule, ExplanationRule)]
    assert [rule.code for rule in over_words] == ["BOK405"]
    assert {*over_waivers, *over_words, *all_rules()} == set(catalogue())
    ran = run_cnht("explain", "BOK402")
    assert ran.code == 0
    assert "Cách sửa:" in ran.out


def test_findings_of_one_fingerprint_are_accepted_together_or_not_at_all() -> None:
    place = Evidence("own.beancount", 1, "", "", 0, "own.beancount", -1, 0)
    found = Finding(
        **dict.fromkeys(("title", "message"), Text("x", "x")),
        code="BUD101",
        name="x",
        severity=Severity.ERROR,
        kind=FindingKind.FAIL,
        subject="s",
        programme="P",
        book="b",
        rests_on_law=True,
        citations=(),
        observed=None,
        allowed=None,
        at_issue=60,
        evidence=(),
        fingerprint="f",
    )
    waiver = Waiver("BUD101", "f", "An", "vì", None, 100, place, "own.beancount", own=True)
    (none,) = match([waiver._replace(own=False)], [], DAY)
    assert (none.state, none.at_issue) == (WaiverState.UNUSED, 0)
    (one,) = match([waiver], [found], DAY)
    assert (one.state, len(one.accepted)) == (WaiverState.IN_USE, 1)
    (both,) = match([waiver], [found, found], DAY)
    assert (both.state, len(both.accepted), both.at_issue) == (WaiverState.EXCEEDED, 0, 120)
