//! The contract as JSON and as a page that works with no internet.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::{
        Method,
        header::{self, HeaderName},
    },
    web,
};
use utoipa_swagger_ui::Config;

use crate::{
    api::Api,
    input::Request,
    problem::{
        Problem,
        catalogue::{INTERNAL_ERROR, ROUTE_NOT_FOUND},
    },
    routes::NewRoute,
};

/// The page loads its own files and talks to this service, and nothing else. Its style sheets are files too, but it sets
/// styles on elements while it runs.
const PAGE_POLICY: (HeaderName, &str) = (
    header::CONTENT_SECURITY_POLICY,
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);
const CACHED: (HeaderName, &str) = (header::CACHE_CONTROL, "public, max-age=300");

/// Adds the pages.
pub(crate) fn pages(config: &mut web::ServiceConfig) {
    let page = Arc::new(
        Config::from("/openapi.json")
            // Otherwise the page would send the contract to a validator on the internet.
            .validator_url("none")
            .persist_authorization(true)
            .display_request_duration(true)
            .display_operation_id(true),
    );
    config
        .app_data(web::Data::from(page))
        .service(root)
        .service(document)
        .service(without_slash)
        .service(file);
}

/// Their routes, which the contract does not list.
pub(crate) fn routes() -> impl Iterator<Item = NewRoute> {
    let patterns = ["/", "/openapi.json", "/docs", "/docs/{file:.*}"];
    patterns.into_iter().map(|pattern| NewRoute {
        pattern,
        methods: vec![Method::GET],
        answers_more_than_json: true,
    })
}

#[get("/")]
async fn root(request: Request) -> Result<HttpResponse, Problem> {
    request.read_nothing()?;
    Ok(redirect_to("/docs/"))
}

#[get("/docs")]
async fn without_slash(request: Request) -> Result<HttpResponse, Problem> {
    request.read_nothing()?;
    Ok(redirect_to("/docs/"))
}

fn redirect_to(path: &'static str) -> HttpResponse {
    HttpResponse::Found()
        .insert_header((header::LOCATION, path))
        .finish()
}

#[get("/openapi.json")]
async fn document(api: web::Data<Api>, request: Request) -> Result<HttpResponse, Problem> {
    request.read_nothing()?;
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .insert_header(CACHED)
        .body(api.surface.document.clone()))
}

#[get("/docs/{file:.*}")]
async fn file(
    http: HttpRequest,
    page: web::Data<Config<'static>>,
    request: Request,
) -> Result<HttpResponse, Problem> {
    request.read_nothing()?;
    let path = http.match_info().query("file");
    let found = utoipa_swagger_ui::serve(path, page.into_inner())
        .map_err(|error| Problem::of(&INTERNAL_ERROR).caused_by(error.as_ref()))?;
    let file = found.ok_or_else(|| Problem::of(&ROUTE_NOT_FOUND))?;
    Ok(HttpResponse::Ok()
        .content_type(file.content_type)
        .insert_header(PAGE_POLICY)
        .insert_header(CACHED)
        .body(file.bytes.into_owned()))
}
