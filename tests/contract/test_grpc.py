"""The gRPC API as a client of another make meets it, and beside REST: the same input gets the same answer."""

import concurrent.futures
import datetime
import json
import os
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request
import uuid

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from grpc_call import Api, Refused, as_rest

URL = os.environ["TALLYSTICK_CONTRACT_URL"]
KEY = os.environ["TALLYSTICK_CONTRACT_KEY"]
ADDRESS = os.environ["TALLYSTICK_CONTRACT_GRPC"]

LINE = {"description": "work", "quantity": "2.5", "unit_price_minor": 15000}
INVOICE = {"customer": {"name": "Ada"}, "items": [LINE], "currency": "USD"}


def rest(method, path, body=None, headers=()):
    """The status and the document of an answer."""
    request = urllib.request.Request(f"{URL}/api/v1{path}", method=method)
    request.add_header("Authorization", f"Bearer {KEY}")
    for name, value in headers:
        request.add_header(name, value)
    data = None
    if body is not None:
        request.add_header("Content-Type", "application/json")
        data = json.dumps(body).encode()
    try:
        with urllib.request.urlopen(request, data, timeout=20) as answer:
            text = answer.read()
            return answer.status, json.loads(text) if text else None
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def field(error):
    """Where REST's error is, as gRPC spells places."""
    if "pointer" not in error:
        return error.get("parameter", error.get("header", "")).lower()
    path = ""
    for segment in error["pointer"].split("/")[1:]:
        segment = segment.replace("~1", "/").replace("~0", "~")
        if segment.isdigit():
            path += f"[{segment}]"
        elif segment.replace("_", "").isalnum():
            path += f".{segment}" if path else segment
        else:
            path += f"[{json.dumps(segment)}]"
    return path


def under_a_key():
    return [("idempotency-key", str(uuid.uuid4()))]


class GrpcTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.api = Api(ADDRESS, KEY)

    def refused(self, rpc, document=None, **more):
        with self.assertRaises(Refused) as caught:
            self.api.call(rpc, document, **more)
        return caught.exception

    def answered(self, rpc, document, key):
        """The answer under a key whose first call may still be running: it is not broken off with its client."""
        end = time.monotonic() + 20
        while True:
            try:
                return self.api.call(rpc, document, metadata=key)[0]
            except Refused as refused:
                if refused.reason != "IDEMPOTENCY_IN_PROGRESS" or time.monotonic() > end:
                    raise
                time.sleep(0.01)

    def create(self, document=None):
        """An invoice; without a document, one that is like no other, so that nothing speaks against it."""
        document = document or INVOICE | {"customer": {"name": f"Ada {uuid.uuid4()}"}}
        message, _ = self.api.call("InvoiceService/CreateInvoice", document)
        return message.invoice

    def judged(self, invoice_id):
        """The invoice once it is judged: from then on, only we change it."""
        end = time.monotonic() + 20
        while True:
            message, _ = self.api.call("InvoiceService/GetInvoice", {"id": invoice_id})
            if message.invoice.review.status > 1:
                return message.invoice
            self.assertLess(time.monotonic(), end, "nobody judges the invoice")
            time.sleep(0.01)


