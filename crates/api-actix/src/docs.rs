//! The contract as JSON and as a page that works with no internet.

use std::{
    io::{self, Write as _},
    sync::{Arc, OnceLock},
};

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::{
        Method,
        header::{self, AcceptEncoding, ContentEncoding, Encoding, Header as _, HeaderName},
    },
    web,
};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
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
        .service(events_document)
        .service(without_slash)
        .service(file);
}

/// Their routes, which the contract does not list.
pub(crate) fn routes() -> impl Iterator<Item = NewRoute> {
    let patterns = [
        "/",
        "/openapi.json",
        "/asyncapi.json",
        "/docs",
        "/docs/{file:.*}",
    ];
    patterns.into_iter().map(|pattern| NewRoute {
        pattern,
        methods: vec![Method::GET],
        answers_more_than_json: true,
    })
}

#[get("/")]
async fn root(request: Request) -> Result<HttpResponse, Problem> {
    request.read_nothing()?;
    Ok(redirect_to("/docs"))
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
    Ok(api.surface.document.answer(request.http()))
}

#[get("/asyncapi.json")]
async fn events_document(api: web::Data<Api>, request: Request) -> Result<HttpResponse, Problem> {
    request.read_nothing()?;
    Ok(api.surface.events_document.answer(request.http()))
}

/// A contract as JSON. It is large and never changes: it is compressed once, when somebody first wants it so.
pub(crate) struct Document {
    plain: Bytes,
    gzip: OnceLock<Option<Bytes>>,
}

impl Document {
    pub(crate) fn new(json: String) -> Self {
        Self {
            plain: json.into(),
            gzip: OnceLock::new(),
        }
    }

    fn answer(&self, http: &HttpRequest) -> HttpResponse {
        let mut answer = HttpResponse::Ok();
        answer
            .content_type("application/json")
            .insert_header(CACHED)
            .insert_header((header::VARY, "accept-encoding"));
        let gzip = wants_gzip(http).then(|| self.compressed()).flatten();
        match gzip {
            Some(gzip) => answer.insert_header(ContentEncoding::Gzip).body(gzip),
            None => answer.body(self.plain.clone()),
        }
    }

    /// `None` if it cannot be: then it goes as it is.
    fn compressed(&self) -> Option<Bytes> {
        let compressed = self.gzip.get_or_init(|| gzip(&self.plain).ok());
        compressed.clone()
    }
}

fn gzip(plain: &[u8]) -> io::Result<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain)?;
    encoder.finish().map(Bytes::from)
}

fn wants_gzip(http: &HttpRequest) -> bool {
    let offered = [Encoding::gzip(), Encoding::identity()];
    let accepted = AcceptEncoding::parse(http).ok();
    accepted.and_then(|it| it.negotiate(offered.iter())) == Some(Encoding::gzip())
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

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use actix_web::test::TestRequest;
    use flate2::read::GzDecoder;
    use rstest::rstest;

    use super::*;
    use crate::testing::Bench;

    #[rstest]
    #[case("/", "/docs")]
    #[case("/docs", "/docs/")]
    #[actix_web::test]
    async fn the_root_leads_to_the_page(#[case] from: &str, #[case] to: &str) {
        let got = Bench::new().send_as_is(TestRequest::get().uri(from)).await;

        assert_eq!((got.status.as_u16(), got.header("location")), (302, to));
    }

    #[rstest]
    #[case("/docs/", "text/html")]
    #[case("/docs/swagger-ui-bundle.js", "text/javascript")]
    #[case("/docs/swagger-ui.css", "text/css")]
    #[case("/docs/swagger-initializer.js", "text/javascript")]
    #[actix_web::test]
    async fn the_page_and_its_parts_come_from_here(#[case] path: &str, #[case] content_type: &str) {
        let got = Bench::new().send_as_is(TestRequest::get().uri(path)).await;

        assert_eq!(got.status.as_u16(), 200);
        assert!(got.header("content-type").starts_with(content_type));
        assert!(
            got.header("content-security-policy")
                .contains("default-src 'none'")
        );
    }

    #[actix_web::test]
    async fn the_page_asks_nothing_of_the_internet() {
        let page = Bench::new()
            .send_as_is(TestRequest::get().uri("/docs/"))
            .await;
        let settings = TestRequest::get().uri("/docs/swagger-initializer.js");
        let settings = Bench::new().send_as_is(settings).await;

        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(!text(&page.bytes).contains("//"), "a foreign address");
        assert!(text(&settings.bytes).contains("\"validatorUrl\": \"none\""));
        assert!(text(&settings.bytes).contains("/openapi.json"));
    }

    #[actix_web::test]
    async fn the_contract_is_served() {
        let got = Bench::new()
            .send_as_is(TestRequest::get().uri("/openapi.json"))
            .await;

        assert_eq!(got.header("content-type"), "application/json");
        assert_eq!(got.json()["openapi"], "3.1.0");
        assert_eq!(got.header("content-encoding"), "");
    }

    #[rstest]
    #[case("/openapi.json")]
    #[case("/asyncapi.json")]
    #[actix_web::test]
    async fn a_contract_is_compressed_for_whoever_wants_that(#[case] path: &str) {
        let asking = |encodings| {
            let request = TestRequest::get().uri(path);
            request.insert_header(("accept-encoding", encodings))
        };
        let [plain, gzip] = Bench::new()
            .send_each([asking("gzip;q=0"), asking("gzip, deflate, br")])
            .await;

        let mut text = Vec::new();
        GzDecoder::new(gzip.bytes.as_ref())
            .read_to_end(&mut text)
            .unwrap();
        assert_eq!(text, plain.bytes);
        assert_eq!(gzip.header("content-encoding"), "gzip");
        assert_eq!(plain.header("content-encoding"), "");
        for got in [plain, gzip] {
            assert_eq!(got.header("vary"), "accept-encoding");
            assert_eq!(got.header("content-type"), "application/json");
        }
    }

    #[test]
    fn it_is_compressed_once() {
        let contract = Document::new("{}".to_owned());

        let [first, second] = [contract.compressed(), contract.compressed()].map(Option::unwrap);

        assert_eq!(first.as_ptr(), second.as_ptr());
    }
}
