"""What stands before Fava: whose request it is, where it comes from, and what it may do.

Fava has no login, looks at no ``Host`` and knows no token, so that a page on the internet could
reach a book on this machine. Every request passes here first.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import re
import secrets
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlsplit

import jinja2
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Request, Response

from ledger.problems import BadInputError
from ledger.text import Language, Text
from reports.pages.page import WRITES_KEY
from reports.pages.server.accounts import Role
from reports.pages.server.files import WHO, WROTE
from reports.pages.server.log import FILE, Log, LogError
from reports.pages.server.sessions import FREE_TRIES_OF_ADDRESS, LONGEST, Sessions, Tries

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from reports.pages.server.accounts import Account, Accounts

OWN: Final = "/_cnht"
TOKEN_HEADER: Final = "X-CSRF-Token"  # noqa: S105  # a header's name

LARGEST_BODY: Final = 32 * 1024 * 1024
_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
# What is sent in a body and has no effect: these may be asked for by whoever only reads.
_PREVIEWS: Final = re.compile(r"/[^/]+/extension/(?:Reconciliation|Vouchers)/preview")
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
_HOST: Final = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::\d{1,5})?")

# Fava's editor sets styles of its own and runs its grammar as WebAssembly.
_POLICY: Final = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-src 'self'; "
    "object-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
# What somebody put into the book's folder runs nothing, wherever it is opened.
_POLICY_OF_FILES: Final = (
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; object-src 'self'; "
    "frame-ancestors 'self'"
)
_SANDBOXED: Final = "; sandbox"
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class Rules(NamedTuple):
    """How one server is guarded.

    Attributes:
        hosts: names that it answers to besides those of this machine.
        accounts: who may log in, where the book has any; None where it is never asked.
        secure: reached by TLS, by itself or through a proxy.
        port: its port, which tells its cookies from those of another on this machine.
        language: of what the guard itself says.
    """

    hosts: frozenset[str]
    accounts: Accounts | None
    secure: bool
    port: int
    language: Language


class _Caller(NamedTuple):
    """Who makes a request."""

    name: str
    role: Role
    csrf: str


class Guard:
    """A WSGI application before another."""

    def __init__(self, app: WSGIApplication, rules: Rules, log: Log) -> None:
        self._app = app
        self._rules = rules
        self._log = log
        self._sessions = Sessions()
        self._tries, self._tries_from = Tries(), Tries(FREE_TRIES_OF_ADDRESS)
        # Each verification takes memory on purpose; many at once would take the machine's.
        self._verifying = threading.Semaphore(2)
        self._asks = False
        self._local = _Caller("cnht", Role.ADMIN, secrets.token_urlsafe(32))
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(Path(__file__).parent.parent / "templates"),
            autoescape=True,
        )

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer a request, or hand it on."""
        request = Request(environ)
        request.max_content_length = LARGEST_BODY
        try:
            answer = self._answer(request)
        except RequestEntityTooLarge:
            answer = self._too_large()
        except LogError:
            answer = _error(503, self._say(_NO_LOG))
        except HTTPException as error:
            answer = error.get_response(environ)
        self._harden(request, answer)
        return answer(environ, start)

    def _answer(self, request: Request) -> Response:
        if not self._is_ours(request.host):
            return _plain(421, self._say(_WRONG_HOST))
        if (request.content_length or 0) > LARGEST_BODY:
            raise RequestEntityTooLarge
        try:
            caller = self._caller(request)
        except BadInputError:
            return _plain(503, self._say(_NO_ACCOUNTS))
        return self._route(request, caller)

    def _route(self, request: Request, caller: _Caller | None) -> Response:
        if request.path == f"{OWN}/login":
            return self._login(request, caller)
        if caller is None:
            return self._ask_to_log_in(request)
        refused = self._refusal(request, caller)
        if refused is not None:
            return refused
        if request.path.startswith(f"{OWN}/"):
            return self._own(request, caller)
        return self._hand_on(request, caller)

    def _is_ours(self, host: str) -> bool:
        """Whether the name that was asked for is one of this server's."""
        match = _HOST.fullmatch(host.lower())
        return match is not None and match["name"] in (_LOOPBACK | self._rules.hosts)

    # Who asks.

    @property
    def _accounts(self) -> Accounts | None:
        """Who may log in; None while the book has no accounts.

        They may be added while the server runs. Once there were any, it asks: that all are taken
        away again lets nobody in, not everybody.
        """
        found = self._rules.accounts
        if found is not None and not self._asks:
            self._asks = bool(found.all())
        return found if self._asks else None

    def _caller(self, request: Request) -> _Caller | None:
        if self._accounts is None:
            return self._local
        session = self._sessions.find(request.cookies.get(self._cookie, ""))
        account = self._accounts.all().get(session.name) if session else None
        if session is None or account is None or session.of != _of(account):
            return None
        return _Caller(account.name, account.role, session.csrf)

    @property
    def _cookie(self) -> str:
        # The prefix binds a cookie to TLS and to this very host.
        return "__Host-cnht" if self._rules.secure else f"cnht_{self._rules.port}"

    def _ask_to_log_in(self, request: Request) -> Response:
        page = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
        if not page:
            return _plain(401, self._say(_LOG_IN))
        answer = Response(status=303)
        answer.headers["Location"] = f"{OWN}/login"
        return answer

    def _login(self, request: Request, caller: _Caller | None) -> Response:
        if self._accounts is None or (caller and request.method == "GET"):
            return _redirect("/")
        if request.method == "GET":
            return self._login_page(200)
        if request.method != "POST":
            return _plain(405, self._say(_NOT_HERE))
        if not _same_origin(request):
            return _plain(403, self._say(_FOREIGN))
        return self._try(request, self._accounts)

    def _try(self, request: Request, accounts: Accounts) -> Response:
        name = request.form.get("name", "")[:64].strip().lower()
        address = str(request.remote_addr)
        wait = max(self._tries.wait(name), self._tries_from.wait(address))
        if wait:
            self._log.add(name, "login-refused", address=address, wait=wait)
            return self._login_page(429, _WAIT.format(seconds=wait), {"Retry-After": str(wait)})
        with self._verifying:
            account = accounts.verify(name, request.form.get("password", ""))
        if account is None:
            self._tries.failed(name)
            self._tries_from.failed(address)
            self._log.add(name, "login-failed", address=address)
            return self._login_page(403, _WRONG)
        self._tries.succeeded(name)
        self._log.add(account.name, "login", address=address)
        return self._begin(account)

    def _begin(self, account: Account) -> Response:
        answer = _redirect("/")
        answer.set_cookie(
            self._cookie,
            self._sessions.begin(account.name, _of(account)),
            max_age=LONGEST,
            secure=self._rules.secure,
            httponly=True,
            samesite="Strict",
        )
        return answer

    def _login_page(
        self, status: int, told: Text | None = None, headers: dict[str, str] | None = None
    ) -> Response:
        page = self._templates.get_template("login.html").render(
            t=lambda vi, en: self._say(Text(vi, en)),
            lang=self._rules.language,
            told=self._say(told) if told else "",
            action=f"{OWN}/login",
        )
        return Response(page, status, headers, mimetype="text/html")

    # What a request may do.

    def _refusal(self, request: Request, caller: _Caller) -> Response | None:
        """Why a request that may change something is refused; None where it is not."""
        if request.method in _READING:
            return None
        harmless = request.path == f"{OWN}/logout" or _is_preview(request)
        if not caller.role.writes and not harmless:
            self._log.add(caller.name, "refused", method=request.method, path=request.path)
            return _error(403, self._say(_READS_ONLY))
        if not _same_origin(request):
            return _error(403, self._say(_FOREIGN))
        shown = request.headers.get(TOKEN_HEADER, "")
        if not hmac.compare_digest(shown.encode(), caller.csrf.encode()):
            return _error(403, self._say(_NO_TOKEN))
        return None

    def _own(self, request: Request, caller: _Caller) -> Response:
        route = (request.method, request.path.removeprefix(OWN))
        if route == ("GET", "/session"):
            return _json(
                {
                    "csrf": caller.csrf,
                    "name": caller.name if self._accounts else "",
                    "role": self._say(caller.role.label) if self._accounts else "",
                    "writes": caller.role.writes,
                    "log": caller.role is Role.ADMIN,
                    "language": self._rules.language,
                }
            )
        if route == ("POST", "/logout"):
            self._log.add(caller.name, "logout", address=str(request.remote_addr))
            self._sessions.end(request.cookies.get(self._cookie, ""))
            answer = _redirect(f"{OWN}/login")
            answer.delete_cookie(
                self._cookie, secure=self._rules.secure, httponly=True, samesite="Strict"
            )
            return answer
        if caller.role is Role.ADMIN and route == ("GET", "/log"):
            return self._log_page(request.args.get("q", ""))
        if caller.role is Role.ADMIN and route == ("GET", "/log.jsonl"):
            self._log.add(caller.name, "download", **_told(request))
            whole = Response(self._log.path.read_bytes(), mimetype="application/x-ndjson")
            whole.headers["Content-Disposition"] = f"attachment; filename={FILE}"
            return whole
        return _plain(404, self._say(_NOT_HERE))

    def _log_page(self, wanted: str) -> Response:
        """The last lines of the log, the newest first."""
        page = self._templates.get_template("log.html").render(
            t=lambda vi, en: self._say(Text(vi, en)),
            lang=self._rules.language,
            lines=self._log.last(wanted),
            names={code: self._say(text) for code, text in _DONE.items()},
            wanted=wanted,
            whole=f"{OWN}/log.jsonl",
        )
        return Response(page, mimetype="text/html")

    def _hand_on(self, request: Request, caller: _Caller) -> Response:
        """The application's answer; a write is logged before it happens and after."""
        changes = request.method not in _READING and not _is_preview(request)
        if changes:
            self._log.add(caller.name, "write", **_told(request))
        environ = request.environ
        environ[WRITES_KEY] = caller.role.writes
        acting, wrote = WHO.set(caller.name), WROTE.set([])
        try:
            answer = Response.from_app(self._app, environ)
            files = ", ".join(dict.fromkeys(WROTE.get() or ()))
        finally:
            WHO.reset(acting)
            WROTE.reset(wrote)
        if changes:
            told, status = _told(request), answer.status_code
            # It has happened: the answer must not say that nothing was done.
            with contextlib.suppress(LogError):
                self._log.add(caller.name, "written", status=status, files=files, **told)
        elif _is_file_of_book(request, answer) and answer.status_code < 400:  # noqa: PLR2004
            self._log.add(caller.name, "download", **_told(request))
        return answer

    def _harden(self, request: Request, answer: Response) -> None:
        headers = answer.headers
        headers.extend({name: value for name, value in _HEADERS.items() if name not in headers})
        policy = _POLICY
        if _is_file_of_book(request, answer):
            safe = answer.mimetype in {"application/pdf", "image/png", "image/jpeg", "image/gif"}
            policy = _POLICY_OF_FILES + ("" if safe else _SANDBOXED)
        headers["Content-Security-Policy"] = policy
        if self._accounts is not None and not request.path.startswith("/static/"):
            headers["Cache-Control"] = "no-store"
        if self._rules.secure:
            headers["Strict-Transport-Security"] = "max-age=31536000"

    def _too_large(self) -> Response:
        most = LARGEST_BODY // (1024 * 1024)
        return _error(413, self._say(_TOO_LARGE.format(most=most)))

    def _say(self, text: Text) -> str:
        return text.to(self._rules.language)


