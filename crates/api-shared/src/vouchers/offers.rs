//! How campaigns do, and which vouchers would give something.

use app::{
    paging::Limit,
    ports::{CampaignStanding, CampaignStats, OfferQuery},
};
use domain::{
    ids::{CampaignId, OrganizationId},
    vouchers::{Cap, Holder, VoucherKind, assess_campaign},
};
use jiff::Timestamp;

use super::{Trial, Valid, VoucherUseCases};
use crate::problem::{Refusal, catalogue::NOT_FOUND};

/// How many campaigns are read at once.
const READ_AT_ONCE: i64 = 500;

/// How many campaigns are looked at: of more that go on at once, the newest.
const CAMPAIGNS_MAX: usize = 10_000;

/// Of how many campaigns vouchers are looked for at once: of few first, and of more as long as they have none left.
const SEARCHED_AT_ONCE: usize = 20;
const SEARCHED_AT_ONCE_MAX: usize = 640;

/// A campaign whose vouchers give something. There may be many of them: nothing else is remembered of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Offering {
    id: CampaignId,
    kind: VoucherKind,
    per_code: Option<Cap>,
    amount_minor: i64,
}

impl VoucherUseCases {
    /// How a campaign does, a little behind what was committed.
    pub async fn stats_of(
        &self,
        organization_id: OrganizationId,
        id: CampaignId,
    ) -> Result<CampaignStats, Refusal> {
        if let Some(stats) = self.stats.find_stats(organization_id, id).await? {
            return Ok(stats);
        }
        // One that was launched a moment ago is not known there yet.
        let found = self.queries.find_campaign(organization_id, id).await?;
        let unknown = || Refusal::of(&NOT_FOUND).because(format!("there is no campaign {id}"));
        Ok(CampaignStats::of_new(found.ok_or_else(unknown)?))
    }

    /// Vouchers that would give something, those first that give most.
    pub async fn applicable(
        &self,
        organization_id: OrganizationId,
        trial: &Trial,
        limit: Limit,
    ) -> Result<Vec<Valid>, Refusal> {
        let holder = self.holder(organization_id, &trial.by).await?;
        let offering = self.list_offering(organization_id, trial, holder).await?;
        let wanted = usize::from(limit.rows());
        let mut found: Vec<Valid> = Vec::with_capacity(wanted);
        let (mut rest, mut at_once) = (offering.as_slice(), SEARCHED_AT_ONCE);
        while found.len() < wanted && !rest.is_empty() {
            let (some, later) = rest.split_at(at_once.min(rest.len()));
            (rest, at_once) = (later, (2 * at_once).min(SEARCHED_AT_ONCE_MAX));
            let left = i64::try_from(wanted - found.len()).unwrap_or_default();
            let campaigns: Vec<_> = some.iter().map(|it| (it.id, it.per_code)).collect();
            let open = self.stats.list_open(organization_id, &campaigns, left);
            for voucher in open.await? {
                let its = some.iter().find(|it| it.id == voucher.campaign_id);
                found.extend(its.map(|its| Valid {
                    voucher,
                    kind: its.kind,
                    amount_minor: its.amount_minor,
                    currency: trial.currency,
                }));
            }
        }
        Ok(found)
    }

    /// The campaigns whose vouchers give something, those first that give most, and of these the newest.
    async fn list_offering(
        &self,
        organization_id: OrganizationId,
        trial: &Trial,
        holder: Holder,
    ) -> Result<Vec<Offering>, Refusal> {
        let query = OfferQuery {
            currency: trial.currency,
            now: self.clock.now(),
            holder,
        };
        let (mut offering, mut before, mut looked_at) = (Vec::new(), None, 0);
        while looked_at < CAMPAIGNS_MAX {
            let some = self
                .stats
                .list_standings(organization_id, &query, before, READ_AT_ONCE)
                .await?;
            let Some(last) = some.last() else {
                break;
            };
            before = Some(last.campaign.id);
            looked_at += some.len();
            offering.extend(some.iter().filter_map(|it| offer_of(it, trial, query.now)));
        }
        offering.sort_by_key(|it| std::cmp::Reverse(it.amount_minor));
        Ok(offering)
    }
}

fn offer_of(standing: &CampaignStanding, trial: &Trial, now: Timestamp) -> Option<Offering> {
    let campaign = &standing.campaign;
    let request = trial.of_campaign(campaign, now);
    let offer = assess_campaign(campaign, &request, &standing.counts)?;
    Some(Offering {
        id: campaign.id,
        kind: campaign.terms.kind,
        per_code: campaign.terms.limits.per_code,
        amount_minor: offer.amount_minor,
    })
}
