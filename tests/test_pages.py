"""The pages in Fava: their figures, their filters, and Fava's own features fed."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import shutil
import zipfile
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import fava.help
import openpyxl
import pytest
from babel.messages.pofile import read_po
from beanquery.query import run_query
from fava.application import create_app
from fava.core import FavaLedger
from hypothesis import given
from hypothesis import strategies as st

from ledger.beans import open_book
from ledger.facts import Facts
from ledger.text import Text, dong
from reports.forms.grid import fill_listed
from reports.forms.layouts import load_layouts
from reports.forms.rounding import Unit
from reports.forms.sheet import Setting
from reports.pages import catalogue, runs
from reports.pages.data import reconciliation, settlement
from reports.pages.data.chart import chart
from reports.pages.data.overview import Point
from reports.pages.extension import PAGES
from reports.pages.server.book import BookLedger
from reports.pages.server.feeding import month_files
from reports.settlement.figures import read_head
from reports.sheets.layout import Column
from rules import plugin
from rules.assessment import Verdict
from rules.checking import check_books
from rules.plugin import today
from rules.rule import all_rules
from rules.tre.obligations import ReconciledInTime
from tests.books import ALLOTMENT, HANOI, OVERDRAWN, run_cnht, write_book
from tests.served import FINDINGS_BOOK, Served

NAMES = [page.__name__ for page in PAGES]


def total(query: str, folder: Path = HANOI) -> int:
    """One sum in VND by Beancount's own query language."""
    book = open_book(folder / "main.beancount")
    _, rows = run_query(book.entries, book.options, f"SELECT sum(number) WHERE {query}")
    return int(rows[0][0] or Decimal(0)) if rows else 0


SPENT = "account ~ '^Expenses:NV[0-9]+:NST[PW]:'"


def figure(html: str, name: str) -> str:
    """A figure of the overview's cards."""
    found = re.search(rf'data-figure="{name}">([^<]*)<', html)
    assert found
    return found[1]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("query", ["", "?time=2021-06", "?account=NV02", "?filter=%23none"])
def test_every_page_answers_under_every_filter(hanoi: Served, name: str, query: str) -> None:
    assert f"<h2>{next(p.title.vi for p in PAGES if p.__name__ == name)}</h2>" in hanoi.page(
        name, query
    )


def test_spending_is_what_bean_query_says(hanoi: Served) -> None:
    assert figure(hanoi.page("Overview"), "spent") == dong(total(SPENT))


def test_the_time_filter_shows_the_year_up_to_its_end(hanoi: Served) -> None:
    html = hanoi.page("Overview", "?time=2021-08")
    assert figure(html, "spent") == dong(total(f"{SPENT} AND date <= 2021-08-31"))
    advanced = total("account ~ '^Assets:(TamUng|ChoThanhToan):.*:NST[PW]:' AND date <= 2021-08-31")
    assert figure(html, "advanced") == dong(advanced)
    available = total("account ~ '^Assets:DuToan:KhaDung:' AND date <= 2021-08-31")
    assert figure(html, "available") == dong(available)
    assert "31/08/2021" in html


def test_the_estimate_is_that_of_form_b01_with_what_was_carried_over(hanoi: Served) -> None:
    html = unescape(hanoi.page("Overview", "?year=2021"))
    given_in_year = re.search(r"giao trong năm ([\d.]+), chuyển nguồn (−?[\d.]+)", html)
    assert given_in_year
    b01 = hanoi.page("Settlement", "?year=2021&form=B01").split('<section class="sheet"')[1]
    row = re.search(r">08</td>(.*?)</tr>", b01, re.DOTALL)
    assert row
    assert f">{given_in_year[1]}</td>" in row[1]


def test_the_account_filter_shows_one_task(hanoi: Served) -> None:
    html = hanoi.page("Overview", "?account=NV05")
    assert figure(html, "spent") == dong(total("account ~ '^Expenses:NV05:NST[PW]:'"))
    assert re.findall(r'data-task="(\w+)"', html) == ["NV05"]


