"""Copies the fonts that PDFs are set in, and writes the style sheet that names them.

Phones have these scripts built in and never fetch these files; a server that prints a record may have none of them.
Each script comes as a file and a family of its own (one family for all would draw the wrong letters: the PDF library
tells fonts apart by name). The style sheet ends with the rule that lists them all, so that a line of mixed scripts
finds each letter where it is.

Usage: python tools/vendor_fonts.py node_modules/@fontsource app/static/vendor/fonts
"""

import shutil
import sys
from pathlib import Path

WEIGHTS = (400, 700)
FONTS = {
    "noto-sans": ("latin", "latin-ext", "vietnamese", "cyrillic", "cyrillic-ext", "greek"),
    "noto-naskh-arabic": ("arabic",),
    "noto-sans-ethiopic": ("ethiopic",),
}


def copy_fonts(source: Path, target: Path) -> list[str]:
    """Copy every file that FONTS names and return the rules of the style sheet."""
    rules, families = [], []
    for font, subsets in FONTS.items():
        for subset in subsets:
            families.append(f"PEP {font} {subset}")
            for weight in WEIGHTS:
                name = f"{font}-{subset}-{weight}-normal.woff"
                shutil.copyfile(source / font / "files" / name, target / name)
                rules.append(
                    f'@font-face {{ font-family: "{families[-1]}"; font-style: normal; font-weight: {weight}; '
                    f'src: url("{name}") format("woff"); }}'
                )
        shutil.copyfile(source / font / "LICENSE", target / f"{font}.LICENSE")
    names = ", ".join(f'"{family}"' for family in families)
    return [*rules, f"html {{ font-family: {names}, sans-serif; }}"]


def main() -> None:
    """Copy from the first folder named on the command line to the second."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    (target / "fonts.css").write_text("\n".join(copy_fonts(source, target)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
