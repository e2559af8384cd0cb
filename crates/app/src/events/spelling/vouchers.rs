//! How the events of campaigns, vouchers and redemptions are spelt.

use domain::vouchers::{BlockEvent, CampaignEvent, RedemptionEvent, VoucherEvent};
use serde_json::json;

use super::{Spelt, shown};
use crate::{
    events::event_type,
    vouchers::{BlockView, CampaignView, RedemptionView, VoucherView},
};

pub(super) fn campaign(happening: &CampaignEvent) -> Spelt {
    let (event_type, facts) = match happening {
        CampaignEvent::Created(facts) => (&event_type::CAMPAIGN_CREATED, facts),
        CampaignEvent::Updated(facts) => (&event_type::CAMPAIGN_UPDATED, facts),
    };
    Spelt {
        id: facts.id.as_uuid(),
        event_type,
        data: shown(&CampaignView::from(facts.as_ref())),
        changes: json!({}),
    }
}

pub(super) fn voucher(happening: &VoucherEvent) -> Spelt {
    let (event_type, facts) = match happening {
        VoucherEvent::Created(facts) => (&event_type::VOUCHER_CREATED, facts),
        VoucherEvent::Updated(facts) => (&event_type::VOUCHER_UPDATED, facts),
    };
    Spelt {
        id: facts.id.as_uuid(),
        event_type,
        data: shown(&VoucherView::from(facts)),
        changes: json!({}),
    }
}

pub(super) fn redemption(happening: &RedemptionEvent) -> Spelt {
    let (event_type, facts, changes) = match happening {
        RedemptionEvent::Redeemed(facts) => (&event_type::VOUCHER_REDEEMED, facts, json!({})),
        RedemptionEvent::Released(facts) => (&event_type::VOUCHER_RELEASED, facts, json!({})),
        RedemptionEvent::Restated {
            redemption,
            from_minor,
        } => {
            let amounts = json!({"from": from_minor, "to": redemption.use_of.amount_minor});
            let changes = json!({"amount_minor": amounts});
            (&event_type::VOUCHER_RESTATED, redemption, changes)
        }
    };
    Spelt {
        id: facts.id.as_uuid(),
        event_type,
        data: shown(&RedemptionView::from(facts.as_ref())),
        changes,
    }
}

pub(super) fn block(happening: &BlockEvent) -> Spelt {
    let (event_type, facts) = match happening {
        BlockEvent::Created(facts) => (&event_type::VOUCHER_BLOCK_CREATED, facts),
        BlockEvent::Lifted(facts) => (&event_type::VOUCHER_BLOCK_LIFTED, facts),
    };
    Spelt {
        id: facts.id.as_uuid(),
        event_type,
        data: shown(&BlockView::from(facts)),
        changes: json!({}),
    }
}
