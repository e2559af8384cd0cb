"""What the OpenAPI document cannot say, said to schemathesis, so that no check has to be switched off for it."""

import datetime
import json
import os
import urllib.request
import uuid

import schemathesis

BASE_URL = os.environ["TALLYSTICK_CONTRACT_URL"]
KEY = os.environ["TALLYSTICK_CONTRACT_KEY"]


def _key_ids():
    request = urllib.request.Request(
        f"{BASE_URL}/api/v1/api-keys", headers={"Authorization": f"Bearer {KEY}"}
    )
    with urllib.request.urlopen(request, timeout=10) as response:
        return {key["id"] for key in json.load(response)["data"]}


# Nothing has run yet: these are the keys that the first start has made, the judge's own among them.
OWN_KEY_IDS = _key_ids()


@schemathesis.hook
def before_call(context, case, kwargs):
    _keep_own_key(case)
    _move_due_date_into_the_future(case)


def _keep_own_key(case):
    """A judge who revokes the key that it works with sees nothing but 401 from then on."""
    parameters = case.path_parameters or {}
    if case.method.upper() == "DELETE" and "/api-keys/" in case.path:
        for name, value in parameters.items():
            if value in OWN_KEY_IDS:
                parameters[name] = str(uuid.uuid4())


def _move_due_date_into_the_future(case):
    """A due date must not be over, and a schema cannot know what day it is. Anything but a date stays as it is."""
    if not isinstance(case.body, dict):
        return
    try:
        due = datetime.date.fromisoformat(case.body.get("due_date"))
    except (TypeError, ValueError):
        return
    # The distance to the date that was generated is kept within nine years, so that cases stay different.
    days = due.toordinal() % (9 * 365) + 1
    tomorrow_or_later = datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=days)
    case.body["due_date"] = tomorrow_or_later.isoformat()
