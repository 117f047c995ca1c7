"""Paint the backgrounds of a preset ahead, into a folder: packaging/default_model/paint_ahead.py --out FOLDER.

Where a card's minutes count, they are painted while it does something else; `train_on_card.py --painted FOLDER` takes
each bank as soon as it is whole.
"""

import argparse
import os
from pathlib import Path

from backdrops import banks_for
from banks import paint_all
from data import load_settings, sizes_of
from tables import TABLES


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", default="full")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    settings = load_settings(options.preset)
    options.out.mkdir(parents=True, exist_ok=True)
    sizes = sizes_of(settings, settings["parts"])
    banks = banks_for(TABLES[options.preset], sizes, settings["backgrounds"], settings["seed"])
    paint_all(banks, options.out, os.cpu_count() or 1)


if __name__ == "__main__":
    main()
