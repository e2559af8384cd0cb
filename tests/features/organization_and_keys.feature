Feature: The organization and its keys
  An organization is the seller on its invoices. Keys open its books, as far as their scopes go, and those of nobody else.

  Scenario: The organization tells who it is
    When the organization changes its name to "Kerbholz AG"
    Then the organization is called "Kerbholz AG"

  Scenario: An issued invoice keeps the seller's name
    Given a sent invoice
    When the organization changes its name to "Kerbholz AG"
    Then the seller on the invoice is still "Muster GmbH"

  Scenario: No key, no answer
    When invoices are listed without a key
    Then the request is refused with 401 "unauthenticated"
    And the answer asks for "Bearer" authentication

  Scenario: A key that nobody made
    When invoices are listed with the key "tsk_0123456789abcdefghijklmnopqrstuv"
    Then the request is refused with 401 "unauthenticated"

  Scenario Outline: A key goes as far as its scopes
    Given a key with the scopes "<scopes>"
    When that key requests "<request>"
    Then the answer is <status>

    Examples:
      | scopes                        | request                    | status |
      | invoices:read                 | GET /api/v1/invoices       | 200    |
      | invoices:write                | GET /api/v1/invoices       | 403    |
      | customers:read                | GET /api/v1/invoices       | 403    |
      | customers:read, invoices:read | GET /api/v1/invoices       | 200    |
      | customers:read                | GET /api/v1/customers      | 200    |
      | keys:read                     | GET /api/v1/api-keys       | 200    |
      | keys:write                    | GET /api/v1/api-keys       | 403    |
      | organization:read             | GET /api/v1/organization   | 200    |
      | organization:read             | PATCH /api/v1/organization | 403    |
      | invoices:read                 | POST /api/v1/invoices      | 403    |
      | *                             | GET /api/v1/organization   | 200    |

  Scenario: The refusal names the scope that is missing
    Given a key with the scopes "customers:read"
    When that key requests "GET /api/v1/invoices"
    Then the refusal says "the API key lacks the scope invoices:read"

  Scenario: A key's secret is shown once
    Given a key with the scopes "invoices:read"
    When the keys are listed
    Then no secret is shown

  Scenario: A key cannot grant more than it has
    Given a key with the scopes "keys:write, invoices:read"
    When that key makes a key with the scopes "invoices:write"
    Then the request is refused with 403 "insufficient_scope"

  Scenario: A key cannot make one that outlasts it
    Given a key to the keys that expires in 6 days
    When that key makes a key with the scopes "keys:write"
    Then the request is refused with 403 "insufficient_scope"

  Scenario: A revoked key opens nothing
    Given a key with the scopes "invoices:read"
    When that key is revoked
    And that key requests "GET /api/v1/invoices"
    Then the request is refused with 401 "unauthenticated"

  Scenario: A key ends when it was said to
    Given a key that expires in 6 days
    Then that key opens the books in 5 days
    But it does not open them in 40 days

  Scenario: What others have does not exist
    Given a sent invoice
    When another organization reads it
    Then the request is refused with 404 "not_found"
