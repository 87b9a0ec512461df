"""Serve a book: where, to whom, and on which conditions."""

from __future__ import annotations

import gc
import ipaddress
import signal
import socket
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cheroot.ssl.builtin import BuiltinSSLAdapter
from cheroot.wsgi import Server
from werkzeug.middleware.proxy_fix import ProxyFix

from ledger.problems import BadInputError, refusal
from ledger.system import reason
from ledger.text import Text
from reports.pages.server.accounts import Accounts
from reports.pages.server.app import Serving, make_app
from reports.pages.server.guard import LARGEST_BODY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from wsgiref.types import WSGIApplication

    from ledger.text import Language

_THREADS: Final = 8
_LARGEST_HEADER: Final = 64 * 1024
_LOCALHOST: Final = "localhost"


class Place(NamedTuple):
    """Where a book is served, as the command line was told.

    Attributes:
        allowed: further names by which it may be asked for, a proxy's for one.
        behind_proxy: a proxy on this machine ends TLS and tells whose request it is.
    """

    host: str
    port: int
    allowed: tuple[str, ...] = ()
    certificate: Path | None = None
    key: Path | None = None
    behind_proxy: bool = False

    @property
    def secure(self) -> bool:
        """Whether people reach it by TLS."""
        return self.certificate is not None or self.behind_proxy

    @property
    def warning(self) -> Text | None:
        """What whoever starts the server should know of the place."""
        if _is_loopback(self.host) or self.secure:
            return None
        return Text(
            "Chú ý: mở cho máy khác mà không có TLS thì mật khẩu và số liệu đi qua mạng không được "
            "mã hóa; thêm --tls-cert, --tls-key, hoặc đặt sau proxy có TLS (--behind-proxy).",
            "Note: without TLS passwords and figures cross the network in the clear; add "
            "--tls-cert and --tls-key, or stay behind a proxy with TLS (--behind-proxy).",
        )

    @property
    def urls(self) -> tuple[str, ...]:
        """Where it is opened: by each name that it answers to; a proxy's are the proxy's own."""
        scheme = "https" if self.certificate else "http"
        if self.behind_proxy:
            return (f"{scheme}://{self.host}:{self.port}/",)
        return tuple(f"{scheme}://{name}:{self.port}/" for name in sorted(_names(self)))


def serve(
    main: Path,
    place: Place,
    *,
    language: Language,
    allow_plugins: bool,
    ready: Callable[[Sequence[str]], None],
) -> None:
    """Serve a book until told to stop.

    Args:
        main: as ``ledger.location.find_book`` gives it.
        place: where.
        language: of every page, unless the book chooses one.
        allow_plugins: run every plugin that the book names.
        ready: told the addresses when the book is loaded and the server listens.

    Raises:
        BadInputError: it may not be served there, or cannot be.
    """
    application = application_of(main, place, language=language, allow_plugins=allow_plugins)
    server = _server(application, place)
    gc.enable()  # the command line turns it off for its short runs; this one is long
    signal.signal(signal.SIGTERM, _stop)
    try:
        server.prepare()
    except OSError as error:
        raise _cannot_listen(place, error) from error
    ready(place.urls)
    try:
        server.serve()
    except (KeyboardInterrupt, SystemExit):
        server.stop()


def application_of(
    main: Path, place: Place, *, language: Language, allow_plugins: bool
) -> WSGIApplication:
    """The guarded application of a book at a place.

    Raises:
        BadInputError: the place is open to others and the book has no accounts, half of a
            certificate is named, or a proxy is said to stand before an open address.
    """
    accounts = Accounts(main)
    open_to_others = not _is_loopback(place.host) or place.behind_proxy or bool(place.allowed)
    if open_to_others and not accounts.all():
        raise _needs_accounts(main)
    if (place.certificate is None) != (place.key is None):
        raise _half_a_certificate()
    if place.behind_proxy and not _is_loopback(place.host):
        raise _proxy_elsewhere()
    guard = make_app(
        Serving(
            main=main,
            language=language,
            allow_plugins=allow_plugins,
            hosts=_names(place),
            accounts=accounts,
            secure=place.secure,
            port=place.port,
        )
    )
    return ProxyFix(guard, x_for=1, x_proto=1, x_host=1) if place.behind_proxy else guard


