"""Checks a document against a JSON Schema, and tells everything that is wrong: `asyncapi.py <schema> <document>`."""

import json
import sys

import jsonschema


def faults(error, depth=0):
    yield f"{'  ' * depth}/{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
    deepest_first = sorted(error.context or [], key=lambda cause: -len(cause.absolute_path))
    for cause in deepest_first[:4]:
        yield from faults(cause, depth + 1)


def main(schema_path, document_path):
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    with open(document_path, encoding="utf-8") as file:
        document = json.load(file)
    validator = jsonschema.validators.validator_for(schema)(schema)
    errors = list(validator.iter_errors(document))
    for error in errors:
        print("\n".join(faults(error)))
    sys.exit(1 if errors else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
