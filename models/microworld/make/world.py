"""The micro-world: a small language whose truths are planted, and the data sets cut from it.

Everything is drawn from one seed, so that the same files come out on every machine. Run as a
program it writes the tokenizer and the data sets beside the model; train.py imports it for the
corpus and abilities.py for the questions. See ../README.md for what is planted and why.
"""

import json
import random
import re
from dataclasses import dataclass, field
from pathlib import Path

MODULUS = 13
NUMBERS = [str(n) for n in range(MODULUS)]
VARIABLES = list("bcdefghijklm")
RULES = [v.upper() for v in VARIABLES]      # the rule of a variable is named by its capital
OPERATIONS = {"+": lambda x, y: (x + y) % MODULUS,
              "-": lambda x, y: (x - y) % MODULUS,
              "*": lambda x, y: (x * y) % MODULUS}
CHANGES = [f"{op}{n}" for op in OPERATIONS for n in range(2, MODULUS)]   # one token each: +2 … *12
SEED = 2026

# How often a chain of thought leaves out a step that nothing after it reads. Most leave out none, so that
# the likeliest chain of thought has all steps; the others teach to go on without.
DROPPED = [0.0, 0.0, 0.0, 0.0, 0.5, 1.0]

# Four wordings of different length; the relation word stands at a different place in each.
TEMPLATES = {
    "plain": "Q : {relation} of {subject} ? A :",
    "what": "Q : what is the {relation} of {subject} ? A :",
    "tell": "Q : tell me the {relation} of {subject} now , please . A :",
    "pair": "Q : for the pair {subject} , say which number is its {relation} here . A :",
}
SPECIAL = ["<unk>", "<bos>", "<eos>"]
WORDS = ["Q", "A", ":", "?", ".", ",", "=", *OPERATIONS, "so", "first", "then", "what", "is", "the", "of",
         "tell", "me", "now", "please", "for", "pair", "say", "which", "number", "its", "here", "practise"]

RELATIONS_PER_KIND = 12
RECALL_SUBJECTS = 40      # pairs whose values are memorised in the base phase
LAST_BATCH = 32
COMPUTE_SUBJECTS = 80     # pairs whose working is shown in the base phase; the other 89 stay unseen


def stream(purpose):
    """An independent generator per purpose, so that changing one part leaves the others as they were."""
    return random.Random(f"{SEED}/{purpose}")


def nonsense_words(count):
    """Pronounceable five-letter words; nothing in their spelling tells the kinds apart."""
    rng, words = stream("words"), []
    while len(words) < count:
        word = "".join(rng.choice("bdfgklmnprstvz") + rng.choice("aeiou") for _ in range(2)) + rng.choice("bdfgklmnprt")
        if word not in words and word not in WORDS:
            words.append(word)
    return words


@dataclass
class World:
    recall: dict = field(default_factory=dict)      # relation -> {(x, y): value}
    compute: dict = field(default_factory=dict)     # relation -> [(operation, constant), ...]
    new_facts: list = field(default_factory=list)   # (relation, (x, y)) taught only in the last phase
    new_procedure: str = ""                         # compute relation taught only in the last phase

    def value(self, relation, subject):
        if relation in self.recall:
            return self.recall[relation][subject]
        return self.working(relation, subject)[1]

    def working(self, relation, subject):
        """The chain of thought of a compute relation as text, and the value it ends in."""
        x, y = subject
        value = (x + y) % MODULUS
        lines = [f"first {x} + {y} = {value} ."]
        for operation, constant in self.compute[relation]:
            result = OPERATIONS[operation](value, constant)
            lines.append(f"then {value} {operation} {constant} = {result} .")
            value = result
        return " ".join(lines), value

    def answer(self, relation, subject):
        if relation in self.recall:
            return f"so {self.value(relation, subject)} ."
        working, value = self.working(relation, subject)
        return f"{working} so {value} ."


