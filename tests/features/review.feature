Feature: The review of invoices
  Every new or edited invoice is looked at before it reaches a customer: a due date that makes no sense, a total that is
  far too high, the same invoice twice. What is rejected is not sent until somebody has put it right. Nobody has to wait
  for the review: an invoice without a verdict can be sent.

  Background:
    Given an organization whose invoices are reviewed, up to a total of 500000

  Scenario: A good invoice is approved
    When an invoice over 500000 is created
    Then it is approved

  Scenario: An invoice that is far too high is rejected, and not sent
    When an invoice over 500001 is created
    Then it is rejected as "total_too_high"
    And marking it as sent is refused with "review_rejected"

  Scenario: An edited invoice is looked at again
    Given an invoice over 500001 that was rejected
    When it is changed to a total of 1200
    Then it is approved
    And it can be marked as sent

  Scenario: The same invoice twice is one too many
    Given an invoice over 777 that was approved
    When an invoice over 777 is created
    Then it is rejected as "possible_duplicate"

  Scenario: A duplicate of what was cancelled replaces it
    Given an invoice over 888 that was approved
    And it was cancelled
    When an invoice over 888 is created
    Then it is approved

  Scenario: An address that nobody reads
    When an invoice for "ada@trash.example" is created
    Then it is rejected as "email_domain_blocked"

  Scenario: A rejected draft can be thrown away
    Given an invoice over 500001 that was rejected
    When it is deleted
    Then there is no such invoice any more
