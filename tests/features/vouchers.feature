Feature: Vouchers
  A campaign gives something off invoices, or brings money as a gift. Its codes are handed out, and what they give is limited
  exactly.

  Scenario: A tenth off
    Given a campaign that takes 10 % off, with the voucher "SUMMER-26"
    When the voucher "summer-26" is tried on 12000
    Then it would give 1200

  Scenario: A voucher on a draft
    Given a campaign that takes 1000 off, with the voucher "SUMMER-26"
    And a draft over 12000
    When the voucher "SUMMER-26" is applied to it
    Then 1000 comes off the draft
    When the voucher "SUMMER-26" is taken off it
    Then 0 comes off the draft

  Scenario: A voucher counts once per draft
    Given a campaign that takes 1000 off, with the voucher "SUMMER-26"
    And a draft over 12000
    And the voucher "SUMMER-26" was applied to it
    When the voucher "SUMMER-26" is applied to it
    Then the request is refused with 422 "already_applied"

  Scenario: A code that can be used once
    Given a campaign that takes 1000 off once per code, with the voucher "ONLY-ONCE"
    And a draft over 12000
    And the voucher "ONLY-ONCE" was applied to it
    And a draft over 5000
    When the voucher "ONLY-ONCE" is applied to it
    Then the request is refused with 422 "voucher_exhausted"

  Scenario: A draft that is cancelled gives its voucher back
    Given a campaign that takes 1000 off once per code, with the voucher "ONLY-ONCE"
    And a draft over 12000
    And the voucher "ONLY-ONCE" was applied to it
    And the draft was cancelled
    And a draft over 5000
    When the voucher "ONLY-ONCE" is applied to it
    Then 1000 comes off the draft

  Scenario: Every reason is told
    Given a campaign that takes 10 % off from 5000 on, with the voucher "SUMMER-26"
    And the campaign is paused
    When the voucher "SUMMER-26" is tried on 4999
    Then the request is refused with 422 "campaign_paused"
    And the reasons are "campaign_paused, minimum_not_reached"

  Scenario: A voucher that was disabled
    Given a campaign that takes 10 % off, with the voucher "SUMMER-26"
    When the voucher "SUMMER-26" is disabled
    And the voucher "SUMMER-26" is tried on 12000
    Then the request is refused with 422 "voucher_disabled"

  Scenario: A customer who may not redeem
    Given a campaign that takes 10 % off, with the voucher "SUMMER-26"
    And "eve@example.com" is blocked
    When "Eve@example.com" tries the voucher "SUMMER-26" on 12000
    Then the request is refused with 422 "customer_blocked"

  Scenario: A gift brings money to an account
    Given a campaign of gifts over 5000, with the voucher "GIFT-CARD"
    And the account "ada" with 0.00 USD
    When the gift "GIFT-CARD" is redeemed to "ada"
    Then "ada" has 50.00 USD
    When the gift "GIFT-CARD" is redeemed to "ada"
    Then the request is refused with 422 "voucher_exhausted"
    And "ada" has 50.00 USD

  Scenario: Codes in great number
    Given a campaign that takes 10 % off, with the voucher "SUMMER-26"
    When 2500 vouchers are ordered
    Then the job issues all 2500 of them
    And the export of the campaign has 2501 codes, no two alike

  Scenario: A code is printed as a picture and scanned at the till
    Given a campaign that takes 10 % off, with the voucher "SUMMER-26"
    When the voucher "SUMMER-26" is scanned at the till for 12000
    Then it would give 1200
    And there is a picture of "SUMMER-26"

  Scenario: Nobody guesses codes
    Given a campaign that takes 10 % off, with the voucher "SUMMER-26"
    When 21 codes are guessed
    Then the request is refused with 429 "too_many_guesses"
