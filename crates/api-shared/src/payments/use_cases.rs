//! The use cases of payments.

use std::sync::Arc;

use app::{
    payments::{
        AcceptPaymentHandler, CancelPaymentHandler, DiscardDeadPaymentHandler,
        RefundPaymentHandler, RetryDeadPaymentHandler,
    },
    ports::{Clock, IdGenerator, PaymentDeadLetterQueries, PaymentQueries, Providers},
};

/// What payments are read from.
#[derive(Clone)]
pub struct PaymentReads {
    /// The payments.
    pub payments: Arc<dyn PaymentQueries>,
    /// Those that were given up.
    pub dead_letters: Arc<dyn PaymentDeadLetterQueries>,
}

/// What can be done with payments.
#[derive(Clone)]
pub struct PaymentUseCases {
    /// Accepts one.
    pub accept: Arc<AcceptPaymentHandler>,
    /// Calls one off.
    pub cancel: Arc<CancelPaymentHandler>,
    /// Gives money back.
    pub refund: Arc<RefundPaymentHandler>,
    /// Tries again what was given up.
    pub retry_dead: Arc<RetryDeadPaymentHandler>,
    /// Forgets what was given up.
    pub discard_dead: Arc<DiscardDeadPaymentHandler>,
    /// Reads what was given up.
    pub dead_letters: Arc<dyn PaymentDeadLetterQueries>,
    /// Reads them.
    pub queries: Arc<dyn PaymentQueries>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

impl PaymentUseCases {
    /// The use cases over these ports.
    pub fn new(
        reads: PaymentReads,
        providers: Providers,
        clock: &Arc<dyn Clock>,
        ids: &Arc<dyn IdGenerator>,
    ) -> Self {
        let (now, ids) = (|| Arc::clone(clock), || Arc::clone(ids));
        Self {
            accept: Arc::new(AcceptPaymentHandler::new(now(), ids(), providers.clone())),
            cancel: Arc::new(CancelPaymentHandler::new(now(), ids())),
            refund: Arc::new(RefundPaymentHandler::new(now(), ids(), providers.clone())),
            retry_dead: Arc::new(RetryDeadPaymentHandler::new(now(), ids(), providers)),
            discard_dead: Arc::new(DiscardDeadPaymentHandler),
            dead_letters: reads.dead_letters,
            queries: reads.payments,
            clock: now(),
        }
    }
}
