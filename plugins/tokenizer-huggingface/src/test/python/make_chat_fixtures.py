"""Writes chat.json: what transformers renders for the templates beside it and some conversations.

The templates are in the manner of model families; snippets.txt holds one template a line, and some
more are drawn at random to see what becomes of white space.

Pinned: transformers 5.24.0, Jinja2 3.1.6, tokenizers 0.23.3. Run it in this folder:

    python make_chat_fixtures.py
"""

import datetime
import json
import pathlib
import random

import jinja2
import tokenizers
import transformers
import transformers.utils.chat_template_utils as chat_template_utils

FOLDER = pathlib.Path(__file__).parent.parent / "resources/dev/sonde/tokenizer/huggingface/chat"
TOKENS = {"bos_token": "<s>", "eos_token": "</s>"}
NOW = datetime.datetime(2026, 3, 9, 14, 5, 6)


class FixedClock(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return NOW


def turn(role, content, **more):
    return {"role": role, "content": content, **more}


CALL = {
    "type": "function",
    "id": "abc123456",
    "function": {"name": "weather", "arguments": {"town": "Zürich", "days": 3, "exact": True, "at": None}},
}

CONVERSATIONS = {
    "question": [turn("user", "What is 2 + 2?")],
    "with system": [turn("system", "  Answer in one word. "), turn("user", "\n Capital of France?\n")],
    "answered": [turn("user", "Hi"), turn("assistant", " Hello! ")],
    "long": [
        turn("system", "Be kind. /no_think"),
        turn("user", "a < b && \"c\" 'd' \\n {{ not.a.variable }} {% raw %}"),
        turn("assistant", "  <b>yes</b>\n"),
        turn("user", "größer? 你好 😀"),
        turn("assistant", ""),
        turn("user", "\tbye "),
    ],
    "thinking": [
        turn("user", "Think!"),
        turn("assistant", "<think>\nstep 1\nstep 2\n</think>\n\nDone."),
        turn("user", "Again!"),
        turn("assistant", "<think>\nmore\n</think>\n\nDone again."),
    ],
    "reasoning": [turn("user", "Think!"), turn("assistant", "Done.", reasoning_content="\nstep 1\n")],
    "parts": [
        turn("system", [{"type": "text", "text": "Look."}]),
        turn("user", [{"type": "image"}, {"type": "text", "text": " What is it? "}, {"type": "text", "text": "Say."}]),
    ],
    "tools": [
        turn("user", "Rain?"),
        turn("assistant", None, tool_calls=[CALL]),
        turn("tool", "{\"rain\": 0.5}", name="weather"),
        turn("assistant", "Perhaps."),
        turn("user", "<answer>x</answer>"),
    ],
    "two users": [turn("user", "one"), turn("user", "two")],
    "unknown role": [turn("narrator", "Once upon a time"), turn("user", "who?")],
}


def render(tokenizer, template, messages, prompt):
    try:
        return {
            "text": tokenizer.apply_chat_template(
                messages, chat_template=template, add_generation_prompt=prompt, tokenize=False
            )
        }
    except (jinja2.TemplateError, TypeError, ValueError, OverflowError) as error:
        return {"error": str(error)}


def blanks(draw):
    return draw.choice(["", " ", "  ", "\n", "\n  ", " \n", "\n\n", "a", "a b", "a \n", "\n b", "\t", " \n\t\n "])


def mark(draw, kind, content):
    left = draw.choice(["", "", "-"] if kind == "{{" else ["", "", "-", "+"])
    right = draw.choice(["", "", "-", "+"] if kind == "{%" else ["", "", "-"])
    return f"{kind}{left} {content} {right}" + {"{{": "}}", "{%": "%}", "{#": "#}"}[kind]


def block(draw, depth=0):
    """A random template full of white space and its control."""
    text = blanks(draw)
    for _ in range(draw.randint(1, 3)):
        kind = draw.random()
        if kind < 0.4 or depth == 2:
            text += mark(draw, "{{", draw.choice(["'v'", "1"]))
        elif kind < 0.5:
            text += mark(draw, "{#", "it's a note")
        elif kind < 0.6:
            text += mark(draw, "{%", "set y = 2")
        elif kind < 0.65:
            text += "{% raw %}" + blanks(draw) + "{{ r }}" + blanks(draw) + "{% endraw %}"
        else:
            name = draw.choice(["if true", "if false", "for i in [1, 2]"])
            text += mark(draw, "{%", name) + block(draw, depth + 1)
            if draw.random() < 0.4:
                text += mark(draw, "{%", "else") + block(draw, depth + 1)
            text += mark(draw, "{%", "end" + name.split()[0])
        text += blanks(draw)
    return text + ("\n" if depth == 0 and draw.random() < 0.5 else "")


def snippets():
    draw = random.Random(11)
    lines = (FOLDER / "snippets.txt").read_text(encoding="utf-8").splitlines()
    return lines + [block(draw) for _ in range(60)]


def main():
    chat_template_utils.datetime = FixedClock
    words = tokenizers.Tokenizer(tokenizers.models.WordLevel({"<s>": 0, "</s>": 1}, unk_token="<s>"))
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=words, **TOKENS)
    cases = []
    for file in sorted(FOLDER.glob("*.jinja")):
        # As transformers itself reads chat_template.jinja.
        template = file.read_text(encoding="utf-8")
        for name, messages in CONVERSATIONS.items():
            for prompt in (True, False):
                case = {"template": file.stem, "conversation": name, "prompt": prompt}
                cases.append(case | render(tokenizer, template, messages, prompt))
    fixtures = {
        "transformers": transformers.__version__,
        "jinja2": jinja2.__version__,
        "now": NOW.isoformat(),
        "tokens": TOKENS,
        "conversations": CONVERSATIONS,
        "cases": cases,
        "snippets": [
            {"source": source} | render(tokenizer, source, CONVERSATIONS["answered"], True) for source in snippets()
        ],
    }
    with open(FOLDER / "chat.json", "w", encoding="utf-8") as out:
        json.dump(fixtures, out, ensure_ascii=False, indent=1)
        out.write("\n")
    print(len(cases), "conversations and", len(fixtures["snippets"]), "snippets")


if __name__ == "__main__":
    main()
