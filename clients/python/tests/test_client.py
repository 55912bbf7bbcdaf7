"""Tests how the Python clients use connections, proxies and threads."""

import asyncio
import os
import sys
import threading
import time
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from opensend_client import ApiError, AsyncOpenSend, NetworkError, OpenSend, RequestTimeoutError  # noqa: E402

EVENT = {"type": "order.paid", "data": {}}
ACCEPTED = b'{"data":{"id":"1"}}'


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.server.requests.append((self.client_address, self.path))
        self.server.respond(self, len(self.server.requests))

    def reply(self, status=202, body=ACCEPTED, length=None, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class ClientTest(unittest.TestCase):
    def serve(self, respond):
        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        server.requests, server.respond = [], respond
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server, f"http://127.0.0.1:{server.server_address[1]}"

    def test_reuses_a_connection(self):
        server, url = self.serve(lambda handler, _: handler.reply())
        with OpenSend(url, "os_k") as client:
            for _ in range(3):
                client.send(EVENT)
        self.assertEqual(len({address for address, _ in server.requests}), 1)

    def test_reconnects_when_a_pooled_connection_was_closed(self):
        def respond(handler, _):
            handler.reply()
            handler.close_connection = True

        server, url = self.serve(respond)
        with OpenSend(url, "os_k", max_retries=0) as client:
            for _ in range(3):
                client.send(EVENT)
        self.assertEqual(len(server.requests), 3)

    def test_is_thread_safe(self):
        server, url = self.serve(lambda handler, _: handler.reply())
        with OpenSend(url, "os_k") as client:
            threads = [threading.Thread(target=client.send, args=(EVENT,)) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self.assertEqual(len(server.requests), 8)

    def test_a_truncated_response_is_a_network_error(self):
        def respond(handler, _):
            handler.reply(length=100)
            handler.close_connection = True

        _, url = self.serve(respond)
        with OpenSend(url, "os_k", max_retries=0) as client, self.assertRaises(NetworkError):
            client.send(EVENT)

    def test_a_slow_response_times_out(self):
        _, url = self.serve(lambda *_: time.sleep(5))
        started = time.monotonic()
        with OpenSend(url, "os_k", timeout=0.1, max_retries=0) as client:
            with self.assertRaises(RequestTimeoutError):
                client.send(EVENT)
        self.assertLess(time.monotonic() - started, 4)

    def test_a_cancelled_call_is_not_retried(self):
        server, url = self.serve(lambda handler, _: handler.reply(503, b"", retry_after="20"))

        async def run():
            async with AsyncOpenSend(url, "os_k") as client:
                call = asyncio.ensure_future(client.send(EVENT))
                while not server.requests:
                    await asyncio.sleep(0.01)
                await asyncio.sleep(0.1)
                call.cancel()
                with self.assertRaises(asyncio.CancelledError):
                    await call

        asyncio.run(run())
        self.assertEqual(len(server.requests), 1)

    def test_calls_do_not_block_the_event_loop(self):
        # Each request waits until all of them have arrived.
        together = threading.Barrier(5, timeout=8)
        server, url = self.serve(lambda handler, _: (together.wait(), handler.reply()))

        async def run():
            async with AsyncOpenSend(url, "os_k", max_retries=0) as client:
                await asyncio.gather(*(client.send(EVENT) for _ in range(5)))

        asyncio.run(run())
        self.assertEqual(len(server.requests), 5)

    def test_uses_the_proxy_of_the_environment(self):
        server, proxy = self.serve(lambda handler, _: handler.reply())
        with mock.patch.dict(os.environ, {"http_proxy": proxy, "no_proxy": "localhost"}):
            with OpenSend("http://opensend.example:3015/base/", "os_k") as client:
                client.send(EVENT)
            with OpenSend("http://localhost:9", "os_k", max_retries=0) as client:
                with self.assertRaises(NetworkError):
                    client.send(EVENT)
        paths = [path for _, path in server.requests]
        self.assertEqual(paths, ["http://opensend.example:3015/base/api/events"])

    def test_an_html_error_page_has_no_code(self):
        _, url = self.serve(lambda handler, _: handler.reply(404, b"<h1>Not here</h1>"))
        with OpenSend(url, "os_k") as client, self.assertRaises(ApiError) as caught:
            client.send(EVENT)
        self.assertEqual((caught.exception.status, caught.exception.code), (404, None))


if __name__ == "__main__":
    unittest.main()
