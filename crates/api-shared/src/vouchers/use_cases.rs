//! The use cases of vouchers.

use std::sync::Arc;

use app::{
    ports::{
        Clock, CustomerQueries, GuessLimiter, IdGenerator, IssueJobQueries, VoucherBlockQueries,
        VoucherCodeGenerator, VoucherExport, VoucherQueries, VoucherStatsQueries,
    },
    vouchers::{
        ApplyVoucherHandler, BlockCustomerHandler, GiftCounter, IssueVoucherHandler,
        LaunchCampaignHandler, LiftBlockHandler, OrderVouchersHandler, ReviseCampaignHandler,
        ReviseVoucherHandler, TakeOffVoucherHandler, UnblockCustomerHandler,
    },
};

use super::Guesses;

/// What vouchers need of the outside world.
#[derive(Clone)]
pub struct VoucherPorts {
    /// Reads them.
    pub queries: Arc<dyn VoucherQueries>,
    /// Reads who is blocked.
    pub blocks: Arc<dyn VoucherBlockQueries>,
    /// Reads how campaigns do.
    pub stats: Arc<dyn VoucherStatsQueries>,
    /// Reads who redeems them.
    pub customers: Arc<dyn CustomerQueries>,
    /// Reads all of a campaign.
    pub export: Arc<dyn VoucherExport>,
    /// Reads jobs that issue them.
    pub jobs: Arc<dyn IssueJobQueries>,
    /// Makes their codes.
    pub codes: Arc<dyn VoucherCodeGenerator>,
    /// Counts codes that are guessed.
    pub guesses: Arc<dyn GuessLimiter>,
}

/// What can be done with vouchers.
#[derive(Clone)]
pub struct VoucherUseCases {
    /// Launches a campaign.
    pub launch: Arc<LaunchCampaignHandler>,
    /// Changes a campaign.
    pub revise_campaign: Arc<ReviseCampaignHandler>,
    /// Issues a voucher.
    pub issue: Arc<IssueVoucherHandler>,
    /// Has many vouchers issued.
    pub order: Arc<OrderVouchersHandler>,
    /// Changes a voucher.
    pub revise: Arc<ReviseVoucherHandler>,
    /// Applies a voucher to a draft.
    pub apply: Arc<ApplyVoucherHandler>,
    /// Takes a voucher off a draft.
    pub take_off: Arc<TakeOffVoucherHandler>,
    /// Redeems gifts.
    pub gifts: GiftCounter,
    /// Blocks a customer.
    pub block: Arc<BlockCustomerHandler>,
    /// Unblocks a customer.
    pub unblock: Arc<UnblockCustomerHandler>,
    /// Lifts a block.
    pub lift: Arc<LiftBlockHandler>,
    /// Reads them.
    pub queries: Arc<dyn VoucherQueries>,
    /// Reads who is blocked.
    pub blocks: Arc<dyn VoucherBlockQueries>,
    /// Reads how campaigns do.
    pub stats: Arc<dyn VoucherStatsQueries>,
    /// Reads who redeems them.
    pub customers: Arc<dyn CustomerQueries>,
    /// Reads all of a campaign.
    pub export: Arc<dyn VoucherExport>,
    /// Reads jobs that issue them.
    pub jobs: Arc<dyn IssueJobQueries>,
    /// Holds up whoever guesses codes.
    pub guesses: Guesses,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

impl VoucherUseCases {
    /// The use cases over these ports.
    pub fn new(ports: VoucherPorts, clock: &Arc<dyn Clock>, ids: &Arc<dyn IdGenerator>) -> Self {
        let (now, ids) = (|| Arc::clone(clock), || Arc::clone(ids));
        Self {
            launch: Arc::new(LaunchCampaignHandler::new(now(), ids())),
            revise_campaign: Arc::new(ReviseCampaignHandler::new(now(), ids())),
            issue: Arc::new(IssueVoucherHandler::new(now(), ids(), ports.codes)),
            order: Arc::new(OrderVouchersHandler::new(now(), ids())),
            revise: Arc::new(ReviseVoucherHandler::new(now(), ids())),
            apply: Arc::new(ApplyVoucherHandler::new(now(), ids())),
            take_off: Arc::new(TakeOffVoucherHandler::new(now(), ids())),
            gifts: GiftCounter::new(now(), ids()),
            block: Arc::new(BlockCustomerHandler::new(now(), ids())),
            unblock: Arc::new(UnblockCustomerHandler::new(now(), ids())),
            lift: Arc::new(LiftBlockHandler::new(now(), ids())),
            queries: ports.queries,
            blocks: ports.blocks,
            stats: ports.stats,
            customers: ports.customers,
            export: ports.export,
            jobs: ports.jobs,
            guesses: Guesses::new(ports.guesses),
            clock: now(),
        }
    }
}
