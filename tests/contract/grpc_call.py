"""A foreign gRPC client: it knows nothing but what the service tells of itself by reflection."""

import grpc
from google.protobuf import json_format
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass
from google.rpc import error_details_pb2
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)
from grpc_status import rpc_status

PACKAGE = "tallystick.v1"
DETAILS = {
    kind.DESCRIPTOR.full_name: kind
    for kind in (
        error_details_pb2.ErrorInfo,
        error_details_pb2.BadRequest,
        error_details_pb2.RetryInfo,
        error_details_pb2.RequestInfo,
    )
}


class Refused(Exception):
    """A status that is not OK, with its details by their names."""

    def __init__(self, error):
        super().__init__(f"{error.code()}: {error.details()}")
        self.code = error.code().name
        self.message = error.details()
        self.details = {}
        self.metadata = dict(error.initial_metadata() or ())
        self.metadata.update(error.trailing_metadata() or ())
        status = rpc_status.from_call(error)
        for packed in status.details if status else ():
            name = packed.type_url.rsplit("/", 1)[-1]
            detail = DETAILS[name]()
            packed.Unpack(detail)
            self.details[name.rsplit(".", 1)[-1]] = detail

    @property
    def reason(self):
        return self.details["ErrorInfo"].reason

    @property
    def violations(self):
        listed = self.details.get("BadRequest")
        return [
            (it.field, it.reason, it.description)
            for it in (listed.field_violations if listed else ())
        ]


class Api:
    """Calls by name, with documents in and out."""

    def __init__(self, address, key=None):
        self.channel = grpc.insecure_channel(address)
        self.key = key
        self.database = ProtoReflectionDescriptorDatabase(self.channel)
        self.pool = DescriptorPool(self.database)

    def services(self):
        return self.database.get_services()

    def call(self, rpc, document=None, metadata=(), timeout=20):
        """The answer and its metadata; `Refused` if there is none."""
        service, name = rpc.split("/")
        method = self.pool.FindServiceByName(f"{PACKAGE}.{service}").methods_by_name[name]
        request = json_format.ParseDict(document or {}, GetMessageClass(method.input_type)())
        answer = GetMessageClass(method.output_type)
        stub = self.channel.unary_unary(
            f"/{PACKAGE}.{rpc}",
            request_serializer=type(request).SerializeToString,
            response_deserializer=answer.FromString,
        )
        sent = list(metadata)
        if self.key:
            sent.append(("authorization", f"Bearer {self.key}"))
        try:
            message, call = stub.with_call(request, metadata=sent, timeout=timeout)
        except grpc.RpcError as error:
            raise Refused(error) from None
        return message, dict(call.initial_metadata())


    def stream(self, rpc, document=None, timeout=20):
        """The answers of a stream, one after the other. Close it with `cancel`."""
        service, name = rpc.split("/")
        method = self.pool.FindServiceByName(f"{PACKAGE}.{service}").methods_by_name[name]
        request = json_format.ParseDict(document or {}, GetMessageClass(method.input_type)())
        stub = self.channel.unary_stream(
            f"/{PACKAGE}.{rpc}",
            request_serializer=type(request).SerializeToString,
            response_deserializer=GetMessageClass(method.output_type).FromString,
        )
        return stub(request, metadata=[("authorization", f"Bearer {self.key}")], timeout=timeout)


def as_rest(message):
    """A message as REST would have answered it."""
    return {field.name: _value(message, field) for field in message.DESCRIPTOR.fields}


def _value(message, field):
    value = getattr(message, field.name)
    if field.message_type and field.message_type.GetOptions().map_entry:
        return dict(value)
    if field.is_repeated:
        return [_one(field, item) for item in value]
    if field.has_presence and not message.HasField(field.name):
        return None
    return _one(field, value)


def _one(field, value):
    if field.enum_type:
        # INVOICE_STATUS_DRAFT is the word `draft`.
        prefix = field.enum_type.values_by_number[0].name.removesuffix("UNSPECIFIED")
        return field.enum_type.values_by_number[value].name.removeprefix(prefix).lower()
    if not field.message_type:
        return value
    if field.message_type.full_name == "google.protobuf.Timestamp":
        instant = value.ToDatetime()
        return instant.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return as_rest(value)
