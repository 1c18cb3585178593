"""Holds the formulas and numbers of answers.tsv, which people wrote, against Math-Verify, the grammar of answers that evaluations of
language models use. Options of multiple choices are none of its business.

Each line: parser, text (<NL> for a line end), accepted answer, outcome, and, where Math-Verify judges otherwise, why the table does not
follow it. Ends with 1 where the two differ without a reason, or a reason stands where they agree.

Pinned: math-verify 0.9.0 with antlr4_13_2. Run it in this folder:

    python check_answers.py
"""

import pathlib
import sys

from math_verify import parse, verify
from math_verify.parser import ExprExtractionConfig, LatexExtractionConfig

TABLE = pathlib.Path(__file__).parent.parent / "resources/answers/answers.tsv"
FORMULAS = [LatexExtractionConfig(boxed_match_priority=0), ExprExtractionConfig()]


def judged(text, accepted):
    """What Math-Verify makes of a row."""
    gold = parse(f"${accepted}$", extraction_config=FORMULAS, raise_on_error=False)
    given = parse(text, extraction_config=FORMULAS, raise_on_error=False)
    if not given:
        return "UNPARSED"
    return "RIGHT" if gold and verify(gold, given, raise_on_error=False) else "WRONG"


def main():
    rows = agreed = explained = 0
    bad = []
    for number, line in enumerate(TABLE.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("%"):
            continue
        parser, text, accepted, outcome, *reason = line.split("\t")
        if parser == "choice":
            continue
        other = judged(text.replace("<NL>", "\n"), accepted)
        # Math-Verify takes any number of a text for its answer: what is not read here may be wrong there.
        same = other == outcome or (outcome == "UNPARSED" and other == "WRONG")
        rows += 1
        agreed += same
        explained += bool(reason)
        if same == bool(reason):
            bad.append(f"{number}: {line}\tMath-Verify: {other}")
    print("\n".join(bad))
    print(f"{rows} rows: {agreed} judged alike, {explained} otherwise for a reason, {len(bad)} to look at")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
