//! Identifiers from the time; secrets and chance from the operating system's randomness.

use app::ports::{
    Dice, IdGenerator, SecretGenerator, VoucherCodeGenerator, WebhookSecretGenerator,
};
use domain::{platform::ApiKeySecret, vouchers::VoucherCode, webhooks::WebhookSecret};
use uuid::Uuid;

/// Makes UUIDs of version 7. All of a process ascend, whichever generator makes them.
#[derive(Debug, Clone, Copy, Default)]
pub struct UuidV7Generator;

impl IdGenerator for UuidV7Generator {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the port that everybody else takes identifiers from"
    )]
    fn new_id(&self) -> Uuid {
        Uuid::now_v7()
    }
}

/// Makes secrets from the operating system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsSecrets;

impl SecretGenerator for OsSecrets {
    /// # Panics
    /// When the operating system has no randomness: there must be no secret then.
    fn new_key_secret(&self) -> ApiKeySecret {
        // Twice as many bytes as characters: one in 32 is passed over, so a second round is all but impossible.
        let mut bytes = [0_u8; 2 * ApiKeySecret::RANDOM_LENGTH_MIN];
        loop {
            getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
            if let Some(secret) = ApiKeySecret::from_random(&bytes) {
                return secret;
            }
        }
    }
}

impl VoucherCodeGenerator for OsSecrets {
    /// # Panics
    /// When the operating system has no randomness: nobody must be able to guess a code.
    fn new_voucher_code(&self) -> VoucherCode {
        let mut bytes = [0; VoucherCode::RANDOM_BYTES];
        loop {
            getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
            if let Some(code) = VoucherCode::from_random(&bytes) {
                return code;
            }
        }
    }
}

impl WebhookSecretGenerator for OsSecrets {
    /// # Panics
    /// When the operating system has no randomness: there must be no secret then.
    fn new_webhook_secret(&self) -> WebhookSecret {
        let mut bytes = [0; WebhookSecret::BYTES];
        getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
        WebhookSecret::from_bytes(bytes)
    }
}

/// Dice from the operating system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsDice;

impl Dice for OsDice {
    fn roll(&self, sides: u32) -> u32 {
        // Where there is no randomness, nothing is left to chance. The remainder is even enough for what dice are for.
        let number = getrandom::u32().unwrap_or_default();
        number.checked_rem(sides).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_of_one_thread_ascend_and_those_of_all_threads_differ() {
        let make_some = || -> Vec<Uuid> { (0..20_000).map(|_| UuidV7Generator.new_id()).collect() };

        let made: Vec<Vec<Uuid>> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(make_some)).collect();
            let ended = threads.into_iter().map(|thread| thread.join().unwrap());
            ended.collect()
        });

        assert!(made.iter().all(|ids| ids.is_sorted()));
        let all: HashSet<_> = made.iter().flatten().collect();
        assert_eq!(all.len(), 80_000);
        assert!(all.iter().all(|id| id.get_version_num() == 7));
    }

    #[test]
    fn secrets_are_well_formed_and_never_the_same() {
        let secrets: HashSet<String> = (0..1_000)
            .map(|_| OsSecrets.new_key_secret().expose().to_owned())
            .collect();

        assert_eq!(secrets.len(), 1_000);
        assert!(
            secrets
                .iter()
                .all(|secret| ApiKeySecret::parse(secret).is_ok())
        );
    }

    #[test]
    fn dice_fall_on_every_side_and_on_no_other() {
        let rolls: HashSet<u32> = (0..1_000).map(|_| OsDice.roll(6)).collect();

        assert_eq!(rolls, (0..6).collect());
        assert_eq!(OsDice.roll(0), 0);
    }

    #[test]
    fn codes_of_vouchers_are_never_the_same() {
        let codes: HashSet<VoucherCode> =
            (0..1_000).map(|_| OsSecrets.new_voucher_code()).collect();

        assert_eq!(codes.len(), 1_000);
    }

    #[test]
    fn secrets_of_webhooks_are_never_the_same() {
        let secrets: HashSet<String> = (0..1_000)
            .map(|_| OsSecrets.new_webhook_secret().expose())
            .collect();

        assert_eq!(secrets.len(), 1_000);
    }
}
