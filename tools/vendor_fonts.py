"""Copies the fonts that PDFs are set in, and writes the style sheet that names them.

Phones have these scripts built in and never fetch these files; a server that prints a record has none of them.
Each script comes as a file of its own. All are declared under one family, so that a line of mixed scripts finds each
letter where it is.

Usage: python tools/vendor_fonts.py node_modules/@fontsource app/static/vendor/fonts
"""

import json
import shutil
import sys
from pathlib import Path

FAMILY = "PEP Noto"
WEIGHTS = (400, 700)
FONTS = {
    "noto-sans": ("latin", "latin-ext", "vietnamese", "cyrillic", "cyrillic-ext", "greek"),
    "noto-naskh-arabic": ("arabic",),
    "noto-sans-ethiopic": ("ethiopic",),
}


def copy_fonts(source: Path, target: Path) -> list[str]:
    """Copies every file that FONTS names and returns one @font-face rule for each."""
    rules = []
    for font, subsets in FONTS.items():
        ranges = json.loads((source / font / "unicode.json").read_text(encoding="utf-8"))
        for subset in subsets:
            for weight in WEIGHTS:
                name = f"{font}-{subset}-{weight}-normal.woff"
                shutil.copyfile(source / font / "files" / name, target / name)
                rules.append(
                    f'@font-face {{ font-family: "{FAMILY}"; font-style: normal; font-weight: {weight}; '
                    f'src: url("{name}") format("woff"); unicode-range: {ranges[subset]}; }}'
                )
        shutil.copyfile(source / font / "LICENSE", target / f"{font}.LICENSE")
    return rules


def main() -> None:
    """Copies from the first folder named on the command line to the second."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    (target / "fonts.css").write_text("\n".join(copy_fonts(source, target)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