class ForeignClient(GrpcTest):
    def test_reflection_lists_the_services(self):
        listed = self.api.services()

        for name in ("InvoiceService", "LedgerService", "PaymentService", "UserService"):
            self.assertIn(f"tallystick.v1.{name}", listed)
        self.assertIn("grpc.health.v1.Health", listed)

    def test_health_is_served_without_a_key(self):
        stub = health_pb2_grpc.HealthStub(self.api.channel)

        answer = stub.Check(health_pb2.HealthCheckRequest(service="tallystick.v1.LedgerService"))

        self.assertEqual(answer.status, health_pb2.HealthCheckResponse.SERVING)

    def test_what_is_created_is_found_and_listed(self):
        name = f"Ada {uuid.uuid4()}"
        created = self.create(INVOICE | {"customer": {"name": name}})

        found, _ = self.api.call("InvoiceService/GetInvoice", {"id": created.id})
        listed, _ = self.api.call("InvoiceService/ListInvoices", {"client": name})

        self.assertEqual((found.invoice.id, found.invoice.items), (created.id, created.items))
        self.assertEqual([it.id for it in listed.invoices], [created.id])

    def test_a_list_is_read_on_where_the_other_api_has_stopped(self):
        name = f"Ada {uuid.uuid4()}"
        ids = [self.create(INVOICE | {"customer": {"name": name}}).id for _ in range(3)]

        first, _ = self.api.call("InvoiceService/ListInvoices", {"client": name, "limit": 2})
        query = urllib.parse.urlencode({"client": name, "cursor": first.next_cursor})
        _, rest_of_it = rest("GET", f"/invoices?{query}")

        seen = [it.id for it in first.invoices] + [it["id"] for it in rest_of_it["data"]]
        self.assertEqual(seen, ids[::-1])

    def test_a_refusal_has_details(self):
        refused = self.refused("InvoiceService/GetInvoice", {"id": str(uuid.uuid4())})

        self.assertEqual((refused.code, refused.reason), ("NOT_FOUND", "NOT_FOUND"))
        self.assertEqual(refused.details["ErrorInfo"].domain, "tallystick")
        request_id = refused.details["RequestInfo"].request_id
        self.assertEqual(refused.metadata["x-request-id"], request_id)

    def test_a_stranger_is_turned_away(self):
        stranger = Api(ADDRESS)

        with self.assertRaises(Refused) as caught:
            stranger.call("InvoiceService/GetInvoice", {"id": str(uuid.uuid4())})

        self.assertEqual(caught.exception.code, "UNAUTHENTICATED")

    def test_the_id_of_a_call_is_the_clients(self):
        sent = [("x-request-id", "mine-1")]

        _, metadata = self.api.call("InvoiceService/ListInvoices", metadata=sent)

        self.assertEqual(metadata["x-request-id"], "mine-1")

    def test_a_call_whose_time_is_over_is_given_up_and_nothing_is_half_done(self):
        name = f"Ada {uuid.uuid4()}"
        document = INVOICE | {"customer": {"name": name}, "items": [LINE] * 100}
        key = under_a_key()

        refused = self.refused(
            "InvoiceService/CreateInvoice", document, metadata=key, timeout=0.001
        )
        again = self.answered("InvoiceService/CreateInvoice", document, key)

        self.assertEqual(refused.code, "DEADLINE_EXCEEDED")
        listed, _ = self.api.call("InvoiceService/ListInvoices", {"client": name})
        self.assertEqual([it.id for it in listed.invoices], [again.invoice.id])

    def test_many_calls_on_one_connection_are_all_answered(self):
        def get(_):
            message, _ = self.api.call("InvoiceService/GetInvoice", {"id": created.id})
            return message.invoice

        created = self.judged(self.create().id)
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(get, range(200)))

        self.assertTrue(all(it == created for it in answers))

    def test_an_unknown_method_is_unimplemented(self):
        stub = self.api.channel.unary_unary("/tallystick.v1.InvoiceService/Nonsense")

        with self.assertRaises(grpc.RpcError) as caught:
            stub(b"", metadata=[("authorization", f"Bearer {KEY}")])

        self.assertEqual(caught.exception.code(), grpc.StatusCode.UNIMPLEMENTED)


class Subscription(GrpcTest):
    def follow(self, count, **request):
        """The next events, with their cursors."""
        stream = self.api.stream("EventService/Subscribe", request)
        try:
            return [next(stream) for _ in range(count)]
        finally:
            stream.cancel()

    def test_a_subscriber_sees_what_happens_and_goes_on_where_it_was(self):
        made = self.create()
        # Not what the validation service says in between.
        types = ["invoice.created", "invoice.sent", "invoice.viewed"]
        about = {"aggregate_id": made.id, "type": types}

        [drafted] = self.follow(1, from_beginning=True, **about)
        for status in ("SENT", "VIEWED"):
            step = {"id": made.id, "status": f"INVOICE_STATUS_{status}"}
            self.api.call("InvoiceService/ChangeStatus", step)
        rest_of_it = self.follow(2, cursor=drafted.cursor, **about)

        self.assertEqual([it.event.type for it in (drafted, *rest_of_it)], types)
        sequences = [it.event.sequence for it in (drafted, *rest_of_it)]
        self.assertEqual(sequences, sorted(sequences))
        self.assertEqual(json.loads(drafted.event.data)["id"], made.id)

    def test_a_subscriber_is_told_of_what_happens_next(self):
        stream = self.api.stream("EventService/Subscribe", {"type": ["user.created"]})
        # The stream has begun when its metadata is there.
        stream.initial_metadata()
        name = f"u{uuid.uuid4().hex[:12]}"
        document = {"username": name, "name": "Ada", "dni": str(uuid.uuid4().int)[:8]}
        made, _ = self.api.call("UserService/CreateUser", document | {"currency": "PEN"})

        seen = next(stream)
        stream.cancel()

        self.assertEqual(seen.event.aggregate_id, made.user.id)

    def test_a_stream_ends_when_its_key_is_revoked(self):
        _, made = rest("POST", "/api-keys", {"name": "reader", "scopes": ["events:read"]})
        stream = Api(ADDRESS, made["secret"]).stream("EventService/Subscribe", {})
        stream.initial_metadata()

        revoked, _ = rest("DELETE", f"/api-keys/{made['id']}")
        began = time.monotonic()
        with self.assertRaises(grpc.RpcError) as caught:
            while True:
                next(stream)

        self.assertEqual(revoked, 204)
        self.assertEqual(caught.exception.code(), grpc.StatusCode.UNAUTHENTICATED)
        self.assertLess(time.monotonic() - began, 6)

    def test_the_feed_of_rest_goes_on_where_a_stream_has_stopped(self):
        made = self.create()
        step = {"id": made.id, "status": "INVOICE_STATUS_CANCELLED"}
        self.api.call("InvoiceService/ChangeStatus", step)

        # Both, since an event has its place a little after its change.
        about = {"aggregate_id": made.id, "type": ["invoice.created", "invoice.cancelled"]}
        first, _ = self.follow(2, from_beginning=True, **about)
        query = about | {"cursor": first.cursor}
        _, feed = rest("GET", f"/events?{urllib.parse.urlencode(query, doseq=True)}")

        self.assertEqual([it["type"] for it in feed["data"]], ["invoice.cancelled"])


