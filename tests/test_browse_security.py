"""What stands before a book in the browser: names, origins, tokens, accounts, roles."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from ledger.problems import BadInputError
from reports.pages.server import serving
from reports.pages.server.accounts import Accounts, Role
from reports.pages.server.guard import LARGEST_BODY
from reports.pages.server.log import Log, LogError
from reports.pages.server.serving import Place, _server, application_of
from reports.pages.server.sessions import FREE_TRIES_OF_ADDRESS, IDLE, LONGEST, Sessions, Tries
from rules.law import NORMS_FOLDER
from tests.books import ALLOTMENT, run_cnht, write_book
from tests.served import HOST, Served

OPENSSL = shutil.which("openssl")
PASSWORD = "một mật khẩu dài"  # noqa: S105  # of a test
READING = {"GET", "HEAD", "OPTIONS"}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Served:
    main = write_book(tmp_path_factory.mktemp("office") / "so", ALLOTMENT).resolve()
    accounts = Accounts(main)
    accounts.add("lan", Role.OFFICER, PASSWORD)
    accounts.add("binh", Role.AUDITOR, PASSWORD)
    accounts.add("quan", Role.ADMIN, PASSWORD)
    return Served(main, accounts=accounts)


def logged_in(served: Served, name: str) -> Served:
    served.client._cookies.clear()  # noqa: SLF001  # werkzeug has no other way
    assert served.log_in(name, PASSWORD).status_code == 303
    return served


def writing_routes(served: Served) -> list[tuple[str, str]]:
    """Every route of Fava, ours included, by a method that may write."""
    routes = []
    for rule in served.app.url_map.iter_rules():
        path = rule.rule.replace("<bfile>", served.slug)
        path = path.replace("<extension_name>", "Overview").replace("<endpoint>", "x")
        routes += [(method, path) for method in sorted(set(rule.methods) - READING)]
    return routes


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in sorted(folder.glob("*.beancount"))}


# Names and origins.


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io"])
def test_a_foreign_name_is_not_answered(hanoi: Served, host: str) -> None:
    for path in ("/", "/_cnht/session", f"/{hanoi.slug}/api/ledger_data", "/static/app.js"):
        answer = hanoi.client.get(path, base_url=f"http://{host}:5000")
        assert answer.status_code == 421
        assert "Assets" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8080", "[::1]:5000", "so.example.vn"])
def test_own_names_are_answered(hanoi: Served, host: str) -> None:
    assert hanoi.client.get("/", base_url=f"http://{host}").status_code == 302


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:5001"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"X-CSRF-Token": ""},
        {"X-CSRF-Token": "guessed"},
    ],
)
def test_a_write_from_elsewhere_is_refused_on_every_route(
    hanoi: Served, headers: dict[str, str]
) -> None:
    before = bytes_of(hanoi.main.parent)
    for method, path in writing_routes(hanoi):
        answer = hanoi.send(method, path, json={}, headers=headers)
        assert answer.status_code == 403, (method, path)
    assert bytes_of(hanoi.main.parent) == before


def test_the_token_is_not_given_to_another_origin(hanoi: Served) -> None:
    answer = hanoi.get("/_cnht/session", headers={"Origin": "http://evil.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_every_answer_carries_its_headers(hanoi: Served) -> None:
    for path in ("/", "/_cnht/session", "/static/app.css", "/nothing/here/", "api/errors"):
        headers = hanoi.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "script-src 'self' 'wasm-unsafe-eval'" in headers["Content-Security-Policy"]
        assert headers["Referrer-Policy"] == "same-origin"


def test_reading_has_no_effect(hanoi: Served) -> None:
    before = bytes_of(hanoi.main.parent)
    for rule in hanoi.app.url_map.iter_rules():
        if "GET" in rule.methods and rule.endpoint != "static":
            path = rule.rule.replace("<bfile>", hanoi.slug)
            path = re.sub(r"<(?:any\([^)]*\):)?extension_name>", "Overview", path)
            hanoi.get(re.sub(r"<[^>]+>", "account", path))
    assert bytes_of(hanoi.main.parent) == before


# Sizes.


def test_what_is_too_large_is_cut_off(hanoi: Served) -> None:
    size = {"CONTENT_LENGTH": str(LARGEST_BODY + 1)}
    answer = hanoi.send("PUT", "api/source", json={}, environ_overrides=size)
    assert answer.status_code == 413
    assert "32 MB" in answer.json["error"]


def test_what_does_not_say_its_size_is_cut_off_too(tmp_path: Path) -> None:
    """A body in chunks, whose length no head tells, over a socket."""
    place = Place("localhost", 0)
    main = write_book(tmp_path, ALLOTMENT)
    server = _server(application_of(main, place, language="vi", allow_plugins=False), place)
    server.prepare()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    port, chunks = server.bind_addr[1], 4 * LARGEST_BODY // 0x100000
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/_cnht/session") as session:
            token = json.loads(session.read())["csrf"]
        head = (
            "POST /beancount/extension/Reconciliation/preview HTTP/1.1\r\n"
            f"Host: localhost:{port}\r\nX-CSRF-Token: {token}\r\n"
            "Content-Type: multipart/form-data; boundary=x\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        part = b'--x\r\nContent-Disposition: form-data; name="statement"; filename="a.csv"\r\n\r\n'
        sent, answer = 0, b""
        with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
            line.sendall(head.encode() + f"{len(part):x}\r\n".encode() + part + b"\r\n")
            with contextlib.suppress(OSError):  # the line is cut while more is sent
                for _ in range(chunks):
                    line.sendall(b"100000\r\n" + b"x" * 0x100000 + b"\r\n")
                    sent += 1
            with contextlib.suppress(OSError):
                answer = line.recv(100)
    finally:
        server.stop()
        thread.join()
    assert sent < chunks
    assert answer[9:12] in {b"413", b""}  # told, or cut before it could be


# Accounts.


def test_without_login_nothing_but_the_login_page_is_answered(office: Served) -> None:
    office.client._cookies.clear()  # noqa: SLF001
    for rule in office.app.url_map.iter_rules():
        path = re.sub(r"<[^>]+>", "x", rule.rule.replace("<bfile>", office.slug))
        for method in rule.methods:
            answer = office.client.open(path, method=method, base_url=HOST)
            assert answer.status_code == 401, (method, path)
    page = office.client.get("/", base_url=HOST, headers={"Accept": "text/html"})
    assert page.status_code == 303
    assert page.headers["Location"] == "/_cnht/login"
    login = office.client.get("/_cnht/login", base_url=HOST)
    assert login.status_code == 200
    assert "Công Thương" not in login.text
    assert "Hội chợ" not in login.text


def test_an_auditor_is_refused_on_every_writing_route(office: Served) -> None:
    logged_in(office, "binh")
    before = bytes_of(office.main.parent)
    routes = writing_routes(office)
    assert {"put", "delete"} <= {method.lower() for method, _ in routes}
    assert len(routes) >= 12
    for method, path in routes:
        assert office.send(method, path, json={}).status_code == 403, (method, path)
    assert bytes_of(office.main.parent) == before
    assert office.get("extension/Compliance/").status_code == 200
    assert office.get("/_cnht/session").json["writes"] is False


def test_an_officer_writes_and_reads_no_log(office: Served) -> None:
    logged_in(office, "lan")
    file = office.main
    source, digest = office.source(file)
    assert office.save(file, source + "\n;; ghi chú\n", digest).status_code == 200
    assert file.read_text("utf-8").endswith(";; ghi chú\n")
    assert office.get("/_cnht/log").status_code == 404
    assert office.get("/_cnht/log.jsonl").status_code == 404


def test_the_log_says_who_wrote_and_took_what(office: Served) -> None:
    logged_in(office, "lan")
    assert office.get("download-journal/").status_code == 200
    logged_in(office, "quan")
    raw = office.get("/_cnht/log.jsonl")
    assert raw.headers["Content-Disposition"].startswith("attachment")
    lines = [json.loads(line) for line in raw.text.splitlines()]
    assert any(x["who"] == "lan" and x["what"] == "download" for x in lines)
    assert any(x["who"] == "lan" and x["what"] == "write" for x in lines)
    assert all({"when", "who", "what"} <= set(line) for line in lines)
    assert not any("static" in line.get("path", "") for line in lines)
    assert PASSWORD not in json.dumps(lines, ensure_ascii=False)
    assert any(line.get("files") == "main.beancount" for line in lines)
    page = office.get("/_cnht/log")
    assert page.mimetype == "text/html"
    assert "<strong>main.beancount</strong>" in page.text
    assert "/_cnht/log.jsonl" in page.text
    office.log_in("<b>mallory</b>", "x")
    assert "&lt;b&gt;mallory" in office.get("/_cnht/log?q=MALLORY").text
    assert "main.beancount" not in office.get("/_cnht/log?q=mallory").text


def test_a_write_that_cannot_be_logged_does_not_happen(
    hanoi: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = hanoi.main.parent / "2021-06.beancount"
    source, digest = hanoi.source(file)

    def full(*_: object, **__: object) -> None:
        raise LogError("no space left")

    monkeypatch.setattr(Log, "add", full)
    assert hanoi.save(file, source + "\n", digest).status_code == 503
    assert file.read_text("utf-8") == source


def test_a_write_that_has_happened_is_not_denied(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    main = write_book(tmp_path / "so", ALLOTMENT).resolve()
    served = Served(main)
    source, digest = served.source(main)
    calls: list[str] = []
    real = Log.add

    def full_at_last(log: Log, who: str, what: str, **more: Any) -> None:
        calls.append(what)
        if what == "written":
            raise LogError("no space left")
        real(log, who, what, **more)

    monkeypatch.setattr(Log, "add", full_at_last)
    assert served.save(main, source + "\n", digest).status_code == 200
    assert main.read_text("utf-8") == source + "\n"
    assert calls == ["write", "written"]


def test_another_password_ends_the_sessions_of_the_old_one(tmp_path: Path) -> None:
    main = write_book(tmp_path, ALLOTMENT)
    accounts = Accounts(main)
    accounts.add("lan", Role.OFFICER, PASSWORD)
    served = logged_in(Served(main, accounts=accounts), "lan")
    assert served.get("extension/Overview/").status_code == 200
    accounts.add("lan", Role.OFFICER, f"{PASSWORD} hơn")
    assert served.get("extension/Overview/").status_code == 401


def test_an_account_that_is_taken_away_and_given_again_begins_anew(tmp_path: Path) -> None:
    main = write_book(tmp_path, ALLOTMENT)
    accounts = Accounts(main)
    accounts.add("lan", Role.AUDITOR, PASSWORD)
    served = logged_in(Served(main, accounts=accounts), "lan")
    accounts.remove("lan")
    accounts.add("lan", Role.ADMIN, PASSWORD)
    assert served.get("extension/Overview/").status_code == 401


def test_a_file_of_accounts_damaged_meanwhile_lets_nobody_in(tmp_path: Path) -> None:
    main = write_book(tmp_path, ALLOTMENT)
    accounts = Accounts(main)
    accounts.add("lan", Role.OFFICER, PASSWORD)
    served = logged_in(Served(main, accounts=accounts), "lan")
    accounts.path.write_text("{", "utf-8")
    answer = served.get("extension/Overview/")
    assert answer.status_code == 503
    assert "Tệp tài khoản bị hỏng" in answer.text


def test_a_wrong_password_waits(tmp_path: Path) -> None:
    main = write_book(tmp_path, ALLOTMENT)
    accounts = Accounts(main)
    accounts.add("lan", Role.OFFICER, PASSWORD)
    accounts.add("binh", Role.AUDITOR, PASSWORD)
    served = Served(main, accounts=accounts)
    answers = [served.log_in("lan", "sai").status_code for _ in range(6)]
    assert answers == [403] * 5 + [429]
    late = served.log_in("lan", PASSWORD)
    assert late.status_code == 429
    assert int(late.headers["Retry-After"]) > 0
    # Others of the same office come from the same address.
    assert served.log_in("binh", PASSWORD).status_code == 303
    waits = Tries(FREE_TRIES_OF_ADDRESS, Clock())
    for _ in range(FREE_TRIES_OF_ADDRESS):
        assert waits.wait("192.0.2.1") == 0
        waits.failed("192.0.2.1")
    assert waits.wait("192.0.2.1") > 0


def test_a_removed_account_is_out_at_once(tmp_path: Path) -> None:
    main = write_book(tmp_path, ALLOTMENT)
    accounts = Accounts(main)
    accounts.add("lan", Role.OFFICER, PASSWORD)
    accounts.add("binh", Role.AUDITOR, PASSWORD)
    served = logged_in(Served(main, accounts=Accounts(main)), "lan")
    assert served.get("journal/").status_code == 200
    accounts.remove("lan")
    assert served.get("journal/").status_code == 401


def test_logging_out_ends_the_session(office: Served) -> None:
    logged_in(office, "binh")
    assert office.send("POST", "/_cnht/logout").status_code == 303
    assert office.get("journal/").status_code == 401


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(office: Served) -> None:
    cookie = office.log_in("lan", PASSWORD).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


def test_login_from_another_site_is_refused(office: Served) -> None:
    answer = office.client.post(
        "/_cnht/login",
        base_url=HOST,
        data={"name": "lan", "password": PASSWORD},
        headers={"Origin": "http://evil.example"},
    )
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


def test_passwords_are_kept_as_argon2id_in_a_file_for_its_owner(tmp_path: Path) -> None:
    accounts = Accounts(write_book(tmp_path, ALLOTMENT))
    accounts.add("lan", Role.OFFICER, PASSWORD)
    text = accounts.path.read_text("utf-8")
    assert "$argon2id$" in text
    assert PASSWORD not in text
    assert accounts.path.stat().st_mode & 0o077 == 0
    assert accounts.verify("lan", PASSWORD) is not None
    assert accounts.verify("lan", PASSWORD + "x") is None
    assert accounts.verify("nobody", PASSWORD) is None


@pytest.mark.parametrize(
    ("name", "password"), [("lan", "ngắn"), ("Lan Anh", PASSWORD), ("lan", "lan12345678")]
)
def test_names_and_passwords_that_will_not_do(tmp_path: Path, name: str, password: str) -> None:
    accounts = Accounts(write_book(tmp_path, ALLOTMENT))
    with pytest.raises(BadInputError):
        accounts.add(name, Role.OFFICER, password)
    assert not accounts.path.exists()


def test_a_damaged_file_of_accounts_is_bad_input(tmp_path: Path) -> None:
    main = write_book(tmp_path, ALLOTMENT)
    accounts = Accounts(main)
    accounts.add("lan", Role.OFFICER, PASSWORD)
    accounts.path.write_text("{", "utf-8")
    with pytest.raises(BadInputError, match="hỏng"):
        Accounts(main).all()


class Clock:
    """A clock that is set."""

    now = 1000.0

    def __call__(self) -> float:
        """The time."""
        return self.now


def test_sessions_end_when_idle_and_in_any_case() -> None:
    clock = Clock()
    sessions = Sessions(clock)
    idle, busy = sessions.begin("lan", "a"), sessions.begin("binh", "b")
    for _ in range(LONGEST // (IDLE - 1)):
        clock.now += IDLE - 1
        assert sessions.find(busy) is not None
    assert sessions.find(idle) is None
    clock.now += IDLE - 1
    assert sessions.find(busy) is None
    assert sessions.find("guessed") is None


def test_waits_grow_and_are_forgotten() -> None:
    clock = Clock()
    tries = Tries(clock=clock)
    waits = []
    for _ in range(12):
        tries.failed("lan")
        waits.append(tries.wait("lan"))
    assert waits[:4] == [0, 0, 0, 0]
    assert waits[4:] == sorted(waits[4:])
    assert waits[-1] <= 15 * 60 + 1
    clock.now += 15 * 60 + 1
    assert tries.wait("lan") == 0
    tries.failed("lan")
    assert tries.wait("lan") == 0


# Paths and text.


@pytest.mark.parametrize(
    "name",
    ["/etc/passwd", "../../etc/passwd", str(NORMS_FOLDER / "83-2015-qh13.yaml"), ".cnht/log.jsonl"],
)
def test_no_file_outside_the_book_is_read_or_written(hanoi: Served, name: str) -> None:
    wanted = str(hanoi.main.parent / name)
    for file in (name, wanted):
        for route in ("api/source", "document/", "api/extract"):
            query = {"filename": file, "importer": "x"}
            answer = hanoi.get(route, query_string=query)
            assert answer.status_code >= 400, (route, file)
        saved = hanoi.save(Path(file), "x", "")
        assert saved.status_code >= 400
    assert Path("/etc/passwd").read_text("utf-8").startswith("root:")


def test_the_norms_of_the_program_cannot_be_written(tmp_path: Path) -> None:
    main = write_book(tmp_path, 'plugin "rules.plugin"\n' + ALLOTMENT)
    served = Served(main)
    norm = NORMS_FOLDER / "83-2015-qh13.yaml"
    before = norm.read_bytes()
    served.ledger.options["include"] = [*served.ledger.options["include"], str(norm)]
    source, digest = served.source(norm)
    answer = served.save(norm, source + "#", digest)
    assert answer.status_code == 403
    assert norm.read_bytes() == before


def test_what_a_book_says_leads_nowhere_else(tmp_path: Path) -> None:
    text = """
