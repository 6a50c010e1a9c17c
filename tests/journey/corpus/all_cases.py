"""Every case, by its name, in a fixed order."""
from corpus import compressed, inputs, json_lines, not_tables, sizes, tables


def by_name():
    cases = {}
    for module in (inputs, tables, json_lines, compressed, not_tables, sizes):
        for case in module.cases():
            assert case.name not in cases, f"two cases are called '{case.name}'"
            cases[case.name] = case
    return cases
