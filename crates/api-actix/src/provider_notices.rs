//! `POST /provider-webhooks/{provider}`: what payment providers tell without being asked.

use std::sync::Arc;

use actix_web::{http::header::HeaderMap, post, web};
use api_shared::problem::Refusal;
use app::{
    payments::{HeedProviderNotice, HeedProviderNoticeHandler},
    ports::{Clock, LimitDecision, NoticeReaders, NoticeRefused, RawNotice},
};
use domain::payments::ProviderName;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    answer::Answer,
    api::Api,
    gate::client_address,
    input::Request,
    problem::{
        Problem,
        catalogue::{NOTICE_REFUSED, NOTICE_UNVERIFIABLE, NOTICES_UNKNOWN, RATE_LIMITED},
    },
};

/// What can be done with notices.
pub struct NoticeUseCases {
    readers: NoticeReaders,
    heed: Arc<HeedProviderNoticeHandler>,
}

impl NoticeUseCases {
    /// Notices that these can read.
    pub fn new(readers: NoticeReaders, clock: &Arc<dyn Clock>) -> Self {
        Self {
            readers,
            heed: Arc::new(HeedProviderNoticeHandler::new(Arc::clone(clock))),
        }
    }
}

/// Adds the endpoint.
pub(crate) fn endpoints(config: &mut ServiceConfig<'_>) {
    config.service(take_provider_notice);
}

/// Take a notice of a payment provider
///
/// For providers only: it is signed as Stripe and PayPal sign their webhooks. It decides nothing by itself: what it may be about
/// is looked up at the provider soon. A notice that was taken before changes nothing. An address that sends many that are not
/// authentic has to wait.
#[utoipa::path(
    tag = "payments",
    operation_id = "takeProviderNotice",
    security(()),
    params(("provider" = String, Path, description = "The provider: `stripe` or `paypal`", example = "stripe")),
    request_body(content = serde_json::Value, description = "The notice, as the provider sends it"),
    responses((status = 204, description = "It was taken"), Refusals)
)]
#[post("/provider-webhooks/{provider}")]
async fn take_provider_notice(api: web::Data<Api>, request: Request) -> Result<Answer, Problem> {
    request.read_nothing()?;
    let unknown = || Problem::of(&NOTICES_UNKNOWN);
    let provider = request.http().match_info().query("provider");
    let provider = ProviderName::parse(provider).map_err(|_malformed| unknown())?;
    let reader = api.notices.readers.find(&provider).ok_or_else(unknown)?;
    let tally = Tally(&provider);
    let address = client_address(request.http(), &api.settings.trusted_proxies);
    if let Some(decision) = api.notice_door.held_up(address) {
        return Err(tally.limited(&request, decision));
    }
    let headers = headers(request.http().headers());
    let raw = RawNotice {
        headers: &headers,
        body: request.raw_body(),
    };
    let notice = match reader.read(raw).await {
        Ok(notice) => notice,
        Err(NoticeRefused::Unverifiable) => {
            tally.count("unverifiable");
            return Err(Problem::of(&NOTICE_UNVERIFIABLE).because(NoticeRefused::Unverifiable));
        }
        Err(why @ (NoticeRefused::NotAuthentic | NoticeRefused::Unreadable)) => {
            let decision = api.notice_door.count_stranger(address).await;
            if !decision.is_allowed {
                return Err(tally.limited(&request, decision));
            }
            tally.count("refused");
            return Err(Problem::of(&NOTICE_REFUSED).because(why));
        }
    };
    tally.count("received");
    let command = HeedProviderNotice {
        provider: provider.clone(),
        notice,
    };
    let heeded = api.bus.execute(api.notices.heed.clone(), command).await;
    heeded
        .map(|()| Answer::no_content())
        .map_err(|error| Problem::from(&error))
}

/// Counts the notices of a provider that is set up.
struct Tally<'a>(&'a ProviderName);

impl Tally<'_> {
    fn count(&self, result: &'static str) {
        let provider = self.0.as_str().to_owned();
        metrics::counter!("provider_notices_total", "provider" => provider, "result" => result)
            .increment(1);
    }

    /// Not even looked at.
    fn limited(&self, request: &Request, decision: LimitDecision) -> Problem {
        self.count("limited");
        request.visit().note_limit(decision);
        let refusal = Refusal::of(&RATE_LIMITED).retry_after(decision.retry_after);
        Problem::from(refusal)
    }
}

crate::openapi::refusals!(Refusals: NOTICE_REFUSED, NOTICES_UNKNOWN, NOTICE_UNVERIFIABLE, RATE_LIMITED);

/// Those that are text.
fn headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = headers.iter().filter_map(|(name, value)| {
        let value = value.to_str().ok()?;
        Some((name.as_str().to_owned(), value.to_owned()))
    });
    text.collect()
}

#[cfg(test)]
mod tests;