def _proxy_elsewhere() -> BadInputError:
    """Whoever reaches the port itself would be believed whose request it is."""
    return refusal(
        Text(
            "--behind-proxy chỉ dùng với địa chỉ của chính máy này: ai gọi thẳng vào cổng sẽ tự "
            "khai được địa chỉ của mình, và không có TLS",
            "--behind-proxy goes with an address of this machine alone: whoever reaches the port "
            "itself could claim any address, and without TLS",
        ),
        Text(
            "bỏ --host để proxy trên máy này gọi vào, hoặc bỏ --behind-proxy và dùng --tls-cert, "
            "--tls-key",
            "leave --host out and let a proxy on this machine ask, or leave --behind-proxy out and "
            "use --tls-cert and --tls-key",
        ),
    )


def _stop(*_: object) -> None:
    raise SystemExit(0)


def _server(application: WSGIApplication, place: Place) -> Any:  # noqa: ANN401  # untyped library
    host = "127.0.0.1" if place.host == _LOCALHOST else place.host
    server = Server((host, place.port), application, numthreads=_THREADS)
    server.server_name = "cnht"
    server.max_request_header_size = _LARGEST_HEADER
    server.max_request_body_size = LARGEST_BODY + _LARGEST_HEADER
    if place.certificate is not None:
        server.ssl_adapter = _certificate(place)
    return server


def _certificate(place: Place) -> Any:  # noqa: ANN401  # as above
    try:
        return BuiltinSSLAdapter(str(place.certificate), str(place.key))
    except OSError as error:  # ssl's own errors are among them
        text = Text(
            f"không dùng được chứng thư TLS: {reason(error).vi}",
            f"the TLS certificate cannot be used: {reason(error).en}",
        )
        remedy = Text(
            "nêu tệp PEM của chứng thư (--tls-cert) và của khóa (--tls-key)",
            "name the PEM files of the certificate (--tls-cert) and of its key (--tls-key)",
        )
        raise refusal(text, remedy) from error


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """A host as an address; None where it is a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    address = _address(host)
    return host == _LOCALHOST or (address is not None and address.is_loopback)


def _names(place: Place) -> frozenset[str]:
    """Names that the server answers to: its own address, this machine's name, what was allowed."""
    own = f"[{place.host}]" if ":" in place.host else place.host
    address = _address(place.host)
    everywhere = address is not None and address.is_unspecified
    machine = {socket.gethostname(), socket.getfqdn()} if everywhere else {own}
    return frozenset(name.lower() for name in (*machine, *place.allowed))


def _needs_accounts(main: Path) -> BadInputError:
    text = Text(
        "sổ mở cho máy khác vào thì phải có tài khoản, sổ này chưa có tài khoản nào",
        "a book that other machines can reach needs accounts, and this one has none",
    )
    remedy = Text(
        f"lập tài khoản: cnht accounts add «{main.parent}» TÊN --role officer; hoặc chỉ mở trên "
        "máy này (bỏ --host, --allow-host, --behind-proxy)",
        f"add one: cnht accounts add “{main.parent}” NAME --role officer; or serve this machine "
        "only (without --host, --allow-host, --behind-proxy)",
    )
    return refusal(text, remedy)


def _half_a_certificate() -> BadInputError:
    text = Text("--tls-cert và --tls-key phải đi cùng nhau", "--tls-cert and --tls-key go together")
    return refusal(text)


def _cannot_listen(place: Place, error: OSError) -> BadInputError:
    text = Text(
        f"không mở được {place.host}:{place.port}: {reason(error).vi}",
        f"{place.host}:{place.port} cannot be opened: {reason(error).en}",
    )
    remedy = Text(
        "cổng có thể đang được dùng: chọn cổng khác bằng --port",
        "the port may be in use: choose another with --port",
    )
    return refusal(text, remedy)
