"""Validates NDJSON records against the JSON Schema: validate_records.py SCHEMA FILE

Also checks that the schema is strict: each record with one key more, or with one key less, must be refused.
"""
import json
import sys

import jsonschema

OPTIONAL = {"file", "error", "attempt", "retry_in_s", "track_id", "candidates", "zones", "zone", "direction",
            "duration_s"}
FREE_KEYS = {"objects", "entered", "left", "forward", "backward"}  # class names


def objects_within(value):
    """Every object in a record whose keys the schema fixes."""
    if isinstance(value, dict):
        yield value
        for key, child in value.items():
            if key not in FREE_KEYS:
                yield from objects_within(child)
    elif isinstance(value, list):
        for child in value:
            yield from objects_within(child)


def main():
    schema_path, records_path = sys.argv[1:]
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)

    def refuse(constant):
        raise ValueError(f"{constant} is not JSON")

    with open(records_path, encoding="utf-8") as file:
        lines = file.read().splitlines()
    seen = set()
    for number, line in enumerate(lines, 1):
        record = json.loads(line, parse_constant=refuse)
        for error in validator.iter_errors(record):
            sys.exit(f"line {number}: {error.message}\n{line}")
        kind = (record["type"], tuple(sorted(record)))
        if kind in seen:  # one of each kind is enough for the costly part
            continue
        seen.add(kind)
        for thing in objects_within(record):
            thing["surplus"] = 1
            if validator.is_valid(record):
                sys.exit(f"line {number}: accepted with a surplus key\n{json.dumps(record)}")
            del thing["surplus"]
            for key in [k for k in thing if k not in OPTIONAL]:
                if thing is record.get("objects"):
                    continue
                value = thing.pop(key)
                if validator.is_valid(record):
                    sys.exit(f"line {number}: accepted without {key}\n{json.dumps(record)}")
                thing[key] = value
    print(len(lines))


main()
