Feature: What an invoice comes to
  Amounts are whole minor units: 1500 is 15.00 USD, or 1,500 JPY. A line is rounded once, and so is the tax of each rate,
  half a unit away from zero, as European tax law (EN 16931) has it.

  Scenario Outline: Lines of one rate
    When an invoice is created with the lines
      | quantity   | unit price   | tax rate   |
      | <quantity> | <unit price> | <tax rate> |
    Then its subtotal is <subtotal>
    And its tax is <tax>
    And its total is <total>

    Examples:
      | quantity | unit price | tax rate | subtotal | tax   | total  |
      | 10       | 15000      | 1600     | 150000   | 24000 | 174000 |
      | 1        | 10000      | 0        | 10000    | 0     | 10000  |
      | 5        | 2000       | 800      | 10000    | 800   | 10800  |
      | 2.5      | 1001       | 0        | 2503     | 0     | 2503   |
      | 0.000001 | 1          | 10000    | 0        | 0     | 0      |
      | 1        | 1          | 5000     | 1        | 1     | 2      |
      | 1        | 100        | 10000    | 100      | 100   | 200    |

  Scenario: Tax is rounded once per rate, not once per line
    When an invoice is created with the lines
      | quantity | unit price | tax rate |
      | 1        | 33         | 1900     |
      | 1        | 33         | 1900     |
      | 1        | 33         | 1900     |
    Then its subtotal is 99
    And its tax is 19
    And its total is 118

  Scenario: Each rate has its own tax
    When an invoice is created with the lines
      | quantity | unit price | tax rate |
      | 1        | 1000       | 1900     |
      | 2        | 500        | 700      |
      | 3        | 100        | 0        |
      | 1        | 55         | 1900     |
    Then its taxes are
      | tax rate | taxable | tax |
      | 0        | 300     | 0   |
      | 700      | 1000    | 70  |
      | 1900     | 1055    | 200 |
    And its total is 2625

  Scenario: A quantity is answered as it is meant
    When an invoice is created with the lines
      | quantity | unit price | tax rate |
      | 2.50     | 100        | 0        |
    Then the quantity of its first line is "2.5"

  Scenario: A total that not every program can read exactly is refused
    When an invoice is created with the lines
      | quantity | unit price       | tax rate |
      | 1        | 9007199254740991 | 0        |
      | 1        | 1                | 0        |
    Then the request is refused with 422 "amount_out_of_range"

  Scenario: The largest total
    When an invoice is created with the lines
      | quantity | unit price       | tax rate |
      | 1        | 9007199254740990 | 0        |
      | 1        | 1                | 0        |
    Then its total is 9007199254740991

  Scenario Outline: Currencies without or with three decimals
    When an invoice over <total> in <currency> is created
    Then its total is <total>
    And its currency is "<currency>"

    Examples:
      | currency | total  |
      | JPY      | 174000 |
      | USD      | 174000 |
      | KWD      | 174000 |

  Scenario: An organization that rounds half to even
    Given the organization rounds "half_even"
    When an invoice is created with the lines
      | quantity | unit price | tax rate |
      | 2.5      | 1001       | 0        |
    Then its total is 2502
