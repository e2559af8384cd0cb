Feature: Following what happens
  Everything that happens is kept for a week, in the order in which it happened. Whoever wants to know reads on from where they were, and
  misses nothing.

  Background:
    Given an organization whose events are sent out

  Scenario: The feed tells what happened, in its order
    When the customer "Ada GmbH" is registered
    And the customer is renamed to "Ada AG"
    And the customer is archived
    Then the feed of that customer tells "customer.created, customer.updated, customer.archived"

  Scenario: Reading on
    Given the customer "Ada GmbH"
    And somebody has read the feed of that customer
    When the customer is renamed to "Ada AG"
    And the customer is archived
    Then reading on tells "customer.updated, customer.archived"
    And reading on tells nothing more

  Scenario: Only some kinds of events
    Given the customer "Ada GmbH"
    When the customer is renamed to "Ada AG"
    And the customer is archived
    Then the feed of that customer, of "customer.updated" only, tells "customer.updated"

  Scenario: Nobody reads what is somebody else's
    Given the customer "Ada GmbH"
    And the feed of that customer tells "customer.created"
    Then another organization's feed of that customer tells nothing

  Scenario: Following live, and coming back after being cut off
    Given somebody follows the customers
    When the customer "Ada GmbH" is registered
    Then the follower is told "customer.created"
    When the follower is cut off
    And the customer is renamed to "Ada AG"
    And the customer is archived
    And the follower comes back
    Then the follower is told "customer.updated"
    And the follower is told "customer.archived"
