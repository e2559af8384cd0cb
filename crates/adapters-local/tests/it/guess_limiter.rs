//! Guesses of codes in one process.

use adapters_local::{LocalGuessLimiter, UuidV7Generator};
use app::{ports::IdGenerator, testing::contracts::hold_guess_limiter_to_its_contract};

#[tokio::test]
async fn the_contract_holds() {
    let limiter = LocalGuessLimiter::default();

    hold_guess_limiter_to_its_contract([&limiter, &limiter], || UuidV7Generator.new_id()).await;
}
