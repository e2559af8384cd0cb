//! The first start in embedded mode: somebody who has just started the server can call it right away.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, bail};
use app::{
    paging::{Limit, Window},
    platform::{
        Caller, CreateApiKey, CreateApiKeyHandler, FoundOrganization, FoundOrganizationHandler,
        hash_of,
    },
    ports::SecretGenerator,
};
use domain::{
    actor::Actor,
    ids::OrganizationId,
    platform::{
        ApiKeySecret, KeyName, NumberPrefix, OrganizationProfile, PaymentTerms, Scope, Scopes,
    },
    values::{Currency, Name, Rounding},
};

use super::write_private;
use crate::wiring::Core;

const KEY_FILE: &str = "api-key";
const KEY_NAME: &str = "first key";
const ORGANIZATION_NAME: &str = "My Company";
const CURRENCY: &str = "EUR";
const NUMBER_PREFIX: &str = "INV-";
const PAYMENT_DAYS: i64 = 30;

/// How somebody at the terminal can call the server.
pub(crate) struct Welcome {
    /// The file of the first key.
    pub(crate) key_file: PathBuf,
    /// The key; `None` when it is not known (any more), and others have to be used.
    pub(crate) key: Option<ApiKeySecret>,
}

/// Sees that there is an organization, and a key of it in the data folder.
///
/// The file is written before the key is stored, and a key that is in the file is never replaced, so that a crash in
/// between leaves nothing that the next start cannot complete. A file with a key of another database is made right by
/// storing that key here too.
pub(crate) async fn ensure_first_key(core: &Core, data_dir: &Path) -> anyhow::Result<Welcome> {
    let key_file = data_dir.join(KEY_FILE);
    let on_file = read_key(&key_file)?;
    let organization_id = ensure_organization(core).await?;
    let known = match &on_file {
        Some(secret) => core.stored_api_keys.find_by_hash(hash_of(secret)).await?,
        None => None,
    };
    let key = match (on_file, known) {
        (Some(secret), Some(facts)) => facts.is_valid_at(core.clock.now()).then_some(secret),
        (_, None) if has_keys(core, organization_id).await? => None,
        (Some(secret), None) => Some(store(core, organization_id, secret).await?),
        (None, _) => {
            let secret = core.secrets.new_key_secret();
            write_private(&key_file, &format!("{}\n", secret.expose()))
                .with_context(|| format!("cannot write {}", key_file.display()))?;
            Some(store(core, organization_id, secret).await?)
        }
    };
    Ok(Welcome { key_file, key })
}

fn read_key(path: &Path) -> anyhow::Result<Option<ApiKeySecret>> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        Ok(text) => match ApiKeySecret::parse(text.trim()) {
            Ok(secret) => Ok(Some(secret)),
            Err(_malformed) => bail!("{} holds no API key; move it away", path.display()),
        },
    }
}

async fn ensure_organization(core: &Core) -> anyhow::Result<OrganizationId> {
    if let Some(first) = core.organizations.list().await?.first() {
        return Ok(first.id);
    }
    let profile = OrganizationProfile {
        legal_name: Name::parse(ORGANIZATION_NAME)?,
        address: None,
        tax_id: None,
        email: None,
        default_currency: Currency::parse(CURRENCY)?,
        invoice_number_prefix: NumberPrefix::parse(NUMBER_PREFIX)?,
        payment_terms: PaymentTerms::days(PAYMENT_DAYS)?,
        rounding: Rounding::HalfAwayFromZero,
    };
    let command = FoundOrganization {
        profile,
        actor: Actor::CommandLine,
    };
    let handler = FoundOrganizationHandler::new(core.clock.clone(), core.ids.clone());
    Ok(core.bus.execute(Arc::new(handler), command).await?.id)
}

async fn has_keys(core: &Core, organization_id: OrganizationId) -> anyhow::Result<bool> {
    let window = Window::After {
        position: None,
        limit: Limit::default(),
    };
    let keys = core.stored_api_keys.list(organization_id, window).await?;
    Ok(!keys.rows.is_empty())
}

async fn store(
    core: &Core,
    organization_id: OrganizationId,
    secret: ApiKeySecret,
) -> anyhow::Result<ApiKeySecret> {
    let command = CreateApiKey {
        caller: Caller {
            organization_id,
            actor: Actor::CommandLine,
        },
        granted_by: None,
        name: KeyName::parse(KEY_NAME)?,
        scopes: Scopes::new([Scope::All])?,
        expires_at: None,
    };
    let secrets = Arc::new(Given(secret));
    let handler = CreateApiKeyHandler::new(core.clock.clone(), core.ids.clone(), secrets);
    Ok(core.bus.execute(Arc::new(handler), command).await?.secret)
}

/// The secret that is in the file already.
struct Given(ApiKeySecret);

impl SecretGenerator for Given {
    fn new_key_secret(&self) -> ApiKeySecret {
        self.0.clone()
    }
}
