"""Sends the events of the outbox to OpenSend. Run one or several: each skips the rows that another one is sending.

    pip install "psycopg[binary]" opensend-client
    DATABASE_URL=postgres://… OPENSEND_URL=… OPENSEND_API_KEY=… python3 poller.py
"""

import os
import signal
import sys
import threading

import psycopg
from opensend_client import ApiError, BatchError, OpenSend, OpenSendError
from psycopg.rows import dict_row

ROWS_MAX = 500
POLL_S = 1.0
# Statuses caused by the event itself, so that resending it changes nothing.
REFUSALS = (400, 409, 413, 422)

WAITING = f"""
    select event_id::text as id, type, data::text as data_text, created_at from opensend_outbox
    where refused is null order by position limit {ROWS_MAX} for update skip locked
"""


def main():
    opensend = OpenSend(max_retries=2)
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    while not stopping.is_set():
        try:
            with psycopg.connect(os.environ["DATABASE_URL"], row_factory=dict_row) as database:
                while not stopping.is_set():
                    if send_waiting(database, opensend) < ROWS_MAX:
                        stopping.wait(POLL_S)
        except (psycopg.Error, OpenSendError) as error:
            # Nothing is lost: the rows stay in the outbox.
            print(error, file=sys.stderr)
            stopping.wait(POLL_S)


def send_waiting(database, opensend):
    """Sends the oldest waiting rows, and deletes them in the transaction that locks them. Returns their number."""
    with database.transaction():
        rows = database.execute(WAITING).fetchall()
        sent, failure = [], None
        try:
            sent += [event["id"] for event in opensend.send_batch(rows)]
        except BatchError as error:
            sent += [event["id"] for event in error.accepted]
            failure = error.__cause__
        if is_refusal(failure):
            # A request stores all of its events or none, so each event is sent on its own.
            failure = send_each(database, opensend, rows[len(sent) :], sent)
        # If the process ends before this commit, the rows stay: they are sent again, and each event is stored once.
        database.execute("delete from opensend_outbox where event_id = any(%s::uuid[])", [sent])
    if failure is not None:
        raise failure
    return len(rows)


def send_each(database, opensend, rows, sent):
    """Sends rows one by one, and records in each refused row why. Returns the error that stopped it, if any."""
    for row in rows:
        try:
            opensend.send(row)
            sent.append(row["id"])
        except OpenSendError as error:
            if not is_refusal(error):
                return error
            refusal = [str(error), row["id"]]
            database.execute("update opensend_outbox set refused = %s where event_id = %s", refusal)
    return None


def is_refusal(error):
    """Whether the error is about the event itself."""
    return isinstance(error, ApiError) and error.status in REFUSALS


if __name__ == "__main__":
    main()
