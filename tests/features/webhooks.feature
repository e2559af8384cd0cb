Feature: Webhooks
  What happens is told to the organization's own systems as it happens: they name an address, and are sent what they asked for.

  Background:
    Given an organization whose events are sent out

  Scenario: What happens arrives, signed, so that nobody else can pretend it
    Given "Bookkeeping" is told of "customer.*"
    When the customer "Ada GmbH" is registered
    Then "Bookkeeping" is told "customer.created" of that customer
    And the message is signed with the secret of "Bookkeeping"

  Scenario: Nobody is told what they did not ask for
    Given "Bookkeeping" is told of "customer.archived"
    When the customer "Ada GmbH" is registered
    And the customer is renamed to "Ada AG"
    And the customer is archived
    Then "Bookkeeping" is told "customer.archived" of that customer
    And "Bookkeeping" was told nothing else

  Scenario: Somebody who does not answer keeps nobody else waiting
    Given "Sluggard", who never answers, is told of "customer.*"
    And "Bookkeeping" is told of "customer.*"
    When the customer "Ada GmbH" is registered
    Then "Bookkeeping" is told "customer.created" of that customer
    And what "Sluggard" was sent is not delivered yet

  Scenario: Whoever cannot take a message now is sent it again
    Given "Crowded", who refuses everything, is told of "customer.*"
    When the customer "Ada GmbH" is registered
    Then "Crowded" is told "customer.created" of that customer twice

  Scenario: A secret is changed without a message that nobody can verify
    Given "Bookkeeping" is told of "customer.*"
    When "Bookkeeping" is given a new secret
    And the customer "Ada GmbH" is registered
    Then "Bookkeeping" is told "customer.created" of that customer
    And the message is signed with the secret of "Bookkeeping"
    And the message is signed with the secret that "Bookkeeping" had before

  Scenario: What was lost can be sent again
    Given "Bookkeeping" is told of "customer.*"
    And the customer "Ada GmbH"
    And "Bookkeeping" was told "customer.created" of that customer
    When everything since then is sent to "Bookkeeping" again
    Then "Bookkeeping" is told "customer.created" of that customer twice
    And both messages have the same id

  Scenario: Whoever has gone for good is left alone
    Given "Retired", who has gone for good, is told of "customer.*"
    When the customer "Ada GmbH" is registered
    Then "Retired" is not told of anything any more, since it is "gone"
    And the feed says that this was "webhook.disabled"

  Scenario: A webhook that is switched off is told nothing until it is switched on
    Given "Bookkeeping" is told of "customer.*"
    And "Bookkeeping" is switched off
    And the customer "Ada GmbH"
    When "Bookkeeping" is switched on
    And the customer is renamed to "Ada AG"
    Then "Bookkeeping" is told "customer.updated" of that customer