2021-01-01 custom "fava-option" "import-dirs" "/etc"
2021-01-01 custom "fava-option" "default-file" "/etc/passwd"
2021-01-01 custom "fava-extension" "evil_extension"
2021-01-01 document Assets:TienGui:KB01 "/etc/passwd"
"""
    (tmp_path / "evil_extension.py").write_text("raise SystemExit(3)", "utf-8")
    served = Served(write_book(tmp_path, ALLOTMENT + text))
    for route in ("document/", "api/source"):
        answer = served.get(route, query_string={"filename": "/etc/passwd"})
        assert answer.status_code >= 400
    assert "root:" not in served.get("api/source").text
    html = served.page("Compliance")
    assert "import-dirs" in html
    assert "evil_extension" in html


def test_text_of_the_book_is_shown_as_text(tmp_path: Path) -> None:
    text = """
2021-03-01 * "{{ 7 * 7 }}<script>alert(1)</script>{% raise %}"
  kind: "payment"
  Assets:DuToan:KhaDung:NV02:NSTP  -1001 VND
  Expenses:NV02:NSTP:TM6655         1001 VND
2021-03-01 custom "party" "0100000009" "<img src=x onerror=alert(1)>{{ config }}"
  role: "enterprise"
"""
    served = Served(write_book(tmp_path, ALLOTMENT + text))
    html = served.page("Compliance") + served.page("Enterprises")
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "{{ 7 * 7 }}" in html
    assert "{{ config }}" in html


@pytest.mark.parametrize("query", ["?year={{7*7}}", "?severity=<script>", "?code=<script>alert"])
def test_text_of_the_address_is_shown_as_text(hanoi: Served, query: str) -> None:
    for name in ("Overview", "Compliance"):
        html = hanoi.page(name, query)
        assert "<script>a" not in html.split("</article>")[0].split("<article>")[1].lower()
        assert ">49<" not in html


def test_a_scan_runs_nothing_where_it_is_opened(tmp_path: Path) -> None:
    folder = tmp_path / "docs" / "Assets" / "TienGui" / "KB01"
    folder.mkdir(parents=True)
    (folder / "2021-01-02 x.html").write_text("<script>alert(1)</script>", "utf-8")
    served = Served(
        write_book(
            tmp_path,
            'option "documents" "docs"\n'
            + ALLOTMENT
            + """
