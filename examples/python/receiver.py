"""Receives OpenSend's events and verifies `x-opensend-signature`. Python 3.9 or newer, standard library only:

    OPENSEND_SIGNING_SECRET=… PORT=4020 python3 receiver.py
"""

import hashlib
import hmac
import json
import os
import re
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOLERANCE_S = 5 * 60
BODY_BYTES_MAX = 1024 * 1024
SECRET = os.fsencode(os.environ.get("OPENSEND_SIGNING_SECRET", ""))


def find_fault(headers, body, now_s):
    """Why a request must be rejected, or None. The signature covers the raw bytes, so parse them afterwards."""
    signature = headers.get("x-opensend-signature")
    timestamp = headers.get("x-opensend-timestamp")
    if not signature or not timestamp:
        return "signature or timestamp is missing"
    if not re.fullmatch(r"[0-9]{1,12}", timestamp):
        return "timestamp is not a number"
    if abs(now_s - int(timestamp)) > TOLERANCE_S:
        return "timestamp is too old or too new"
    signed = timestamp.encode("ascii") + b"." + body
    expected = hmac.new(SECRET, signed, hashlib.sha256).hexdigest()
    # As bytes, because compare_digest raises an error for non-ASCII text.
    if not hmac.compare_digest(expected.encode("ascii"), signature.encode("utf-8", "replace")):
        return "signature does not match"
    return None


def handle(webhook_id, body):
    """Your code. `webhook-id` is the same when an event is resent: store it to handle each event only once."""
    event = json.loads(body)
    seen = {"webhook_id": webhook_id, "type": event["type"], "created_at": event["created_at"]}
    print(json.dumps(seen), flush=True)


class Receiver(BaseHTTPRequestHandler):
    timeout = 15

    def do_POST(self):
        length = self.headers.get("content-length", "0")
        if not re.fullmatch(r"[0-9]{1,9}", length) or int(length) > BODY_BYTES_MAX:
            self.respond(413, {"error": "body too large"})
            return
        body = self.rfile.read(int(length))
        fault = find_fault(self.headers, body, time.time())
        if fault is not None:
            self.respond(401, {"error": fault})
            return
        # Respond first and work later: OpenSend waits for the whole response, 15 seconds by default.
        self.respond(200, {"received": True})
        handle(self.headers.get("webhook-id"), body)

    def respond(self, status, value):
        text = json.dumps(value).encode("utf-8")
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        """Prevents the base class from logging the path, which is a credential."""


if __name__ == "__main__":
    if not SECRET:
        sys.exit("Set OPENSEND_SIGNING_SECRET to the signing secret of the connection.")
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "4020"))), Receiver)
    print(f"listening on {server.server_address[1]}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
