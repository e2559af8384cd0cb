Feature: Listing invoices
  People leaf through pages, programs follow cursors. Both see the newest first.

  Scenario: The first page
    Given 25 invoices
    When page 1 of size 10 is listed
    Then 10 invoices are listed
    And the total is 25

  Scenario: The last page
    Given 25 invoices
    When page 3 of size 10 is listed
    Then 5 invoices are listed
    And the total is 25

  Scenario: A page behind the last one is empty
    Given 3 invoices
    When page 2 of size 10 is listed
    Then 0 invoices are listed
    And the total is 3

  Scenario: Pages end at the 10,000th row
    When page 101 of size 100 is listed
    Then the request is refused with 400 "page_too_deep"

  Scenario: The page with the 10,000th row is the last
    Given 3 invoices
    When page 334 of size 30 is listed
    Then 0 invoices are listed
    And the total is 3
    When page 335 of size 30 is listed
    Then the request is refused with 400 "page_too_deep"

  Scenario: Newest first
    Given 3 invoices
    When page 1 of size 10 is listed
    Then the newest is listed first

  Scenario: Cursors go through everything once
    Given 25 invoices
    When the list is followed by cursors of 10
    Then every invoice was listed once

  Scenario: What is created meanwhile disturbs no cursor
    Given 15 invoices
    When the list is followed by cursors of 10, while another invoice is created
    Then every invoice but the new one was listed once

  Scenario: A cursor belongs to its filters
    Given 3 invoices
    When the first 2 invoices are listed
    And its cursor is used with the filter "status=sent"
    Then the request is refused with 400 "cursor_mismatch"

  Scenario: A cursor cannot be forged
    Given 3 invoices
    When the first 2 invoices are listed
    And its cursor is used after a letter was changed
    Then the request is refused with 400 "invalid_cursor"

  Scenario: A page or a cursor, not both
    When invoices are listed with "page=1&cursor=abc"
    Then the request is refused with 400 "invalid_parameter"

  Scenario Outline: Filters
    Given these invoices
      | number | client      | currency | total | due in | status    |
      | A-1    | Ada GmbH    | EUR      | 100   | 10     | draft     |
      | A-2    | ADA & Söhne | EUR      | 2000  | 20     | sent      |
      | B-1    | 100%_Bob    | USD      | 30000 | 30     | paid      |
      | B-2    | Bob's Ärger | JPY      | 500   | 0      | cancelled |
    When invoices are listed with "<filter>"
    Then the invoices listed are "<numbers>"

    Examples: One filter
      | filter                       | numbers            |
      |                              | B-2, B-1, A-2, A-1 |
      | status=sent                  | A-2                |
      | status=sent&status=paid      | B-1, A-2           |
      | client=ada                   | A-2, A-1           |
      | client=söhne                 | A-2                |
      | client=SÖHNE                 | A-2                |
      | client=ärger                 | B-2                |
      | client=0%25_B                | B-1                |
      | client=%25                   | B-1                |
      | client=_                     | B-1                |
      | client=nobody                |                    |
      | number=B-1                   | B-1                |
      | number=B                     |                    |
      | currency=EUR                 | A-2, A-1           |
      | currency=GBP                 |                    |
      | min_total_minor=500          | B-2, B-1, A-2      |
      | max_total_minor=500          | B-2, A-1           |
      | due_from=<in 20 days>        | B-1, A-2           |
      | due_to=<in 19 days>          | B-2, A-1           |
      | from_date=<today>            | B-2, B-1, A-2, A-1 |
      | to_date=<today>              | B-2, B-1, A-2, A-1 |
      | from_date=<in 1 days>        |                    |
      | to_date=<1 days ago>         |                    |
      | overdue=true                 |                    |

    Examples: Filters narrow each other
      | filter                                                | numbers |
      | client=bob&currency=USD                               | B-1     |
      | status=draft&client=bob                               |         |
      | due_from=<in 5 days>&due_to=<in 25 days>&status=draft | A-1     |
      | min_total_minor=100&max_total_minor=600               | B-2, A-1 |

  Scenario Outline: A filter that cannot be meant is refused, not ignored
    When invoices are listed with "<filter>"
    Then the request is refused with 400 "<code>"

    Examples:
      | filter                                  | code                |
      | status=open                             | invalid_parameter   |
      | state=draft                             | unknown_parameter   |
      | currency=usd                            | invalid_parameter   |
      | from_date=yesterday                     | invalid_parameter   |
      | from_date=2026-13-01                    | invalid_parameter   |
      | min_total_minor=1.5                     | invalid_parameter   |
      | customer_id=7                           | invalid_parameter   |
      | overdue=yes                             | invalid_parameter   |
      | limit=0                                 | invalid_parameter   |
      | limit=101                               | invalid_parameter   |
      | limit=10&limit=20                       | duplicate_parameter |
      | page=0                                  | invalid_parameter   |
      | page=1&page_size=101                    | invalid_parameter   |
