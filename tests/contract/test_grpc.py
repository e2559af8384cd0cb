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


def rest(method, path, body=None, headers=(), key=None):
    """The status and the document of an answer."""
    request = urllib.request.Request(f"{URL}/api/v1{path}", method=method)
    request.add_header("Authorization", f"Bearer {key or OWN_KEY}")
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


def fresh_key():
    """A key that may do everything, and that has guessed no codes yet."""
    _, made = rest("POST", "/api-keys", {"name": "contract", "scopes": ["*"]}, key=KEY)
    return made["secret"]


# The judge guesses codes with its key, and is held up.
OWN_KEY = fresh_key()


def under_a_key():
    return [("idempotency-key", str(uuid.uuid4()))]


class GrpcTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.api = Api(ADDRESS, OWN_KEY)

    def refused(self, rpc, document=None, api=None, **more):
        with self.assertRaises(Refused) as caught:
            (api or self.api).call(rpc, document, **more)
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

        names = ("Invoice", "Ledger", "Payment", "User", "Voucher")
        for name in (f"{it}Service" for it in names):
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


def next_event(stream):
    """The next message that tells of an event. Others tell only how far the stream has come."""
    return next(it for it in stream if it.HasField("event"))


class Subscription(GrpcTest):
    def follow(self, count, **request):
        """The next events, with their cursors."""
        stream = self.api.stream("EventService/Subscribe", request)
        try:
            return [next_event(stream) for _ in range(count)]
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
        begun = next(stream)
        name = f"u{uuid.uuid4().hex[:12]}"
        document = {"username": name, "name": "Ada", "dni": str(uuid.uuid4().int)[:8]}
        made, _ = self.api.call("UserService/CreateUser", document | {"currency": "PEN"})

        seen = next_event(stream)
        stream.cancel()
        [again] = self.follow(1, cursor=begun.cursor, type=["user.created"])

        self.assertFalse(begun.HasField("event"))
        self.assertEqual(seen.event.aggregate_id, made.user.id)
        self.assertEqual(again, seen)

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


def events(query):
    request = ("GET", f"/events?{urllib.parse.urlencode(query, doseq=True)}")
    return ("EventService/Subscribe", query, request)


def as_cloud_event(event, organization_id):
    """An event of a stream as the feed of REST tells it."""
    told = as_rest(event)
    document = {
        "specversion": "1.0",
        "id": told["id"],
        "source": f"/organizations/{organization_id}",
        "type": told["type"],
        "subject": told["aggregate_id"],
        "time": told["occurred_at"],
        "datacontenttype": "application/json",
        "dataschema": f"/asyncapi.json#/components/schemas/{told['aggregate_type']}",
        "sequence": told["sequence"],
        "data": json.loads(told["data"]),
    }
    return document if told["traceparent"] is None else document | {"traceparent": told["traceparent"]}


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


def campaign(body):
    message = words(body, kind="VOUCHER_KIND")
    return ("VoucherService/CreateCampaign", message, ("POST", "/campaigns", body))


def voucher(body):
    return ("VoucherService/CreateVoucher", body, ("POST", "/vouchers", body))


def of_campaign(rpc, method, end, body=None, name="id", campaign_id=None):
    campaign_id = campaign_id or NOBODY
    path = f"/campaigns/{campaign_id}{end}"
    request = (method, path) if body is None else (method, path, body)
    message = words(body or {}, status="CAMPAIGN_STATUS")
    return (f"VoucherService/{rpc}", {name: campaign_id} | message, request)


def of_code(rpc, method, end, body=None, code="UNKNOWN"):
    request = (method, f"/vouchers/{code}{end}")
    request = request if body is None else (*request, body)
    message = words(body or {}, status="VOUCHER_STATUS")
    return (f"VoucherService/{rpc}", {"code": code} | message, request)


def scan(body):
    return ("VoucherService/ScanVoucher", body, ("POST", "/vouchers/scan", body))


def applicable(query):
    request = ("GET", f"/vouchers/applicable?{urllib.parse.urlencode(query)}")
    return ("VoucherService/ListApplicableVouchers", query, request)