2021-01-01 * "Thu"
  kind: "deposit-interest"
  Assets:TienGui:KB01  5 VND
  Income:Khac:LaiTienGui -5 VND
""",
        )
    )
    answer = served.get("document/", query_string={"filename": str(folder / "2021-01-02 x.html")})
    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"].endswith("sandbox")


# Starting.


def at(main: Path, **place: Any) -> Any:
    where = Place(**{"host": "localhost", "port": 5000, **place})
    return application_of(main, where, language="vi", allow_plugins=False)


@pytest.fixture
def not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Places are looked at; no book is loaded for it."""
    monkeypatch.setattr(serving, "make_app", lambda how: how)


@pytest.mark.parametrize(
    "place",
    [
        {"host": "0.0.0.0"},  # noqa: S104  # what must be refused
        {"host": "192.0.2.1"},
        {"allowed": ("so.example.vn",)},
        {"behind_proxy": True},
    ],
)
@pytest.mark.usefixtures("not_loaded")
def test_others_reach_a_book_only_with_accounts(tmp_path: Path, place: dict[str, Any]) -> None:
    main = write_book(tmp_path, ALLOTMENT)
    with pytest.raises(BadInputError, match="chưa có tài khoản"):
        at(main, **place)
    Accounts(main).add("lan", Role.OFFICER, PASSWORD)
    served = at(main, **place)
    how = served.app if place.get("behind_proxy") else served
    assert set(how.accounts.all()) == {"lan"}


