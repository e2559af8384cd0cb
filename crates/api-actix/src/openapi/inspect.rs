//! Looking into the contract.

use std::collections::BTreeMap;

use utoipa::openapi::{
    Ref, RefOr, Response, Schema,
    path::{Operation, Parameter},
    schema::{AdditionalProperties, ArrayItems},
};

pub(super) type Schemas = BTreeMap<String, RefOr<Schema>>;

/// The name of the component that a success of an operation answers with.
pub(super) fn answer_name(operation: &Operation) -> Option<&str> {
    let responses = &operation.responses.responses;
    let success = responses.iter().find(|(status, _)| status.starts_with('2'));
    match success {
        Some((_, RefOr::T(response))) => content_name(response),
        Some((_, RefOr::Ref(_))) | None => None,
    }
}

fn content_name(response: &Response) -> Option<&str> {
    match response.content.first()?.1 {
        RefOr::T(content) => match content.schema.as_ref()? {
            RefOr::Ref(reference) => name_of(reference),
            RefOr::T(_) => None,
        },
        RefOr::Ref(_) => None,
    }
}

/// The name of the component that an operation takes.
pub(super) fn body_name(operation: &Operation) -> Option<&str> {
    let RefOr::T(body) = operation.request_body.as_ref()? else {
        return None;
    };
    match body.content.values().next()? {
        RefOr::T(content) => match content.schema.as_ref()? {
            RefOr::Ref(reference) => name_of(reference),
            RefOr::T(_) => None,
        },
        RefOr::Ref(_) => None,
    }
}

/// Whether the body that an operation takes has to have some field.
pub(super) fn has_required_fields(operation: &Operation, schemas: &Schemas) -> bool {
    let body = body_name(operation).and_then(|name| schemas.get(name));
    match body {
        Some(RefOr::T(Schema::Object(object))) => !object.required.is_empty(),
        Some(_) => true,
        None => false,
    }
}

/// Whether a component is a single resource.
pub(super) fn is_versioned(schemas: &Schemas, name: &str) -> bool {
    schemas
        .get(name)
        .is_some_and(|schema| requires_version(schemas, schema))
}

fn requires_version(schemas: &Schemas, schema: &RefOr<Schema>) -> bool {
    match schema {
        RefOr::T(Schema::Object(object)) => object.required.iter().any(|name| name == "version"),
        RefOr::T(Schema::AllOf(all)) => {
            all.items.iter().any(|part| requires_version(schemas, part))
        }
        RefOr::Ref(reference) => name_of(reference).is_some_and(|name| is_versioned(schemas, name)),
        RefOr::T(_) => false,
    }
}

/// The names of the components that a parameter refers to.
pub(super) fn schemas_of_parameter(parameter: &RefOr<Parameter>) -> Vec<String> {
    let mut names = Vec::new();
    if let RefOr::T(Parameter {
        schema: Some(schema),
        ..
    }) = parameter
    {
        // Closing notes what it meets; the copy is not needed.
        close_part(&mut schema.clone(), &mut names);
    }
    names
}

/// Closes a component and all that it is made of against unknown fields.
pub(super) fn close(schemas: &mut Schemas, name: &str) {
    let Some(RefOr::T(schema)) = schemas.get_mut(name) else {
        return;
    };
    let mut inner = Vec::new();
    close_schema(schema, &mut inner);
    for name in inner {
        close(schemas, &name);
    }
}

fn close_schema(schema: &mut Schema, inner: &mut Vec<String>) {
    match schema {
        Schema::Object(object) => {
            if !object.properties.is_empty() && object.additional_properties.is_none() {
                let closed = AdditionalProperties::FreeForm(false);
                object.additional_properties = Some(Box::new(closed));
            }
            object
                .properties
                .values_mut()
                .for_each(|schema| close_part(schema, inner));
        }
        Schema::Array(array) => {
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                close_part(items, inner);
            }
        }
        Schema::OneOf(any) => any
            .items
            .iter_mut()
            .for_each(|schema| close_part(schema, inner)),
        Schema::AnyOf(any) => any
            .items
            .iter_mut()
            .for_each(|schema| close_part(schema, inner)),
        Schema::AllOf(all) => all
            .items
            .iter_mut()
            .for_each(|schema| close_part(schema, inner)),
        _ => {}
    }
}

fn close_part(schema: &mut RefOr<Schema>, inner: &mut Vec<String>) {
    match schema {
        RefOr::T(schema) => close_schema(schema, inner),
        RefOr::Ref(reference) => inner.extend(name_of(reference).map(str::to_owned)),
    }
}

fn name_of(reference: &Ref) -> Option<&str> {
    reference.ref_location.strip_prefix("#/components/schemas/")
}