class Idempotency(GrpcTest):
    def test_a_repeated_call_is_given_the_first_answer(self):
        key = under_a_key()

        first, _ = self.api.call("InvoiceService/CreateInvoice", INVOICE, metadata=key)
        again, metadata = self.api.call("InvoiceService/CreateInvoice", INVOICE, metadata=key)

        self.assertEqual(first, again)
        self.assertEqual(metadata["idempotency-replayed"], "true")

    def test_a_key_that_was_used_over_rest_is_used(self):
        key = under_a_key()
        status, _ = rest("POST", "/invoices", INVOICE, headers=key)

        refused = self.refused("InvoiceService/CreateInvoice", INVOICE, metadata=key)

        self.assertEqual(status, 201)
        self.assertEqual(refused.reason, "IDEMPOTENCY_KEY_REUSED")

    def test_a_key_that_was_used_over_grpc_is_used(self):
        key = under_a_key()
        self.api.call("InvoiceService/CreateInvoice", INVOICE, metadata=key)

        status, problem = rest("POST", "/invoices", INVOICE, headers=key)

        self.assertEqual((status, problem["code"]), (422, "idempotency_key_reused"))


# Each: the rpc, its request, and the same over REST.
def create(body):
    return ("InvoiceService/CreateInvoice", body, ("POST", "/invoices", body))


def account(body):
    return ("LedgerService/OpenAccount", body, ("POST", "/accounts", body))


def transfer(body):
    return ("LedgerService/CreateTransfer", body, ("POST", "/transfers", body))


def batch(mode, transfers):
    message = {"mode": f"BATCH_MODE_{mode.upper()}", "transfers": transfers}
    body = {"mode": mode, "transfers": transfers}
    return (
        "LedgerService/CreateTransferBatch",
        message,
        ("POST", "/transfers/batch", body),
    )


def user(body):
    return ("UserService/CreateUser", body, ("POST", "/users", body))


def listing(service, path, query):
    return (service, query, ("GET", f"{path}?{urllib.parse.urlencode(query)}"))


def of_account(account_id, query):
    path = f"/accounts/{account_id}/transactions?{urllib.parse.urlencode(query)}"
    return ("LedgerService/ListAccountTransactions", {"id": account_id} | query, ("GET", path))


def hold(body):
    return ("LedgerService/PlaceHold", body, ("POST", "/holds", body))


def words(body, **prefixes):
    """The same with words of a vocabulary as gRPC spells them."""
    spelt = {name: f"{prefix}_{body[name].upper()}" for name, prefix in prefixes.items() if name in body}
    return body | spelt


def payment(body):
    message = words(body, payment_type="PAYMENT_TYPE", direction="PAYMENT_DIRECTION")
    return ("PaymentService/CreatePayment", message, ("POST", "/payments", body))


def of_payment(rpc, method, end, body=None, payment_id=None):
    payment_id = payment_id or NOBODY
    path = f"/payments/{payment_id}{end}"
    request = (method, path) if body is None else (method, path, body)
    return (f"PaymentService/{rpc}", {"id": payment_id} | (body or {}), request)


def dead_letter(rpc, method, end, letter_id):
    return (f"PaymentService/{rpc}", {"id": letter_id}, (method, f"/dead-letters/{letter_id}{end}"))


NOBODY = str(uuid.UUID(int=1))
NOTHING = {
    "source_account_id": NOBODY,
    "destination_account_id": NOBODY,
    "amount_minor": 1,
    "currency": "USD",
}
PAYOUT = {
    "payment_type": "external_payment",
    "direction": "payout",
    "provider": "simulator",
    "source_account_id": NOBODY,
    "amount_minor": 100,
    "currency": "USD",
}
CHARGE = PAYOUT | {"direction": "charge", "destination_account_id": NOBODY}
del CHARGE["source_account_id"]
INTERNAL = NOTHING | {"payment_type": "internal_transfer"}


def without(body, *names):
    return {name: value for name, value in body.items() if name not in names}


