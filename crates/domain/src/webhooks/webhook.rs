//! The endpoint aggregate.

use jiff::Timestamp;

use super::{DisabledReason, SealedSecret, SigningSecrets, WebhookState, WebhookUrl};
use crate::{
    event::TypePattern,
    ids::{OrganizationId, WebhookId},
    values::{InvalidValue, LengthLimits, Metadata, clean_text},
    version::Version,
};

crate::values::text_type!(
    /// What an endpoint is for, in the words of its owner.
    WebhookDescription, clean_text, 1..=500
);

/// Events of which types an endpoint gets: 1 to 50 patterns, each once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventTypes(Vec<TypePattern>);

impl EventTypes {
    /// The most.
    pub const COUNT_MAX: usize = 50;

    /// These, of which repeated ones count once.
    pub fn new(patterns: impl IntoIterator<Item = TypePattern>) -> Result<Self, InvalidValue> {
        let mut kept: Vec<TypePattern> = Vec::new();
        for pattern in patterns {
            if !kept.contains(&pattern) {
                kept.push(pattern);
            }
        }
        match kept.len() {
            0 => Err(InvalidValue::Empty),
            count if count > Self::COUNT_MAX => Err(InvalidValue::TooLong {
                max: Self::COUNT_MAX,
                unit: "entries",
            }),
            _ => Ok(Self(kept)),
        }
    }

    /// Whether an event of this type is among them.
    pub fn include(&self, event_type: &str) -> bool {
        self.0.iter().any(|pattern| pattern.fits(event_type))
    }

    /// The patterns, in the order in which they were given.
    pub fn patterns(&self) -> &[TypePattern] {
        &self.0
    }
}

/// What a client tells of an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookProfile {
    /// Where deliveries go.
    pub url: WebhookUrl,
    /// What is delivered.
    pub event_types: EventTypes,
    /// What it is for.
    pub description: Option<WebhookDescription>,
    /// The client's notes.
    pub metadata: Metadata,
}

/// An endpoint that is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWebhook {
    /// Which one.
    pub id: WebhookId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// What is known of it.
    pub profile: WebhookProfile,
    /// Whether it gets anything from the start.
    pub is_enabled: bool,
    /// What its deliveries are signed with.
    pub secret: SealedSecret,
}

/// All that is stored of an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookFacts {
    /// Which one.
    pub id: WebhookId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// What is known of it.
    pub profile: WebhookProfile,
    /// Whether it gets anything.
    pub state: WebhookState,
    /// What its deliveries are signed with.
    pub secrets: SigningSecrets,
    /// Since when.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When it was deleted, if it was.
    pub deleted_at: Option<Timestamp>,
    /// How often it changed.
    pub version: Version,
}

impl WebhookFacts {
    /// When it last changed.
    pub const fn changed_at(&self) -> Timestamp {
        self.updated_at
    }
}

/// What happened to an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WebhookEvent {
    /// It was made.
    Created(WebhookFacts),
    /// What is known of it changed, or its owner has enabled or disabled it.
    Updated(WebhookFacts),
    /// It has got a new secret.
    SecretRotated(WebhookFacts),
    /// This service has disabled it.
    Disabled(WebhookFacts),
    /// It is no more.
    Deleted(WebhookFacts),
}

/// What was deleted does not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the webhook is deleted")]
pub struct WebhookGone;

/// Nothing is sent to an endpoint that is disabled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the webhook is disabled")]
pub struct WebhookDisabled;

/// An endpoint.
#[derive(Debug, Clone, PartialEq)]
pub struct Webhook {
    facts: WebhookFacts,
    events: Vec<WebhookEvent>,
    has_begun_anew: bool,
}

impl Webhook {
    /// Makes an endpoint.
    pub fn register(new: NewWebhook, now: Timestamp) -> Self {
        let facts = WebhookFacts {
            id: new.id,
            organization_id: new.organization_id,
            profile: new.profile,
            state: requested(new.is_enabled, now),
            secrets: SigningSecrets::first(new.secret),
            created_at: now,
            updated_at: now,
            deleted_at: None,
            version: Version::FIRST,
        };
        Self {
            events: vec![WebhookEvent::Created(facts.clone())],
            facts,
            has_begun_anew: false,
        }
    }

