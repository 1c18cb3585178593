"""Micro-chains: chains of 15 to 30 steps in which it is known which steps the answer needs.

A value is a pair, a digit and a letter. A question gives eight variables and the rules that make others, and asks for
three. `KA lu te` makes ka of the digit of lu and the letter of te; `KA left lu` and `KA right te` say the two halves of
ka one by one. A chain states each rule's result: `KA lu te ka 3 c .`, `KA left lu ka 3 .`

- The three asked variables a, b, c are stated in each third of the chain, anywhere in it: a step's place does not tell
  its need. b reads a, a further variable m reads b, and c reads m, so that influence leads from c back to a.
- a and b are stated a second time, by halves, behind the steps that read them: a redundant path of two steps instead of
  one. The shortest chain has the whole steps; a search that throws away the whole step first is left with the halves.
- m and the variables that others read are distractors that influence; the others are idle.
- Nothing but a statement tells an asked value: a guess is right once in 64.
- In one row of ten the three asked variables are given ones, and the answer at once is right.

python microchains.py ROWS FILE   writes rows id, question, answer, steps, needed, halves (per redundant path the whole
step and its two halves), influences, direct.
"""

import json
import random
import sys
from dataclasses import dataclass, field

DIGITS, LETTERS = [str(n) for n in range(8)], list("abcdefgh")
NAMES = [c + v for c in "bdfgklmnprst" for v in "aeiou"]    # a rule is named by the capitals of what it makes
GIVEN, FEWEST, MOST = 8, 15, 30
SEED = 2027
ELICITATION = "thus"
WHOLE, LEFT, RIGHT = "whole", "left", "right"


@dataclass
class Rule:
    """What a step does: it makes a name, or a half of it, of one or two operands."""

    form: str
    name: str
    operands: tuple

    def text(self):
        return f"{self.name.upper()} {'' if self.form == WHOLE else self.form + ' '}{' '.join(self.operands)}"

    def step(self, values):
        digit, letter = values[self.name]
        value = {WHOLE: f"{digit} {letter}", LEFT: digit, RIGHT: letter}[self.form]
        return f"{self.text()} {self.name} {value} ."


@dataclass
class Chain:
    given: list
    values: dict
    rules: list = field(default_factory=list)
    asked: list = field(default_factory=list)
    needed: list = field(default_factory=list)      # places of the steps that state a, b, c
    halves: dict = field(default_factory=dict)      # place of a whole step: places of its two halves

    def question(self):
        given = " . ".join(f"{name} {' '.join(self.values[name])}" for name in self.given)
        rules = " . ".join(rule.text() for rule in self.rules)
        return f"Q : {given} . {rules} . what is {' + '.join(self.asked)} ? A :"

    def answer(self, values=None):
        values = values or self.values
        return " ".join(f"{name} {' '.join(values[name])}" for name in self.asked)

    def steps(self):
        return [rule.step(self.values) for rule in self.rules]

    def influences(self):
        """Whether a step that is not needed states what a later step reads."""
        read = [{operand for rule in self.rules[place + 1:] for operand in rule.operands} for place in range(len(self.rules))]
        return [place not in self.needed and rule.name in read[place] for place, rule in enumerate(self.rules)]


def places(rng, count):
    """Where a, b, m, c and the halves of a and b stand; None where they do not fit."""
    third = count // 3
    a, b = rng.randrange(third), third + rng.randrange(third)
    c = 2 * third + rng.randrange(count - 2 * third)
    behind_b = [place for place in range(b + 1, c)]
    if len(behind_b) < 5:
        return None
    behind = rng.sample(behind_b, 5)
    halves_a, rest = behind[:2], sorted(behind[2:])
    return a, b, rest[0], c, halves_a, rng.sample(rest[1:], 2)