def apply(body, invoice_id=None):
    invoice_id = invoice_id or NOBODY
    request = ("POST", f"/invoices/{invoice_id}/vouchers", body)
    return ("VoucherService/ApplyVoucher", {"invoice_id": invoice_id} | body, request)


def take_off(invoice_id, code):
    message = {"invoice_id": invoice_id, "code": code}
    request = ("DELETE", f"/invoices/{invoice_id}/vouchers/{code}")
    return ("VoucherService/TakeOffVoucher", message, request)


def block(body):
    return ("VoucherService/BlockCustomer", body, ("POST", "/voucher-blocklist", body))


def unblock(query):
    request = ("DELETE", f"/voucher-blocklist?{urllib.parse.urlencode(query)}")
    return ("VoucherService/UnblockCustomer", query, request)


NOBODY = str(uuid.UUID(int=1))
SUMMER = {"name": "Summer", "kind": "discount", "percent_bps": 1000}
GIFTS = {"name": "Gifts", "kind": "gift", "amount_minor": 5000, "currency": "USD"}
CART = {"currency": "USD", "total_minor": 12000}
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
    "a campaign without anything": campaign({}),
    "a campaign that gives nothing": campaign(without(SUMMER, "percent_bps")),
    "a campaign that gives two things": campaign(SUMMER | {"amount_minor": 5, "currency": "USD"}),
    "a campaign that gives more than all": campaign(SUMMER | {"percent_bps": 10001}),
    "a campaign that gives nothing of it": campaign(SUMMER | {"percent_bps": 0}),
    "an amount in no currency": campaign(without(GIFTS, "currency")),
    "a budget in no currency": campaign(SUMMER | {"budget_minor": 5}),
    "a gift of a part": campaign(SUMMER | {"kind": "gift"}),
    "a gift from a total on": campaign(GIFTS | {"min_total_minor": 5}),
    "a campaign of no name": campaign(SUMMER | {"name": " "}),
    "limits of nothing": campaign(
        SUMMER | {"max_redemptions": 0, "max_redemptions_per_code": -1, "budget_minor": 2**53}
    ),
    "an unknown campaign": of_campaign("GetCampaign", "GET", ""),
    "a campaign id that is none": of_campaign("GetCampaign", "GET", "", campaign_id="X"),
    "how an unknown campaign does": of_campaign("GetCampaignStats", "GET", "/stats"),
    "how a campaign does that is none": of_campaign(
        "GetCampaignStats", "GET", "/stats", campaign_id="X"
    ),
    "an unknown campaign that is paused": of_campaign(
        "UpdateCampaign", "PATCH", "", {"status": "paused"}
    ),
    "a campaign that is limited to nothing": of_campaign(
        "UpdateCampaign", "PATCH", "", {"max_redemptions": 0}
    ),
    "campaigns with a cursor that is none": listing(
        "VoucherService/ListCampaigns", "/campaigns", {"cursor": "x", "limit": 101}
    ),
    "a voucher of nothing": voucher({}),
    "a voucher of an unknown campaign": voucher({"campaign_id": NOBODY}),
    "a code that is too short": voucher({"campaign_id": NOBODY, "code": "ABC"}),
    "a code with a space in it": voucher({"campaign_id": NOBODY, "code": "AB CD"}),
    "vouchers in no number": of_campaign(
        "CreateVouchers", "POST", "/vouchers", {}, name="campaign_id"
    ),
    "vouchers in too great a number": of_campaign(
        "CreateVouchers", "POST", "/vouchers", {"count": 100001}, name="campaign_id"
    ),
    "no vouchers at all": of_campaign(
        "CreateVouchers", "POST", "/vouchers", {"count": 0, "max_redemptions": 0}, name="campaign_id"
    ),
    "vouchers of an unknown campaign": of_campaign(
        "CreateVouchers", "POST", "/vouchers", {"count": 7}, name="campaign_id"
    ),
    "vouchers of a campaign that is none": of_campaign(
        "CreateVouchers", "POST", "/vouchers", {"count": 7}, name="campaign_id", campaign_id="X"
    ),
    "an unknown job": ("VoucherService/GetJob", {"id": NOBODY}, ("GET", f"/jobs/{NOBODY}")),
    "a job id that is none": ("VoucherService/GetJob", {"id": "X"}, ("GET", "/jobs/X")),
    "an unknown voucher": of_code("GetVoucher", "GET", ""),
    "a code that is none": of_code("GetVoucher", "GET", "", code="A_B"),
    "an unknown voucher that is disabled": of_code(
        "UpdateVoucher", "PATCH", "", {"status": "disabled"}
    ),
    "a voucher that is limited to nothing": of_code(
        "UpdateVoucher", "PATCH", "", {"max_redemptions": 0}
    ),
    "vouchers of filters that are none": listing(
        "VoucherService/ListVouchers", "/vouchers", {"campaign_id": "X", "limit": 0}
    ),
    "an unknown voucher that is tried": of_code("ValidateVoucher", "POST", "/validate", CART),
    "a trial without anything": of_code("ValidateVoucher", "POST", "/validate", {}),
    "a trial by an unknown customer": of_code(
        "ValidateVoucher", "POST", "/validate", CART | {"customer_id": NOBODY}
    ),
    "a trial for less than nothing": of_code(
        "ValidateVoucher", "POST", "/validate", {"currency": "usd", "total_minor": -1}
    ),
    "vouchers that would give something for nothing said": applicable({}),
    "vouchers that would give something to nobody": applicable(
        CART | {"customer_id": "X", "email": "x", "limit": 101}
    ),
    "vouchers that would give something to an unknown customer": applicable(
        CART | {"customer_id": NOBODY}
    ),
    "vouchers that would give something for less than nothing": applicable(
        {"currency": "usd", "total_minor": -1, "limit": 0}
    ),
    "a scan of nothing": scan({}),
    "a scan of what is no code": scan(CART | {"text": "https://example.com"}),
    "a scan of an unknown code": scan(CART | {"text": "UNKNOWN"}),
    "a voucher on an unknown draft": apply({"code": "UNKNOWN"}),
    "no voucher on a draft": apply({}),
    "a voucher on a draft that is none": apply({"code": "A"}, invoice_id="X"),
    "a voucher off an unknown draft": take_off(NOBODY, "UNKNOWN"),
    "a code that is none off a draft that is none": take_off("X", "A_B"),
    "an unknown gift": of_code("RedeemVoucher", "POST", "/redeem", {"account_id": NOBODY}),
    "a gift to nobody": of_code("RedeemVoucher", "POST", "/redeem", {}),
    "a gift to two": of_code(
        "RedeemVoucher", "POST", "/redeem", {"account_id": NOBODY, "user_id": NOBODY}
    ),
    "a gift to an unknown user": of_code("RedeemVoucher", "POST", "/redeem", {"user_id": NOBODY}),
    "events of a type that is none": events({"type": ["invoice.sent", "Nonsense!"]}),
    "events of an unknown kind": events({"aggregate_type": "parcel"}),
    "events of what is nobody": events({"aggregate_id": "X"}),
    "events behind a cursor that is none": events({"cursor": "nonsense"}),
    "a block of nobody": block({}),
    "a block of an address that is none": block({"email": "nonsense"}),
    "a block of two at once": block({"customer_id": NOBODY, "email": "ada@example.com"}),
    "blocks of filters that are none": listing(
        "VoucherService/ListVoucherBlocks", "/voucher-blocklist", {"customer_id": "X", "email": "x", "limit": 0}
    ),
    "an end of the block of nobody": unblock({}),
    "an end of a block that there is not": unblock({"email": "nobody@example.com"}),
    "an end of the block of what is nobody": unblock({"customer_id": "X", "email": "x"}),
}