    /// Rebuilds a stored endpoint. For storage adapters only: no rule is checked.
    pub const fn restore(facts: WebhookFacts) -> Self {
        Self {
            facts,
            events: Vec::new(),
            has_begun_anew: false,
        }
    }

    /// Replaces what is known of it, and whether it gets anything. Why it was disabled stays known until it is enabled.
    ///
    /// It begins anew when it is enabled, or when it is somewhere else: then it has not failed yet. Nothing else makes up
    /// for failures but a delivery that succeeds.
    pub fn revise(
        &mut self,
        profile: WebhookProfile,
        is_enabled: bool,
        now: Timestamp,
    ) -> Result<(), WebhookGone> {
        self.refuse_when_deleted()?;
        let was_enabled = self.facts.state.is_enabled();
        let has_moved = profile.url != self.facts.profile.url;
        self.has_begun_anew |= is_enabled && (has_moved || !was_enabled);
        self.facts.profile = profile;
        if is_enabled != was_enabled {
            self.facts.state = requested(is_enabled, now);
        }
        self.happened(now, WebhookEvent::Updated);
        Ok(())
    }

    /// Gives it a new secret. The one it had signs as well for a while.
    pub fn rotate_secret(
        &mut self,
        secret: SealedSecret,
        now: Timestamp,
    ) -> Result<(), WebhookGone> {
        self.refuse_when_deleted()?;
        self.facts.secrets = self.facts.secrets.clone().rotated(secret, now);
        self.happened(now, WebhookEvent::SecretRotated);
        Ok(())
    }

    /// Disables it for a reason of this service's own, and tells whether that is news. The reason was found while it was as
    /// `seen`: what its owner has changed since then counts for more.
    pub fn give_up(&mut self, reason: DisabledReason, seen: Version, now: Timestamp) -> bool {
        let is_news = self.facts.state.is_enabled()
            && self.facts.deleted_at.is_none()
            && self.facts.version == seen;
        if is_news {
            self.facts.state = WebhookState::Disabled { reason, since: now };
            self.happened(now, WebhookEvent::Disabled);
        }
        is_news
    }

    /// Ends it.
    pub fn delete(&mut self, now: Timestamp) -> Result<(), WebhookGone> {
        self.refuse_when_deleted()?;
        self.facts.deleted_at = Some(now);
        self.happened(now, WebhookEvent::Deleted);
        Ok(())
    }

    /// Refuses when nothing can be sent to it.
    pub fn check_enabled(&self) -> Result<(), WebhookDisabled> {
        if self.facts.state.is_enabled() {
            Ok(())
        } else {
            Err(WebhookDisabled)
        }
    }

    /// What is known of it.
    pub const fn facts(&self) -> &WebhookFacts {
        &self.facts
    }

    /// Whether, since it was loaded, it has become one that has not failed yet.
    pub const fn has_begun_anew(&self) -> bool {
        self.has_begun_anew
    }

    /// Takes what happened since it was loaded.
    pub fn take_events(&mut self) -> Vec<WebhookEvent> {
        std::mem::take(&mut self.events)
    }

    fn refuse_when_deleted(&self) -> Result<(), WebhookGone> {
        match self.facts.deleted_at {
            Some(_) => Err(WebhookGone),
            None => Ok(()),
        }
    }

    fn happened(&mut self, now: Timestamp, event: fn(WebhookFacts) -> WebhookEvent) {
        self.facts.updated_at = now;
        self.facts.version = self.facts.version.next();
        self.events.push(event(self.facts.clone()));
    }
}

const fn requested(is_enabled: bool, now: Timestamp) -> WebhookState {
    if is_enabled {
        WebhookState::Enabled
    } else {
        WebhookState::Disabled {
            reason: DisabledReason::Requested,
            since: now,
        }
    }
}

#[cfg(test)]
mod tests;