@pytest.mark.usefixtures("not_loaded")
def test_a_proxy_stands_on_this_machine(tmp_path: Path) -> None:
    main = write_book(tmp_path, ALLOTMENT)
    Accounts(main).add("lan", Role.OFFICER, PASSWORD)
    with pytest.raises(BadInputError, match="--behind-proxy chỉ dùng với địa chỉ của chính máy"):
        at(main, host="0.0.0.0", behind_proxy=True)  # noqa: S104  # what must be refused


def test_on_this_machine_a_book_asks_for_accounts_once_it_has_any(tmp_path: Path) -> None:
    main = write_book(tmp_path, "", base="")
    served = Served(main, accounts=Accounts(main))
    assert served.get("journal/").status_code == 200
    added = Accounts(main)  # as the command line does, beside the server
    added.add("lan", Role.OFFICER, PASSWORD)
    assert served.get("journal/").status_code == 401
    assert logged_in(served, "lan").get("journal/").status_code == 200
    added.remove("lan")
    assert served.get("journal/").status_code == 401


def test_half_a_certificate_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="tls-key"):
        at(write_book(tmp_path, ALLOTMENT), certificate=tmp_path / "x.pem")


def test_the_command_line_refuses_with_exit_code_2(tmp_path: Path) -> None:
    main = write_book(tmp_path, ALLOTMENT)
    ran = run_cnht("browse", main, "--host", "0.0.0.0")  # noqa: S104  # as above
    assert ran.code == 2
    assert "cnht accounts add" in ran.err


