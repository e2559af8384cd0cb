//! A seal that anybody can open.

use domain::{
    ids::WebhookId,
    wallets::{NationalId, NationalIdFingerprint, SealedNationalId},
    webhooks::{SealedSecret, WebhookSecret},
};

use crate::ports::{Holder, PersonalDataSeal, SealError, SecretSeal};

/// Writes everything backwards, which is enough for tests to tell sealed from open.
#[derive(Debug, Clone, Copy, Default)]
pub struct FakeSeal;

impl PersonalDataSeal for FakeSeal {
    fn seal(&self, _: Holder, national_id: &NationalId) -> Result<SealedNationalId, SealError> {
        let mut fingerprint = [0; 32];
        for (place, digit) in fingerprint
            .iter_mut()
            .zip(national_id.expose().bytes().rev())
        {
            *place = digit;
        }
        Ok(SealedNationalId {
            fingerprint: NationalIdFingerprint(fingerprint),
            ciphertext: national_id.expose().bytes().rev().collect(),
        })
    }

    fn open(&self, _: Holder, sealed: &SealedNationalId) -> Result<NationalId, SealError> {
        let digits: String = sealed
            .ciphertext
            .iter()
            .rev()
            .map(|it| char::from(*it))
            .collect();
        NationalId::parse(&digits).map_err(|_| SealError::Broken)
    }
}

impl SecretSeal for FakeSeal {
    fn seal(&self, _: WebhookId, secret: &WebhookSecret) -> Result<SealedSecret, SealError> {
        Ok(SealedSecret(
            secret.as_bytes().iter().rev().copied().collect(),
        ))
    }

    fn open(&self, _: WebhookId, sealed: &SealedSecret) -> Result<WebhookSecret, SealError> {
        let bytes: Vec<u8> = sealed.0.iter().rev().copied().collect();
        let bytes = bytes.try_into().map_err(|_| SealError::Broken)?;
        Ok(WebhookSecret::from_bytes(bytes))
    }
}