BAD = {
    "an invoice without anything": create({}),
    "an invoice for nobody": create({"items": [LINE]}),
    "an invoice for two": create(INVOICE | {"customer_id": NOBODY}),
    "an invoice for an unknown customer": create({"customer_id": NOBODY, "items": [LINE]}),
    "a customer id that is none": create({"customer_id": "X", "items": [LINE]}),
    "a customer without a name": create({"customer": {}, "items": [LINE]}),
    "an address without a country": create(
        INVOICE | {"customer": {"name": "Ada", "address": {"city": "Lima"}}}
    ),
    "an e-mail address that is none": create(
        INVOICE | {"customer": {"name": "Ada", "email": "nonsense"}}
    ),
    "a currency that is none": create(INVOICE | {"currency": "XXQ"}),
    "a due date that is none": create(INVOICE | {"due_date": "2026-02-30"}),
    "a due date in the past": create(INVOICE | {"due_date": "2001-01-01"}),
    "a quantity that is none": create(INVOICE | {"items": [LINE | {"quantity": "1e3"}]}),
    "a quantity of nothing": create(INVOICE | {"items": [LINE | {"quantity": "0"}]}),
    "seven digits of a fraction": create(INVOICE | {"items": [LINE | {"quantity": "0.0000001"}]}),
    "a tax rate above the whole": create(INVOICE | {"items": [LINE | {"tax_rate_bps": 10001}]}),
    "a price beyond all bounds": create(INVOICE | {"items": [LINE | {"unit_price_minor": 2**53}]}),
    "a total beyond all bounds": create(
        INVOICE | {"items": [LINE | {"unit_price_minor": 2**53 - 1, "quantity": "1000"}]}
    ),
    "a unit that is none": create(INVOICE | {"items": [LINE | {"unit": "nonsense"}]}),
    "two lines that are wrong": create(
        INVOICE | {"items": [LINE, LINE | {"description": ""}, {"quantity": "-1"}]}
    ),
    "notes with a control character": create(INVOICE | {"notes": "a\u0001b"}),
    "a key of metadata that is too long": create(INVOICE | {"metadata": {"k" * 41: "v"}}),
    "a value of metadata that is too long": create(INVOICE | {"metadata": {"a b": "v" * 501}}),
    "an account without anything": account({}),
    "an owner of nothing": account({"owner": " ", "currency": "USD"}),
    "a debt to begin with": account(
        {"owner": "a", "currency": "USD", "initial_balance_minor": -1}
    ),
    "an overdraft that is none": account(
        {"owner": "a", "currency": "USD", "overdraft_limit_minor": -1}
    ),
    "a transfer of nothing": transfer(NOTHING | {"amount_minor": 0}),
    "a transfer without anything": transfer({}),
    "a transfer to itself": transfer(NOTHING),
    "a transfer between unknown accounts": transfer(
        NOTHING | {"source_account_id": str(uuid.UUID(int=2))}
    ),
    "an account id in upper case": transfer(
        NOTHING | {"source_account_id": "01936F8A-5B1E-7C3D-9A4F-2B6C8D0E1F24"}
    ),
    "a reference that is too long": transfer(NOTHING | {"reference": "r" * 256}),
    "an atomic batch that is rejected": batch("atomic", [NOTHING, NOTHING]),
    "a batch with a faulty transfer": batch("independent", [NOTHING | {"amount_minor": -1}]),
    "a user without anything": user({}),
    "a username that is none": user(
        {"username": "A b", "name": "Ada", "dni": "12345678", "currency": "PEN"}
    ),
    "a national id that is none": user(
        {"username": "ada1815", "name": "Ada", "dni": "12", "currency": "PEN"}
    ),
    "a list of too many": listing("InvoiceService/ListInvoices", "/invoices", {"limit": 101}),
    "a list of none": listing("InvoiceService/ListInvoices", "/invoices", {"limit": 0}),
    "a cursor that is none": listing("InvoiceService/ListInvoices", "/invoices", {"cursor": "x"}),
    "filters that are none": listing(
        "InvoiceService/ListInvoices",
        "/invoices",
        {"from_date": "x", "due_to": "2026-13-01", "currency": "usd", "customer_id": "1"},
    ),
    "an owner that is too long": listing(
        "LedgerService/ListAccounts", "/accounts", {"owner": "o" * 300}
    ),
    "holds of an account that is none": listing(
        "LedgerService/ListHolds", "/holds", {"account_id": "X", "limit": 101}
    ),
    "transactions of an account that is none": of_account("X", {}),
    "transactions of an unknown account": of_account(NOBODY, {}),
    "transactions with a cursor that is none": of_account(NOBODY, {"cursor": "x", "limit": 0}),
    "a trial balance behind nobody": listing(
        "LedgerService/GetTrialBalance", "/ledger/trial-balance", {"after": "X", "limit": 0}
    ),
    "a hold of nothing": hold({}),
    "a hold for less than no time": hold(
        {
            "account_id": NOBODY,
            "destination_account_id": NOBODY,
            "amount_minor": 0,
            "currency": "usd",
            "expires_in_seconds": -1,
        }
    ),
    "a user of no name": listing("UserService/ListUsers", "/users", {}),
    "a payment without anything": payment({}),
    "a payment of no sort": payment(without(PAYOUT, "payment_type")),
    "a payment from nobody to nobody": payment(
        without(INTERNAL, "source_account_id", "destination_account_id")
    ),
    "a payment to itself": payment(INTERNAL),
    "a payment between unknown accounts": payment(
        INTERNAL | {"source_account_id": str(uuid.UUID(int=2))}
    ),
    "an internal payment through a provider": payment(
        INTERNAL | {"provider": "simulator", "direction": "charge", "provider_data": {"a": "b"}}
    ),
    "an external payment without a provider": payment(without(PAYOUT, "provider")),
    "an external payment without a direction": payment(without(PAYOUT, "direction")),
    "a payout from nobody": payment(without(PAYOUT, "source_account_id")),
    "a payout to an account": payment(PAYOUT | {"destination_account_id": NOBODY}),
    "a payout from an unknown account": payment(PAYOUT),
    "a charge to nobody": payment(without(CHARGE, "destination_account_id")),
    "a charge from an account to another": payment(CHARGE | {"source_account_id": NOBODY}),
    "a charge to an unknown account": payment(CHARGE),
    "a payment through an unknown provider": payment(CHARGE | {"provider": "nobody"}),
    "a provider whose name is none": payment(CHARGE | {"provider": "No Body"}),
    "a payment of nothing": payment(CHARGE | {"amount_minor": 0}),
    "a payment of less than nothing": payment(CHARGE | {"amount_minor": -1}),
    "a payment beyond all bounds": payment(CHARGE | {"amount_minor": 2**53}),
    "a payment in a currency that is none": payment(CHARGE | {"currency": "usd"}),
    "a payment of an unknown invoice": payment(CHARGE | {"invoice_id": NOBODY}),
    "a payment of an invoice that is none": payment(CHARGE | {"invoice_id": "X"}),
    "a payment with a card in its description": payment(
        CHARGE | {"description": "4242 4242 4242 4242"}
    ),
    "a payment with a card in its data": payment(
        CHARGE | {"provider_data": {"card": "4242424242424242"}}
    ),
    "a payment with a behaviour that is none": payment(
        CHARGE | {"metadata": {"simulate": "nonsense"}}
    ),
    "a payment with an override of direction": payment(CHARGE | {"description": "a\u202eb"}),
    "an unknown payment": of_payment("GetPayment", "GET", ""),
    "a payment id that is none": of_payment("GetPayment", "GET", "", payment_id="X"),
    "the history of an unknown payment": of_payment("ListPaymentEvents", "GET", "/events"),
    "the refunds of an unknown payment": of_payment("ListRefunds", "GET", "/refunds"),
    "an unknown payment that is cancelled": of_payment("CancelPayment", "POST", "/cancel"),
    "an unknown payment that is refunded": of_payment("RefundPayment", "POST", "/refunds", {}),
    "a refund of nothing": of_payment("RefundPayment", "POST", "/refunds", {"amount_minor": 0}),
    "a refund for no reason": of_payment("RefundPayment", "POST", "/refunds", {"reason": " "}),
    "a refund with a card in its reason": of_payment(
        "RefundPayment", "POST", "/refunds", {"reason": "4242424242424242"}
    ),
    "payments of filters that are none": listing(
        "PaymentService/ListPayments",
        "/payments",
        {"provider": "No", "account_id": "X", "invoice_id": "Y", "from_date": "x", "limit": 0},
    ),
    "dead letters with a cursor that is none": listing(
        "PaymentService/ListDeadLetters", "/dead-letters", {"cursor": "x", "limit": 101}
    ),
    "an unknown dead letter that is retried": dead_letter(
        "RetryDeadLetter", "POST", "/retry", NOBODY
    ),
    "a dead letter id that is none": dead_letter("RetryDeadLetter", "POST", "/retry", "X"),
    "an unknown dead letter that is forgotten": dead_letter(
        "DiscardDeadLetter", "DELETE", "", NOBODY
    ),
}


