"""What the OpenAPI document cannot say, said to schemathesis, so that no check has to be switched off for it."""

import datetime
import os
import re
import uuid

import requests
import schemathesis
from schemathesis.core.parameters import ParameterLocation

BASE_URL = os.environ["TALLYSTICK_CONTRACT_URL"]
KEY = os.environ["TALLYSTICK_CONTRACT_KEY"]

# As the document says of lists: pages end at this row, and are of this size if the client does not say.
ROWS_BY_PAGE_MAX = 10_000
PAGE_SIZE_DEFAULT = 20


def _get(url, **options):
    return requests.get(url, headers={"Authorization": f"Bearer {KEY}"}, timeout=10, **options)


# Nothing has run yet: these are the keys that the first start has made, the judge's own among them.
OWN_KEY_IDS = {key["id"] for key in _get(f"{BASE_URL}/api/v1/api-keys").json()["data"]}


# The names and keys that were sent; a second one alike is refused for that, and nothing else about it is seen.
TAKEN = set()


@schemathesis.hook
def before_call(context, case, kwargs):
    _keep_own_key(case)
    _move_into_the_future(case)
    _move_into_the_past(case)
    is_positive = case.meta is not None and case.meta.generation.mode.is_positive
    # What is wrong with a negative case stays so.
    if is_positive or not _is_about_headers(case):
        _drop_unquoted_tags(case)
        _use_keys_once(case)
    if is_positive:
        _name_something(case)
        _take_names_once(case)
        _open_under_a_key(case)
        _name_a_receiver(case)
        _launch_what_holds_together(case)
        _name_a_customer(case)
        case.body = _without_fractions(case.body)
        if "cursor" in {parameter.name for parameter in case.operation.query}:
            _ask_for_one_place(case)


def _is_about_headers(case):
    """Whether a header is what is wrong with a negative case."""
    if case.meta is None:
        return False
    location = getattr(case.meta.phase.data, "parameter_location", None)
    if location is not None:
        return location == ParameterLocation.HEADER
    headers = case.meta.components.get(ParameterLocation.HEADER)
    return headers is not None and headers.mode.is_negative


def _schema(parameter):
    return parameter.definition.get("schema") or {}


def _is_taken(*name):
    """Whether it was sent before; from now on it was."""
    if name in TAKEN:
        return True
    TAKEN.add(name)
    return False


def _use_keys_once(case):
    """An `Idempotency-Key` stands for one request, and the judge likes to send the example of the document."""
    for parameter in case.operation.headers:
        key = case.headers.get("Idempotency-Key")
        if parameter.name == "Idempotency-Key" and isinstance(key, str):
            is_valid = re.search(_schema(parameter)["pattern"], key) and len(key) <= _schema(parameter)["maxLength"]
            if is_valid and _is_taken("key", key):
                case.headers["Idempotency-Key"] = str(uuid.uuid4())


def _take_names_once(case):
    """Numbers of invoices and external ids of customers are unique."""
    if isinstance(case.body, dict):
        for name in ("number", "external_id"):
            if isinstance(case.body.get(name), str) and _is_taken(name, case.body[name]):
                case.body[name] = uuid.uuid4().hex


def _open_under_a_key(case):
    """An account that begins with something needs a key; the document tells it in words."""
    if case.path.endswith("/accounts") and isinstance(case.body, dict):
        if case.body.get("initial_balance_minor"):
            case.headers.setdefault("Idempotency-Key", str(uuid.uuid4()))


def _name_something(case):
    """The walk takes the `customer_id` of an invoice for a link to its customer, also where it is null."""
    for name, value in (case.path_parameters or {}).items():
        if value is None:
            case.path_parameters[name] = str(uuid.uuid4())


def _keep_own_key(case):
    """A judge who revokes the key that it works with sees nothing but 401 from then on."""
    parameters = case.path_parameters or {}
    if case.method.upper() == "DELETE" and "/api-keys/" in case.path:
        for name, value in parameters.items():
            if value in OWN_KEY_IDS:
                parameters[name] = str(uuid.uuid4())


