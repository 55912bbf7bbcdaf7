"""Calls a running server with the client that openapi-python-client generates."""

import os
import pkgutil
import uuid
from datetime import datetime, timedelta, timezone
from importlib import import_module

import open_send_client
from open_send_client import AuthenticatedClient
from open_send_client.api.deliveries import list_deliveries
from open_send_client.api.events import create_event, get_event
from open_send_client.api.inspector import connect_inspector
from open_send_client.api.integrations import get_connection
from open_send_client.models import EventRequest, EventRequestData

# Imports every module, including those that are not called here.
for module in pkgutil.walk_packages(open_send_client.__path__, "open_send_client."):
    import_module(module.name)

client = AuthenticatedClient(base_url=os.environ["OPENSEND_URL"], token=os.environ["OPENSEND_API_KEY"])

connected = connect_inspector.sync_detailed(client=client)
assert connected.status_code == 201 and "location" in connected.headers
connection = connected.parsed.data

data = EventRequestData()
data["order_id"] = 42
event = EventRequest(type_="order.paid", data=data)
accepted = create_event.sync(client=client, body=event, idempotency_key=str(uuid.uuid4()))
assert accepted.data.deliveries == 1

read = get_event.sync(accepted.data.id, client=client)
assert read.data.data_text == '{"order_id":42}'
now = datetime.now(timezone.utc)
assert now - read.data.accepted_at < timedelta(hours=1)

deliveries = list_deliveries.sync(
    client=client, connection_id=connection.id, created_from=now - timedelta(hours=1), limit=10
)
assert len(deliveries.data) == 1

problem = get_connection.sync(uuid.uuid4(), client=client)
assert problem.code == "not_found", problem