# What a line of the log says was done.
_DONE: Final = {
    "write": Text("xin ghi", "asked to write"),
    "written": Text("đã xử lý yêu cầu ghi", "write answered"),
    "download": Text("tải về", "download"),
    "login": Text("đăng nhập", "login"),
    "logout": Text("đăng xuất", "logout"),
    "login-failed": Text("sai mật khẩu", "wrong password"),
    "login-refused": Text("phải chờ vì sai nhiều lần", "made to wait"),
    "refused": Text("bị từ chối: chỉ được xem", "refused: may only read"),
    "account-set": Text("thêm, đổi tài khoản", "account added or changed"),
    "account-removed": Text("bỏ tài khoản", "account removed"),
}
_WRONG_HOST = Text(
    "Máy chủ này không trả lời cho tên miền đó. Mở bằng địa chỉ mà lệnh cnht browse đã in; nếu "
    "dùng tên khác, thêm --allow-host.",
    "This server does not answer to that name. Use the address that cnht browse printed; for "
    "another name, add --allow-host.",
)
_LOG_IN = Text("Cần đăng nhập.", "Log in first.")
_WRONG = Text("Sai tên hoặc mật khẩu.", "Wrong name or password.")
_WAIT = Text(
    "Sai quá nhiều lần; thử lại sau {seconds} giây.",
    "Too many failures; try again in {seconds} seconds.",
)
_READS_ONLY = Text("Tài khoản này chỉ được xem.", "This account may only read.")
_FOREIGN = Text(
    "Yêu cầu đến từ một trang khác, không thực hiện.",
    "The request came from another site and was refused.",
)
_NO_TOKEN = Text(
    "Trang đã cũ: tải lại trang rồi thực hiện lại.", "The page is out of date: reload and retry."
)
_NO_LOG = Text(
    "Không ghi được nhật ký nên không thực hiện; xem ổ đĩa còn chỗ và quyền ghi không.",
    "The log cannot be written, so nothing was done; see whether the disk is full or read-only.",
)
_NO_ACCOUNTS = Text(
    "Tệp tài khoản bị hỏng nên không ai vào được; báo người quản trị máy chủ.",
    "The file of accounts is damaged, so nobody is let in; tell whoever runs the server.",
)
_NOT_HERE = Text("Không có trang này.", "There is no such page.")
_TOO_LARGE = Text("Quá lớn: tối đa {most} MB.", "Too large: at most {most} MB.")


