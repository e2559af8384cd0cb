Feature: Transfers between accounts
  Money moves by transfers only: what leaves one account arrives on another, in the same moment, and nobody spends what they
  do not have.

  Background:
    Given the account "Ada" with 100.00 USD
    And the account "Bob" with 20.00 USD

  Scenario: Money is moved
    When 30.00 USD are transferred from "Ada" to "Bob"
    Then "Ada" has 70.00 USD
    And "Bob" has 50.00 USD
    And the answer tells that 70.00 are left on the source and 50.00 are on the destination
    And the ledger adds up

  Scenario: Nobody spends what they do not have
    When 100.01 USD are transferred from "Ada" to "Bob"
    Then the request is refused with 422 "insufficient_funds"
    And "Ada" has 100.00 USD
    And "Bob" has 20.00 USD

  Scenario: To the last cent
    When 100.00 USD are transferred from "Ada" to "Bob"
    Then "Ada" has 0.00 USD
    And "Bob" has 120.00 USD

  Scenario: An overdraft is spent down to its limit
    Given the account "Cleo" with 0.00 USD that may be overdrawn by 50.00
    When 50.00 USD are transferred from "Cleo" to "Bob"
    Then "Cleo" has -50.00 USD
    When 0.01 USD are transferred from "Cleo" to "Bob"
    Then the request is refused with 422 "insufficient_funds"

  Scenario: Currencies are not mixed
    Given the account "Yuki" with 500 JPY
    When 1.00 USD are transferred from "Ada" to "Yuki"
    Then the request is refused with 422 "currency_mismatch"

  Scenario: Money comes from outside and goes there
    When 15.00 USD are deposited to "Bob"
    Then "Bob" has 35.00 USD
    When 35.00 USD are withdrawn from "Bob"
    Then "Bob" has 0.00 USD
    And the ledger adds up

  Scenario: A frozen account takes no part
    Given "Bob" is frozen
    When 1.00 USD are transferred from "Ada" to "Bob"
    Then the request is refused with 422 "account_frozen"

  Scenario: An account is closed when it is empty, and for good
    When "Bob" is closed
    Then the request is refused with 422 "account_not_empty"
    When 20.00 USD are withdrawn from "Bob"
    And "Bob" is closed
    Then the answer is 200
    When 1.00 USD are transferred from "Ada" to "Bob"
    Then the request is refused with 422 "account_closed"

  Scenario: What an account has seen can be read
    When 30.00 USD are transferred from "Ada" to "Bob"
    And 5.00 USD are transferred from "Bob" to "Ada"
    Then the movements of "Ada" are
      | kind            | amount | balance |
      | transfer        | 5.00   | 75.00   |
      | transfer        | -30.00 | 70.00   |
      | opening_balance | 100.00 | 100.00  |

  Scenario: A repeated transfer moves money once
    When 30.00 USD are transferred from "Ada" to "Bob" under the key "rent-1"
    And the same is requested again under the key "rent-1"
    Then both answers are the same, byte for byte
    And the second is marked as a repetition
    And "Ada" has 70.00 USD

  Scenario: A repeated refusal stays a refusal, also when there is money by now
    When 150.00 USD are transferred from "Ada" to "Bob" under the key "rent-1"
    Then the request is refused with 422 "insufficient_funds"
    Given 100.00 USD were deposited to "Ada"
    When the same is requested again under the key "rent-1"
    Then the request is refused with 422 "insufficient_funds"
    And "Ada" has 200.00 USD

  Scenario: A transfer is taken back, once
    Given 30.00 USD were transferred from "Ada" to "Bob"
    When the transfer is reversed
    Then "Ada" has 100.00 USD
    And "Bob" has 20.00 USD
    When the transfer is reversed
    Then the request is refused with 409 "already_reversed"
    And "Ada" has 100.00 USD
    And the ledger adds up

  Scenario: What was spent since cannot be taken back
    Given 30.00 USD were transferred from "Ada" to "Bob"
    And 50.00 USD were withdrawn from "Bob"
    When the transfer is reversed
    Then the request is refused with 422 "insufficient_funds"
    And "Bob" has 0.00 USD

  Scenario: Of transfers that belong together all are posted or none
    When 60.00 USD and then 60.00 USD are transferred together from "Ada" to "Bob"
    Then the request is refused with 422 "batch_rejected"
    And "Ada" has 100.00 USD

  Scenario: Another organization's accounts are not there
    When another organization transfers 1.00 USD from "Ada" to "Bob"
    Then the request is refused with 404 "account_not_found"
    And "Ada" has 100.00 USD
