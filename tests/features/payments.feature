Feature: Payments
  Money moves between two accounts at once, or to and from the world outside through a provider: then a worker does it, asks
  when it does not know, tries again what has not happened, and never does it twice.

  Background:
    Given an organization whose payments are carried out
    And the account "Ada" with 100.00 USD
    And the account "Bob" with 0.00 USD

  Scenario: Between two accounts, at once
    When 30.00 USD are paid from "Ada" to "Bob"
    Then the payment is completed
    And "Ada" has 70.00 USD
    And "Bob" has 30.00 USD

  Scenario: Not more than there is
    When 100.01 USD are paid from "Ada" to "Bob"
    Then the request is refused with 422 "insufficient_funds"
    And "Ada" has 100.00 USD

  Scenario: Money goes out
    When 40.00 USD are paid out from "Ada"
    Then the payment comes to be completed
    And "Ada" has 60.00 USD available
    And the ledger adds up

  Scenario: Money comes in
    When 40.00 USD are charged for "Bob"
    Then the payment comes to be completed
    And "Bob" has 40.00 USD

  Scenario: Nobody has carried it out yet, and it is called off
    Given an organization whose payments wait
    And the account "Ada" with 100.00 USD
    When 40.00 USD are paid out from "Ada"
    Then "Ada" has 60.00 USD available
    When somebody calls it off
    Then the payment is cancelled
    And "Ada" has 100.00 USD available

  Scenario: What has gone out is not called off any more
    When 40.00 USD are paid out from "Ada"
    Then the payment comes to be completed
    When somebody calls it off
    Then the request is refused with 422 "payment_not_cancellable"
    And "Ada" has 60.00 USD

  Scenario: The provider declines, and the money is free again
    When 40.00 USD are paid out from "Ada", and the provider will answer "decline"
    Then the payment comes to be failed
    And "Ada" has 100.00 USD available

  Scenario: The provider does not answer, and is asked
    When 40.00 USD are paid out from "Ada", and the provider will answer "timeout"
    Then the payment comes to be completed
    And it was unknown in between
    And "Ada" has 60.00 USD

  Scenario: The provider fails for a while
    When 40.00 USD are charged for "Bob", and the provider will answer "flaky:1"
    Then the payment comes to be completed
    And "Bob" has 40.00 USD

  Scenario: What is given up is there for a person, who has it tried again
    When 40.00 USD are paid out from "Ada", and the provider will answer "flaky:3"
    Then the payment comes to be failed
    And "Ada" has 100.00 USD available
    And it is among the dead letters
    When somebody has it tried again
    Then the payment comes to be completed
    And "Ada" has 60.00 USD
    And there are no dead letters

  Scenario: A dead letter that nobody wants is thrown away
    When 40.00 USD are paid out from "Ada", and the provider will answer "flaky:9"
    Then the payment comes to be failed
    And it is among the dead letters
    When somebody throws it away
    Then there are no dead letters
    And the payment comes to be failed

  Scenario: An invoice is paid in parts, and opened again by a refund
    Given an invoice over 1000 that was sent
    When 6.00 USD are charged for "Bob", for the invoice
    Then the payment comes to be completed
    And 400 are due on the invoice, which is sent
    When 4.00 USD are charged for "Bob", for the invoice
    Then the payment comes to be completed
    And 0 are due on the invoice, which is paid
    When 1.00 of the payment are given back
    Then the payment comes to be partially_refunded
    And 100 are due on the invoice, which is sent
    And the ledger adds up

  Scenario: An invoice is not overpaid
    Given an invoice over 1000 that was sent
    When 10.01 USD are charged for "Bob", for the invoice
    Then the request is refused with 422 "payment_exceeds_amount_due"

  Scenario: Not more is given back than was paid
    Given 30.00 USD were paid from "Ada" to "Bob"
    When 30.01 of the payment are given back
    Then the request is refused with 422 "refund_exceeds_payment"
    When 10.00 of the payment are given back
    Then the payment is partially_refunded
    And "Ada" has 80.00 USD
