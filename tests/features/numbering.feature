Feature: Numbers of invoices
  Tax law wants invoices numbered without a gap. A number is taken from the organization's series when an invoice is sent,
  never before, and never given back.

  Background:
    Given the organization numbers its invoices with "RE-"

  Scenario: Invoices are numbered in the order in which they are sent
    Given 3 draft invoices
    When the third of them is sent
    And the first of them is sent
    Then the third has the number "RE-<year>-000001"
    And the first has the number "RE-<year>-000002"
    And the second has no number

  Scenario: A deleted draft leaves no gap
    Given 2 draft invoices
    When the first of them is deleted
    And the second of them is sent
    Then the second has the number "RE-<year>-000001"

  Scenario: A cancelled invoice keeps its number
    Given 2 draft invoices
    When the first of them is sent
    And the first of them is cancelled
    And the second of them is sent
    Then the register of "RE-<year>-" shows
      | position | number           | fate      |
      | 1        | RE-<year>-000001 | cancelled |
      | 2        | RE-<year>-000002 | issued    |
    And the register has no gaps

  Scenario: A draft that is cancelled never had a number
    Given 2 draft invoices
    When the first of them is cancelled
    And the second of them is sent
    Then the first has no number
    And the second has the number "RE-<year>-000001"

  Scenario: A number that the client has chosen
    When an invoice is created with the number "2026/A-17_b.1"
    Then the invoice is draft
    And its number is "2026/A-17_b.1"
    When it is marked as sent
    Then its number is "2026/A-17_b.1"

  Scenario: A number can be had once
    Given an invoice with the number "A-1"
    When an invoice is created with the number "A-1"
    Then the request is refused with 409 "already_exists"

  Scenario: A draft cannot take another's number
    Given an invoice with the number "A-1"
    And a draft invoice
    When its number is changed to "A-1"
    Then the request is refused with 409 "already_exists"

  Scenario: The number of a deleted draft is free again
    Given an invoice with the number "A-1"
    When it is deleted
    And an invoice is created with the number "A-1"
    Then the invoice is draft

  Scenario: The series passes over a number that a client has chosen, and says so
    Given an invoice with the number "RE-<year>-000001"
    And 1 draft invoice
    When the first of them is sent
    Then the first has the number "RE-<year>-000002"
    And the register of "RE-<year>-" shows
      | position | number           | fate             |
      | 1        | RE-<year>-000001 | chosen_by_client |
      | 2        | RE-<year>-000002 | issued           |
    And the register has no gaps

  Scenario: A new prefix begins at one, and an old one goes on
    Given 3 draft invoices
    When the first of them is sent
    And the organization numbers its invoices with "NEU-"
    And the second of them is sent
    And the organization numbers its invoices with "RE-"
    And the third of them is sent
    Then the first has the number "RE-<year>-000001"
    And the second has the number "NEU-<year>-000001"
    And the third has the number "RE-<year>-000002"

  Scenario: A new year begins at one
    Given an invoice that was sent 800 days ago
    And a draft invoice
    When it is marked as sent
    Then its number is "RE-<year>-000001"
