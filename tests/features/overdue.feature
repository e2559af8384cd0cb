Feature: Overdue invoices
  An invoice is overdue when its last day to pay is over (in UTC) and it is not settled. The service finds such invoices by
  itself; a reader sees it even before.

  Scenario: A sent invoice past due is overdue
    Given an invoice that was sent 30 days ago, due 10 days later
    When the service looks for overdue invoices
    Then the invoice is overdue
    And it shows as overdue
    And its timeline names the role "scheduler" for "invoice.overdue"

  Scenario: A viewed invoice past due is overdue as well
    Given an invoice that was viewed 30 days ago, due 10 days later
    When the service looks for overdue invoices
    Then the invoice is overdue

  Scenario Outline: What the service leaves alone
    Given an invoice that was <status> 30 days ago, due 10 days later
    When the service has looked for overdue invoices
    Then the invoice is still <status>
    And it does not show as overdue

    Examples:
      | status    |
      | draft     |
      | paid      |
      | cancelled |

  Scenario: The last day to pay is in time
    Given an invoice that was sent 10 days ago, due 10 days later
    When the service has looked for overdue invoices
    Then the invoice is still sent
    And it does not show as overdue

  Scenario Outline: A reader sees what is overdue before the service has looked
    Given an invoice that is <status> and due in 5 days
    When it is read in <days> days
    Then the invoice is still <status>
    And it <shows> as overdue

    Examples:
      | status    | days | shows         |
      | sent      | 5    | does not show |
      | sent      | 6    | shows         |
      | viewed    | 6    | shows         |
      | overdue   | 6    | shows         |
      | overdue   | 0    | does not show |
      | draft     | 6    | does not show |
      | paid      | 6    | does not show |
      | cancelled | 6    | does not show |

  Scenario: The filter finds the same
    Given an invoice that is sent and due in 5 days
    And an invoice that is sent and due in 50 days
    When overdue invoices are listed in 6 days
    Then 1 invoices are listed

  Scenario: The client may know better
    Given an invoice that is sent and due in 5 days
    When it is marked as overdue
    Then the invoice is overdue
    And it does not show as overdue

  Scenario: What is owed, by how late it is
    Given an invoice that is sent and due in 5 days
    When the summary is read in 40 days
    Then the summary of "USD" shows 174000 overdue
    And 174000 of it is 31 to 60 days late
