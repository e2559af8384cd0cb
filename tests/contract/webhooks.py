"""Receives webhooks of a running Tallystick and has the reference verifier of Standard Webhooks judge them.

Usage: webhooks.py <url of the service> <file with an API key>
"""

import json
import queue
import sys
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

LIMIT_S = 30


class Receiver(BaseHTTPRequestHandler):
    """Keeps what it gets."""

    received = queue.Queue()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.received.put(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


class Service:
    """The API, with a key."""

    def __init__(self, url, key):
        self.url, self.key = url, key

    def post(self, path, body=None):
        headers = {"authorization": f"Bearer {self.key}", "content-type": "application/json"}
        data = json.dumps(body or {}).encode() if body is not None else b""
        if not data:
            del headers["content-type"]
        request = urllib.request.Request(f"{self.url}/api/v1{path}", data=data, headers=headers, method="POST")
        with urllib.request.urlopen(request, timeout=LIMIT_S) as answer:
            return json.load(answer)


def next_delivery(event_type):
    """The next delivery of a type."""
    while True:
        headers, body = Receiver.received.get(timeout=LIMIT_S)
        if json.loads(body)["type"] == event_type:
            return headers, body


def refuses(secret, body, headers):
    try:
        Webhook(secret).verify(body, headers)
    except WebhookVerificationError:
        return True
    return False


def main(url, key_file):
    with open(key_file, encoding="ascii") as file:
        service = Service(url, file.read().strip())
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/hooks"

    webhook = service.post("/webhooks", {"url": address, "event_types": ["customer.*"]})
    first = webhook["secret"]
    service.post(f"/webhooks/{webhook['id']}/test")
    headers, body = next_delivery("webhook.test")
    event = Webhook(first).verify(body, headers)
    assert event["id"] == headers["webhook-id"], headers
    assert event["data"]["id"] == webhook["id"], event
    assert headers["content-type"].startswith("application/cloudevents+json"), headers

    assert refuses(first, body.replace(b"webhook.test", b"webhook.best"), headers), "a changed body"
    assert refuses(first, body, {**headers, "webhook-id": "another"}), "another id"
    assert refuses(first, body, {**headers, "webhook-timestamp": "1700000000"}), "an old timestamp"

    second = service.post(f"/webhooks/{webhook['id']}/rotate-secret")["secret"]
    assert first != second
    service.post(f"/webhooks/{webhook['id']}/test")
    headers, body = next_delivery("webhook.test")
    Webhook(first).verify(body, headers)
    Webhook(second).verify(body, headers)
    assert refuses("whsec_" + "A" * 43 + "=", body, headers), "a third secret"

    customer = service.post("/customers", {"name": "Ada Lovelace Ltd"})
    headers, body = next_delivery("customer.created")
    event = Webhook(second).verify(body, headers)
    assert event["subject"] == customer["id"] and event["data"] == customer, event
    print("the reference verifier of Standard Webhooks accepts what is sent, and nothing else")


main(*sys.argv[1:])
