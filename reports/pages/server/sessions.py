"""Who is logged in, for how long, and how often one may try (phiên làm việc)."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

IDLE: Final = 60 * 60  # seconds without a request after which a session ends
LONGEST: Final = 12 * 60 * 60  # seconds after which it ends in any case
_MOST: Final = 1000  # sessions kept at once

FREE_TRIES: Final = 5  # of one account
# People of one office come from one address: it waits only where many accounts are tried.
FREE_TRIES_OF_ADDRESS: Final = 50
_FIRST_WAIT: Final = 30  # seconds; doubled with every further failure
_LONGEST_WAIT: Final = 15 * 60
_MOST_TRIED: Final = 10_000  # names and addresses remembered at once


class Session(NamedTuple):
    """One person's session.

    Attributes:
        of: what it holds of the account that it was begun for.
        csrf: what a writing request must show.
    """

    name: str
    of: str
    csrf: str
    began: float
    last: float


class Sessions:
    """Sessions in memory: a restart ends them all."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._held: dict[str, Session] = {}

    def begin(self, name: str, of: str) -> str:
        """A new session; what the cookie must hold."""
        token = secrets.token_urlsafe(32)
        now = self._clock()
        with self._lock:
            self._held = {key: one for key, one in self._held.items() if _alive(one, now)}
            while len(self._held) >= _MOST:
                self._held.pop(next(iter(self._held)))
            self._held[_key(token)] = Session(name, of, secrets.token_urlsafe(32), now, now)
        return token

    def find(self, token: str) -> Session | None:
        """The session of a cookie; None where it has ended."""
        now = self._clock()
        with self._lock:
            found = self._held.get(_key(token))
            if found is None or not _alive(found, now):
                return None
            self._held[_key(token)] = found._replace(last=now)
            return found

    def end(self, token: str) -> None:
        """End a session."""
        with self._lock:
            self._held.pop(_key(token), None)


def _alive(session: Session, now: float) -> bool:
    return now - session.last < IDLE and now - session.began < LONGEST


def _key(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


class Tries:
    """How often somebody tried to log in and failed, by a name or an address.

    Args:
        free: failures after which one waits.
        clock: seconds.
    """

    def __init__(self, free: int = FREE_TRIES, clock: Callable[[], float] = time.monotonic) -> None:
        self._free = free
        self._clock = clock
        self._lock = threading.Lock()
        self._failed: dict[str, tuple[int, float]] = {}

    def wait(self, key: str) -> int:
        """Seconds to wait before the next try; 0 where it may be made now."""
        now = self._clock()
        with self._lock:
            until = self._until(key)
        return max(0, round(until - now + 0.5))

    def _until(self, key: str) -> float:
        count, last = self._failed.get(key, (0, 0.0))
        over = count - self._free
        return last + min(_FIRST_WAIT * 2**over, _LONGEST_WAIT) if over >= 0 else 0.0

    def failed(self, key: str) -> None:
        """A try that failed."""
        now = self._clock()
        with self._lock:
            count, last = self._failed.pop(key, (0, now))
            forgotten = now - last > _LONGEST_WAIT
            self._failed[key] = (1 if forgotten else count + 1, now)
            while len(self._failed) > _MOST_TRIED:
                self._failed.pop(next(iter(self._failed)))

    def succeeded(self, key: str) -> None:
        """A try that did not fail."""
        with self._lock:
            self._failed.pop(key, None)