def test_the_text_filter_is_favas(hanoi: Served) -> None:
    narration = "Rút tiền mặt tạm ứng chi lớp LOP-05"
    html = hanoi.page("Overview", f'?filter=narration:"{narration}"')
    assert figure(html, "advanced") == dong(25_000_000)


def test_another_budget_year_is_one_link_away(hanoi: Served) -> None:
    assert "year=2022" in hanoi.page("Overview")
    assert "Niên độ 2022" in hanoi.page("Overview", "?year=2022")


def test_findings_are_those_of_the_command_line(faulty: Served) -> None:
    html = faulty.page("Compliance")
    outcome = faulty.ledger.extensions.get_extension("Compliance").run.assessed.outcome  # type: ignore[union-attr]
    assert html.count('class="finding"') == len(outcome.findings)
    for finding in outcome.findings:
        assert finding.code in html
        assert f"{finding.place[1]}" in html


def test_a_severity_and_a_rule_can_be_chosen(faulty: Served) -> None:
    html = faulty.page("Compliance", "?severity=error&code=NRM")
    assert set(re.findall(r'class="panel (\w+)"', html)) == {"ERROR"}
    assert set(re.findall(r'data-code="(\w{6})"', html)) == {"NRM302"}


def test_findings_stand_by_task_and_one_task_can_be_chosen(faulty: Served) -> None:
    html = faulty.page("Compliance")
    counted = dict(re.findall(r'task=(NV\d\d|-)" title="[^"]+">[^(]+\((\d+)\)', html))
    assert sum(map(int, counted.values())) == html.count('class="finding"')
    one = faulty.page("Compliance", "?task=NV12")
    assert one.count('class="finding"') == int(counted["NV12"])
    assert set(re.findall(r"<h4>(\w+)", one)) == {"NV12"}


def test_days_of_evidence_are_written_as_vietnamese_do(faulty: Served) -> None:
    html = faulty.page("Compliance", "?code=BOK101")
    assert "<td>15/07/2021</td>" in html


def test_findings_follow_the_account_filter(faulty: Served) -> None:
    every = faulty.page("Compliance").count('class="finding"')
    some = faulty.page("Compliance", "?account=NV12").count('class="finding"')
    assert 0 < some < every


def test_a_finding_drafts_its_waiver(faulty: Served) -> None:
    html = faulty.page("Compliance", "?code=BUD101")
    assert re.search(r"custom &#34;waiver&#34; &#34;BUD101&#34; &#34;[0-9a-f]{16}&#34;", html)


def test_caps_stand_with_the_nearest_first(faulty: Served) -> None:
    page: Any = faulty.ledger.extensions.get_extension("Norms")
    with faulty.app.test_request_context(f"/{faulty.slug}/extension/Norms/"):
        faulty.app.preprocess_request()
        uses, _ = page.uses()
    shares = [use.share for use in uses]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 100
    assert all(use.observed <= use.allowed for use in uses if use.share <= 100)
    named = {use.subject.vi: use.name.vi for use in uses}
    assert named["khoản hỗ trợ HT-01-001"].startswith("Công ty ")
    assert " · " in named["khoản hỗ trợ HT-01-001"]
    assert all(named.values())


def test_a_month_that_was_agreed_shows_it(tmp_path: Path) -> None:
    agreed = """
2021-04-05 custom "reconciled" "2021-03"
  account: "Assets:TienGui:KB01"
  digest: "e3a5cd7e396a48b47319002483a61e8255e5e8bedc1295e5470ad25095bc6ed5"
  differences: "1.000 đồng phí"
  reason: "ghi tháng sau"

2021-05-05 custom "reconciled" "2021-04"
  account: "Assets:TienGui:KB01"
  paper: "04/BĐC ngày 05/05/2021"
  closing: 0
"""
    served = Served(write_book(tmp_path, ALLOTMENT + OVERDRAWN + agreed))
    html = served.page("Reconciliation")
    assert "có chênh lệch" in html
    assert "1.000 đồng phí" in html
    assert "trên giấy: 04/BĐC ngày 05/05/2021" in html


