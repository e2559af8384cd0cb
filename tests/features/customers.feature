Feature: Customers
  Customers are registered once and billed often. An invoice keeps what was true when it was written.

  Scenario: Registering a customer
    When the customer "Ada GmbH" is registered
    Then the customer is called "Ada GmbH"

  Scenario: An invoice copies its customer
    Given the customer "Ada GmbH"
    And an invoice for that customer
    When the customer is renamed to "Ada AG"
    Then the invoice is made out to "Ada GmbH"
    And the customer is called "Ada AG"

  Scenario: The customer's currency is that of its invoices
    Given the customer "Ada GmbH" who pays in "CHF"
    When an invoice for that customer is created without a currency
    Then its currency is "CHF"

  Scenario: The organization's currency is that of all others
    Given the customer "Ada GmbH"
    And the organization's currency is "SEK"
    When an invoice for that customer is created without a currency
    Then its currency is "SEK"

  Scenario: The organization's terms of payment
    Given the organization gives its customers 45 days to pay
    When an invoice is created without a due date
    Then it is due in 45 days

  Scenario: Archiving a customer keeps its invoices
    Given the customer "Ada GmbH"
    And an invoice for that customer
    When the customer is archived
    Then no customers are listed
    And the invoice is made out to "Ada GmbH"

  Scenario: One customer per id in the client's own system
    Given the customer "Ada GmbH" known as "CRM-7"
    When the customer "Bob GmbH" known as "CRM-7" is registered
    Then the request is refused with 409 "already_exists"

  Scenario: An archived customer's id is free again
    Given the customer "Ada GmbH" known as "CRM-7"
    When the customer is archived
    And the customer "Bob GmbH" known as "CRM-7" is registered
    Then the customer is called "Bob GmbH"

  Scenario Outline: Finding customers
    Given the customer "Ada & Söhne" known as "CRM-7"
    And the customer "Bob 100%" known as "CRM-8"
    When customers are listed with "<filter>"
    Then the customers listed are "<names>"

    Examples:
      | filter            | names                 |
      |                   | Bob 100%, Ada & Söhne |
      | q=söhn            | Ada & Söhne           |
      | q=BOB             | Bob 100%              |
      | q=%25             | Bob 100%              |
      | q=nobody          |                       |
      | external_id=CRM-7 | Ada & Söhne           |
      | external_id=CRM   |                       |

  Scenario: A customer and a name written out exclude each other
    Given the customer "Ada GmbH"
    When an invoice for that customer is created that names another one too
    Then the request is refused with 400 "validation_failed"

  Scenario: An invoice needs somebody to pay it
    When an invoice is created for nobody
    Then the request is refused with 400 "validation_failed"
