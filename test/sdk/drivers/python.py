"""Reads calls as lines of JSON, makes them with the Python client, and prints the result of each.

    python3 python.py sync|async
"""

import asyncio
import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import opensend_client

# The client's method names that differ from TypeScript's.
NAMES = {"sendBatch": "send_batch", "rotateSecret": "rotate_secret", "listTypes": "list_types"}
NAMES.update({"putByExternalId": "put_by_external_id", "getByExternalId": "get_by_external_id"})
NAMES.update({"deleteByExternalId": "delete_by_external_id"})
printing = threading.Lock()


def method_of(client, method):
    for name in method.split("."):
        client = getattr(client, NAMES.get(name, name))
    return client


def settings_of(request):
    given = request["settings"]
    settings = {"url": given["url"], "api_key": given["apiKey"]}
    if "timeoutMs" in given:
        settings["timeout"] = given["timeoutMs"] / 1000
    if "maxRetries" in given:
        settings["max_retries"] = given["maxRetries"]
    return settings


def verified(args):
    return vars(opensend_client.verify(args["body"], args["headers"], args["secrets"], scheme=args["scheme"]))


def run(request):
    if request["method"] == "verify":
        return verified(request["args"][0])
    with opensend_client.OpenSend(**settings_of(request)) as client:
        result = method_of(client, request["method"])(*request["args"])
        return list(result) if request["method"].endswith(".all") else result


async def run_async(request):
    if request["method"] == "verify":
        return verified(request["args"][0])
    async with opensend_client.AsyncOpenSend(**settings_of(request)) as client:
        result = method_of(client, request["method"])(*request["args"])
        if request["method"].endswith(".all"):
            return [item async for item in result]
        return await result


def describe(error):
    names = {"RequestTimeoutError": "TimeoutError"}
    return {
        "name": names.get(type(error).__name__, type(error).__name__),
        "message": str(error),
        "code": getattr(error, "code", None),
        "status": getattr(error, "status", None),
        "retry_after": getattr(error, "retry_after", None),
        "request_id": getattr(error, "request_id", None),
        "errors": getattr(error, "errors", []),
        "accepted": getattr(error, "accepted", []),
        "remaining": getattr(error, "remaining", []),
        "cause": describe(error.__cause__) if isinstance(error, opensend_client.BatchError) else None,
    }


def reply(line):
    request = json.loads(line)
    try:
        done = asyncio.run(run_async(request)) if sys.argv[1] == "async" else run(request)
        value = {"id": request["id"], "result": done}
    except Exception as error:
        value = {"id": request["id"], "error": describe(error)}
    with printing:
        print(json.dumps(value), flush=True)


with ThreadPoolExecutor(16) as threads:
    for line in sys.stdin:
        threads.submit(reply, line)