def test_a_month_with_one_account_agreed_of_two_is_agreed_in_part(tmp_path: Path) -> None:
    moved = """
2021-01-01 open Assets:TienGui:NH01 VND
2021-03-10 * "Nhận đóng góp"
  kind: "contribution-cash"
  Assets:TienGui:NH01   5 VND
  Income:DongGop:NV02:DNTC  -5 VND
2021-03-10 * "Nhận đóng góp"
  kind: "contribution-cash"
  Assets:TienGui:KB01   5 VND
  Income:DongGop:NV02:DNTC  -5 VND
2021-04-05 custom "reconciled" "2021-03"
  account: "Assets:TienGui:KB01"
  paper: "03/BĐC ngày 05/04/2021"
  closing: 5
"""
    agreed = moved.replace("TienGui:NH01   5", "TienGui:KB01   5").replace(
        "closing: 5", "closing: 10"
    )
    for text, state in ((moved, "đối chiếu một phần"), (agreed, "đã đối chiếu")):
        folder = tmp_path / state.replace(" ", "-")
        html = Served(write_book(folder, ALLOTMENT + text)).page("Reconciliation")
        row = html.partition('data-period="2021-03"')[2].partition("</tr>")[0]
        assert re.findall(r'class="tag \w*">([^<]+)<', row) == [state]
        assert ("Assets:TienGui:NH01" in row) is (text == moved)


def test_a_deposit_account_without_a_number_is_asked_about(hanoi: Served, tmp_path: Path) -> None:
    opened = "2021-01-01 open Assets:TienGui:NH09 VND\n"
    assert "data-unnumbered" not in hanoi.page("Reconciliation", "?year=2021")
    html = Served(write_book(tmp_path, ALLOTMENT + opened)).page("Reconciliation")
    note = html.partition("data-unnumbered")[2].partition("</p>")[0]
    assert "Chưa biết có mở tại Kho bạc không" in note
    assert "Assets:TienGui:NH09" in note


def test_a_quarter_stands_once_over_its_statements(hanoi: Served) -> None:
    html = hanoi.page("Reconciliation", "?year=2021")
    periods = re.findall(r'<tr data-period="[^"]+"><th scope="row">([^<]+)</th>', html)
    assert periods == ["Quý 2/2021", "Quý 3/2021", "Năm 2021"]


def test_a_month_is_asked_for_only_where_a_rule_asks(hanoi: Served) -> None:
    """December, and months in which only the estimate moved, are not reconciled by themselves."""
    html = hanoi.page("Reconciliation", "?year=2021")
    assert "chưa đối chiếu" not in html
    assert html.count("không phải đối chiếu riêng") == 3


def test_the_page_misses_what_the_rules_miss(hanoi: Served) -> None:
    view = hanoi.ledger.extensions.get_extension("Reconciliation").run.assessed  # type: ignore[union-attr]
    frames = view.facts.frames
    none = Facts({**frames, "reconciled": frames["reconciled"].iloc[:0]})
    page = reconciliation.reconciliation(none, none, view.law, 2021, today())
    ours = {
        (duty.name, name)
        for name, agreed in [*((f"{m.first:%Y-%m}", m.agreed) for m in page.months), *page.longer]
        for duty in agreed.missing
    }
    told = {
        (item.subject.split(" ")[1], period)
        for rule in all_rules()
        if isinstance(rule, ReconciledInTime)
        for item in rule.check(none, view.law, today())
        if item.verdict is Verdict.FAIL
        for period in str(item.values["told"].vi).partition("kỳ ")[2].split(", ")
    }
    assert len(ours) > 10
    assert ours == told
    early = reconciliation.reconciliation(none, none, view.law, 2021, dt.date(2021, 7, 5))
    assert [m.state for m in early.months[3:7]] == ["free", "open", "due", "coming"]


def test_a_waiver_of_the_book_leaves_its_error_in_the_way_of_the_settlement(tmp_path: Path) -> None:
    text = ALLOTMENT + OVERDRAWN
    (found,) = [
        finding
        for finding in check_books([write_book(tmp_path / "a", text)], today()).findings
        if finding.code == "BUD101"
    ]
    waiver = f'2022-02-20 custom "waiver" "BUD101" "{found.fingerprint}"\n'
    waiver += '  by: "Kế toán K"\n  reason: "làm tròn"\n'
    served = Served(write_book(tmp_path / "b", text + waiver))
    page: Any = served.ledger.extensions.get_extension("Settlement")
    with served.app.test_request_context(f"/{served.slug}/extension/Settlement/?time=2021"):
        served.app.preprocess_request()
        settled = page.data()
    assert "BUD101" in [finding.code for finding in settled.errors]


