"""`python -m app.questions.publish`: fixes new versions of question sets, so that they can no longer change."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from app.questions.library import BANK, PUBLISHED, BankError, Key, check_published, digest, read_published, read_sets
from app.questions.schema import QuestionSet

_HEADER = """\
# The content of every published version, as a digest. Written by `python -m app.questions.publish`; not by hand.
# Answers keep the version they were given to, so a published version never changes: new wording is a new version.
"""


def new_versions(bank: Path) -> dict[Key, str]:
    """The digests of versions that are not published yet. Raises BankError if a published one has changed or gone."""
    raw_sets = read_sets(bank)
    published = read_published(bank)
    check_published({key: raw for key, raw in raw_sets.items() if key in published}, published)
    new = {key: raw for key, raw in raw_sets.items() if key not in published}
    for raw in new.values():
        QuestionSet.model_validate(raw)
    return {key: digest(raw) for key, raw in sorted(new.items())}


def publish(bank: Path = BANK) -> list[Key]:
    """Add the digests of new versions to `published.yaml` and return them. Raises BankError or ValidationError."""
    new = new_versions(bank)
    if new:
        _write(bank / PUBLISHED, read_published(bank) | new)
    return list(new)


def _write(path: Path, digests: dict[Key, str]) -> None:
    lines = [_HEADER]
    before = ""
    for (set_id, version), one in sorted(digests.items()):
        if set_id != before:
            lines.append(f"{set_id}:\n")
        lines.append(f"  {version}: {one}\n")
        before = set_id
    path.write_text("".join(lines), encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Publish, or with --dry-run only say what would be. 0 when all went well, 1 when a file is refused."""
    parser = argparse.ArgumentParser(prog="python -m app.questions.publish", description=__doc__)
    parser.add_argument("--dry-run", action="store_true", help="say what would be published, and change nothing")
    parser.add_argument("--bank", type=Path, default=BANK, help="the folder with the question sets")
    chosen = parser.parse_args(arguments)
    try:
        new = list(new_versions(chosen.bank)) if chosen.dry_run else publish(chosen.bank)
    except (BankError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for set_id, version in new:
        sys.stdout.write(f"{'Would publish' if chosen.dry_run else 'Published'} {set_id} {version}\n")
    if not new:
        sys.stdout.write("Nothing new to publish.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
