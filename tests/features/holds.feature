Feature: Holds
  Money can be reserved for somebody, and taken or let go later. What is reserved is still there, but cannot be spent.

  Background:
    Given the account "Ada" with 100.00 USD
    And the account "Bob" with 0.00 USD

  Scenario: Reserved money cannot be spent
    When 80.00 USD are reserved on "Ada" for "Bob"
    Then "Ada" has 100.00 USD
    And "Ada" has 20.00 USD available
    When 20.01 USD are transferred from "Ada" to "Bob"
    Then the request is refused with 422 "insufficient_funds"

  Scenario: What was reserved is taken
    Given 80.00 USD were reserved on "Ada" for "Bob"
    When the hold is captured
    Then "Ada" has 20.00 USD available
    And "Bob" has 80.00 USD
    And the hold is captured

  Scenario: A part is taken, and the rest is free again
    Given 80.00 USD were reserved on "Ada" for "Bob"
    When 30.00 of the hold are captured
    Then "Ada" has 70.00 USD available
    And "Bob" has 30.00 USD
    And the ledger adds up

  Scenario: Not more than was reserved
    Given 80.00 USD were reserved on "Ada" for "Bob"
    When 80.01 of the hold are captured
    Then the request is refused with 422 "amount_exceeds_hold"
    And the hold is pending

  Scenario: What was reserved is let go
    Given 80.00 USD were reserved on "Ada" for "Bob"
    When the hold is voided
    Then "Ada" has 100.00 USD available
    And the hold is voided

  Scenario: A hold is resolved once
    Given 80.00 USD were reserved on "Ada" for "Bob"
    When the hold is voided
    And the hold is captured
    Then the request is refused with 409 "hold_already_resolved"
    And "Bob" has 0.00 USD

  Scenario: Nobody waits for ever
    Given 80.00 USD were reserved on "Ada" for "Bob"
    When the hold is captured in 9 days
    Then the request is refused with 422 "hold_expired"

  Scenario: Only what is there can be reserved
    When 100.01 USD are reserved on "Ada" for "Bob"
    Then the request is refused with 422 "insufficient_funds"