def test_enterprises_received_what_their_supports_paid(hanoi: Served) -> None:
    page: Any = hanoi.ledger.extensions.get_extension("Enterprises")
    with hanoi.app.test_request_context(f"/{hanoi.slug}/extension/Enterprises/"):
        hanoi.app.preprocess_request()
        firms = page.data()
    paid = sum(firm.paid for firm in firms)
    assert paid == total(
        f"({SPENT} OR account ~ '^Assets:ChoThanhToan:') AND any_meta('support') IS NOT NULL"
    )
    received = sum(firm.given + firm.pledged + firm.own for firm in firms)
    assert received == -total(
        "account ~ '^Income:DongGop:' AND any_meta('contributor') IS NOT NULL"
    )


def test_the_settlement_shows_what_stands_in_its_way(
    hanoi: Served, faulty: Served, tmp_path: Path
) -> None:
    """The same as the command says of the same book."""
    good = unescape(hanoi.page("Settlement"))
    assert "Ký được: các biểu khớp nhau" in good
    assert "Sổ không nêu Loại – Khoản" in good
    html = unescape(faulty.page("Settlement"))
    told = run_cnht("settle", FINDINGS_BOOK, "--year", "2021", "-o", tmp_path / "bo")
    assert told.code == 1
    kept = (told.err + told.out).partition("Còn để ngỏ")[0]
    reasons = re.findall(r"^\s*[-–•]\s*(.+)$", kept, re.MULTILINE)
    assert reasons
    assert f'<span class="end">{len(reasons)}</span>' in html
    assert f"{reasons[0][:1].upper()}{reasons[0][1:]}" in html
    assert "bản nháp" in html


def workbook_of(served: Served, tmp_path: Path) -> Any:
    """The forms of a set as they are downloaded."""
    packed = served.get("extension/Settlement/workbook", query_string={"year": "2021"})
    archive = zipfile.ZipFile(io.BytesIO(packed.data))
    others = ("dong-so", "cong-kbnn")
    names = [n for n in archive.namelist() if n.endswith(".xlsx")]
    (name,) = [n for n in names if not any(other in n for other in others)]
    return openpyxl.load_workbook(archive.extract(name, tmp_path), data_only=True)


def test_each_form_is_shown_as_the_workbook_has_it(hanoi: Served, tmp_path: Path) -> None:
    workbook = workbook_of(hanoi, tmp_path)
    html = hanoi.page("Settlement")
    chips = re.findall(r'href="([^"]*form=[^"]*)" title="[^"]*"[^>]*>([^<]+)</a>', html)
    assert {name for _, name in chips} >= {"B01", "F01-01", "CT01", "CT04", "S101-H II", "XD 1c"}
    for href, name in chips:
        sheet = workbook[name]
        form = hanoi.get(unescape(href)).text.split('<section class="sheet"')[1]
        shown = [unescape(cell) for cell in re.findall(r'<td class="money">([^<]+)</td>', form)]
        printed = [
            dong(cell.value) if cell.value else "–"
            for row in sheet.iter_rows()
            for cell in row
            if isinstance(cell.value, int) and "#,##0" in cell.number_format
        ]
        assert shown == (printed[: len(shown)] if "dòng nữa" in form else printed), name
        assert len(shown) > settlement.MOST_ROWS or len(shown) == len(printed), name


def test_what_is_proposed_for_settlement_is_what_bean_query_says(hanoi: Served) -> None:
    form = hanoi.page("Settlement", "?form=F01-01").split('<section class="sheet"')[1]
    city = total("account ~ '^(Expenses:NV[0-9]+:NSTP:)' AND year(date) <= 2022")
    assert f">{dong(city)}</td>" in form


