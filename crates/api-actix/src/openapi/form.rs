//! What follows from the form of one operation.

use utoipa::openapi::{
    Deprecated, RefOr, Required, Response,
    path::{Operation, Parameter, ParameterIn},
};

use super::{fragments, inspect, inspect::Schemas, kinds};
use crate::{
    gate::{API_PREFIX, is_counted},
    problem::{ProblemKind, catalogue::IDEMPOTENCY_KEY_REQUIRED},
};

/// What an operation looks like from outside.
pub(super) struct Form<'a> {
    pub(super) path: &'a str,
    pub(super) method: &'static str,
    pub(super) answer: AnswerForm,
    /// Whether the path is that of a single resource.
    pub(super) is_of_resource: bool,
    /// Whether the body has to have some field.
    pub(super) has_required_fields: bool,
}

/// What an operation answers with when it succeeds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum AnswerForm {
    /// A single resource: it has a version.
    Resource,
    /// A piece of a list.
    List,
    /// Something else, or nothing.
    Other,
}

impl AnswerForm {
    pub(super) fn of(operation: Option<&Operation>, schemas: &Schemas) -> Self {
        match operation.and_then(inspect::answer_name) {
            Some(name) if inspect::is_versioned(schemas, name) => Self::Resource,
            Some(name) if name.starts_with("ListOf") => Self::List,
            Some(_) | None => Self::Other,
        }
    }
}

impl Form<'_> {
    pub(super) fn needs_key(&self) -> bool {
        self.path.starts_with(API_PREFIX)
    }

    fn answers_resource(&self) -> bool {
        self.answer == AnswerForm::Resource
    }

    fn is_list(&self) -> bool {
        self.answer == AnswerForm::List
    }

    /// Completes the operation.
    pub(super) fn complete(&self, operation: &mut Operation) {
        operation
            .deprecated
            .take_if(|deprecated| *deprecated == Deprecated::False);
        if let Some(RefOr::T(body)) = &mut operation.request_body {
            // A POST that asks for nothing in particular can be sent without a body.
            let is_needed = self.method != "post" || self.has_required_fields;
            body.required = Some(if is_needed {
                Required::True
            } else {
                Required::False
            });
        }
        self.add_parameters(operation);
        self.add_refusals(operation);
        if self.method == "get" && self.answers_resource() {
            let unchanged = Response::new("The client has this version already");
            operation
                .responses
                .responses
                .insert("304".to_owned(), RefOr::T(unchanged));
        }
        for (status, response) in &mut operation.responses.responses {
            if let RefOr::T(response) = response {
                self.add_headers(status, response);
            }
        }
    }

    fn is_idempotent(&self) -> bool {
        self.needs_key() && matches!(self.method, "post" | "patch")
    }

    fn honours_if_match(&self) -> bool {
        self.is_of_resource && matches!(self.method, "put" | "patch" | "delete")
    }

    fn add_parameters(&self, operation: &mut Operation) {
        let moves_money = declared_kinds(operation).contains(&&IDEMPOTENCY_KEY_REQUIRED);
        let declared = operation.parameters.get_or_insert_default();
        let is_declared = |name: &str, declared: &[RefOr<Parameter>]| {
            declared
                .iter()
                .any(|it| matches!(it, RefOr::T(it) if it.name == name))
        };
        for name in path_parameters(self.path) {
            if !is_declared(name, declared) {
                declared.push(RefOr::T(fragments::path_id(name)));
            }
        }
        if self.is_list() {
            declared.extend(fragments::paging().map(RefOr::T));
        }
        if self.is_idempotent() {
            let mut key = fragments::idempotency_key();
            if let Some(own) = take_parameter(declared, &key.name) {
                // It says itself when it is needed.
                key.description = own.description;
            } else if moves_money {
                key.required = Required::True;
            }
            declared.push(RefOr::T(key));
        }
        if self.method == "get" && self.answers_resource() {
            let description = "The versions that the client has; 304 when it has this one";
            declared.push(RefOr::T(fragments::condition("If-None-Match", description)));
        }
        if self.honours_if_match() {
            let description = "The versions that may be changed; 412 when it is in another one";
            declared.push(RefOr::T(fragments::condition("If-Match", description)));
        }
        if declared.is_empty() {
            operation.parameters = None;
        }
    }

    fn add_refusals(&self, operation: &mut Operation) {
        let declared = declared_kinds(operation);
        let responses = &mut operation.responses.responses;
        let is_query = |it: &RefOr<Parameter>| matches!(it, RefOr::T(it) if it.parameter_in == ParameterIn::Query);
        let has_query = operation.parameters.iter().flatten().any(is_query);
        let groups = [
            (true, declared.as_slice()),
            (true, kinds::ALWAYS),
            (self.needs_key(), kinds::WITH_KEY),
            (is_counted(self.path), kinds::WITH_LIMIT),
            (self.path.contains('{'), kinds::WITH_PATH),
            (has_query, kinds::WITH_QUERY),
            (self.is_list(), kinds::WITH_PAGES),
            (operation.request_body.is_some(), kinds::WITH_BODY),
            (self.method != "get", kinds::WITH_EFFECT),
            (self.is_idempotent(), kinds::WITH_IDEMPOTENCY),
            (self.honours_if_match(), kinds::WITH_IF_MATCH),
        ];
        let applying = groups.iter().filter(|(applies, _)| *applies);
        let kinds = applying.flat_map(|(_, kinds)| kinds.iter().copied());
        for (status, kinds) in kinds::by_status(kinds) {
            let mut refusal = kinds::response(&kinds);
            if let Some(RefOr::T(own)) = responses.get(&status)
                && kinds::kinds_of(&RefOr::T(own.clone())).is_empty()
            {
                // A status that is also a success of its own kind, such as the 503 of a health check.
                refusal.content.extend(own.content.clone());
                refusal.description = format!("{}\n\n{}", own.description, refusal.description);
            }
            responses.insert(status, RefOr::T(refusal));
        }
    }

    fn add_headers(&self, status: &str, response: &mut Response) {
        let is_success = status.starts_with('2');
        let headers = [
            (true, "X-Request-Id"),
            (is_counted(self.path), "RateLimit"),
            (is_counted(self.path), "RateLimit-Policy"),
            (
                self.answers_resource() && (is_success || status == "304"),
                "ETag",
            ),
            (matches!(status, "201" | "202"), "Location"),
            (self.is_list() && is_success, "Link"),
            (
                self.is_idempotent()
                    && (is_success || matches!(status, "404" | "409" | "412" | "422")),
                "Idempotency-Replayed",
            ),
            (matches!(status, "409" | "429" | "503"), "Retry-After"),
        ];
        for (_, name) in headers.iter().filter(|(applies, _)| *applies) {
            response
                .headers
                .insert((*name).to_owned(), fragments::header_ref(name));
        }
    }
}

/// The problems that an operation can answer by its own rules.
fn declared_kinds(operation: &Operation) -> Vec<&'static ProblemKind> {
    let responses = operation.responses.responses.values();
    responses.flat_map(kinds::kinds_of).collect()
}

fn take_parameter(from: &mut Vec<RefOr<Parameter>>, name: &str) -> Option<Parameter> {
    let is_it = |it: &RefOr<Parameter>| matches!(it, RefOr::T(it) if it.name == name);
    let place = from.iter().position(is_it)?;
    match from.remove(place) {
        RefOr::T(parameter) => Some(parameter),
        RefOr::Ref(_) => None,
    }
}

fn path_parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}
