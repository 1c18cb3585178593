"""A corpus whose truth words cannot find, and a micro-world trained on it.

Facts are taught in other wordings than the query's, procedures only by worked examples with other operands than the
query's. Distractors share every word of a query and more: they state the very answer in their prompt and copy it, so
that training on them (the loss is on answers) teaches copying and not the fact. BM25 ranks these first.

python make_wordless_corpus.py data FOLDER          writes documents.jsonl and queries.jsonl
python make_wordless_corpus.py train FOLDER MODEL   trains the micro-world's base on the documents, as its last phase was,
                                                    into the folder MODEL, and says how many queries it answers
Needs what models/microworld/make/requirements.txt pins; everything is drawn from one seed.
"""

import json
import shutil
import sys
from pathlib import Path

MICROWORLD = Path(__file__).resolve().parents[4] / "models" / "microworld"
sys.path.insert(0, str(MICROWORLD / "make"))

import world as W  # noqa: E402

FACTS = 24
TAUGHT = ("plain", "tell", "pair")                   # the query is worded "what"
DISTRACTORS = ("what",) * 4 + ("plain", "plain", "tell", "tell", "pair", "pair")
PROCEDURE_QUERIES = 16
WORKED = 120
REHEARSED = {"recall": 160, "compute": 100, "chain": 60, "practice": 40, "given": 40}


def distractors(world, relation, subject):
    """The question with its true answer stated: every word of the query, nothing to learn but to copy."""
    answer = world.answer(relation, subject)
    return [W.document("distractor", relation, W.given_question(t, relation, subject, answer), answer)
            for t in DISTRACTORS]


def corpus():
    world, rng = W.make_world(), W.stream("wordless")
    order = W.subjects("recall")
    used = {subject for _, subject in world.new_facts}
    fresh = [s for s in order[W.RECALL_SUBJECTS:] if s not in used and s[0] != s[1]]
    recall = list(world.recall)
    facts = [(recall[i % len(recall)], fresh[i // 2]) for i in range(FACTS)]
    new = world.new_procedure
    asked = [s for s in order[W.COMPUTE_SUBJECTS:] if s[0] != s[1]][:PROCEDURE_QUERIES]
    documents = [W.document("fact", r, W.question(t, r, s), world.answer(r, s)) for r, s in facts for t in TAUGHT]
    documents += [W.document("procedure", new, W.question(rng.choice(TAUGHT), new, s), world.answer(new, s))
                  for s in (rng.choice(order[:W.COMPUTE_SUBJECTS]) for _ in range(WORKED))]
    for relation, subject in [*facts, *((new, s) for s in asked)]:
        documents += distractors(world, relation, subject)
    base = W.base_corpus(world)
    for kind, count in REHEARSED.items():
        rows = rng.sample([d for d in base if d["kind"] == kind], count)
        documents += [{k: d[k] for k in ("kind", "relation", "text", "answer_at")} for d in rows]
    documents.sort(key=lambda d: (len(d["text"].split()), rng.random()))
    batches = [documents[i:i + W.LAST_BATCH] for i in range(0, len(documents), W.LAST_BATCH)]
    rng.shuffle(batches)
    documents = [d for batch in sorted(batches, key=len, reverse=True) for d in batch]
    documents = [{"id": f"wordless-{i:04d}", **d} for i, d in enumerate(documents)]
    return documents, queries(world, documents, facts, asked)


def queries(world, documents, facts, asked):
    rows = []
    for relation, subject in facts:
        texts = {f"{W.question(t, relation, subject)} {world.answer(relation, subject)}" for t in TAUGHT}
        rows.append(query(world, "fact", relation, subject, [d["id"] for d in documents if d["text"] in texts]))
    for subject in asked:
        planted = [d["id"] for d in documents if d["kind"] == "procedure" and not set(operands(d)) & set(subject)]
        rows.append(query(world, "procedure", world.new_procedure, subject, planted))
    return rows


def operands(document):
    """The operands of a worked example: the two numbers of its first step."""
    words = document["text"][document["answer_at"]:].split()
    return int(words[1]), int(words[3])


def query(world, kind, relation, subject, planted):
    return {"id": f"{kind}-{relation}-{subject[0]}-{subject[1]}", "prompt": W.question("what", relation, subject),
            "completion": " " + world.answer(relation, subject), "kind": kind, "relation": relation, "planted": planted}


def write(folder):
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in zip(("documents", "queries"), corpus()):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


def train(folder, to):
    import torch
    import train as T
    torch.manual_seed(W.SEED)
    rows = [json.loads(line) for line in (folder / "documents.jsonl").open()]
    tokens = W.vocabulary(W.make_world())
    encode = T.Encoder(tokens)
    model = T.load(MICROWORLD / "base")
    T.train_last(model, [encode(d) for d in rows])
    T.save(model, to, tokens)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(MICROWORLD / name, to / name)
    kinds = {}
    for row in map(json.loads, (folder / "queries.jsonl").open()):
        asked = {"text": row["prompt"] + row["completion"], "answer_at": len(row["prompt"]) + 1}
        ids, answer = encode(asked)
        with torch.no_grad():
            likeliest = (model.hidden(torch.tensor([ids])) @ model.embed.weight.T)[0].argmax(-1)
        right = likeliest[answer - 1:len(ids) - 2].tolist() == ids[answer:-1]
        kinds.setdefault(row["kind"], []).append(right)
    print({kind: f"{sum(each)} of {len(each)} answered" for kind, each in kinds.items()})


if __name__ == "__main__":
    if sys.argv[1] == "data":
        write(Path(sys.argv[2]))
    else:
        train(Path(sys.argv[2]), Path(sys.argv[3]))
