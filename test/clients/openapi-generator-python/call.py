"""Calls a running server with the client that openapi-generator generates for Python."""

import os
import uuid
from datetime import datetime, timedelta, timezone

from opensend import ApiClient, Configuration, DeliveriesApi, EventsApi, InspectorApi, IntegrationsApi
from opensend.exceptions import NotFoundException
from opensend.models import EventRequest

configuration = Configuration(host=os.environ["OPENSEND_URL"], access_token=os.environ["OPENSEND_API_KEY"])
with ApiClient(configuration) as client:
    connected = InspectorApi(client).connect_inspector_with_http_info()
    assert connected.status_code == 201 and "location" in connected.headers

    event = EventRequest(type="order.paid", data={"order_id": 42})
    accepted = EventsApi(client).create_event(event, idempotency_key=str(uuid.uuid4()))
    assert accepted.data.deliveries == 1

    read = EventsApi(client).get_event(accepted.data.id)
    assert read.data.data_text == '{"order_id":42}'
    now = datetime.now(timezone.utc)
    assert now - read.data.accepted_at < timedelta(hours=1)

    deliveries = DeliveriesApi(client).list_deliveries(
        connection_id=str(connected.data.data.id), created_from=now - timedelta(hours=1), limit=10
    )
    assert len(deliveries.data) == 1

    try:
        IntegrationsApi(client).get_connection(str(uuid.uuid4()))
        raise AssertionError("found a connection that does not exist")
    except NotFoundException as error:
        assert error.data.code == "not_found", error.data