def _move_into_the_future(case):
    """What is due or ends must not be over, and a schema cannot know what day it is. Anything but a date stays as it is."""
    if not isinstance(case.body, dict):
        return
    for name, parse in (("due_date", datetime.date.fromisoformat), ("expires_at", datetime.datetime.fromisoformat)):
        try:
            moment = parse(case.body.get(name))
        except (TypeError, ValueError):
            continue
        # The distance to the date that was generated is kept within nine years, so that cases stay different.
        days = moment.toordinal() % (9 * 365) + 1
        day = datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=days)
        case.body[name] = day.isoformat() + case.body[name][len("YYYY-MM-DD") :]


def _move_into_the_past(case):
    """What is replayed has happened. Anything but an instant stays as it is."""
    if isinstance(case.body, dict):
        try:
            moment = datetime.datetime.fromisoformat(case.body.get("since"))
        except (TypeError, ValueError):
            return
        year = str(moment.year % 20 + 2000)
        case.body["since"] = year + case.body["since"][len("YYYY") :].replace("-02-29", "-02-28")


def _name_a_receiver(case):
    """A schema cannot say which texts are URLs that lead to the public internet. Names below `invalid` lead nowhere, but
    that is found out when something is sent."""
    if isinstance(case.body, dict) and isinstance(case.body.get("url"), str):
        case.body["url"] = f"https://{uuid.uuid4().hex}.invalid/"


@schemathesis.deserializer("text/csv", "image/svg+xml")
def text_of(context, response):
    """What is no JSON is text, and the document says no more of it."""
    return response.content.decode()


def _launch_what_holds_together(case):
    """The terms of a campaign go together as the document tells in words: amounts have a currency, a gift is an amount that
    no total matters to, and the end comes behind the beginning."""
    body = case.body
    if not case.path.endswith("/campaigns") or not isinstance(body, dict):
        return
    if body.get("kind") == "gift":
        body["amount_minor"] = body.get("amount_minor") or 500
        for name in ("percent_bps", "max_discount_minor", "min_total_minor"):
            body.pop(name, None)
    amounts = ("amount_minor", "max_discount_minor", "min_total_minor", "budget_minor")
    if any(body.get(name) is not None for name in amounts) and not body.get("currency"):
        body["currency"] = "EUR"
    if body.get("valid_from") and body.get("valid_until"):
        del body["valid_until"]


def _name_a_customer(case):
    """Parameters cannot need each other in a schema: who is unblocked is named by one of them at least."""
    if case.method.upper() == "DELETE" and case.path.endswith("/voucher-blocklist"):
        if not (case.query or {}).keys() & {"customer_id", "email"}:
            case.query = (case.query or {}) | {"email": "ada@example.com"}


def _drop_unquoted_tags(case):
    """The coverage phase cannot make a header with quotes in it. It sends `If-Match: 0`, and takes that for valid."""
    for parameter in case.operation.headers:
        pattern = _schema(parameter).get("pattern")
        value = case.headers.get(parameter.name)
        if pattern and value is not None and not re.search(pattern, value):
            del case.headers[parameter.name]


def _without_fractions(value):
    """JSON Schema takes 2.0 for an integer. The document says in words that integers are written without a fraction."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: _without_fractions(field) for name, field in value.items()}
    if isinstance(value, list):
        return [_without_fractions(item) for item in value]
    return value


def _ask_for_one_place(case):
    """A list is read by `limit` and `cursor`, or by `page` and `page_size`, and parameters cannot exclude each other in a
    schema. Neither can it know the last page of a size, nor make a cursor that the server has signed."""
    query = case.query or {}
    if query.keys() & {"page", "page_size"}:
        query.pop("limit", None)
        query.pop("cursor", None)
        if "page" in query:
            last_page = ROWS_BY_PAGE_MAX // int(query.get("page_size", PAGE_SIZE_DEFAULT))
            query["page"] = (int(query["page"]) - 1) % last_page + 1
    elif query.pop("cursor", None) is not None:
        cursor = _genuine_cursor(case)
        if cursor is not None:
            query["cursor"] = cursor


def _genuine_cursor(case):
    """What the server itself says comes behind the first row of the list; nothing when there is no more."""
    request = case.as_transport_kwargs(base_url=BASE_URL)
    first = _get(request["url"], params={**(request.get("params") or {}), "limit": 1})
    return first.json().get("next_cursor") if first.ok else None