def test_a_long_form_is_cut_and_keeps_its_total(hanoi_facts: Facts) -> None:
    layout = next(one for one in load_layouts(HANOI) if one.form == "CT05" and one.total.vi)
    money = next(column.key for column in layout.columns if column.adds)
    grid = fill_listed(layout, [{money: 1}] * (settlement.MOST_ROWS + 50))
    setting = Setting(read_head(hanoi_facts, 2021), Text("năm 2021", "year 2021"), Unit.DONG)
    form = settlement.shown("CT05", grid, (), setting)
    assert len(form.rows) == settlement.MOST_ROWS
    assert form.hidden == len(grid.rows) - settlement.MOST_ROWS
    assert form.rows[-1].dress == "total"
    assert any(cell.text == dong(settlement.MOST_ROWS + 50) for cell in form.rows[-1].cells)


@given(
    st.lists(st.lists(st.sampled_from("ab"), max_size=2), min_size=1, max_size=6).map(
        lambda above: [
            Column(str(n), Text(str(n), str(n)), 5, "text", tuple(Text(w, w) for w in words))
            for n, words in enumerate(above)
        ]
    )
)
def test_headings_cover_every_column_at_every_level(columns: list[Column]) -> None:
    rows = settlement.headings(columns, "vi")
    covered = [0] * len(rows)
    for level, cells in enumerate(rows):
        for cell in cells:
            for below in range(level, level + cell.down):
                covered[below] += cell.across
    assert covered == [len(columns)] * len(rows)


def test_the_workbook_is_the_command_lines(hanoi: Served) -> None:
    answer = hanoi.get("extension/Settlement/workbook", query_string={"year": "2021"})
    assert answer.status_code == 200
    assert answer.data.startswith(b"PK")
    assert "quyet-toan-2021.zip" in answer.headers["Content-Disposition"]
    names = zipfile.ZipFile(io.BytesIO(answer.data)).namelist()
    assert "quyet-toan-KH49-2021-2021.xlsx" in names
    refused = hanoi.get("extension/Settlement/workbook", query_string={"year": "2022"})
    assert refused.status_code == 409


# A book that cannot be read whole.


def test_a_book_with_syntax_errors_opens_and_the_pages_say_why(tmp_path: Path) -> None:
    main = write_book(tmp_path, ALLOTMENT + '2021-02-01 * "thiếu ngoặc\n  Assets:A 1 VND\n')
    served = Served(main)
    for name in NAMES:
        html = served.page(name)
        assert "Chưa tính được trang này" in html
        assert "main.beancount:" in html
    errors = served.get("api/errors").json["data"]
    assert errors
    assert all(isinstance(error["source"]["lineno"], int) for error in errors)
    assert served.get("editor/").status_code == 200


def test_a_declaration_that_cannot_be_used_is_told_on_the_pages(tmp_path: Path) -> None:
    served = Served(write_book(tmp_path, '2021-01-01 custom "party" "01" "A"\n  rolle: "x"\n'))
    assert "rolle" in served.page("Overview")


def test_a_book_without_a_programme_still_opens(tmp_path: Path) -> None:
    served = Served(write_book(tmp_path, "2021-01-01 open Assets:A\n", base=""))
    assert "không khai báo chương trình" in served.page("Overview")
    assert served.get("journal/").status_code == 200


def test_every_error_has_a_real_file_and_a_line(faulty: Served) -> None:
    lengths = {
        name: len((FINDINGS_BOOK / name).read_text("utf-8").splitlines())
        for name in {str(e.source["filename"]).rpartition("/")[2] for e in faulty.ledger.errors}  # type: ignore[index]
    }
    assert lengths
    for error in faulty.ledger.errors:
        assert error.source is not None
        name = str(error.source["filename"]).rpartition("/")[2]
        assert 1 <= error.source["lineno"] <= lengths[name]


def test_a_server_that_runs_overnight_judges_by_the_new_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = Served(write_book(tmp_path, ALLOTMENT + OVERDRAWN))
    tomorrow = dt.date(2100, 1, 2)
    for module in (runs, plugin):
        monkeypatch.setattr(module, "today", lambda: tomorrow)
    assert "02/01/2100" in served.page("Compliance")
    assert "BUD101" in served.page("Compliance")


