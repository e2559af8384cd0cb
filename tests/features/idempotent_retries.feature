Feature: Repeating a request safely
  A network may lose an answer. Whoever is not sure repeats the request under the same idempotency key: there is one effect,
  and one answer.

  Scenario: A repeated creation makes one invoice
    When an invoice is created under the key "order-1"
    And the same is requested again under the key "order-1"
    Then both answers are the same, byte for byte
    And the second is marked as a repetition
    And there is 1 invoice

  Scenario: A key in quotes is the same key
    When an invoice is created under the key "order-1"
    And the same is requested again under the same key in quotes
    Then both answers are the same, byte for byte

  Scenario: Without a key, each request counts
    When an invoice is created
    And an invoice is created
    Then there are 2 invoices

  Scenario: A key stands for one request
    When an invoice is created under the key "order-1"
    And another invoice is created under the key "order-1"
    Then the request is refused with 422 "idempotency_key_reused"
    And there is 1 invoice

  Scenario: A repeated step is taken once
    Given a draft invoice
    When it is marked as sent under the key "send-1"
    And the same is requested again under the key "send-1"
    Then both answers are the same, byte for byte
    And the invoice is sent

  Scenario: A refusal by a rule is an answer too
    Given a paid invoice
    When it is marked as draft under the key "back-1"
    And the same is requested again under the key "back-1"
    Then both answers are the same, byte for byte
    And the second is marked as a repetition
    And the request is refused with 422 "status_transition_forbidden"

  Scenario: A typing error is not remembered
    When an invoice without lines is created under the key "order-1"
    Then the request is refused with 400 "validation_failed"
    When an invoice is created under the key "order-1"
    Then the invoice is draft

  Scenario: A key is remembered for a day
    When an invoice is created under the key "order-1"
    And the same is requested again in 5 days
    Then there are 2 invoices

  Scenario: Keys of different organizations have nothing to do with each other
    When an invoice is created under the key "order-1"
    And another organization creates an invoice under the key "order-1"
    Then the two invoices are different