def test_the_addresses_told_are_those_answered() -> None:
    assert Place("localhost", 5000).urls == ("http://localhost:5000/",)
    everywhere = Place("0.0.0.0", 5000, ("so.donvi.gov.vn",))  # noqa: S104  # as above
    assert "http://so.donvi.gov.vn:5000/" in everywhere.urls
    assert f"http://{socket.gethostname().lower()}:5000/" in everywhere.urls
    assert not any("0.0.0.0" in url for url in everywhere.urls)  # noqa: S104  # as above


def test_no_password_typed_is_no_fault_of_the_program(tmp_path: Path) -> None:
    main = write_book(tmp_path, ALLOTMENT)
    from tests.books import CNHT  # noqa: PLC0415  # here only

    ran = subprocess.run(
        [CNHT, "accounts", "add", main, "lan", "--role", "officer"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        start_new_session=True,
    )
    assert ran.returncode == 130
    assert "chưa nhập câu trả lời" in ran.stderr
    assert not Accounts(main).all()


def test_accounts_by_the_command_line(tmp_path: Path) -> None:
    main = write_book(tmp_path, ALLOTMENT)
    added = subprocess_add(main, "lan", PASSWORD)
    assert added.returncode == 0
    assert "lan\tofficer\tcán bộ" in run_cnht("accounts", "list", main).out
    assert run_cnht("accounts", "remove", main, "lan").code == 0
    told = [(line["what"], line["files"]) for line in Log(main).last("")]
    assert told == [("account-removed", "lan"), ("account-set", "lan officer")]
    with pytest.raises(BadInputError, match="không có tài khoản"):
        Accounts(main).remove("lan")


def subprocess_add(main: Path, name: str, password: str) -> subprocess.CompletedProcess[str]:
    from tests.books import CNHT  # noqa: PLC0415  # here only

    return subprocess.run(
        [CNHT, "accounts", "add", main, name, "--role", "officer", "--password-stdin"],
        input=password + "\n",
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    if OPENSSL is None and not os.environ.get("CNHT_REQUIRE_ALL"):
        pytest.skip("no openssl on this machine")
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    made = ["-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=localhost"]
    subprocess.run([str(OPENSSL), "req", "-x509", *curve, *made], capture_output=True, check=True)
    return cert, key


def test_a_book_is_served_by_tls(tmp_path: Path, certificate: tuple[Path, Path]) -> None:
    main = write_book(tmp_path, ALLOTMENT)
    Accounts(main).add("lan", Role.OFFICER, PASSWORD)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    place = Place("localhost", port, (), *certificate)
    server = _server(application_of(main, place, language="vi", allow_plugins=False), place)
    server.prepare()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    try:
        with urllib.request.urlopen(
            f"https://localhost:{port}/_cnht/login", context=trusting
        ) as answer:
            assert answer.status == 200
            assert "Strict-Transport-Security" in answer.headers
    finally:
        server.stop()
        thread.join()