def test_extensions_of_a_book_run_only_where_that_is_allowed(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    code = f"""from pathlib import Path
from fava.ext import FavaExtensionBase
Path({str(ran)!r}).write_text("x")
class Own(FavaExtensionBase):
    report_title = "Own"
"""
    (tmp_path / "own_pages.py").write_text(code, "utf-8")
    main = write_book(tmp_path, '2021-01-01 custom "fava-extension" "own_pages"\n' + ALLOTMENT)
    assert "own_pages" in Served(main).page("Compliance")
    assert not ran.exists()
    trusted = BookLedger(main, allow_plugins=True, language="vi")
    assert ran.exists()
    assert trusted.extensions.get_extension("Own") is not None
    assert trusted.extensions.get_extension("Overview") is not None


# Vietnamese.


def test_every_message_of_fava_is_in_vietnamese() -> None:
    with (Path(fava.__file__).parent / "translations" / "messages.pot").open("rb") as file:
        template = read_po(file)
    with catalogue.SOURCE.open("rb") as source:
        ours = read_po(source, locale="vi")
    missing = [m.id for m in template if m.id and not ours.get(m.id).string]
    assert missing == []
    for message in ours:
        if message.id:
            wanted = sorted(re.findall(r"%\(\w+\)s", str(message.id)))
            assert sorted(re.findall(r"%\(\w+\)s", str(message.string))) == wanted


def test_favas_help_is_in_vietnamese_under_favas_own_names(hanoi: Served, tmp_path: Path) -> None:
    for slug in fava.help.HELP_PAGES:
        told = hanoi.get("api/help", query_string={"page_slug": slug}).json["data"]
        assert [name for name, _ in told["pages"]] != []
        assert {name for name, _ in told["pages"]} == set(fava.help.HELP_PAGES)
        if slug != "extensions":
            assert "của" in told["html"], slug
            assert "_VERSION" not in told["html"]
    assert hanoi.get("api/help", query_string={"page_slug": "../x"}).status_code == 404
    english = Served(write_book(tmp_path, ALLOTMENT), language="en")
    told = english.get("api/help", query_string={"page_slug": "_index"}).json["data"]
    assert "Welcome" in told["html"]


def test_fava_answers_in_vietnamese_and_in_english(hanoi: Served, tmp_path: Path) -> None:
    def journal(html: str) -> bool:
        return "Nh\\u1eadt k\\u00fd" in html

    assert journal(hanoi.get("journal/").text)
    english = Served(write_book(tmp_path, ALLOTMENT), language="en")
    assert not journal(english.get("journal/").text)
    assert "<h2>Overview</h2>" in english.page("Overview")


def test_english_pages_speak_english_and_write_amounts_so(tmp_path: Path) -> None:
    served = Served(write_book(tmp_path, ALLOTMENT + OVERDRAWN), language="en")
    assert figure(served.page("Overview"), "spent") == "1,001"
    asking = served.page("Ask")
    assert "Domestic" in asking
    assert "Thực chi" not in asking


def test_amounts_are_printed_as_vietnamese_print_them(hanoi: Served) -> None:
    assert hanoi.ledger.format_decimal(Decimal(1234567), "VND") == "1.234.567"


@pytest.mark.parametrize("typed", ["2021-02-30", "2021-13", "2021-00-10", "2021-W60", "31/02/2021"])
@pytest.mark.parametrize("page", ["extension/Overview/", "extension/Compliance/", "journal/"])
def test_a_day_that_is_none_is_told_on_every_page(hanoi: Served, typed: str, page: str) -> None:
    answer = hanoi.get(page, query_string={"time": typed}, follow_redirects=True)
    assert answer.status_code == 400
    assert "không phải là một khoảng thời gian" in answer.text


def test_days_are_typed_as_pages_print_them(hanoi: Served) -> None:
    typed = {"time": "01/08/2021 - 31/8/2021", "account": "NV05"}
    answer = hanoi.get("extension/Overview/", query_string=typed)
    assert answer.status_code == 302
    assert "time=2021-08-01+-+2021-08-31" in answer.location
    assert "account=NV05" in answer.location
    shown = hanoi.get("extension/Overview/", query_string=typed, follow_redirects=True)
    assert "31/08/2021" in shown.text


def test_what_the_book_accepts_is_told_by_whom_and_why(tmp_path: Path) -> None:
    folder = tmp_path / "so"
    shutil.copytree(FINDINGS_BOOK, folder)
    told = json.loads(run_cnht("check", folder, "--format", "json").out)["findings"]
    found = next(one for one in told if one["code"] == "BUD101")
    with (folder / "main.beancount").open("a", encoding="utf-8") as file:
        file.write(
            f'\n2022-03-01 custom "waiver" "BUD101" "{found["fingerprint"]}"\n'
            '  by: "Nguyễn Văn A, kiểm toán"\n  reason: "đã có văn bản bổ sung"\n'
        )
    page = Served(folder / "main.beancount").page("Compliance", "?code=BUD101")
    assert "Đã chấp nhận theo khai báo trong sổ" in page
    accepted = page.partition("data-accepted")[2]
    assert "Nguyễn Văn A, kiểm toán" in accepted
    assert "đã có văn bản bổ sung" in accepted


def test_a_filter_that_cannot_be_read_says_what_to_type(hanoi: Served) -> None:
    for query in ("?time=thang+8", "?time=thang+8&partial=true"):
        answer = hanoi.get(f"extension/Overview/{query}")
        assert answer.status_code == 400
        assert "«thang 8» không phải là một khoảng thời gian. Gõ như 2021" in answer.text
        assert ("<article>" in answer.text) == ("partial" not in query)
    assert "không đọc được" in hanoi.get("extension/Overview/?filter=%22").text


# Fava's own features.


def test_budgets_are_the_allotments(hanoi: Served) -> None:
    year = (dt.date(2021, 1, 1), dt.date(2022, 1, 1))
    found = hanoi.ledger.budgets.calculate("Expenses:NV02:NSTP", *year)
    assert round(found["VND"]) == 2_345_000_000
    after = hanoi.ledger.budgets.calculate(
        "Expenses:NV02:NSTP", dt.date(2022, 1, 1), dt.date(2023, 1, 1)
    )
    assert after["VND"] == 0


def test_saved_queries_run(hanoi: Served) -> None:
    queries = hanoi.get("api/ledger_data").json["data"]["user_queries"]
    assert len(queries) >= 4
    for query in queries:
        assert len(query["name"]) < 25
        answer = hanoi.get("api/query", query_string={"query_string": query["query_string"]})
        assert answer.status_code == 200, answer.text


def test_links_of_the_sidebar_lead_somewhere(hanoi: Served) -> None:
    links = hanoi.ledger.misc.sidebar_links
    assert links
    for _, link in links:
        assert hanoi.get(link).status_code == 200


def test_a_month_is_known_by_its_file() -> None:
    files = ["/b/2021-01.beancount", "/b/2021-02.beancount", "/b/cu/2021-02.beancount", "/b/a.bean"]
    months = {dt.date(2021, 1, 1): files[0], dt.date(2021, 2, 1): files[1]}
    assert month_files(files) == months
    assert month_files(files[::-1]) == months


def test_pages_work_in_a_plain_fava_that_the_book_asks_for(tmp_path: Path) -> None:
    text = '2021-01-01 custom "fava-extension" "reports.pages"\n'
    main = write_book(tmp_path, 'plugin "rules.plugin"\n' + text + ALLOTMENT)
    app = create_app([main])
    client = app.test_client()
    slug = app.config["LEDGERS"].first_slug()
    answer = client.get(f"/{slug}/extension/Overview/", headers={"Accept-Language": "vi"})
    assert "<h2>Tổng quan</h2>" in answer.text
    assert "1.000" in answer.text
    assert isinstance(app.config["LEDGERS"].ledgers[0], FavaLedger)


# The chart.


def test_the_charts_axis_reaches_every_amount() -> None:
    points = [Point(dt.date(2021, n, 28), n * 7, n * 9, n * 11) for n in range(1, 13)]
    drawn = chart(points)
    assert drawn.ticks[-1].amount >= 12 * 11
    assert drawn.ticks[-1].amount < 2 * 12 * 11
    for line in drawn.lines:
        heights = [dot.y for dot in line.dots]
        assert heights == sorted(heights, reverse=True)


def test_months_to_come_are_not_drawn() -> None:
    points = [
        Point(dt.date(2021, n, 28), 5 if n < 4 else None, 6 if n < 4 else None, n)
        for n in range(1, 13)
    ]
    assert [len(line.dots) for line in chart(points).lines] == [12, 3, 3]


# Asking before paying.


TRAINING = """
2021-05-01 custom "event" "LOP-01" "Lớp 1"
  task: "NV05"
  activity: "training"
  start: 2021-06-01
  end: 2021-06-03
2021-01-01 * "Giao dự toán"
  kind: "allotment"
  budget-year: 2021
  Assets:DuToan:KhaDung:NV05:NSTP   9000000 VND
  Equity:GiaoDuToan:NSTP           -9000000 VND
2021-06-10 * "Đóng góp"
  kind: "contribution-direct"
  activity: "training"
  event: "LOP-01"
  Expenses:NV05:DNTC:TM0000   2000000 VND
  Income:DongGop:NV05:DNTC   -2000000 VND
"""


def test_the_answer_is_that_of_the_command(tmp_path: Path) -> None:
    main = write_book(tmp_path, ALLOTMENT + TRAINING)
    form = {"task": "NV05", "activity": "training", "amount": "1.500.000", "on": "15/10/2021"}
    html = Served(main).page(
        "Ask", "?" + urlencode({**form, "sub_item": "6651", "event": "LOP-01"})
    )
    told = run_cnht(
        *("ask", main, "--task", "NV05", "--activity", "training", "--event", "LOP-01"),
        *("--amount", "1500000", "--on", "2021-10-15", "--sub-item", "6651", "--format", "json"),
    )
    answer = json.loads(told.out)
    level = {"refused": "bad", "explain": "warn", "allowed": "good"}[answer["answer"]]
    assert f'data-verdict="{level}"' in html
    assert answer["available"] == 9_000_000
    assert 'data-figure="available">9.000.000<' in html
    assert answer["most"] is not None
    assert f'data-figure="most">{dong(answer["most"])} <' in html
    assert answer["bounds"]
    for bound in answer["bounds"]:
        assert f">{dong(bound['most'])}</td>" in html
    for finding in answer["findings"]:
        assert finding["message"] in unescape(html)
    assert answer["norms"]
    for norm in answer["norms"]:
        assert norm["used"] is None or f">{dong(norm['used'])}</td>" in html


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("?task=&amount=5", "Chưa chọn nhiệm vụ"),
        ("?task=NV05&amount=x", "Số tiền phải lớn hơn 0"),
        ("?task=NV05&amount=-5", "Số tiền phải lớn hơn 0"),
        ("?task=NV05&amount=5&on=31/02/2021", "Ngày chi không đọc được"),
        ("?task=NV99&amount=5", "NV99"),
        ("?task=%3Cscript%3E&amount=5", "&lt;script&gt;"),
    ],
)
def test_what_cannot_be_asked_is_told(hanoi: Served, query: str, told: str) -> None:
    html = hanoi.page("Ask", query)
    assert told in html
    assert "data-verdict" not in html


@pytest.mark.parametrize("field", ["Nguồn", "Tiểu mục"])
def test_a_form_names_its_fields_and_no_option_of_a_command(tmp_path: Path, field: str) -> None:
    more = ALLOTMENT if field == "Tiểu mục" else ""
    served = Served(write_book(tmp_path, more))
    html = served.page("Ask", "?task=NV02&amount=5&on=15/10/2021")
    assert f"ở ô «{field}»" in html or f"điền ô «{field}»" in html
    assert "--" not in html.split('role="alert"')[1].split("</ul>")[0]


def test_asking_keeps_favas_filters_and_the_year(hanoi: Served) -> None:
    kept = {"time": "2021", "account": "NV05", "filter": 'payee:"<b>"', "year": "2021"}
    html = hanoi.page("Ask", "?" + urlencode(kept))
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))
    assert {name: unescape(value) for name, value in found.items()} == kept
