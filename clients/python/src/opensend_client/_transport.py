"""One attempt of a call, over pooled connections."""

from __future__ import annotations

import base64
import http.client
import os
import socket
import ssl
import threading
import time
import urllib.parse
import urllib.request
from typing import Any, Dict, List, Mapping, Optional, Tuple

from ._steps import Call, Response
from ._version import __version__
from .errors import NetworkError, RequestTimeoutError

# Servers and proxies close idle connections; a request on one that is being closed gets no response.
IDLE_MAX_S = 4.0

Kept = Tuple[http.client.HTTPConnection, float]


class Transport:
    """Makes attempts; several threads can use it concurrently."""

    def __init__(self, url: Optional[str], api_key: Optional[str], timeout: float) -> None:
        self._url = _checked_url(url or os.environ.get("OPENSEND_URL"))
        self._api_key = _checked_key(api_key or os.environ.get("OPENSEND_API_KEY"))
        self._timeout = timeout
        self._is_https = self._url.scheme == "https"
        self._proxy = _proxy_of(self._url)
        self._context = ssl.create_default_context() if self._is_https else None
        self._kept: List[Kept] = []
        self._lock = threading.Lock()
        self._pid = os.getpid()

    def attempt(self, call: Call) -> Response:
        """Sends a request and reads the response."""
        timeout = call.timeout or self._timeout
        deadline = time.monotonic() + timeout
        kept = self._take_kept()
        try:
            if kept is not None:
                try:
                    return self._exchange(kept, call, deadline)
                except (http.client.RemoteDisconnected, ConnectionError):
                    # The connection was closed while it was idle.
                    kept.close()
            return self._exchange(self._open(deadline), call, deadline)
        except socket.timeout as error:
            raise RequestTimeoutError(f"No complete response within {timeout:g} s.") from error
        except (http.client.HTTPException, OSError) as error:
            message = "The server could not be reached, or the connection was closed."
            raise NetworkError(message) from error

    def close(self) -> None:
        """Closes the pooled connections."""
        with self._lock:
            kept, self._kept = self._kept, []
        for connection, _ in kept:
            connection.close()

    def _exchange(self, connection: http.client.HTTPConnection, call: Call, deadline: float) -> Response:
        try:
            sock = connection.sock
            _limit(sock, deadline)
            connection.request(call.method, self._target(call), body=call.body, headers=self._headers(call))
            _limit(sock, deadline)
            response = connection.getresponse()
            chunks = []
            while True:
                _limit(sock, deadline)
                chunk = response.read(65536)
                if not chunk:
                    break
                chunks.append(chunk)
            if response.length:
                raise http.client.IncompleteRead(b"".join(chunks), response.length)
            headers = {name.lower(): value for name, value in response.getheaders()}
        except BaseException:
            connection.close()
            raise
        if response.will_close:
            connection.close()
        else:
            self._keep(connection)
        return Response(response.status, headers, b"".join(chunks))

    def _keep(self, connection: http.client.HTTPConnection) -> None:
        now = time.monotonic()
        with self._lock:
            stale = [one for one, since in self._kept if now - since >= IDLE_MAX_S]
            self._kept = [kept for kept in self._kept if kept[0] not in stale]
            self._kept.append((connection, now))
        for one in stale:
            one.close()

    def _take_kept(self) -> Optional[http.client.HTTPConnection]:
        # A forked process shares its parent's sockets and must not use them.
        if self._pid != os.getpid():
            self._pid, self._kept = os.getpid(), []
        with self._lock:
            while self._kept:
                connection, since = self._kept.pop()
                if time.monotonic() - since < IDLE_MAX_S:
                    return connection
                connection.close()
        return None

    def _open(self, deadline: float) -> http.client.HTTPConnection:
        timeout = max(0.001, deadline - time.monotonic())
        target = self._url if self._proxy is None else self._proxy
        host, port = target.hostname or "", target.port
        connection: http.client.HTTPConnection
        if self._is_https:
            connection = http.client.HTTPSConnection(host, port, timeout=timeout, context=self._context)
            if self._proxy is not None:
                connection.set_tunnel(self._url.hostname or "", self._url.port, self._proxy_headers())
        else:
            connection = http.client.HTTPConnection(host, port, timeout=timeout)
        connection.connect()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def _target(self, call: Call) -> str:
        given = _flat(call.query or {})
        query = f"?{urllib.parse.urlencode(given)}" if given else ""
        path = f"{self._url.path}{call.path}{query}"
        # A proxy needs the full URL, unless it only forwards bytes (RFC 9112, section 3.2.2).
        is_absolute = self._proxy is not None and not self._is_https
        return f"http://{self._url.netloc}{path}" if is_absolute else path

    def _headers(self, call: Call) -> Dict[str, str]:
        headers = {
            "authorization": f"Bearer {self._api_key}",
            "accept": "application/json",
            "user-agent": f"opensend-client-python/{__version__}",
        }
        if call.body is not None:
            headers["content-type"] = "application/json"
        if call.idempotency_key is not None:
            headers["idempotency-key"] = call.idempotency_key
        return headers if self._is_https else {**headers, **self._proxy_headers()}

    def _proxy_headers(self) -> Dict[str, str]:
        if self._proxy is None or self._proxy.username is None:
            return {}
        parts = (self._proxy.username, self._proxy.password or "")
        login = ":".join(urllib.parse.unquote(part) for part in parts)
        return {"proxy-authorization": f"Basic {base64.b64encode(login.encode()).decode()}"}


def _limit(sock: Optional[socket.socket], deadline: float) -> None:
    """Limits the socket's next operation to the deadline."""
    if sock is None:
        return
    left = deadline - time.monotonic()
    if left <= 0:
        raise socket.timeout("timed out")
    sock.settimeout(left)


def _flat(query: Mapping[str, Any]) -> Dict[str, str]:
    """Writes objects in OpenAPI's deepObject style, such as metadata[customer]=42."""
    flat: Dict[str, str] = {}
    for name, value in query.items():
        if isinstance(value, Mapping):
            flat.update({f"{name}[{member}]": _query_text(one) for member, one in value.items()})
        elif value is not None:
            flat[name] = _query_text(value)
    return flat


def _query_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _proxy_of(url: urllib.parse.SplitResult) -> Optional[urllib.parse.SplitResult]:
    """The proxy from the environment (HTTPS_PROXY, HTTP_PROXY, NO_PROXY)."""
    proxy = urllib.request.getproxies().get(url.scheme)
    if not proxy or urllib.request.proxy_bypass(url.hostname or ""):
        return None
    parts = urllib.parse.urlsplit(proxy if "//" in proxy else f"//{proxy}")
    return parts if parts.port is not None else parts._replace(netloc=f"{parts.netloc}:80")


def _checked_url(given: Optional[str]) -> urllib.parse.SplitResult:
    if not given:
        raise ValueError("Set `url`, or OPENSEND_URL in the environment.")
    url = urllib.parse.urlsplit(given.rstrip("/"))
    if url.scheme not in ("http", "https") or not url.hostname or "@" in url.netloc or url.query:
        raise ValueError("`url` must be the http:// or https:// address of the server.")
    return url


def _checked_key(key: Optional[str]) -> str:
    """Checked here, because http.client would quote an invalid key in its error."""
    if not key:
        raise ValueError("Set `api_key`, or OPENSEND_API_KEY in the environment.")
    if not all("!" <= char <= "~" for char in key):
        raise ValueError("`api_key` has a character that no key has.")
    return key
