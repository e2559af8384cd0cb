//! `GET /problems`, `GET /problems/{slug}`: what the codes mean, for programs and for people.

use std::fmt::Write as _;

use actix_web::{HttpRequest, HttpResponse, get, http::header};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Problem, ProblemKind,
    catalogue::{self, NOT_FOUND},
};
use crate::{answer::Answer, gate::accept, input::Request};

/// A kind of problem.
#[derive(Serialize, ToSchema)]
#[schema(as = ProblemKind, example = json!({
    "type": "/problems/not-found",
    "code": "not_found",
    "status": 404,
    "title": "Not found",
    "description": "There is no such thing, or it is not of the API key's organization.",
}))]
pub(crate) struct KindBody {
    /// Where it is explained.
    r#type: String,
    /// The stable word for it.
    code: &'static str,
    /// Its HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// The kind in words.
    title: &'static str,
    /// What it means and what to do about it.
    description: &'static str,
}

/// Every kind of problem.
#[derive(Serialize, ToSchema)]
#[schema(as = ProblemKinds)]
pub(crate) struct KindsBody {
    /// In the order of their status.
    data: Vec<KindBody>,
}

impl From<&ProblemKind> for KindBody {
    fn from(kind: &ProblemKind) -> Self {
        Self {
            r#type: kind.path(),
            code: kind.code,
            status: kind.status.as_u16(),
            title: kind.title,
            description: kind.description,
        }
    }
}

/// List the kinds of problem
///
/// Every `code` that an answer of this service can have. As a page when the Accept header prefers HTML.
#[utoipa::path(
    tag = "service",
    operation_id = "listProblems",
    security(()),
    responses((status = 200, description = "Every kind of problem", content(
        (KindsBody = "application/json"),
        (String = "text/html"),
    )))
)]
#[get("/problems")]
pub(crate) async fn list_problems(
    http: HttpRequest,
    request: Request,
) -> Result<HttpResponse, Problem> {
    request.read(|_| Some(()))?;
    if accept::prefers_html(http.headers()) {
        return Ok(page("Problems", catalogue::all()));
    }
    let data = catalogue::all().map(KindBody::from).collect();
    Ok(Answer::ok(&KindsBody { data }).into_response())
}

/// Explain a kind of problem
///
/// The `type` of a problem document leads here. As a page when the Accept header prefers HTML.
#[utoipa::path(
    tag = "service",
    operation_id = "getProblem",
    security(()),
    params(("slug" = String, Path, description = "The last part of the problem's `type`", pattern = "^[a-z0-9-]+$", example = "not-found")),
    responses((status = 200, description = "The kind of problem", content(
        (KindBody = "application/json"),
        (String = "text/html"),
    )))
)]
#[get("/problems/{slug}")]
pub(crate) async fn get_problem(
    http: HttpRequest,
    request: Request,
) -> Result<HttpResponse, Problem> {
    request.read(|_| Some(()))?;
    let slug = http.match_info().query("slug");
    let kind = catalogue::all()
        .find(|kind| kind.slug() == slug)
        .ok_or_else(|| Problem::of(&NOT_FOUND).because("there is no such kind of problem"))?;
    if accept::prefers_html(http.headers()) {
        return Ok(page(kind.title, std::iter::once(kind)));
    }
    Ok(Answer::ok(&KindBody::from(kind)).into_response())
}

/// The catalogue is made of constants without markup, so nothing needs to be escaped.
fn page(title: &str, kinds: impl Iterator<Item = &'static ProblemKind>) -> HttpResponse {
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title></head><body>\n"
    );
    for kind in kinds {
        let (path, status) = (kind.path(), kind.status.as_u16());
        let (title, code, description) = (kind.title, kind.code, kind.description);
        // Writing to a String cannot fail.
        let _ = writeln!(
            html,
            "<h2><a href=\"{path}\">{title}</a></h2>\n<p>{status} <code>{code}</code></p>\n<p>{description}</p>"
        );
    }
    html.push_str("</body></html>\n");
    HttpResponse::Ok()
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'"))
        .content_type("text/html; charset=utf-8")
        .body(html)
}

/// Adds the endpoints.
pub(crate) fn endpoints(config: &mut utoipa_actix_web::service_config::ServiceConfig<'_>) {
    config.service(list_problems).service(get_problem);
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use rstest::rstest;

    use super::*;
    use crate::testing::Bench;

    #[actix_web::test]
    async fn every_kind_is_listed_and_explained_where_its_type_says() {
        let list = Bench::new()
            .send_as_is(TestRequest::get().uri("/problems"))
            .await;
        let kinds = list.json()["data"].as_array().cloned().unwrap_or_default();

        assert_eq!(kinds.len(), catalogue::all().count());
        for kind in kinds {
            let path = kind["type"].as_str().unwrap_or_default();
            let got = Bench::new().send_as_is(TestRequest::get().uri(path)).await;
            assert_eq!(got.json(), kind);
        }
    }

    #[rstest]
    #[case("/problems")]
    #[case("/problems/not-found")]
    #[actix_web::test]
    async fn a_browser_is_shown_a_page(#[case] path: &str) {
        let accept = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8");

        let got = Bench::new()
            .send_as_is(TestRequest::get().uri(path).insert_header(accept))
            .await;

        assert_eq!(got.header("content-type"), "text/html; charset=utf-8");
        assert!(String::from_utf8_lossy(&got.bytes).contains("<code>not_found</code>"));
    }

    #[test]
    fn codes_are_unique_and_pages_need_no_escaping() {
        let mut codes: Vec<_> = catalogue::all().map(|kind| kind.code).collect();
        codes.sort_unstable();
        codes.dedup();

        assert_eq!(codes.len(), catalogue::all().count());
        for kind in catalogue::all() {
            assert!(!kind.title.contains(['<', '&']) && !kind.description.contains(['<', '&']));
            assert!(kind.status.as_u16() >= 400);
        }
    }
}
