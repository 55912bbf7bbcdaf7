"""The test cases that all clients share, and tests of Python only."""

import base64
import json
import re
import sys
import time
import unittest
from datetime import datetime, timedelta, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from opensend_client import OpenSend, SignatureError, new_event_id, verify  # noqa: E402
from opensend_client._events import split_batch, write_event  # noqa: E402
from opensend_client._retry import read_retry_after, retry_delay_ms  # noqa: E402

VECTORS = json.loads((ROOT.parent / "vectors.json").read_text("utf-8"))
ID = "0198c5f2-7c1e-7a54-9d3e-5b1f0c2a7e11"


def verify_vector(vector, **changes):
    body = base64.b64decode(vector["body_base64"]) if "body_base64" in vector else vector["body"]
    given = {"body": body, "headers": vector["headers"], "secret": vector["secrets"], **changes}
    return verify(**given, scheme=vector["scheme"], now=vector["now"])


class Verify(unittest.TestCase):
    def test_vectors(self):
        for vector in VECTORS["signatures"]:
            with self.subTest(vector["name"]):
                if vector["error"] is None:
                    event = verify_vector(vector)
                    self.assertEqual((event.id, event.type), (ID, "order.paid"))
                    self.assertEqual(event.created_at, "2026-06-06T00:00:00.000Z")
                else:
                    with self.assertRaises(SignatureError) as caught:
                        verify_vector(vector)
                    self.assertEqual(caught.exception.code, vector["error"])

    def test_accepts_headers_and_bodies_of_frameworks(self):
        vector = VECTORS["signatures"][0]
        body = vector["body"].encode()
        pairs = [(name.encode(), value.encode()) for name, value in vector["headers"].items()]
        for headers in (vector["headers"], pairs):
            for raw in (body, bytearray(body), memoryview(body), vector["body"]):
                self.assertEqual(verify_vector(vector, headers=headers, body=raw).data["order_id"], 42)

    def test_keeps_large_integers_exact(self):
        vector = next(one for one in VECTORS["signatures"] if "readers round" in one["name"])
        self.assertEqual(verify_vector(vector).data["id"], 12345678901234567890)

    def test_rejects_a_duplicate_header(self):
        vector = VECTORS["signatures"][0]
        pairs = [*vector["headers"].items(), ("Webhook-Signature", "v1,")]
        with self.assertRaises(SignatureError):
            verify_vector(vector, headers=pairs)

    def test_rejects_a_parsed_body_and_invalid_secrets(self):
        vector = VECTORS["signatures"][0]
        with self.assertRaisesRegex(TypeError, "raw body"):
            verify_vector(vector, body={"type": "a"})
        for secret in [None, *VECTORS["invalid_secrets"]]:
            with self.subTest(secret), self.assertRaises(ValueError):
                verify_vector(vector, secret=secret)


class RetriesAndBatches(unittest.TestCase):
    def test_retry_after(self):
        for vector in VECTORS["retry_after"]:
            with self.subTest(vector["value"]):
                self.assertEqual(read_retry_after(vector["value"], vector["now"]), vector["seconds"])

    def test_retries(self):
        for vector in VECTORS["retries"]:
            with self.subTest(vector["name"]):
                names = ("status", "code", "retry_after", "failures", "max_retries", "random")
                self.assertEqual(retry_delay_ms(*(vector[name] for name in names)), vector["delay_ms"])

    def test_batches(self):
        for vector in VECTORS["batches"]:
            with self.subTest(vector["name"]):
                lengths = [length for count, length in vector["byte_lengths"] for _ in range(count)]
                sizes = split_batch(lengths, vector["events_max"], vector["bytes_max"])
                self.assertEqual(sizes, vector["sizes"])


class Events(unittest.TestCase):
    def test_event_json(self):
        for vector in VECTORS["events"]:
            with self.subTest(vector["name"]):
                self.assertEqual(write_event(vector["event"]).text.decode(), vector["text"])

    def test_timestamps_and_large_numbers(self):
        at = datetime(2026, 6, 6, 2, tzinfo=timezone(timedelta(hours=2)))
        event = {"type": "a", "id": ID, "created_at": at, "data": {"käse": [10**20]}}
        expected = f'{{"type":"a","id":"{ID}","created_at":"2026-06-06T00:00:00.000Z","data":{{"käse":[{10**20}]}}}}'
        self.assertEqual(write_event(event).text.decode(), expected)
        with self.assertRaisesRegex(ValueError, "time zone"):
            write_event({**event, "created_at": datetime(2026, 6, 6)})

    def test_ids(self):
        before = time.time_ns() // 1_000_000
        ids = {write_event({"type": "a", "data": {}}).event["id"] for _ in range(1000)}
        self.assertEqual(len(ids), 1000)
        for one in [*ids, new_event_id()]:
            self.assertTrue(re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", one))
            self.assertTrue(before <= int(one.replace("-", "")[:12], 16) <= time.time() * 1000)

    def test_rejects_data_that_is_not_one_json_object(self):
        for text in VECTORS["invalid_data_texts"]:
            with self.subTest(text), self.assertRaises(ValueError):
                write_event({"type": "a", "data_text": text})
        for event in ({"type": "a"}, {"type": "a", "data": [1]}, {"type": "a", "data": {"a": float("nan")}}):
            with self.subTest(event), self.assertRaises(ValueError):
                write_event(event)


class Client(unittest.TestCase):
    def test_rejects_invalid_settings_without_showing_the_key(self):
        for url, key in (("ftp://a", "os_k"), ("http://u:p@a", "os_k"), ("", "os_k"), ("http://a", "os_k\n"), ("http://a", "")):
            with self.subTest((url, key)), self.assertRaises(ValueError) as caught:
                OpenSend(url, key)
            self.assertNotIn("os_k", str(caught.exception))


if __name__ == "__main__":
    unittest.main()
