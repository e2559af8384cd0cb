Feature: Bad input
  A request that cannot be meant is refused before anything happens, and the refusal says everything that is wrong with it.

  Scenario Outline: A value that breaks a rule
    When an invoice is created with <field> set to <value>
    Then the request is refused with 400 "validation_failed"
    And the only fault is "<fault>" at "<field>"

    Examples:
      | field                     | value              | fault               |
      | /items                    | []                 | empty               |
      | /items                    | null               | required            |
      | /items/0/description      | ""                 | empty               |
      | /items/0/quantity         | 0                  | out_of_range        |
      | /items/0/quantity         | -1                 | out_of_range        |
      | /items/0/quantity         | 1.5                | wrong_type          |
      | /items/0/quantity         | "1.0000001"        | invalid_format      |
      | /items/0/unit_price_minor | 0                  | out_of_range        |
      | /items/0/unit_price_minor | "100"              | wrong_type          |
      | /items/0/unit_price_minor | 9007199254740992   | out_of_range        |
      | /items/0/tax_rate_bps     | 10001              | out_of_range        |
      | /items/0/tax_rate_bps     | -1                 | out_of_range        |
      | /currency                 | "usd"              | unsupported_value   |
      | /currency                 | "XXX"              | unsupported_value   |
      | /due_date                 | "2020-01-01"       | out_of_range        |
      | /due_date                 | "tomorrow"         | invalid_format      |
      | /due_date                 | "2027-02-30"       | invalid_format      |
      | /customer/name            | "   "              | empty               |
      | /customer/name            | "a\\u202eb"        | forbidden_character |
      | /customer/name            | "a\\u0000b"        | forbidden_character |
      | /customer/email           | "nobody"           | invalid_format      |
      | /number                   | "RE 1"             | invalid_format      |
      | /notes                    | 7                  | wrong_type          |
      | /metadata/order           | 4711               | wrong_type          |

  Scenario: A typing error does not pass silently
    When an invoice is created with /curency set to "USD"
    Then the request is refused with 400 "unknown_field"
    And the only fault is "unknown_field" at "/curency"

  Scenario: All faults are told at once
    When this invoice is sent to the service
      """
      {
        "number": "no spaces please",
        "customer": {"name": "", "email": "nobody"},
        "currency": "XXX",
        "items": [
          {"description": "Work", "quantity": 0, "unit_price_minor": 100},
          {"description": "", "quantity": 1, "unit_price_minor": -1, "tax_rate_bps": 20000}
        ]
      }
      """
    Then the request is refused with 400 "validation_failed"
    And the faults are
      | pointer                   | fault             |
      | /currency                 | unsupported_value |
      | /customer/email           | invalid_format    |
      | /customer/name            | empty             |
      | /items/0/quantity         | out_of_range      |
      | /items/1/description      | empty             |
      | /items/1/tax_rate_bps     | out_of_range      |
      | /items/1/unit_price_minor | out_of_range      |
      | /number                   | invalid_format    |
    And there are 0 invoices

  Scenario: The same field twice
    When this invoice is sent to the service
      """
      {"customer": {"name": "Ada", "name": "Bob"}, "currency": "USD",
       "items": [{"description": "Work", "quantity": 1, "unit_price_minor": 100}]}
      """
    Then the request is refused with 400 "duplicate_field"
    And the only fault is "duplicate_field" at "/customer/name"

  Scenario: What is not JSON
    When this invoice is sent to the service
      """
      {"customer": {"name": "Ada"
      """
    Then the request is refused with 400 "malformed_json"

  Scenario: A refusal explains itself
    When an invoice is created with /currency set to "XXX"
    Then the refusal names its request, its path and a page that explains it
    And that page exists

  Scenario: An invoice that is not there
    When the invoice "0193aaaa-0000-7000-8000-000000000000" is read
    Then the request is refused with 404 "not_found"

  Scenario: What is no id
    When the invoice "1" is read
    Then the request is refused with 400 "invalid_parameter"

  Scenario: A path that is not there
    When "GET /api/v1/invoice" is requested
    Then the request is refused with 404 "route_not_found"

  Scenario: A method that a path does not have
    When "DELETE /api/v1/invoices" is requested
    Then the request is refused with 405 "method_not_allowed"
    And the answer allows "GET, HEAD, POST"
