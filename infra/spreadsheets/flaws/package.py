"""Parts of a zipped workbook and the relations between them."""

from zipfile import ZipFile

from infra.spreadsheets.flaws.tags import attributes_of, start_tags


def part_by_relation(package: ZipFile, relations: str, identifier: str) -> str | None:
    """Return the name of the part that a workbook's relation leads to, None if there is no such part."""
    with package.open(relations) as stream:
        for name, raw in start_tags(stream):
            if name == b"Relationship":
                fields = attributes_of(raw)
                if fields.get("Id") == identifier:
                    target = fields.get("Target", "")
                    part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
                    return part if part in package.namelist() else None
    return None