class TheSameAsRest(GrpcTest):
    """The same input is refused for the same reasons, in the same words, and what is accepted becomes the same."""

    maxDiff = None

    def test_bad_input_is_refused_alike(self):
        for what, (rpc, message, (method, *request)) in BAD.items():
            with self.subTest(what):
                guesses = rpc.startswith("VoucherService/")
                key = fresh_key() if guesses else OWN_KEY
                api = Api(ADDRESS, key) if guesses else self.api
                headers = under_a_key() if method == "POST" else ()
                status, problem = rest(method, *request, headers=headers, key=key)

                metadata = under_a_key() if method == "POST" else ()
                refused = self.refused(rpc, message, api=api, metadata=metadata)

                self.assertGreaterEqual(status, 400)
                self.assertEqual(refused.reason, problem["code"].upper())
                self.assertEqual(refused.message, problem["detail"])
                expected = [
                    (field(error), error["code"].upper(), error["message"])
                    for error in problem["errors"]
                ]
                self.assertEqual(refused.violations, expected)
                self.assertNotIn(refused.code, ("UNKNOWN", "INTERNAL"))

    def test_events_are_the_same(self):
        about = {"aggregate_id": self.judged(self.create().id).id}
        _, organization = rest("GET", "/organization")

        stream = self.api.stream("EventService/Subscribe", about | {"from_beginning": True})
        told = [next_event(stream).event for _ in range(2)]
        stream.cancel()
        _, feed = rest("GET", f"/events?{urllib.parse.urlencode(about)}")

        self.assertEqual(feed["data"], [as_cloud_event(it, organization["id"]) for it in told])

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

    def launched(self, body):
        """The id of a campaign that was made over gRPC."""
        rpc, message, _ = campaign(body)
        return self.api.call(rpc, message)[0].campaign.id

    def listed(self, rpc, ask, field, last):
        """What a list has, once it has been told of the last change; events tell it, a moment later."""
        end = time.monotonic() + 20
        while True:
            found = getattr(self.api.call(f"VoucherService/{rpc}", ask)[0], field)
            if (last.id, last.version) in [(it.id, it.version) for it in found]:
                return found
            self.assertLess(time.monotonic(), end, "nobody hears of the change")
            time.sleep(0.01)

    def issued(self, body):
        """The code of a new voucher of a new campaign."""
        ask = {"campaign_id": self.launched(body)}
        return self.api.call("VoucherService/CreateVoucher", ask)[0].voucher.code

    def test_codes_that_are_guessed_over_both_are_counted_together(self):
        key = fresh_key()
        api = Api(ADDRESS, key)
        for number in range(10):
            self.refused("VoucherService/GetVoucher", {"code": f"GUESS-{number}"}, api=api)
            rest("GET", f"/vouchers/GUESS-{number}", key=key)

        refused = self.refused("VoucherService/GetVoucher", {"code": "GUESS-10"}, api=api)
        status, problem = rest("GET", "/vouchers/GUESS-10", key=key)

        self.assertEqual((refused.code, refused.reason), ("RESOURCE_EXHAUSTED", "TOO_MANY_GUESSES"))
        self.assertEqual((status, problem["code"]), (429, "too_many_guesses"))

    def test_a_campaign_is_the_same_wherever_it_is_made_and_changed(self):
        documents = [
            SUMMER,
            GIFTS,
            SUMMER
            | {
                "currency": "USD",
                "max_discount_minor": 500,
                "min_total_minor": 100,
                "max_redemptions": 9,
                "max_redemptions_per_code": 3,
                "max_redemptions_per_customer": 1,
                "budget_minor": 10000,
                "metadata": {"a b": "c"},
            },
        ]
        for document in documents:
            with self.subTest(document=document):
                _, by_rest = rest("POST", "/campaigns", document)
                rpc, message, _ = campaign(document)
                by_grpc = self.api.call(rpc, message)[0].campaign
                own = ("id", "created_at", "updated_at")
                self.assertEqual(without(as_rest(by_grpc), *own), without(by_rest, *own))
                change = {"id": by_grpc.id, "name": "Late", "status": "CAMPAIGN_STATUS_PAUSED"}
                change["update_mask"] = "name,status,maxRedemptions"
                changed, _ = self.api.call("VoucherService/UpdateCampaign", change)
                _, over_rest = rest("GET", f"/campaigns/{by_grpc.id}")
                self.assertEqual(as_rest(changed.campaign), over_rest)
                self.assertEqual((over_rest["status"], over_rest["max_redemptions"]), ("paused", None))
        last = changed.campaign
        listed = self.listed("ListCampaigns", {"limit": 3}, "campaigns", last)
        _, over_rest = rest("GET", "/campaigns?limit=3")
        self.assertEqual([as_rest(it) for it in listed], over_rest["data"])

    def test_how_a_campaign_does_and_what_would_give_something_are_the_same(self):
        budget = {"currency": "EUR", "budget_minor": 10000, "max_redemptions": 9}
        campaign_id = self.launched(SUMMER | budget)
        ask = {"campaign_id": campaign_id}
        code = self.api.call("VoucherService/CreateVoucher", ask)[0].voucher.code
        cart = {"currency": "EUR", "total_minor": 5000, "limit": 100}

        # Both are told from events, a moment later.
        end = time.monotonic() + 20
        while True:
            over_grpc, _ = self.api.call("VoucherService/ListApplicableVouchers", cart)
            stats, _ = self.api.call("VoucherService/GetCampaignStats", {"id": campaign_id})
            if stats.stats.issued and code in [it.code for it in over_grpc.offers]:
                break
            self.assertLess(time.monotonic(), end, "nobody hears of the voucher")
            time.sleep(0.01)
        _, over_rest = rest("GET", f"/vouchers/applicable?{urllib.parse.urlencode(cart)}")
        _, stats_over_rest = rest("GET", f"/campaigns/{campaign_id}/stats")

        self.assertEqual([as_rest(it) for it in over_grpc.offers], over_rest["data"])
        self.assertEqual(as_rest(stats.stats), stats_over_rest)

    def test_a_voucher_is_the_same_wherever_it_is_issued_tried_and_changed(self):
        campaign_id = self.launched(SUMMER)
        code = f"ADA-{uuid.uuid4().hex[:12]}".upper()
        ask = {"campaign_id": campaign_id, "code": code.lower(), "max_redemptions": 2}
        issued, _ = self.api.call("VoucherService/CreateVoucher", ask)
        _, over_rest = rest("GET", f"/vouchers/{code}")
        self.assertEqual(as_rest(issued.voucher), over_rest)
        taken = self.refused("VoucherService/CreateVoucher", ask)
        _, problem = rest("POST", "/vouchers", ask)
        self.assertEqual((taken.reason, taken.message), ("ALREADY_EXISTS", problem["detail"]))

        offers = [
            self.api.call("VoucherService/ValidateVoucher", CART | {"code": code})[0].offer,
            self.api.call("VoucherService/ScanVoucher", CART | {"text": code})[0].offer,
        ]
        _, over_rest = rest("POST", f"/vouchers/{code}/validate", CART)
        self.assertEqual([as_rest(it) for it in offers], [over_rest] * 2)

        change = {"code": code, "status": "VOUCHER_STATUS_DISABLED", "expected_version": 1}
        changed, _ = self.api.call("VoucherService/UpdateVoucher", change)
        _, over_rest = rest("GET", f"/vouchers/{code}")
        self.assertEqual(as_rest(changed.voucher), over_rest)
        refused = self.refused("VoucherService/ValidateVoucher", CART | {"code": code})
        status, problem = rest("POST", f"/vouchers/{code}/validate", CART)
        self.assertEqual((status, refused.reason), (422, "VOUCHER_DISABLED"))
        self.assertEqual(refused.message, problem["detail"])

        listed = self.listed("ListVouchers", {"campaign_id": campaign_id}, "vouchers", changed.voucher)
        _, over_rest = rest("GET", f"/vouchers?campaign_id={campaign_id}")
        self.assertEqual([as_rest(it) for it in listed], over_rest["data"])

    def test_a_draft_with_a_voucher_is_the_same(self):
        code = self.issued(SUMMER)
        made = self.judged(self.create().id)
        ask = {"invoice_id": made.id, "code": code}

        applied, _ = self.api.call("VoucherService/ApplyVoucher", ask)
        again = self.refused("VoucherService/ApplyVoucher", ask)
        _, problem = rest("POST", f"/invoices/{made.id}/vouchers", {"code": code})
        taken_off, _ = self.api.call("VoucherService/TakeOffVoucher", ask)

        self.assertEqual(applied.invoice.discount_minor, made.subtotal_minor // 10)
        self.assertEqual(again.reason, problem["code"].upper())
        self.assertEqual(again.message, problem["detail"])
        self.assertEqual(taken_off.invoice.discount_minor, 0)
        _, over_rest = rest("GET", f"/invoices/{made.id}")
        self.assertEqual(over_rest["discount_minor"], 0)

    def test_a_gift_is_redeemed_once_whichever_the_api(self):
        code = self.issued(GIFTS)
        ada, _ = self.accounts()
        rpc, to = "VoucherService/RedeemVoucher", {"account_id": ada}
        key = under_a_key()

        without_key = self.refused(rpc, {"code": code} | to)
        first, _ = self.api.call(rpc, {"code": code} | to, metadata=key)
        again, metadata = self.api.call(rpc, {"code": code} | to, metadata=key)
        refused = self.refused(rpc, {"code": code} | to, metadata=under_a_key())
        _, problem = rest("POST", f"/vouchers/{code}/redeem", to, headers=under_a_key())

        self.assertEqual(without_key.reason, "IDEMPOTENCY_KEY_REQUIRED")
        self.assertEqual((first, metadata["idempotency-replayed"]), (again, "true"))
        self.assertEqual(as_rest(first.redemption)["account_id"], ada)
        self.assertEqual((refused.reason, problem["code"]), ("VOUCHER_EXHAUSTED", "voucher_exhausted"))
        self.assertEqual(refused.message, problem["detail"])
        balance, _ = self.api.call("LedgerService/GetAccountBalance", {"id": ada})
        self.assertEqual(balance.balance_minor, 6000)

    def test_a_job_is_the_same_and_issues_what_was_ordered(self):
        campaign_id = self.launched(SUMMER)
        ask = {"campaign_id": campaign_id, "count": 1500, "max_redemptions": 1}
        key = under_a_key()
        ordered, _ = self.api.call("VoucherService/CreateVouchers", ask, metadata=key)
        again, _ = self.api.call("VoucherService/CreateVouchers", ask, metadata=key)
        job_id = ordered.job.id

        end = time.monotonic() + 20
        while True:
            over_grpc, _ = self.api.call("VoucherService/GetJob", {"id": job_id})
            if over_grpc.job.finished_at.seconds:
                break
            self.assertLess(time.monotonic(), end, "nobody issues the vouchers")
            time.sleep(0.01)
        _, over_rest = rest("GET", f"/jobs/{job_id}")

        self.assertEqual(ordered, again)
        self.assertEqual(as_rest(over_grpc.job), over_rest)
        self.assertEqual((over_rest["status"], over_rest["done"]), ("done", 1500))

    def test_who_is_blocked_over_one_api_is_blocked_over_the_other(self):
        code = self.issued(SUMMER)
        ada = {"email": f"ada-{uuid.uuid4()}@example.com"}
        trial = {"code": code} | CART | ada

        made, _ = self.api.call("VoucherService/BlockCustomer", ada | {"metadata": {"reason": "x"}})
        path = f"/voucher-blocklist/{made.block.id}"
        _, over_rest = rest("GET", path)
        self.assertEqual(as_rest(made.block), over_rest)
        read, _ = self.api.call("VoucherService/GetVoucherBlock", {"id": made.block.id})
        self.assertEqual(read.block, made.block)
        listed, _ = self.api.call("VoucherService/ListVoucherBlocks", ada)
        self.assertEqual([as_rest(it) for it in listed.blocks], [over_rest])
        refused = self.refused("VoucherService/ValidateVoucher", trial)
        _, problem = rest("POST", f"/vouchers/{code}/validate", CART | ada)
        self.api.call("VoucherService/UnblockCustomer", ada)
        again, _ = self.api.call("VoucherService/BlockCustomer", ada)
        self.api.call("VoucherService/DeleteVoucherBlock", {"id": again.block.id})
        status, _ = rest("GET", f"/voucher-blocklist/{again.block.id}")
        self.assertEqual(status, 404)
        offered, _ = self.api.call("VoucherService/ValidateVoucher", trial)

        self.assertEqual((refused.reason, problem["code"]), ("CUSTOMER_BLOCKED", "customer_blocked"))
        self.assertEqual(refused.message, problem["detail"])
        self.assertEqual(offered.offer.amount_minor, 1200)

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
