"""The command line as its users run it: exit codes, formats, languages."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from beancount.parser import grammar
from typer.main import get_command

import cnht
from ledger.strict_yaml import read_yaml
from ledger.system import reason
from reports.forms import layouts
from reports.locale import usage
from tests.books import (
    ALLOTMENT,
    BASE,
    CNHT,
    HANOI,
    OVERDRAWN,
    run_cnht,
    spawn_cnht,
    write_book,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

VIETNAMESE_LETTER = "[ăâđêôơưàáạảãèéẹẻẽìíịỉĩòóọỏõùúụủũỳýỵỷỹ]"
BEAN_EXAMPLE = Path(sys.executable).with_name("bean-example")


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CNHT_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def overdrawn(overdrawn_book: Path) -> Path:
    return overdrawn_book


def test_the_bundled_book_is_clean() -> None:
    ran = spawn_cnht("check", HANOI, "--fail-on", "note")
    assert (ran.code, ran.err) == (0, "")
    assert "Tổng cộng: 0 phát hiện" in ran.out


def test_an_error_makes_the_answer_no(overdrawn: Path) -> None:
    ran = run_cnht("check", overdrawn, "--select", "BUD101")
    assert ran.code == 1
    assert "BUD101" in ran.out
    assert "sai: 1 phát hiện (1 lỗi), 1 đồng; cần giải trình: 0 phát hiện, 0 đồng" in ran.out


def test_a_folder_stands_for_its_main_file(overdrawn: Path) -> None:
    assert run_cnht("check", overdrawn.parent).out == run_cnht("check", overdrawn).out


def test_select_and_ignore_choose_by_the_beginning_of_a_code(overdrawn: Path) -> None:
    assert run_cnht("check", overdrawn, "--select", "NRM").code == 0
    assert run_cnht("check", overdrawn, "--select", "bud101").code == 1
    assert run_cnht("check", overdrawn, "--ignore", "BUD,BOK").code == 0


def test_as_of_hides_what_came_later(overdrawn: Path) -> None:
    assert run_cnht("check", overdrawn, "--as-of", "2021-02-28", "--select", "BUD101").code == 0
    assert run_cnht("check", overdrawn, "--as-of", "2021-03-01", "--select", "BUD101").code == 1


def test_fail_on_sets_from_which_severity_the_answer_is_no(tmp_path: Path) -> None:
    book = write_book(tmp_path / "book", ALLOTMENT)  # whose parties have wrong tax codes
    assert run_cnht("check", book, "--select", "BOK501").code == 0
    assert run_cnht("check", book, "--select", "BOK501", "--fail-on", "warning").code == 1


def test_an_overspend_of_a_year_whose_law_was_not_read_is_an_error(tmp_path: Path) -> None:
    text = (ALLOTMENT + OVERDRAWN).replace("2021-", "2026-").replace("year: 2021", "year: 2026")
    ran = run_cnht("check", write_book(tmp_path / "book", text), "--select", "BUD101")
    assert ran.code == 1
    assert "chưa" in ran.out  # of the citation


def test_json_has_a_schema_number_and_whole_amounts(overdrawn: Path) -> None:
    ran = run_cnht("check", overdrawn, "--format", "json", "--select", "BUD101")
    content = json.loads(ran.out)
    assert content["schema"] == 1
    (finding,) = content["findings"]
    assert (finding["code"], finding["subject"]) == ("BUD101", "NV02/NSTP/2021")
    assert (finding["observed"], finding["allowed"], finding["at_issue"]) == (-1, 0, 1)
    assert finding["file"] == str(overdrawn)
    assert finding["citations"][0]["grade"] == "primary"
    assert content["totals"]["at_issue"] == 1


def test_all_prints_one_line_a_finding_with_file_and_line(overdrawn: Path) -> None:
    ran = run_cnht("check", overdrawn, "--all", "--select", "BUD101", cwd=overdrawn.parent)
    (line,) = ran.out.splitlines()
    assert line.startswith("main.beancount:")
    assert ": lỗi: BUD101 NV02/NSTP/2021: " in line


def test_a_long_list_of_one_rule_is_cut_and_its_rest_counted(tmp_path: Path) -> None:
    line = '2021-0{}-{:02d} custom "output" "NV0{}" 1\n  unit: "class"\n'
    unknown = "".join(line.format(1 + n // 20, 1 + n % 20, f"X{n}") for n in range(25))
    book = write_book(tmp_path / "book", unknown)
    ran = run_cnht("check", book, "--select", "BOK202")
    assert "25 phát hiện" in ran.out
    assert "… và 5 phát hiện nữa" in ran.out
    assert len(run_cnht("check", book, "--select", "BOK202", "--all").out.splitlines()) == 25


def test_all_says_what_was_left_out_and_not_seen(tmp_path: Path) -> None:
    text = 'plugin "khong.co"\n' + ALLOTMENT + OVERDRAWN
    book = write_book(tmp_path / "book", text)
    told = run_cnht("check", book, "--all", "--as-of", "2021-02-28").err
    about = [line for line in told.splitlines() if line.startswith("# ")]
    assert any("không được dùng" in line and "khong.co" in line for line in about)
    assert any("1 giao dịch" in line for line in about)


def test_all_says_what_could_not_be_tested() -> None:
    told = run_cnht("check", HANOI, "--all", "--as-of", "2022-12-31").err
    assert re.search(r"^# NRM\d+: \d+ lượt chưa kiểm được: ", told, re.MULTILINE)


def test_a_pipe_has_no_colour_and_a_terminal_may_be_asked_for(overdrawn: Path) -> None:
    assert "\x1b[" not in run_cnht("check", overdrawn).out
    assert "\x1b[" in run_cnht("check", overdrawn, "--color", "always").out
    assert "\x1b[" not in run_cnht("check", overdrawn, "--color", "never").out


def test_output_goes_to_a_file_whole(overdrawn: Path, tmp_path: Path) -> None:
    target = tmp_path / "findings.json"
    ran = run_cnht("check", overdrawn, "--format", "json", "-o", target)
    assert (ran.code, ran.out) == (1, "")
    assert json.loads(target.read_text("utf-8"))["schema"] == 1


def test_english_by_option(overdrawn: Path) -> None:
    ran = run_cnht("check", overdrawn, "--lang", "en", "--select", "BUD101")
    assert "More drawn than the estimate has" in ran.out
    assert "the estimate left is −1 VND" in ran.out


def test_figures_are_printed_as_the_language_does() -> None:
    seeded = HANOI.with_name("hanoi-2021-findings")
    vietnamese = run_cnht("check", seeded, "--as-of", "2022-12-31")
    english = run_cnht("check", seeded, "--as-of", "2022-12-31", "--lang", "en")
    assert "ngân sách đã chi 66.000.000 đồng" in vietnamese.out
    assert "the budget paid 66,000,000 VND" in english.out
    dotted, parted = r"\d\.\d{3}(?!\d)", r"\d,\d{3}(?!\d)"
    assert set(re.findall(dotted, english.out)) == {"2.500"}  # as the book wrote it
    assert re.findall(parted, vietnamese.out) == []


def test_words_of_a_subject_are_printed_by_their_names() -> None:
    seeded = HANOI.with_name("hanoi-2021-findings")
    ran = run_cnht("check", seeded, "--as-of", "2022-12-31")
    for words in ("nhiệm vụ NV09 cuốn cẩm nang", "HT-08-203 phần doanh nghiệp góp"):
        assert words in ran.out
    for raw in ("handbook", "own-share", "no-double-funding"):
        assert raw not in ran.out


def test_several_books_are_checked_together(overdrawn: Path) -> None:
    ran = run_cnht("check", overdrawn, HANOI, "--select", "BUD101")
    assert ran.code == 1
    assert "KH49-2021" in ran.out
    assert "MAU" in ran.out


def test_a_book_that_does_not_parse_is_bad_input(tmp_path: Path) -> None:
    book = write_book(tmp_path / "book", "không phải sổ\n")
    ran = run_cnht("check", book, cwd=book.parent)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("main.beancount:")
    assert "Traceback" not in ran.err


def test_an_example_of_beancount_declares_no_programme(tmp_path: Path) -> None:
    example = tmp_path / "example.beancount"
    done = subprocess.run([BEAN_EXAMPLE, "--seed", "1"], capture_output=True, text=True, check=True)
    example.write_text(done.stdout, "utf-8")
    ran = run_cnht("check", example)
    assert ran.code == 2
    assert "không khai báo chương trình nào" in ran.err
    assert len(ran.err.splitlines()) == 2


def test_a_balance_that_does_not_hold_is_a_finding_and_the_run_goes_on(tmp_path: Path) -> None:
    text = "2021-02-01 balance Assets:DuToan:KhaDung:NV02:NSTP  5 VND\n"
    book = write_book(tmp_path / "book", ALLOTMENT + text + OVERDRAWN)
    ran = run_cnht("check", book, "--all")
    assert ran.code == 1
    assert "BOK101" in ran.out
    assert "BUD101" in ran.out


def test_an_account_not_opened_is_a_finding_and_the_run_goes_on(tmp_path: Path) -> None:
    base = BASE.replace('plugin "beancount.plugins.auto_accounts"', "")
    opened = "2021-01-01 open Assets:DuToan:KhaDung:NV02:NSTP VND\n"
    book = write_book(tmp_path / "book", opened + ALLOTMENT + OVERDRAWN, base=base)
    ran = run_cnht("check", book, "--all")
    assert ran.code == 1
    assert "Equity:GiaoDuToan:NSTP" in ran.out
    assert "BUD101" in ran.out


def test_an_account_spelt_wrongly_is_told_with_the_nearest_one_opened(tmp_path: Path) -> None:
    base = BASE.replace('plugin "beancount.plugins.auto_accounts"', "")
    opened = "".join(
        f"2021-01-01 open {name} VND\n"
        for name in ("Assets:DuToan:KhaDung:NV02:NSTP", "Equity:GiaoDuToan:NSTP")
    )
    slip = ALLOTMENT.replace("KhaDung:NV02", "KhaDumg:NV02")
    book = write_book(tmp_path / "book", opened + slip, base=base)
    asked = "có phải Assets:DuToan:KhaDung:NV02:NSTP? Tên này không theo hệ thống tài khoản"
    vietnamese = run_cnht("check", book, "--all").out
    assert asked in vietnamese
    assert "open Assets:DuToan:KhaDumg" not in vietnamese
    english = run_cnht("check", book, "--all", "--lang", "en").out
    assert "is Assets:DuToan:KhaDung:NV02:NSTP meant?" in english


def test_a_sub_item_without_its_letters_is_told_with_them(tmp_path: Path) -> None:
    base = BASE.replace('plugin "beancount.plugins.auto_accounts"', "")
    book = write_book(tmp_path / "book", OVERDRAWN.replace("TM6655 ", "6699 "), base=base)
    ran = run_cnht("check", book, "--all")
    assert "có phải Expenses:NV02:NSTP:TM6699?" in ran.out
    assert "open Expenses:NV02:NSTP:6699" not in ran.out


def test_an_account_of_the_scheme_that_is_like_no_other_is_to_be_opened(tmp_path: Path) -> None:
    base = BASE.replace('plugin "beancount.plugins.auto_accounts"', "")
    book = write_book(tmp_path / "book", OVERDRAWN, base=base)
    assert "«YYYY-MM-DD open Expenses:NV02:NSTP:TM6655 VND»" in run_cnht("check", book, "--all").out


def test_explain_prints_the_page_of_a_rule() -> None:
    ran = run_cnht("explain", "bud101")
    assert ran.code == 0
    for part in (
        "Kiểm tra gì:",
        "Vì sao:",
        "Ví dụ sai:",
        "Cách sửa:",
        "khoản 2 Điều 12 Luật Ngân sách",
    ):
        assert part in ran.out
    assert "What it checks:" in run_cnht("explain", "BUD101", "--lang", "en").out


def test_explain_of_an_unknown_code_lists_the_families_and_what_is_near() -> None:
    ran = run_cnht("explain", "XYZ1")
    assert ran.code == 2
    assert "BOK, BUD" in ran.err
    near = run_cnht("explain", "BUD199")
    assert (near.code, "BUD10" in near.err) == (2, True)


def test_explain_of_a_family_lists_its_rules() -> None:
    ran = run_cnht("explain", "nrm")
    assert ran.code == 0
    assert "NRM101" in ran.out
    assert "BUD101" not in ran.out


def test_explain_lists_the_norms_that_a_rule_chooses_from() -> None:
    out = run_cnht("explain", "PRO401").out
    assert "điểm a khoản 2 Điều 7 Thông tư 62/2020/TT-BTC (advance-max-2020)" in out


def test_one_norm_is_shown_with_its_article_and_source() -> None:
    out = run_cnht("norms", "show", "treasury-file-contract").out
    assert "giá trị trên 50.000.000" in out
    assert "đọc nguyên văn ở bản chép do người khác lưu, chưa so với bản chính" in out
    assert run_cnht("norms", "show", "none-such").code == 2


def test_norms_are_listed_as_in_force_on_a_day() -> None:
    before = run_cnht("norms", "list", "--on", "2018-05-10", "--format", "json")
    after = run_cnht("norms", "list", "--on", "2018-05-11", "--format", "json")

    def in_force(out: str) -> set[str]:
        return {norm["id"] for norm in json.loads(out)["norms"] if norm["limits"]}

    assert "tt29-domestic-fair" not in in_force(before.out)
    assert "tt29-domestic-fair" in in_force(after.out)


def test_the_list_of_norms_takes_two_lines_each_and_counts_the_rest() -> None:
    told = run_cnht("norms", "list", "--on", "2021-10-05").out
    lines = told.splitlines()
    at = next(n for n, line in enumerate(lines) if "tt29-domestic-fair:" in line)
    assert "tối đa 12.000.000/đơn vị tham gia" in lines[at]
    assert "Hội chợ" in lines[at + 1]
    assert "nguồn thứ cấp" in lines[at + 1]
    assert "chưa biết điều" in lines[at + 1]
    (count,) = re.findall(r"có hiệu lực ngày 05/10/2021 \((\d+)\)", told)
    assert len(lines) < 3 * int(count)
    duties, unknown = re.findall(r"Không kể (\d+) điều kiện.* và (\d+) định mức", told)[0]
    whole = run_cnht("norms", "list", "--on", "2021-10-05", "--all").out
    assert f"không có con số ({duties})" in whole
    assert f"để kiểm tra ({unknown})" in whole


def test_doctor_says_what_is_installed_and_what_was_left_out(
    tmp_path: Path, own_cache: Path
) -> None:
    book = write_book(tmp_path / "book", 'plugin "beancount.plugins.check_commodity" "1"\n')
    ran = run_cnht("doctor", book)
    assert ran.code == 0
    assert "beancount 3." in ran.out
    assert str(own_cache) in ran.out
    assert str(Path(layouts.__file__).parent) in ran.out
    assert 'plugin "beancount.plugins.check_commodity": không chạy' in ran.out


def test_a_norm_file_that_is_not_read_is_named(tmp_path: Path) -> None:
    book = write_book(tmp_path / "book", "")
    assert "mọi phần của sổ đều được dùng" in run_cnht("doctor", book).out
    assert "không đọc" not in run_cnht("check", book).out
    (book.parent / "norms" / "2026").mkdir(parents=True)
    for name in ("tt29.yml", "tt29.yaml.txt", "2026/tt29.yaml", ".tt29.yaml.swp", "ghi-chu.md"):
        (book.parent / "norms" / name).write_text("a: 1\n", "utf-8")
    for command in ("doctor", "check"):
        told = run_cnht(command, book).out
        assert re.findall(r"không đọc \S*/norms/(\S+): chỉ đọc tệp .yaml", told) == [
            "2026/tt29.yaml",
            "tt29.yaml.txt",
            "tt29.yml",
        ]


def test_doctor_tells_a_norm_file_that_cannot_be_used(tmp_path: Path) -> None:
    book = write_book(tmp_path / "book", "")
    (book.parent / "norms").mkdir()
    (book.parent / "norms" / "tt29.yaml").write_text("a: 1\na: 2\n", "utf-8")
    ran = run_cnht("doctor", book)
    assert ran.code == 2
    assert "tt29.yaml:2: khóa «a» ghi hai lần" in ran.out


def test_doctor_of_a_book_that_cannot_be_read_is_bad_input(tmp_path: Path) -> None:
    broken = write_book(tmp_path / "book", 'include "khong-co.beancount"\n')
    ran = run_cnht("doctor", HANOI, broken)
    assert ran.code == 2
    assert "không có tệp nào khớp" in ran.out
    assert run_cnht("doctor", HANOI).code == 0


@pytest.mark.parametrize("words", [["doctor"], ["norms", "list"]])
def test_a_reader_that_has_gone_ends_the_command_quietly(words: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as gone:
        ran = subprocess.run([CNHT, *words], stdout=gone, stderr=subprocess.PIPE, check=False)
    assert (ran.returncode, ran.stderr) == (0, b"")


def test_version_is_printed() -> None:
    assert spawn_cnht("--version").out.startswith("cnht-ledger ")


def test_bad_use_is_two() -> None:
    assert run_cnht("check").code == 2
    assert run_cnht("check", HANOI, "--as-of", "hôm nay").code == 2
    assert run_cnht("nosuch").code == 2


@pytest.mark.parametrize(
    ("words", "vietnamese", "english"),
    [
        (["check"], "thiếu tham số «SỔ»", "Missing argument 'BOOK'"),
        (["settle", "x", "-o", "y"], "thiếu tùy chọn «--year»", "Missing option '--year'"),
        (["settle", "x", "--year", "y", "-o", "y"], "phải là số nguyên", "valid integer"),
        (["nosuch"], "không có lệnh «nosuch»", "No such command 'nosuch'"),
        (["chek"], "Có phải «check»?", "Did you mean 'check'?"),
        (["check", "x", "--selec"], "không có tùy chọn «--selec»", "No such option: --selec"),
        (["check", "x", "--format", "y"], "«y» không thuộc 'table'", "'y' is not one of 'table'"),
        (["check", "x", "--as-of", "1/2/2021"], "viết YYYY-MM-DD", "write YYYY-MM-DD"),
        (["norms", "list", "--on", "1/2/2021"], "viết YYYY-MM-DD", "write YYYY-MM-DD"),
        (["explain", "a", "b"], "thừa tham số: b", "unexpected extra argument"),
        (["settle", "x", "--year", "1"], "thiếu tùy chọn «--output, -o»", "'--output, -o'"),
        (["accounts", "add", "x", "y"], "«--role». Chọn một trong:", "Choose from:"),
        (["check", "x", "--select"], "cần một giá trị đứng sau", "requires an argument"),
        (["check", "x", "--all=1"], "không nhận giá trị", "does not take a value"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, list) else "",
)
def test_bad_use_is_told_in_both_languages(words: list[str], vietnamese: str, english: str) -> None:
    ran = run_cnht(*words)
    assert (ran.code, ran.out) == (2, "")
    assert vietnamese in ran.err
    assert not re.search("Usage|Error|Try|Missing|Invalid|No such|Option", ran.err)
    ran = run_cnht("--lang", "en", *words)
    assert (ran.code, ran.out) == (2, "")
    assert english in ran.err


@pytest.mark.parametrize(
    "words", [[], ["check"], ["explain"], ["settle"], ["init"], ["doctor"], ["norms"]]
)
def test_help_is_in_the_language_asked_for(words: list[str]) -> None:
    ran = run_cnht(*words, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("Cách dùng: cnht")
    assert "In trợ giúp này." in ran.out
    foreign = "Usage|Options|OPTIONS|Arguments|Commands|COMMAND|Show|Install|default|required|%Y"
    foreign += "|<(str|path|int|book)"
    assert not re.search(foreign, ran.out)
    ran = run_cnht("--lang", "en", *words, "--help")
    assert ran.out.startswith("Usage: cnht")
    assert "Show this message and exit." in ran.out
    default = "Sở Công Thương"
    assert not re.search(VIETNAMESE_LETTER, ran.out.replace(default, ""))


def test_a_run_that_is_stopped_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(_language: str) -> list[str]:
        raise KeyboardInterrupt

    monkeypatch.setattr("reports.doctor.system_lines", stop)
    assert run_cnht("doctor") == (130, "", "Đã dừng theo Ctrl+C.\n")


@pytest.mark.parametrize("ignored", [False, True])
def test_a_stop_while_a_book_is_parsed_is_no_mistake_of_the_book(
    overdrawn: Path, monkeypatch: pytest.MonkeyPatch, *, ignored: bool
) -> None:
    """Beancount makes an error of a line of whatever is raised while it reads that line."""
    real = grammar.Builder.transaction

    def stopped(*parts: Any) -> Any:  # of Beancount
        signal.raise_signal(signal.SIGINT)
        return real(*parts)

    monkeypatch.setattr(grammar.Builder, "transaction", stopped)
    # A run in the background ignores what stops the one at the terminal.
    own = signal.SIG_IGN if ignored else signal.default_int_handler
    before = signal.signal(signal.SIGINT, own)
    try:
        ran = run_cnht("check", overdrawn, "--no-cache")
        assert signal.getsignal(signal.SIGINT) is own
    finally:
        signal.signal(signal.SIGINT, before)
    assert ran.code == (1 if ignored else 130)
    assert ("Đã dừng theo Ctrl+C" in ran.err) is not ignored


def test_every_help_has_its_english() -> None:
    """The catalogue holds what the commands say: nothing is missing, nothing stands there idle."""
    catalogue = read_yaml(Path(usage.__file__).with_name("help.en.yaml")).content
    said = {
        words for words in _help_of(get_command(cnht.app)) if re.search(VIETNAMESE_LETTER, words)
    }
    assert said <= set(catalogue) <= {*_help_of(get_command(cnht.app))}


def _help_of(command: Any) -> Iterator[str]:
    for one in (command, *command.params):
        yield from (words for name in ("help", "metavar") if (words := getattr(one, name, None)))
    for below in getattr(command, "commands", {}).values():
        yield from _help_of(below)


def test_the_language_may_stand_before_the_command(overdrawn: Path) -> None:
    after = run_cnht("check", overdrawn, "--lang", "en")
    assert run_cnht("--lang", "en", "check", overdrawn) == after
    assert "More drawn than the estimate has" in after.out


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_a_code_that_no_rule_has_is_bad_use(overdrawn: Path, option: str) -> None:
    ran = run_cnht("check", overdrawn, option, "BUD101,NRN2")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("không có quy tắc nào: NRN2\n")
    assert "NRM201" in ran.err


def test_a_path_that_cannot_be_written_is_bad_use(overdrawn: Path, tmp_path: Path) -> None:
    for target in (overdrawn / "x.json", tmp_path / "none" / "x.json"):
        ran = run_cnht("check", overdrawn, "-o", target)
        assert (ran.code, ran.out) == (2, "")
        assert f"không ghi hoặc đọc được «{target}»" in ran.err
        assert "Errno" not in ran.err
    assert "cannot be written" in run_cnht("check", overdrawn, "-o", target, "--lang", "en").err


def test_a_fault_of_ours_is_seventy_and_names_a_log(
    own_cache: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cnht, "app", lambda **_: 1 / 0)
    with pytest.raises(SystemExit) as ended:
        cnht.main()
    assert ended.value.code == 70
    told = capsys.readouterr().err
    log = own_cache / "cnht-error.log"
    assert str(log) in told
    assert "ZeroDivisionError" in log.read_text("utf-8")


@pytest.mark.parametrize("code", [0, 3])
def test_code_that_ends_the_program_is_no_clean_answer(
    monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    monkeypatch.setattr(cnht, "app", lambda **_: sys.exit(code))
    with pytest.raises(SystemExit) as ended:
        cnht.main()
    assert ended.value.code == 70


def test_a_closed_standard_output_leaves_the_answer(overdrawn: Path) -> None:
    words = f'"{CNHT}" check "{overdrawn}" --no-cache --select BUD101 >&-'
    done = subprocess.run(["/bin/sh", "-c", words], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device on this system")
def test_a_full_standard_output_is_told_by_its_name(overdrawn: Path) -> None:
    words = f'"{CNHT}" check "{overdrawn}" --no-cache > /dev/full'
    done = subprocess.run(["/bin/sh", "-c", words], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("không ghi hoặc đọc được đầu ra chuẩn: ổ đĩa đã đầy\n")


def test_a_fault_without_a_log_is_told_whole(
    own_cache: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own_cache.write_text("no folder")
    monkeypatch.setattr(cnht, "app", lambda **_: 1 / 0)
    monkeypatch.setattr(sys, "argv", ["cnht", "--lang", "en"])
    with pytest.raises(SystemExit) as ended:
        cnht.main()
    assert ended.value.code == 70
    told = capsys.readouterr().err
    assert told.startswith("A fault of the program, not of the book: ZeroDivisionError.")
    assert "Traceback" in told


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (PermissionError(13, "Permission denied"), "không có quyền"),
        (FileNotFoundError(2, "No such file or directory"), "không có thư mục hoặc tệp này"),
        (IsADirectoryError(21, "Is a directory"), "đó là thư mục"),
        (OSError(28, "No space left on device"), "ổ đĩa đã đầy"),
        (RuntimeError(OSError(28, "No space left on device")), "ổ đĩa đã đầy"),
        (OSError(999, "Strange"), "lỗi của máy (Strange)"),
    ],
)
def test_what_the_system_refuses_is_told_in_vietnamese(error: Exception, word: str) -> None:
    assert reason(error).vi == word


@pytest.mark.parametrize("plugin", ["khong_co_plugin", "hong_plugin"])
def test_a_plugin_that_does_not_run_is_told_in_vietnamese(
    plugin: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hong_plugin.py").write_text(
        "__plugins__ = ('f',)\ndef f(entries, options):\n    raise ValueError\n", "utf-8"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    book = write_book(tmp_path / "book", f'plugin "{plugin}"\n' + ALLOTMENT)
    ran = run_cnht("check", book, "--allow-plugins", "--all", "--no-cache")
    assert ran.code == 1
    (line,) = [line for line in ran.out.splitlines() if "BOK101" in line]
    assert f"plugin {plugin} mà sổ nêu" in line


def test_days_of_a_message_are_in_the_language_asked_for(tmp_path: Path) -> None:
    book = write_book(tmp_path / "book", ALLOTMENT + OVERDRAWN)
    told = {lang: run_cnht("check", book, "--all", "--lang", lang).out for lang in ("vi", "en")}
    assert "01/03/2021" in told["vi"]
    assert "2021-03-01" in told["en"]
    assert "01/03/2021" not in told["en"]


def test_help_names_arguments_without_the_marks_of_a_program(tmp_path: Path) -> None:
    for command in (["check"], ["norms", "load"], ["ask"]):
        assert "{" not in run_cnht(*command, "--help", cwd=tmp_path).out


def test_a_rule_s_page_on_a_terminal_shows_no_marks_of_code() -> None:
    assert "`" not in run_cnht("explain", "BUD101").out
    assert "«Assets:DuToan:KhaDung»" in run_cnht("explain", "BUD101").out


def test_a_pack_that_does_not_exist_is_told_where_it_is_named(tmp_path: Path) -> None:
    book = write_book(tmp_path / "book", ALLOTMENT)
    main = book / "main.beancount" if book.is_dir() else book
    text = main.read_text("utf-8")
    main.write_text(text.replace('instruments: "', 'instruments: "khong-co; ', 1), "utf-8")
    ran = run_cnht("check", book, "--no-cache")
    assert ran.code == 2
    line = 1 + [' instruments: "' in one for one in text.splitlines()].index(True)
    assert f"main.beancount:{line}: " in ran.err
    assert "khong-co" in ran.err


def test_a_number_out_of_its_range_is_told_in_vietnamese() -> None:
    ran = run_cnht("analyse", HANOI, "--confidence", "120")
    assert (ran.code, "«--confidence» không dùng được: lớn nhất là 99." in ran.err) == (2, True)
    assert "nhỏ nhất là 1." in run_cnht("analyse", HANOI, "--tolerable", "0").err
    told = run_cnht("norms", "diff", "--help").out
    assert "%" not in told
    typed = run_cnht("norms", "diff", "<%Y-%m-%d>", "2021-01-01")
    assert (typed.code, "«<%Y-%m-%d>» không phải ngày" in typed.err) == (2, True)
    assert "<NGÀY_TRƯỚC> <NGÀY_SAU>" in told


def test_a_report_may_be_of_a_day_of_the_closing(tmp_path: Path) -> None:
    asked = ("--to", "2022-01-15", "--form", "CT01", "--no-pdf", "-o")
    ran = run_cnht("report", HANOI, *asked, tmp_path / "a", "--year", "2021")
    assert ran.code == 0, ran.err
    assert any("20210101-20220115" in path.name for path in (tmp_path / "a").iterdir())
    for year, day in (("2021", "2022-02-01"), ("2023", "2022-01-15")):
        ran = run_cnht("report", HANOI, "--to", day, "--year", year, "-o", tmp_path / "b")
        assert ran.code == 2
        assert f"không thuộc niên độ {year}" in ran.err
    ran = run_cnht("report", HANOI, "--quarter", "2021Q2", "--year", "2021", "-o", tmp_path / "b")
    assert (ran.code, "--year chỉ đi cùng --to" in ran.err) == (2, True)
