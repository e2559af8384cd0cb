//! Sealing the secrets of webhooks with a key of the configuration. Each is bound to its endpoint: moved to another row, it
//! does not open.

use app::ports::{SealError, SecretSeal};
use domain::{
    ids::WebhookId,
    webhooks::{SealedSecret, WebhookSecret},
};

use crate::personal_data::{PersonalDataKey, SealedBox};

/// Seals and opens with one key.
pub struct KeyedSecretSeal(SealedBox);

impl KeyedSecretSeal {
    /// The seal that goes with a key.
    pub fn new(key: &PersonalDataKey) -> Self {
        Self(SealedBox::new(key, "webhook secrets"))
    }
}

impl SecretSeal for KeyedSecretSeal {
    fn seal(&self, owner: WebhookId, secret: &WebhookSecret) -> Result<SealedSecret, SealError> {
        let bound_to = owner.as_uuid().into_bytes().to_vec();
        self.0.close(secret.as_bytes(), bound_to).map(SealedSecret)
    }

    fn open(&self, owner: WebhookId, sealed: &SealedSecret) -> Result<WebhookSecret, SealError> {
        let bound_to = owner.as_uuid().into_bytes().to_vec();
        let opened = self.0.open(&sealed.0, bound_to)?;
        let bytes = opened.try_into().map_err(|_| SealError::Broken)?;
        Ok(WebhookSecret::from_bytes(bytes))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn seal(key: u8) -> KeyedSecretSeal {
        KeyedSecretSeal::new(&PersonalDataKey::new([key; 32]))
    }

    fn owner(number: u128) -> WebhookId {
        WebhookId::from_uuid(Uuid::from_u128(number))
    }

    #[test]
    fn a_secret_opens_for_its_owner_and_under_its_key_only() {
        let secret = WebhookSecret::from_bytes([9; 32]);

        let sealed = seal(1).seal(owner(1), &secret).unwrap();

        assert_eq!(seal(1).open(owner(1), &sealed).unwrap(), secret);
        let foreign = seal(1).open(owner(2), &sealed);
        assert!(matches!(foreign, Err(SealError::Broken)));
        let under_another_key = seal(2).open(owner(1), &sealed);
        assert!(matches!(under_another_key, Err(SealError::OtherKey)));
    }

    #[test]
    fn a_secret_is_not_to_be_recognised_by_its_seal() {
        let secret = WebhookSecret::from_bytes([9; 32]);

        let sealed = [(); 2].map(|()| seal(1).seal(owner(1), &secret).unwrap());

        assert_ne!(sealed[0], sealed[1]);
        let shows = |it: &SealedSecret| it.0.windows(4).any(|four| four == [9; 4]);
        assert!(!shows(&sealed[0]));
    }
}
