//! The surface of the service: its endpoints, put together, and the contract that follows from them.

use std::sync::{Arc, OnceLock};

use actix_web::{
    App, Error, HttpResponse,
    body::MessageBody,
    dev::{ServiceFactory, ServiceRequest, ServiceResponse},
    http::Method,
    middleware::Compress,
    web,
};
use utoipa::openapi::{OpenApi, RefOr, path::PathItem};
use utoipa_actix_web::{AppExt as _, scope, service_config::ServiceConfig};

use crate::{
    api::Api,
    asyncapi::asyncapi,
    customers,
    docs::{self, Document},
    events,
    gate::{API_PREFIX, Gate},
    health, invoicing, ledger,
    openapi::{base, complete},
    payments, platform, problem, provider_notices,
    routes::{NewRoute, Routes},
    vouchers, wallets, webhooks,
};

/// What is the same for every instance of the API: which paths there are, and what is said of them.
pub(crate) struct Surface {
    /// The paths with their methods, for the gate: it answers 404 and 405, and names the route in logs and metrics.
    pub(crate) routes: Routes,
    /// The contract as JSON.
    pub(crate) document: Document,
    /// The contract of events as JSON.
    pub(crate) events_document: Document,
}

/// The endpoints below `/api/v1`. In a context, a path with a name goes before one with a parameter in the same place
/// (`/invoices/summary` before `/invoices/{id}`).
fn endpoints(config: &mut ServiceConfig<'_>) {
    config
        .configure(invoicing::endpoints)
        .configure(customers::endpoints)
        .configure(ledger::endpoints)
        .configure(payments::endpoints)
        .configure(vouchers::endpoints)
        .configure(wallets::endpoints)
        .configure(events::endpoints)
        .configure(webhooks::endpoints)
        .configure(platform::endpoints);
}

/// The endpoints that need no key.
fn open_endpoints(config: &mut ServiceConfig<'_>) {
    config
        .configure(health::endpoints)
        .configure(problem::endpoints)
        .configure(provider_notices::endpoints);
}

/// The application of one worker thread.
pub fn application(
    api: &Arc<Api>,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody + use<>>,
        Error = Error,
        InitError = (),
    > + use<>,
> {
    let (application, _contract) = App::new()
        .into_utoipa_app()
        .service(scope(API_PREFIX).configure(endpoints))
        .configure(open_endpoints)
        .split_for_parts();
    application
        .app_data(web::Data::from(Arc::clone(api)))
        .configure(docs::pages)
        .default_service(web::to(HttpResponse::NotFound))
        .wrap(Compress::default())
        .wrap(Gate(Arc::clone(api)))
}

/// The contract, made from the code alone.
pub fn openapi() -> OpenApi {
    let (_application, mut contract) = App::new()
        .into_utoipa_app()
        .openapi(base())
        .configure(open_endpoints)
        .service(scope(API_PREFIX).configure(endpoints))
        .split_for_parts();
    complete(&mut contract);
    contract
}

/// The surface of this process, made when it is first asked for. It follows from the code alone, so that one serves every
/// worker and every instance, and may live as long as the process: its paths are leaked, once, to be labels of metrics.
pub(crate) fn surface() -> &'static Surface {
    static SURFACE: OnceLock<Surface> = OnceLock::new();
    SURFACE.get_or_init(|| {
        let contract = openapi();
        let document = Document::new(contract.to_json().unwrap_or_default());
        let events_document = Document::new(asyncapi().to_string());
        let documented = contract
            .paths
            .paths
            .into_iter()
            .map(|(pattern, item)| NewRoute {
                methods: methods(&item),
                answers_more_than_json: pattern.starts_with("/problems")
                    || answers_more_than_json(&item),
                pattern: pattern.leak(),
            });
        let routes = Routes::new(documented.chain(docs::routes()));
        Surface {
            routes,
            document,
            events_document,
        }
    })
}

/// Whether what it gives is of another type than JSON.
fn answers_more_than_json(item: &PathItem) -> bool {
    let given = item
        .get
        .iter()
        .filter_map(|it| it.responses.responses.get("200"));
    given
        .filter_map(|it| match it {
            RefOr::T(response) => Some(response),
            RefOr::Ref(_) => None,
        })
        .flat_map(|response| response.content.keys())
        .any(|media_type| media_type != "application/json")
}

fn methods(item: &PathItem) -> Vec<Method> {
    let operations = [
        (Method::GET, &item.get),
        (Method::POST, &item.post),
        (Method::PUT, &item.put),
        (Method::PATCH, &item.patch),
        (Method::DELETE, &item.delete),
    ];
    let present = operations
        .into_iter()
        .filter(|(_, operation)| operation.is_some());
    present.map(|(method, _)| method).collect()
}
