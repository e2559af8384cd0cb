Feature: The life of an invoice
  An invoice is drafted, sent to the customer, and ends paid or cancelled. From the moment it is sent, what is written on
  it stays as it is: the customer holds the other half of the tally stick.

  Scenario: A new invoice is a draft
    When an invoice is created with the lines
      | quantity | unit price | tax rate |
      | 10       | 15000      | 1600     |
    Then the invoice is draft
    And its total is 174000
    And it has no number yet

  Scenario: Sending an invoice issues it
    Given a draft invoice
    When it is marked as sent
    Then the invoice is sent
    And it has a number
    And it names the organization as the seller
    And it shows when it was issued

  Scenario: An invoice that is paid has nothing left to pay
    Given a sent invoice
    When it is marked as paid
    Then the invoice is paid
    And everything on it is paid
    And it shows when it was paid

  Scenario: A cancelled invoice has nothing left to pay either
    Given a sent invoice
    When it is marked as cancelled
    Then the invoice is cancelled
    And nothing is due on it
    And it shows when it was cancelled

  Scenario Outline: Steps that an invoice may take
    Given an invoice that is <before>
    When it is marked as <after>
    Then the invoice is <after>

    Examples:
      | before  | after     |
      | draft   | sent      |
      | draft   | cancelled |
      | sent    | viewed    |
      | sent    | paid      |
      | sent    | overdue   |
      | sent    | cancelled |
      | viewed  | paid      |
      | viewed  | overdue   |
      | viewed  | cancelled |
      | overdue | paid      |
      | overdue | cancelled |

  Scenario Outline: Steps that an invoice may not take
    Given an invoice that is <before>
    When it is marked as <after>
    Then the request is refused with 422 "status_transition_forbidden"
    And the refusal says "an invoice cannot go from <before> to <after>; <allowed>"
    And the invoice is still <before>

    Examples: A draft has to be sent first
      | before | after   | allowed                             |
      | draft  | draft   | allowed from draft: sent, cancelled |
      | draft  | viewed  | allowed from draft: sent, cancelled |
      | draft  | overdue | allowed from draft: sent, cancelled |
      | draft  | paid    | allowed from draft: sent, cancelled |

    Examples: What was sent stays sent
      | before  | after   | allowed                                              |
      | sent    | draft   | allowed from sent: viewed, paid, overdue, cancelled  |
      | sent    | sent    | allowed from sent: viewed, paid, overdue, cancelled  |
      | viewed  | draft   | allowed from viewed: paid, overdue, cancelled        |
      | viewed  | sent    | allowed from viewed: paid, overdue, cancelled        |
      | viewed  | viewed  | allowed from viewed: paid, overdue, cancelled        |
      | overdue | draft   | allowed from overdue: paid, cancelled                |
      | overdue | sent    | allowed from overdue: paid, cancelled                |
      | overdue | viewed  | allowed from overdue: paid, cancelled                |
      | overdue | overdue | allowed from overdue: paid, cancelled                |

    Examples: Paid and cancelled are the end
      | before    | after     | allowed            |
      | paid      | draft     | paid is final      |
      | paid      | sent      | paid is final      |
      | paid      | viewed    | paid is final      |
      | paid      | overdue   | paid is final      |
      | paid      | paid      | paid is final      |
      | paid      | cancelled | paid is final      |
      | cancelled | draft     | cancelled is final |
      | cancelled | sent      | cancelled is final |
      | cancelled | viewed    | cancelled is final |
      | cancelled | overdue   | cancelled is final |
      | cancelled | paid      | cancelled is final |
      | cancelled | cancelled | cancelled is final |

  Scenario: A draft can be rewritten, and adds up anew
    Given a draft invoice
    When its lines are replaced by
      | quantity | unit price | tax rate |
      | 5        | 2000       | 800      |
    Then its total is 10800
    And the invoice is still draft

  Scenario Outline: Only a draft can be rewritten
    Given an invoice that is <status>
    When its notes are changed to "Please pay twice."
    Then the request is refused with 422 "invoice_not_editable"

    Examples:
      | status    |
      | sent      |
      | viewed    |
      | overdue   |
      | paid      |
      | cancelled |

  Scenario: A draft can be deleted
    Given a draft invoice
    When it is deleted
    Then there is no such invoice any more

  Scenario Outline: Only a draft can be deleted
    Given an invoice that is <status>
    When it is deleted
    Then the request is refused with 422 "invoice_not_deletable"
    And the invoice is still <status>

    Examples:
      | status    |
      | sent      |
      | viewed    |
      | overdue   |
      | paid      |
      | cancelled |

  Scenario: The timeline tells who did what
    Given a paid invoice
    When its timeline is read
    Then the timeline shows, newest first
      | event           |
      | invoice.paid    |
      | invoice.sent    |
      | invoice.created |
    And every entry names the key "tests"
