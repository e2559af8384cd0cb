//! Adding to the contract what follows from the form of its operations.

use std::collections::{BTreeMap, BTreeSet};

use utoipa::{
    ToSchema as _,
    openapi::{
        OpenApi, Ref, RefOr,
        path::{Operation, PathItem},
    },
};

use super::{
    alternatives,
    form::{AnswerForm, Form},
    fragments, inspect,
    inspect::Schemas,
    kinds,
};
use crate::{
    gate::API_PREFIX,
    problem::{FaultBody, ProblemBody},
    schemas,
};

/// Completes the contract.
pub(crate) fn complete(contract: &mut OpenApi) {
    let components = contract.components.get_or_insert_default();
    let mut problems = Vec::new();
    ProblemBody::schemas(&mut problems);
    problems.push((
        ProblemBody::name().into_owned(),
        <ProblemBody<'_> as utoipa::PartialSchema>::schema(),
    ));
    problems.push((
        FaultBody::name().into_owned(),
        <FaultBody<'_> as utoipa::PartialSchema>::schema(),
    ));
    components.schemas.extend(problems);
    for (name, description, example) in fragments::ANSWER_HEADERS {
        let header = fragments::header(description, example);
        components.headers.insert(name.to_owned(), RefOr::T(header));
    }
    components
        .headers
        .insert("Retry-After".to_owned(), RefOr::T(fragments::retry_after()));

    add_schemas_of_parameters(contract);

    let components = contract.components.get_or_insert_default();
    let bodies: BTreeSet<_> = operations(&contract.paths.paths)
        .filter_map(|operation| inspect::body_name(operation).map(str::to_owned))
        .collect();
    for name in bodies {
        inspect::close(&mut components.schemas, &name);
    }
    alternatives::state(&mut components.schemas);
    let schemas = components.schemas.clone();
    for (path, item) in &mut contract.paths.paths {
        complete_path(path, item, &schemas);
    }
    share_responses(contract);
}

/// utoipa collects what bodies refer to, but not what parameters do.
fn add_schemas_of_parameters(contract: &mut OpenApi) {
    let referred: BTreeSet<_> = operations(&contract.paths.paths)
        .flat_map(|operation| operation.parameters.iter().flatten())
        .flat_map(inspect::schemas_of_parameter)
        .collect();
    let components = contract.components.get_or_insert_default();
    for (name, schema) in schemas::shared().filter(|(name, _)| referred.contains(name.as_ref())) {
        components
            .schemas
            .entry(name.into_owned())
            .or_insert(schema);
    }
}

fn operations<'a>(
    paths: impl IntoIterator<Item = (&'a String, &'a PathItem)>,
) -> impl Iterator<Item = &'a Operation> {
    let of = |(_, item): (_, &'a PathItem)| {
        [&item.get, &item.post, &item.put, &item.patch, &item.delete]
            .into_iter()
            .flatten()
    };
    paths.into_iter().flat_map(of)
}

fn complete_path(path: &str, item: &mut PathItem, schemas: &Schemas) {
    let form_of = |operation: Option<&Operation>| {
        // Outside of the API a `version` is something else.
        let is_of_api = path.starts_with(API_PREFIX);
        AnswerForm::of(operation.filter(|_| is_of_api), schemas)
    };
    let has_resource = form_of(item.get.as_ref()) == AnswerForm::Resource;
    let operations = [
        ("get", &mut item.get),
        ("post", &mut item.post),
        ("put", &mut item.put),
        ("patch", &mut item.patch),
        ("delete", &mut item.delete),
    ];
    for (method, operation) in operations {
        let answer = form_of(operation.as_ref());
        if let Some(operation) = operation {
            let form = Form {
                path,
                method,
                answer,
                is_of_resource: has_resource || answer == AnswerForm::Resource,
                has_required_fields: inspect::has_required_fields(operation, schemas),
            };
            form.complete(operation);
        }
    }
}

/// Puts the responses that are the same for all operations with a key among the components, and refers to them: the
/// document is a third of the size then.
fn share_responses(contract: &mut OpenApi) {
    let mut shared = BTreeMap::new();
    for (path, item) in &mut contract.paths.paths {
        if !path.starts_with(API_PREFIX) {
            continue;
        }
        let operations = [
            &mut item.get,
            &mut item.post,
            &mut item.put,
            &mut item.patch,
            &mut item.delete,
        ];
        for operation in operations.into_iter().flatten() {
            for (status, response) in &mut operation.responses.responses {
                if let Some(name) = kinds::shared_name(status) {
                    let reference = RefOr::Ref(Ref::from_response_name(name));
                    shared.insert(name.to_owned(), std::mem::replace(response, reference));
                }
            }
        }
    }
    let components = contract.components.get_or_insert_default();
    components.responses.extend(shared);
}