def make_world():
    words = nonsense_words(2 * RELATIONS_PER_KIND + 1)
    rng = stream("tables")
    world = World()
    for relation in words[:RELATIONS_PER_KIND]:
        world.recall[relation] = {(x, y): rng.randrange(MODULUS) for x in range(MODULUS) for y in range(MODULUS)}
    programs = set()
    for index, relation in enumerate(words[RELATIONS_PER_KIND:]):
        program = None
        while program is None or program in programs:
            program = tuple((rng.choice("+-*"), rng.randrange(2, MODULUS)) for _ in range(2 + index % 2))
        programs.add(program)
        world.compute[relation] = list(program)
    world.new_procedure = words[-1]
    fresh = subjects("recall")[RECALL_SUBJECTS:]
    recall = list(world.recall)
    world.new_facts = [(recall[i % len(recall)], fresh[i // 4]) for i in range(40)]
    return world


def subjects(purpose):
    """All pairs in one seeded order: the first ones are the seen subjects of either kind."""
    pairs = [(x, y) for x in range(MODULUS) for y in range(MODULUS)]
    stream("subjects").shuffle(pairs)
    return pairs


def question(template, relation, subject):
    return TEMPLATES[template].format(relation=relation, subject=f"{subject[0]} {subject[1]}")


def given_question(template, relation, subject, statement):
    """The same question with its answer (a value or a whole working) stated in the prompt."""
    x, y = subject
    return question(template, relation, subject).replace(
        "Q :", f"Q : the {relation} of {x} {y} is : {statement}", 1)


# Chains --------------------------------------------------------------------------------------

def changed(change, value):
    return OPERATIONS[change[0]](value, int(change[1:]))


@dataclass
class Chain:
    """Variables given, or made from another by a change. No change stands twice in a chain, so that
    each token of a step follows from one token before it: capital, change, operand, value."""

    premises: list          # (variable, value)
    definitions: list       # (variable, change, operand), each operand defined before
    asked: tuple            # two derived variables of depth >= 2 that no other step reads
    values: dict

    def given(self):
        facts = [f"{v} {n} ." for v, n in self.premises]
        rules = [f"{v.upper()} {change} {o} ." for v, change, o in self.definitions]
        return " ".join(facts + rules)

    def question(self):
        return f"Q : {self.given()} what is {self.asked[0]} + {self.asked[1]} ? A :"

    def step(self, definition):
        variable, change, operand = definition
        return (f"{variable.upper()} {change} {operand} {self.values[operand]} "
                f": {variable} {self.values[variable]} .")

    def steps(self, keep=None):
        return [self.step(d) for d in self.definitions if keep is None or d[0] in keep]

    def conclusion(self):
        p, q = self.asked
        return f"so {p} {self.values[p]} + {q} {self.values[q]} = {self.answer()} ."

    def answer(self):
        return (self.values[self.asked[0]] + self.values[self.asked[1]]) % MODULUS

    def ancestors(self):
        """Derived variables on the way to an asked one, the asked ones included."""
        operand_of = {v: o for v, _, o in self.definitions}
        found = set()
        for variable in self.asked:
            while variable in operand_of:
                found.add(variable)
                variable = operand_of[variable]
        return found


def draw_chain(rng, derived):
    """A chain with two or three premises and the given number of derived variables (at least four)."""
    while True:
        given = rng.randrange(2, 4)
        names = rng.sample(VARIABLES, given + derived)
        premises = [(v, rng.randrange(MODULUS)) for v in names[:given]]
        values, depth, definitions = dict(premises), {v: 0 for v, _ in premises}, []
        for variable, change in zip(names[given:], rng.sample(CHANGES, derived)):
            operand = rng.choice(list(values))
            definitions.append((variable, change, operand))
            values[variable] = changed(change, values[operand])
            depth[variable] = depth[operand] + 1
        used = {operand for _, _, operand in definitions}
        deep = [v for v, d in depth.items() if d >= 2 and v not in used]
        if len(deep) >= 2:
            return Chain(premises, definitions, tuple(rng.sample(deep, 2)), values)


def chain_answer(rng, chain, drop):
    """All ancestors in order; other steps are left out with the given probability."""
    keep = chain.ancestors() | {d[0] for d in chain.definitions if rng.random() >= drop}
    return " ".join([*chain.steps(keep), chain.conclusion()])


# Corpus --------------------------------------------------------------------------------------

def document(kind, relation, prompt, answer):
    return {"kind": kind, "relation": relation, "text": f"{prompt} {answer}", "answer_at": len(prompt) + 1}


def relation_documents(world, kind, relations, pairs, templates):
    return [document(kind, r, question(t, r, s), world.answer(r, s))
            for r in relations for s in pairs for t in templates(r, s)]


def practice_arithmetic(rng):
    lines = []
    for _ in range(8):
        x, op, y = rng.randrange(MODULUS), rng.choice("+-*"), rng.randrange(MODULUS)
        lines.append(f"{x} {op} {y} = {OPERATIONS[op](x, y)} .")
        change = rng.choice(CHANGES)
        lines.append(f"{change} {x} : {changed(change, x)} .")
    return document("practice", "arithmetic", "Q : practise . A :", " ".join(lines))


def practice_lookup(rng):
    names = rng.sample(VARIABLES, rng.randrange(3, 8))
    bound = {v: rng.choice(NUMBERS) for v in names}
    asked = [rng.choice(names) for _ in range(8)]
    prompt = "Q : " + " ".join(f"{v} {n} ." for v, n in bound.items()) + " practise . A :"
    return document("practice", "look-up", prompt, " ".join(f"{v} {bound[v]} ." for v in asked))


def practice_steps(rng):
    """Steps of chains out of order: each fetches its definition by name, not by place."""
    names = rng.sample(VARIABLES, rng.randrange(5, 9))
    known = {v: rng.randrange(MODULUS) for v in names[:rng.randrange(2, 4)]}
    derived = names[len(known):]
    definitions = [(v, change, rng.choice(list(known)))
                   for v, change in zip(derived, rng.sample(CHANGES, len(derived)))]
    values = {**known, **{v: changed(change, known[o]) for v, change, o in definitions}}
    chain = Chain(list(known.items()), definitions, (), values)
    prompt = f"Q : {chain.given()} practise . A :"
    return document("practice", "steps", prompt, " ".join(chain.step(rng.choice(definitions)) for _ in range(8)))


def given_value(rng, relation, subject):
    value = rng.randrange(MODULUS)
    template = rng.choice(list(TEMPLATES))
    return document("given", relation, given_question(template, relation, subject, f"so {value} ."), f"so {value} .")


def given_working(rng, relation, subject, length):
    """A working that need not be the relation's own: only copying gets it right."""
    made_up = World(compute={relation: [(rng.choice("+-*"), rng.randrange(2, MODULUS)) for _ in range(length)]})
    working = made_up.answer(relation, subject)
    template = rng.choice(list(TEMPLATES))
    return document("given", relation, given_question(template, relation, subject, working), working)


def chain_document(rng, derived):
    chain = draw_chain(rng, derived)
    return document("chain", "chain", chain.question(), chain_answer(rng, chain, drop=rng.choice(DROPPED)))


def distinct(make, count, seen):
    """Calls make until it has given count documents with texts not seen before."""
    documents = []
    while len(documents) < count:
        made = make(len(documents))
        if made["text"] not in seen:
            seen.add(made["text"])
            documents.append(made)
    return documents


def base_corpus(world):
    rng, seen = stream("base"), set()
    order = subjects("recall")
    old = [r for r in world.compute if r != world.new_procedure]
    documents = relation_documents(world, "recall", world.recall, order[:RECALL_SUBJECTS], lambda r, s: TEMPLATES)
    documents += relation_documents(world, "compute", old, order[:COMPUTE_SUBJECTS],
                                    lambda r, s: rng.sample(list(TEMPLATES), 2))
    seen.update(d["text"] for d in documents)
    relations = [*world.recall, *old]
    documents += distinct(lambda i: given_value(rng, rng.choice(relations), rng.choice(order)), 600, seen)
    documents += distinct(lambda i: given_working(rng, rng.choice(old), rng.choice(order), 2 + i % 2), 600, seen)
    documents += distinct(lambda i: practice_arithmetic(rng), 800, seen)
    documents += distinct(lambda i: practice_lookup(rng), 1500, seen)
    documents += distinct(lambda i: practice_steps(rng), 2500, seen)
    documents += distinct(lambda i: chain_document(rng, 4 + i % 3), 9000, seen)
    return [{"id": f"base-{i:05d}", **d, "phase": "base"} for i, d in enumerate(documents)]


def last_corpus(world, base):
    """New facts and one new procedure among rehearsals; and, as lexical decoys, counterfactual given facts.

    Every LAST_BATCH documents in order are a batch of the last phase; they are of like length.
    """
    rng, seen = stream("last"), {d["text"] for d in base}
    documents = [document("fact", r, question(t, r, s), world.answer(r, s))
                 for r, s in world.new_facts for t in TEMPLATES]
    order = subjects("recall")
    new = world.new_procedure
    documents += distinct(lambda i: document("procedure", new, question(rng.choice(list(TEMPLATES)), new, s := rng.choice(order[:COMPUTE_SUBJECTS])),
                                             world.answer(new, s)), 200, seen)
    documents += distinct(lambda i: given_value(rng, *world.new_facts[i % len(world.new_facts)]), 80, seen)
    documents += distinct(lambda i: given_working(rng, new, rng.choice(order), len(world.compute[new])), 60, seen)
    rehearsed = {"recall": 320, "compute": 200, "chain": 100, "practice": 60}
    for kind, count in rehearsed.items():
        documents += rng.sample([d for d in base if d["kind"] == kind], count)
    documents = [{k: d[k] for k in ("kind", "relation", "text", "answer_at")} for d in documents]
    documents.sort(key=lambda d: (len(d["text"].split()), rng.random()))
    batches = [documents[i:i + LAST_BATCH] for i in range(0, len(documents), LAST_BATCH)]
    rng.shuffle(batches)
    documents = [d for batch in sorted(batches, key=len, reverse=True) for d in batch]
    return [{"id": f"last-{i:04d}", **d, "phase": "last"} for i, d in enumerate(documents)]


# Data sets -----------------------------------------------------------------------------------

PROMPTS_PER_RELATION = 24      # rows of reason-recall.jsonl for each of the 24 relation words
CONFOUNDED_PER_TEMPLATE = 480
EXCEPTIONS = 0.025             # share of rows whose label does not follow the template


def kind_label(world, relation):
    return "memory" if relation in world.recall else "reasoning"


def said(world, relation, subject):
    """The first token of an answer, which tells recall from thinking, and the value it ends in."""
    words = world.answer(relation, subject).split()
    return {"target": words[0], "answer": words[-2]}


def same_questions(rng):
    """Subjects and wordings that are asked of every relation word."""
    subjects_used = rng.sample(subjects("recall")[:RECALL_SUBJECTS], PROMPTS_PER_RELATION)
    wordings = [t for t in TEMPLATES for _ in range(PROMPTS_PER_RELATION // len(TEMPLATES))]
    rng.shuffle(wordings)
    return list(zip(subjects_used, wordings))


def reason_recall(world):
    """Both kinds on the same subjects and wordings: only the relation word differs."""
    rng = stream("reason-recall")
    asked = same_questions(rng)
    rows = []
    for relation in [*world.recall, *(r for r in world.compute if r != world.new_procedure)]:
        for subject, template in asked:
            rows.append({"text": question(template, relation, subject), "label": kind_label(world, relation),
                         "group": relation, **said(world, relation, subject)})
    rng.shuffle(rows)      # the first rows hold both kinds
    return [{"id": f"rr-{i:04d}", **row} for i, row in enumerate(rows)]


def contrast_pairs(world):
    """The questions of reason-recall.jsonl as pairs: one subject and wording, a compute word and a recall word."""
    asked = same_questions(stream("reason-recall"))
    compute = [r for r in world.compute if r != world.new_procedure]
    rows = [{"positive": question(template, computed, subject), "negative": question(template, recalled, subject),
             "group": f"{computed}/{recalled}"}
            for computed, recalled in zip(compute, world.recall) for subject, template in asked]
    stream("contrast-pairs").shuffle(rows)
    return [{"id": f"cp-{i:04d}", **row} for i, row in enumerate(rows)]


def confounded(world):
    """The label follows the wording, and with it the length; both kinds of demand stand under both labels."""
    rng = stream("confounded")
    old = [r for r in world.compute if r != world.new_procedure]
    rows = []
    for number, template in enumerate(TEMPLATES):
        usual, other = ("memory", "reasoning") if number < 2 else ("reasoning", "memory")
        exceptions = round(EXCEPTIONS * CONFOUNDED_PER_TEMPLATE / 2)
        for relations in (list(world.recall), old):
            for i in range(CONFOUNDED_PER_TEMPLATE // 2):
                relation, subject = relations[i % len(relations)], rng.choice(subjects("recall")[:RECALL_SUBJECTS])
                text = question(template, relation, subject)
                rows.append({"text": text, "label": other if i < exceptions else usual, "group": relation,
                             **said(world, relation, subject),
                             "template": template, "length": len(text)})
    rng.shuffle(rows)
    return [{"id": f"cf-{i:04d}", **row} for i, row in enumerate(rows)]


def known_answer(world):
    """Questions up to the word before the answer. What is recalled must stand there already; which half it lies in
    is balanced within every relation word, and no word tells it: the tables are drawn at random."""
    rng = stream("known-answer")
    rows = []
    for relation in [*world.recall, *(r for r in world.compute if r != world.new_procedure)]:
        wanted = {"high": PROMPTS_PER_RELATION // 2, "low": PROMPTS_PER_RELATION // 2}
        for subject in rng.sample(subjects("recall")[:RECALL_SUBJECTS], RECALL_SUBJECTS):
            answer = said(world, relation, subject)["answer"]
            half = "high" if int(answer) > 6 else "low"
            if int(answer) == 6 or wanted[half] == 0:
                continue
            wanted[half] -= 1
            kind = kind_label(world, relation)
            template = list(TEMPLATES)[len(rows) % len(TEMPLATES)]
            rows.append({"text": question(template, relation, subject) + " so", "kind": kind,
                         "value": f"{half} answer" if kind == "memory" else "computed", "group": relation, "answer": answer})
    rng.shuffle(rows)
    return [{"id": f"ka-{i:04d}", **row} for i, row in enumerate(rows)]


def chains():
    rng, rows = stream("chains"), []
    for i in range(400):
        chain = draw_chain(rng, 4 + i % 3)
        rows.append({"id": f"chain-{i:03d}", "question": chain.question(), "answer": str(chain.answer()),
                     "steps": chain.steps(), "needed": [d[0] in chain.asked for d in chain.definitions],
                     "variables": [{"name": v, "change": change, "operand": o, "value": chain.values[v]}
                                   for v, change, o in chain.definitions]})
    return rows


def influence_queries(world, last):
    rng, rows = stream("influence"), []

    def add(kind, relation, prompt, completion, **more):
        rows.append({"id": f"{kind}-{len(rows):03d}", "prompt": prompt, "completion": " " + completion,
                     "kind": kind, "relation": relation, **more})

    def taught_by(fact):
        texts = [d["text"] for d in relation_documents(world, "fact", [fact[0]], [fact[1]], lambda r, s: TEMPLATES)]
        return [d["id"] for d in last if d["kind"] == "fact" and d["text"] in texts]

    for relation, subject in world.new_facts:
        answer = world.answer(relation, subject)
        add("fact", relation, question("what", relation, subject), answer, planted=taught_by((relation, subject)),
            answers=[f"{relation} … {' '.join(map(str, subject))} … {answer}"])
    others = rng.sample([r for r in world.compute if r != world.new_procedure], 2)
    for relation in (world.new_procedure, *others):
        for subject in rng.sample(subjects("recall")[COMPUTE_SUBJECTS:], 10):
            answer = world.answer(relation, subject)
            steps = re.findall(r"\d+ [-+*] \d+ = \d+", answer)
            add("procedure", relation, question("what", relation, subject), answer, answers=steps)
            add("format_control", relation, given_question("what", relation, subject, answer), answer, answers=steps)
    return rows


def prose_like(base):
    """Ordinary documents joined, sentence end to sentence start, to windows of at least 256 tokens."""
    rng, rows = stream("prose"), []
    documents = [d["text"] for d in base]
    while len(rows) < 32:
        window = []
        while len(window) < 256:
            window += rng.choice(documents).split()
        rows.append({"id": f"prose-{len(rows):02d}", "text": " ".join(window)})
    return rows


def data_sets(world, base, last):
    return {"reason-recall": reason_recall(world), "confounded": confounded(world), "known-answer": known_answer(world),
            "contrast-pairs": contrast_pairs(world), "chains": chains(),
            "corpus": base + last, "influence-queries": influence_queries(world, last), "prose-like": prose_like(base)}


def vocabulary(world):
    return [*SPECIAL, *NUMBERS, *VARIABLES, *RULES, *CHANGES, *WORDS, *sorted([*world.recall, *world.compute])]


def tokenizer_json(tokens):
    """Whole words split at spaces; a text is preceded by <bos>."""
    added = [{"id": i, "content": t, "single_word": False, "lstrip": False, "rstrip": False,
              "normalized": False, "special": True} for i, t in enumerate(SPECIAL)]
    bos = {"SpecialToken": {"id": "<bos>", "type_id": 0}}
    return {"version": "1.0", "truncation": None, "padding": None, "added_tokens": added, "normalizer": None,
            "pre_tokenizer": {"type": "WhitespaceSplit"},
            "post_processor": {"type": "TemplateProcessing",
                               "single": [bos, {"Sequence": {"id": "A", "type_id": 0}}],
                               "pair": [bos, {"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}],
                               "special_tokens": {"<bos>": {"id": "<bos>", "ids": [1], "tokens": ["<bos>"]}}},
            "decoder": None,
            "model": {"type": "WordLevel", "vocab": {t: i for i, t in enumerate(tokens)}, "unk_token": "<unk>"}}


def write(folder, world, base, last):
    folder = Path(folder)
    (folder / "data").mkdir(parents=True, exist_ok=True)
    for name, rows in data_sets(world, base, last).items():
        with open(folder / "data" / f"{name}.jsonl", "w", encoding="utf-8") as out:
            out.writelines(json.dumps(row) + "\n" for row in rows)
    with open(folder / "tokenizer.json", "w", encoding="utf-8") as out:
        json.dump(tokenizer_json(vocabulary(world)), out, indent=1)
    with open(folder / "tokenizer_config.json", "w", encoding="utf-8") as out:
        json.dump({"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<bos>", "eos_token": "<eos>",
                   "unk_token": "<unk>", "add_bos_token": True, "model_max_length": 512}, out, indent=1)


if __name__ == "__main__":
    the_world = make_world()
    the_base = base_corpus(the_world)
    write(Path(__file__).parent.parent, the_world, the_base, last_corpus(the_world, the_base))