class TheSameAsRest(GrpcTest):
    """The same input is refused for the same reasons, in the same words, and what is accepted becomes the same."""

    maxDiff = None

    def test_bad_input_is_refused_alike(self):
        for what, (rpc, message, (method, *request)) in BAD.items():
            with self.subTest(what):
                headers = under_a_key() if method == "POST" else ()
                status, problem = rest(method, *request, headers=headers)

                metadata = under_a_key() if method == "POST" else ()
                refused = self.refused(rpc, message, metadata=metadata)

                self.assertGreaterEqual(status, 400)
                self.assertEqual(refused.reason, problem["code"].upper())
                self.assertEqual(refused.message, problem["detail"])
                expected = [
                    (field(error), error["code"].upper(), error["message"])
                    for error in problem["errors"]
                ]
                self.assertEqual(refused.violations, expected)
                self.assertNotIn(refused.code, ("UNKNOWN", "INTERNAL"))

    def test_a_key_that_is_none_is_refused_alike(self):
        key = [("idempotency-key", "k" * 256)]

        _, problem = rest("POST", "/invoices", INVOICE, headers=key)
        refused = self.refused("InvoiceService/CreateInvoice", INVOICE, metadata=key)

        self.assertEqual(refused.reason, problem["code"].upper())
        self.assertEqual(refused.violations[0][0], field(problem["errors"][0]))

    def test_an_invoice_is_the_same_wherever_it_is_made_and_read(self):
        documents = [
            INVOICE,
            INVOICE
            | {
                "customer": {
                    "name": "Ünï Ltd",
                    "email": "a@example.com",
                    "tax_id": "X1",
                    "address": {"line1": "1 Way", "city": "Lima", "country": "PE"},
                },
                "items": [LINE | {"tax_rate_bps": 1600, "unit": "HUR"}, LINE],
                "notes": "first\nsecond",
                "metadata": {"a b": "c"},
                "due_date": str(datetime.date.today() + datetime.timedelta(days=99)),
            },
        ]
        for document in documents:
            _, by_rest = rest("POST", "/invoices", document)
            by_grpc = self.create(document)
            for invoice_id in (by_rest["id"], by_grpc.id):
                with self.subTest(document=document):
                    over_grpc = self.judged(invoice_id)
                    _, over_rest = rest("GET", f"/invoices/{invoice_id}")
                    self.assertEqual(as_rest(over_grpc), over_rest)
            own = ("id", "created_at", "updated_at")
            alike = [
                {name: value for name, value in made.items() if name not in own}
                for made in (by_rest, as_rest(by_grpc))
            ]
            self.assertEqual(*alike)

    def test_an_invoice_that_is_changed_and_issued_is_the_same(self):
        made = self.judged(self.create().id)
        change = {"id": made.id, "notes": "new", "expectedVersion": made.version}
        self.api.call("InvoiceService/UpdateInvoice", change)
        self.judged(made.id)
        step = {"id": made.id, "status": "INVOICE_STATUS_SENT"}
        message, _ = self.api.call("InvoiceService/ChangeStatus", step)

        _, over_rest = rest("GET", f"/invoices/{made.id}")

        self.assertEqual(as_rest(message.invoice), over_rest)
        self.assertEqual((over_rest["status"], over_rest["notes"]), ("sent", "new"))

    def test_a_version_that_is_over_is_a_conflict_for_both(self):
        made = self.judged(self.create().id)
        document = {"id": made.id, "notes": "new", "expected_version": 7}

        refused = self.refused("InvoiceService/UpdateInvoice", document)
        headers = [("If-Match", '"7"')]
        _, problem = rest("PATCH", f"/invoices/{made.id}", {"notes": "new"}, headers=headers)

        self.assertEqual(refused.reason, problem["code"].upper())
        self.assertEqual(refused.message, problem["detail"])

    def test_money_that_is_moved_over_one_api_is_seen_over_the_other(self):
        opening = {"owner": "ada", "currency": "USD", "initial_balance_minor": 1000}
        ada, _ = self.api.call("LedgerService/OpenAccount", opening, metadata=under_a_key())
        _, bob = rest("POST", "/accounts", {"owner": "bob", "currency": "USD"})
        ask = {
            "source_account_id": ada.account.id,
            "destination_account_id": bob["id"],
            "amount_minor": 300,
            "currency": "USD",
            "reference": "order-1",
            "metadata": {"till": "7"},
        }

        posted, _ = self.api.call("LedgerService/CreateTransfer", ask, metadata=under_a_key())

        _, transfer = rest("GET", f"/transfers/{posted.transfer.id}")
        self.assertEqual(transfer.pop("status"), "posted")
        self.assertEqual(as_rest(posted.transfer), transfer)
        for account_id in (ada.account.id, bob["id"]):
            _, over_rest = rest("GET", f"/accounts/{account_id}")
            message, _ = self.api.call("LedgerService/GetAccount", {"id": account_id})
            self.assertEqual(as_rest(message.account), over_rest)
        balance, _ = self.api.call("LedgerService/GetAccountBalance", {"id": bob["id"]})
        self.assertEqual(balance.balance_minor, 300)

    def accounts(self):
        """Ada with 1000, and Bob with nothing."""
        opening = {"owner": "ada", "currency": "USD", "initial_balance_minor": 1000}
        ada, _ = self.api.call("LedgerService/OpenAccount", opening, metadata=under_a_key())
        bob, _ = self.api.call("LedgerService/OpenAccount", {"owner": "bob", "currency": "USD"})
        return ada.account.id, bob.account.id

    def test_holds_are_the_same(self):
        ada, bob = self.accounts()
        ask = {
            "account_id": ada,
            "destination_account_id": bob,
            "amount_minor": 100,
            "currency": "USD",
        }
        placed = [
            self.api.call("LedgerService/PlaceHold", ask, metadata=under_a_key())[0].hold
            for _ in range(2)
        ]
        _, third = rest("POST", "/holds", ask, headers=under_a_key())
        part = {"id": placed[0].id, "amount_minor": 30}
        self.api.call("LedgerService/CaptureHold", part, metadata=under_a_key())
        self.api.call("LedgerService/VoidHold", {"id": placed[1].id})

        for query in ({}, {"status": "captured"}, {"status": "pending", "limit": 1}):
            with self.subTest(query=query):
                message = {"account_id": ada} | query
                if "status" in query:
                    message["status"] = f"HOLD_STATUS_{query['status'].upper()}"
                over_grpc, _ = self.api.call("LedgerService/ListHolds", message)
                query = urllib.parse.urlencode({"account_id": ada} | query)
                _, over_rest = rest("GET", f"/holds?{query}")
                self.assertEqual([as_rest(it) for it in over_grpc.holds], over_rest["data"])
                self.assertGreater(len(over_grpc.holds), 0)
        found, _ = self.api.call("LedgerService/GetHold", {"id": third["id"]})
        self.assertEqual(as_rest(found.hold), third)

    def test_the_transactions_of_an_account_are_the_same_and_read_on_over_either(self):
        ada, bob = self.accounts()
        ask = {
            "source_account_id": ada,
            "destination_account_id": bob,
            "amount_minor": 10,
            "currency": "USD",
            "description": "Lunch",
        }
        for _ in range(3):
            self.api.call("LedgerService/CreateTransfer", ask, metadata=under_a_key())
        rpc, path = "LedgerService/ListAccountTransactions", f"/accounts/{ada}/transactions"

        all_of_them, _ = self.api.call(rpc, {"id": ada})
        _, over_rest = rest("GET", path)
        debits = {"id": ada, "direction": "ENTRY_DIRECTION_DEBIT", "limit": 2}
        first, _ = self.api.call(rpc, debits)
        query = {"direction": "debit", "limit": 2, "cursor": first.next_cursor}
        _, rest_of_it = rest("GET", f"{path}?{urllib.parse.urlencode(query)}")

        self.assertEqual([as_rest(it) for it in all_of_them.transactions], over_rest["data"])
        self.assertEqual(len(over_rest["data"]), 4)
        self.assertEqual(rest_of_it["data"], over_rest["data"][2:3])

    def test_the_trial_balance_and_the_promises_are_the_same(self):
        self.accounts()
        # Nobody else moves money at the same time: tests run one after the other.
        over_grpc, _ = self.api.call("LedgerService/GetTrialBalance", {"limit": 2})
        _, over_rest = rest("GET", "/ledger/trial-balance?limit=2")
        promises, _ = self.api.call("LedgerService/GetLedgerInvariants")
        _, invariants = rest("GET", "/ledger/invariants")

        self.assertEqual([as_rest(it) for it in over_grpc.currencies], over_rest["currencies"])
        self.assertEqual([as_rest(it) for it in over_grpc.lines], over_rest["data"])
        self.assertEqual(over_grpc.next_after, over_rest["next_after"])
        names = [(it["name"], it["holds"]) for it in invariants["data"]]
        self.assertEqual([(it.name, it.holds) for it in promises.invariants], names)

    def settled(self, payment_id):
        """The payment once nobody but us changes it."""
        end = time.monotonic() + 20
        while True:
            message, _ = self.api.call("PaymentService/GetPayment", {"id": payment_id})
            if message.payment.completed_at.seconds or message.payment.failed_at.seconds:
                return message.payment
            self.assertLess(time.monotonic(), end, "nobody carries the payment out")
            time.sleep(0.01)

    def pay(self, body, **more):
        """A payment that was made over gRPC."""
        rpc, message, _ = payment(body | more)
        return self.api.call(rpc, message, metadata=under_a_key())[0].payment

    def test_a_payment_is_the_same_wherever_it_is_made_and_read(self):
        ada, bob = self.accounts()
        documents = [
            INTERNAL | {"source_account_id": ada, "destination_account_id": bob},
            PAYOUT | {"source_account_id": ada, "description": "Wages", "metadata": {"a b": "c"}},
            CHARGE | {"destination_account_id": bob, "provider_data": {"token": "t"}},
            CHARGE | {"destination_account_id": bob, "metadata": {"simulate": "decline"}},
        ]
        for document in documents:
            with self.subTest(document=document):
                _, by_rest = rest("POST", "/payments", document, headers=under_a_key())
                by_grpc = self.pay(document)
                made = [by_rest["id"], by_grpc.id]
                settled = [as_rest(self.settled(it)) for it in made]
                self.assertEqual(settled, [rest("GET", f"/payments/{it}")[1] for it in made])
                own = ("id", "hold_id", "provider_reference")
                own += tuple(it for it in settled[0] if it.endswith("_at"))
                self.assertEqual(*(without(it, *own) for it in settled))
                for payment_id in made:
                    events, _ = self.api.call("PaymentService/ListPaymentEvents", {"id": payment_id})
                    _, over_rest = rest("GET", f"/payments/{payment_id}/events")
                    told = [as_rest(it) for it in events.events]
                    for entry in told:
                        entry["changes"] = json.loads(entry["changes"])
                    self.assertEqual(told, over_rest["data"])

    def test_payments_are_listed_the_same_and_read_on_over_either(self):
        ada, bob = self.accounts()
        made = [
            self.pay(INTERNAL, source_account_id=ada, destination_account_id=bob).id
            for _ in range(3)
        ]
        query = {"account_id": ada, "status": "completed", "limit": 2}
        message = query | {"status": ["PAYMENT_STATUS_COMPLETED"]}

        first, _ = self.api.call("PaymentService/ListPayments", message)
        _, over_rest = rest("GET", f"/payments?{urllib.parse.urlencode(query)}")
        query["cursor"] = first.next_cursor
        _, rest_of_it = rest("GET", f"/payments?{urllib.parse.urlencode(query)}")

        self.assertEqual([as_rest(it) for it in first.payments], over_rest["data"])
        seen = [it.id for it in first.payments] + [it["id"] for it in rest_of_it["data"]]
        self.assertEqual(seen, made[::-1])

    def test_a_refund_is_the_same(self):
        ada, bob = self.accounts()
        paid = self.pay(INTERNAL, source_account_id=ada, destination_account_id=bob, amount_minor=9)
        asked = {"amount_minor": 4, "reason": "Returned", "metadata": {"ticket": "7"}}
        _, by_rest = rest("POST", f"/payments/{paid.id}/refunds", asked, headers=under_a_key())
        rpc = "PaymentService/RefundPayment"
        by_grpc, _ = self.api.call(rpc, {"id": paid.id} | asked, metadata=under_a_key())

        listed, _ = self.api.call("PaymentService/ListRefunds", {"id": paid.id})
        _, over_rest = rest("GET", f"/payments/{paid.id}/refunds")
        ids = {"id": paid.id, "refund_id": by_rest["id"]}
        found, _ = self.api.call("PaymentService/GetRefund", ids)
        too_much = self.refused(rpc, {"id": paid.id, "amount_minor": 2}, metadata=under_a_key())

        refunds = [as_rest(by_grpc.refund), by_rest]
        self.assertEqual([as_rest(it) for it in listed.refunds], refunds)
        self.assertEqual(over_rest["data"], refunds)
        self.assertEqual(as_rest(found.refund), by_rest)
        self.assertEqual(too_much.reason, "REFUND_EXCEEDS_PAYMENT")

    def test_a_payment_is_made_once_per_key_and_cancelled_no_more(self):
        ada, bob = self.accounts()
        document = INTERNAL | {"source_account_id": ada, "destination_account_id": bob}
        rpc, message, _ = payment(document)
        key = under_a_key()

        first, _ = self.api.call(rpc, message, metadata=key)
        again, metadata = self.api.call(rpc, message, metadata=key)
        refused = self.refused("PaymentService/CancelPayment", {"id": first.payment.id})
        _, problem = rest("POST", f"/payments/{first.payment.id}/cancel")

        self.assertEqual((first, metadata["idempotency-replayed"]), (again, "true"))
        self.assertEqual(refused.reason, problem["code"].upper())
        self.assertEqual(refused.message, problem["detail"])

    def test_a_user_is_the_same(self):
        name = f"u{uuid.uuid4().hex[:12]}"
        dni = str(uuid.uuid4().int)[:8]
        document = {"username": name, "name": "Ada", "dni": dni, "currency": "PEN"}
        made, _ = self.api.call("UserService/CreateUser", document)
        money = {"user_id": made.user.id, "amount_minor": 500}
        self.api.call("UserService/CreateWalletDeposit", money, metadata=under_a_key())

        _, over_rest = rest("GET", f"/users/{made.user.id}")
        _, wallet = rest("GET", f"/users/{made.user.id}/wallet")
        listed, _ = self.api.call("UserService/ListUsers", {"username": name})

        self.assertEqual(as_rest(made.user), over_rest)
        self.assertEqual([as_rest(it) for it in listed.users], [over_rest])
        self.assertEqual(wallet["balance_minor"], 500)


if __name__ == "__main__":
    result = unittest.main(exit=False).result
    failed = len(result.failures) + len(result.errors)
    print(json.dumps({"passed": result.testsRun - failed, "failed": failed}))
