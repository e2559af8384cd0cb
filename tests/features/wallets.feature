Feature: Wallets
  People are registered with a wallet, recharge it, and pay each other by name.

  Scenario: Registering a user
    When the user "Ada1815" is registered with the national id "12345678"
    Then the national id is shown as "****5678"
    And "ada1815" has 0

  Scenario: Nobody else gets the name
    Given the user "Ada1815"
    When the user "ADA1815" is registered with the national id "87654321"
    Then the request is refused with 409 "already_exists"
    And the refusal says "another user has this username"

  Scenario: Nobody registers twice
    Given the user "ada1815" with the national id "12345678"
    When the user "countess" is registered with the national id "12345678"
    Then the request is refused with 409 "already_exists"
    And the refusal says "another user has this national id"

  Scenario: Recharging a wallet
    Given the user "ada1815"
    When "ada1815" recharges 5000
    Then "ada1815" has 5000

  Scenario: Paying another user by name
    Given the user "ada1815"
    And the user "charles1791"
    And "ada1815" has recharged 5000
    When "ada1815" pays "Charles1791" 1200
    Then "ada1815" has 3800
    And "charles1791" has 1200

  Scenario: Not enough money
    Given the user "ada1815"
    And the user "charles1791"
    And "ada1815" has recharged 1000
    When "ada1815" pays "charles1791" 1001
    Then the request is refused with 422 "insufficient_funds"
    And "ada1815" has 1000
    And "charles1791" has 0

  Scenario: Paying somebody who is not there
    Given the user "ada1815"
    When "ada1815" pays "nobody" 1
    Then the request is refused with 404 "user_not_found"

  Scenario: Leaving with money
    Given the user "ada1815"
    And "ada1815" has recharged 1000
    When "ada1815" leaves
    Then the request is refused with 422 "account_not_empty"

  Scenario: Leaving with nothing, and coming back under another name
    Given the user "ada1815" with the national id "12345678"
    And "ada1815" has recharged 1000
    And "ada1815" has withdrawn 1000
    When "ada1815" leaves
    And the user "countess" is registered with the national id "12345678"
    Then "countess" has 0
    And nobody is called "ada1815"