def chain(rng, count, direct=False):
    """One problem, or None where the draw does not hold what is planted."""
    planted = places(rng, count)
    if planted is None:
        return None
    a, b, m, c, halves_a, halves_b = planted
    names = rng.sample(NAMES, GIVEN + count)
    given, fresh = names[:GIVEN], iter(names[GIVEN:])
    made = Chain(given, {name: (rng.choice(DIGITS), rng.choice(LETTERS)) for name in given})
    rules = [None] * count

    def whole(place, left, right):
        name = next(fresh)
        rules[place] = Rule(WHOLE, name, (left, right))
        made.values[name] = (made.values[left][0], made.values[right][1])
        return name

    first = whole(a, rng.choice(given), rng.choice(given))
    second = whole(b, first, rng.choice(given))
    third = whole(m, rng.choice(given), second)
    fourth = whole(c, rng.choice(given), third)
    for name, (left, right), stated in ((first, rules[a].operands, halves_a), (second, rules[b].operands, halves_b)):
        rules[stated[0]] = Rule(LEFT, name, (left,))
        rules[stated[1]] = Rule(RIGHT, name, (right,))
    readable, halved = {first: (a, min(halves_a)), second: (b, min(halves_b))}, {}
    free = [place for place in range(count) if rules[place] is None]
    while free:
        place = free.pop(0)
        known = given + [name for name, (begins, ends) in readable.items() if begins < place < ends]
        name = whole(place, rng.choice(known), rng.choice(known))
        readable[name] = (place, count)
        if len(free) >= 2 and rng.random() < 0.25:      # an idle one by halves as well, somewhere behind it
            left, right = rng.sample(free, 2)
            rules[left], rules[right] = Rule(LEFT, name, rules[place].operands[:1]), Rule(RIGHT, name, rules[place].operands[1:])
            readable[name] = (place, min(left, right))
            free = [p for p in free if p not in (left, right)]
            if rng.random() < 0.5:                      # only by halves: the whole one is another's
                other = next(fresh)
                rules[place] = Rule(WHOLE, other, rules[place].operands)
                made.values[other] = made.values[name]
                readable[other] = readable.pop(name)
                for p in (left, right):
                    rules[p] = Rule(rules[p].form, name, rules[p].operands)
                readable[other] = (place, count)
    made.rules = rules
    if direct:
        made.asked = rng.sample(given, 3)
        return made
    wanted = [made.values[name] for name in (first, second, fourth)]
    if len(set(wanted)) < 3 or set(wanted) & {made.values[name] for name in given}:
        return None
    made.asked = rng.sample([first, second, fourth], 3)
    made.needed = [a, b, c]
    made.halves = {a: halves_a, b: halves_b}
    return made


def drawn(rng, fewest=FEWEST, most=MOST, direct=False):
    while True:
        made = chain(rng, rng.randint(fewest, most), direct)
        if made is not None:
            return made


def row(made, identity):
    return {"id": identity, "question": made.question(), "answer": made.answer(), "steps": made.steps(),
            "needed": [place in made.needed for place in range(len(made.rules))],
            "halves": [f"{place} {' '.join(map(str, sorted(two)))}" for place, two in made.halves.items()],
            "influences": made.influences(), "direct": not made.needed}


def chains(rows, seed=SEED):
    rng = random.Random(f"{seed}/chains")
    return [row(drawn(rng, direct=number % 10 == 9), f"micro-{number:04d}") for number in range(rows)]


# Documents to train on -----------------------------------------------------------------------------

FULL, TERSE, ANY, NONE = "full", "terse", "any", "none"


def kept(made, kind, rng):
    """Which steps a document has."""
    every = range(len(made.rules))
    if kind == FULL:
        return list(every)
    if kind == NONE:
        return []
    rate = rng.choice([0.3, 0.6, 0.9, 1.0] if kind == TERSE else [0.2, 0.5, 0.8])
    keep = {place for place in every if rng.random() >= rate}
    if kind == TERSE:
        keep |= set(made.needed)
        for place, two in made.halves.items():
            choice = rng.random()
            if choice < 0.3:
                keep = (keep - {place}) | set(two)
            elif choice < 0.75:
                keep -= set(two)
    return sorted(keep)


def document(rng, fewest, most):
    """Prompt, and what is learnt behind it. A value that nothing states is drawn: the model learns that it cannot know."""
    made = drawn(rng, fewest, most, direct=rng.random() < 0.05)
    kind = rng.choices([FULL, TERSE, ANY, NONE], [40, 40, 14, 6])[0]
    keep = kept(made, kind, rng)
    values = {name: list(made.values[name]) for name in made.asked}
    if made.needed:
        for name in made.asked:
            stated = {made.rules[place].form for place in keep if made.rules[place].name == name}
            if not stated & {WHOLE, LEFT}:
                values[name][0] = rng.choice(DIGITS)
            if not stated & {WHOLE, RIGHT}:
                values[name][1] = rng.choice(LETTERS)
    steps = made.steps()
    return made.question(), " ".join([*(steps[place] for place in keep), ELICITATION, made.answer(values), "."])


def vocabulary():
    return ["<unk>", "<bos>", "<eos>", *DIGITS, *LETTERS, *NAMES, *(name.upper() for name in NAMES), LEFT, RIGHT,
            "Q", "A", ":", "?", ".", "+", "what", "is", ELICITATION]


if __name__ == "__main__":
    with open(sys.argv[2], "w", encoding="utf-8") as out:
        out.writelines(json.dumps(each) + "\n" for each in chains(int(sys.argv[1])))