def _of(account: Account) -> str:
    """What a session holds of an account: another password ends it."""
    return hashlib.sha256(account.password_hash.encode()).hexdigest()


def _same_origin(request: Request) -> bool:
    """Whether a request that changes something comes from a page of this very server."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc.lower() == request.host.lower()


def _is_preview(request: Request) -> bool:
    """Whether a request sends something to be looked at, and nothing to be kept."""
    return request.method == "POST" and _PREVIEWS.fullmatch(request.path) is not None


def _is_file_of_book(request: Request, answer: Response) -> bool:
    """Whether an answer is a file of the book's, and not one of the program's own."""
    own = request.path.startswith("/static/") or "/extension_js_module/" in request.path
    return "Content-Disposition" in answer.headers and not own


def _told(request: Request) -> dict[str, str]:
    """What of a request the log tells."""
    return {
        "method": request.method,
        "path": request.path,
        "query": request.query_string.decode("utf-8", "replace")[:2000],
        "address": str(request.remote_addr),
    }


def _plain(status: int, text: str) -> Response:
    return Response(f"{text}\n", status, mimetype="text/plain")


def _error(status: int, text: str) -> Response:
    """A refusal as Fava's own pages understand it."""
    answer = _json({"error": text})
    answer.status_code = status
    return answer


def _json(content: Any) -> Response:  # noqa: ANN401  # JSON
    answer = Response(mimetype="application/json")
    answer.set_data(json.dumps(content, ensure_ascii=False))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _redirect(where: str) -> Response:
    return Response(status=303, headers={"Location": where})
