"""Micro-chains, second edition: chains of 15 to 30 steps in which it is known which steps the answer needs.

A question gives the values of four variables and the rules that make others out of them, and asks for the sum of three
made ones. The chain states each made variable. The needed steps are those that state the asked values:

- one asked variable is made in each third of the chain, anywhere in it, so that a step's place does not tell its need;
- two of them are read by no other step, so that their values stand in their own steps alone;
- the third is read by exactly one later step, which states its value again: either of the two suffices;
- distractors that influence make what needed steps read; idle ones make what no needed step rests on, at any remove;
- numbers are modulo 61, so that a guess is right once in 61; asked values differ from each other and from the given ones;
- in one row of five the asked variables are each one rule away from a given value, and the answer at once is within reach.

python microchains.py ROWS FILE   writes rows id, question, answer, steps, needed, either (texts of steps of which one
suffices), influences, direct.
"""

import json
import random
import sys

MODULUS = 61
OPERATIONS = {"+": lambda x, y: (x + y) % MODULUS, "-": lambda x, y: (x - y) % MODULUS,
              "*": lambda x, y: (x * y) % MODULUS}
NAMES = [c + v for c in "bdfgklmnprst" for v in "aeiou"]    # a rule is named by the capitals of what it makes
GIVEN, FEWEST, MOST = 4, 15, 30
SEED = 2027


def chain(rng, direct):
    """One problem, or None where the draw does not hold what is planted."""
    count = rng.randint(FEWEST, MOST)
    names = rng.sample(NAMES, GIVEN + count)
    values = {name: rng.randrange(MODULUS) for name in names[:GIVEN]}
    made = names[GIVEN:]
    third = count // 3
    asked = [rng.randrange(third), third + rng.randrange(third), 2 * third + rng.randrange(count - 2 * third)]
    again = rng.choice([k for k in asked if k < count - 1])          # stated once more, by one later step
    reader = rng.randrange(again + 1, count)
    if reader in asked:
        return None
    operands = []
    for place in range(count):
        earlier = names[:GIVEN] + [made[k] for k in range(place) if k not in asked]
        if place == reader:
            operands.append(made[again])
        elif direct and place in asked:
            operands.append(rng.choice(names[:GIVEN]))
        else:
            operands.append(rng.choice(earlier))
    steps, rules = [], []
    for name, operand in zip(made, operands):
        sign, number = rng.choice(list(OPERATIONS)), rng.randrange(2, MODULUS)
        values[name] = OPERATIONS[sign](values[operand], number)
        rules.append(f"{name.upper()} {sign}{number} {operand}")
        steps.append(f"{rules[-1]} {values[operand]} : {name} {values[name]} .")
    wanted = [values[made[k]] for k in asked]
    if len(set(wanted)) < 3 or set(wanted) & {values[n] for n in names[:GIVEN]}:
        return None
    ancestors, open_ = set(), [operands[k] for k in asked]
    while open_:
        name = open_.pop()
        if name in made and made.index(name) not in ancestors:
            ancestors.add(made.index(name))
            open_.append(operands[made.index(name)])
    given = " . ".join(f"{n} {values[n]}" for n in names[:GIVEN])
    sum_ = " + ".join(made[k] for k in asked)
    return {"question": f"Q : {given} . {' . '.join(rules)} . what is {sum_} ? A :",
            "answer": str(sum(wanted) % MODULUS),
            "steps": steps,
            "needed": [k in asked and k != again for k in range(count)],
            "either": [f"{again} {reader}"],
            "influences": [k in ancestors and k not in asked for k in range(count)],
            "direct": direct}


def chains(rows, seed=SEED):
    rng = random.Random(seed)
    found = []
    while len(found) < rows:
        row = chain(rng, direct=len(found) % 5 == 4)
        if row is not None:
            found.append({"id": f"micro-{len(found):04d}", **row})
    return found


if __name__ == "__main__":
    with open(sys.argv[2], "w", encoding="utf-8") as out:
        out.writelines(json.dumps(row) + "\n" for row in chains(int(sys.argv[1])))
