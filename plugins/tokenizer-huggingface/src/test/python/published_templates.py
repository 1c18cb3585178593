"""Renders chat templates that others publish, with transformers, for PublishedTemplatesTest.

Takes wheels, archives and folders, finds the chat templates in them (*.jinja, texts in JSON and Python files) and writes what
transformers makes of each for the conversations of make_chat_fixtures.py, with and without tools, documents and switches. The file
holds other people's texts: it is not committed.

    pip download --no-deps -d packages trl axolotl unsloth xinference
    python published_templates.py rendered.json packages/*
    mvn -pl plugins/tokenizer-huggingface -am test -Dtest=PublishedTemplatesTest -Dsurefire.failIfNoSpecifiedTests=false \\
        -DargLine="--enable-native-access=ALL-UNNAMED -Dsonde.templates=$PWD/rendered.json"

Pinned as make_chat_fixtures.py is.
"""

import ast
import json
import pathlib
import sys
import tarfile
import warnings
import zipfile

import tokenizers
import transformers
import transformers.utils.chat_template_utils as chat_template_utils

from make_chat_fixtures import CALL, CONVERSATIONS, NOW, TOKENS, FixedClock, turn

TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "weather",
            "description": "The weather of a <town>",
            "parameters": {
                "type": "object",
                "properties": {
                    "town": {"type": "string", "description": "Where"},
                    "days": {"type": "integer", "enum": [1, 2]},
                    "more": {"type": "array", "items": {"type": "object", "properties": {"a": {"type": ["string", "null"]}}}},
                },
                "required": ["town"],
            },
        },
    },
    {"type": "function", "function": {"name": "now", "description": "The time", "parameters": {"type": "object", "properties": {}}}},
]
AGENT = [
    turn("system", "Be brief."),
    turn("user", "Rain in Zürich?"),
    turn("assistant", "", tool_calls=[CALL], reasoning_content="I look it up."),
    turn("tool", "{\"rain\": 0.5}", name="weather", tool_call_id="abc123456"),
    turn("assistant", "Perhaps."),
    turn("user", "And now?"),
]
VARIABLES = [
    {},
    {"enable_thinking": False},
    {"enable_thinking": True, "tools": TOOLS},
    {
        "tools": TOOLS,
        "documents": [{"title": "A", "text": "b c"}],
        "reasoning_effort": "low",
        "builtin_tools": ["browser"],
        "thinking": True,
        "date_string": "1 Jan 2025",
    },
]


def files(source):
    """Name and content of every file that may hold templates."""
    wanted = (".jinja", ".jinja2", ".json", ".py")
    if source.is_dir():
        for path in sorted(source.rglob("*")):
            if path.is_file() and path.name.endswith(wanted):
                yield path.name, path.read_bytes()
    elif zipfile.is_zipfile(source):
        with zipfile.ZipFile(source) as archive:
            for name in archive.namelist():
                if name.endswith(wanted):
                    yield name, archive.read(name)
    elif tarfile.is_tarfile(source):
        with tarfile.open(source) as archive:
            for member in archive:
                if member.isfile() and member.name.endswith(wanted):
                    yield member.name, archive.extractfile(member).read()


def texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from texts(item)


def candidates(name, content):
    source = content.decode("utf-8", "replace")
    if "{%" not in source:
        return
    try:
        if name.endswith(".json"):
            yield from texts(json.loads(source))
        elif name.endswith(".py"):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(source)
            yield from (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str))
        else:
            yield source
    except ValueError:
        pass


def main(out, *sources):
    chat_template_utils.datetime = FixedClock
    words = tokenizers.Tokenizer(tokenizers.models.WordLevel({"<s>": 0, "</s>": 1}, unk_token="<s>"))
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=words, **TOKENS)
    conversations = CONVERSATIONS | {"agent": AGENT}
    names = {}
    for source in map(pathlib.Path, sources):
        for name, content in files(source):
            for text in candidates(name, content):
                if "{%" in text and "messages" in text:
                    names.setdefault(text, f"{source.name}: {name}")
    templates = []
    for template, name in names.items():
        cases = []
        for conversation, messages in conversations.items():
            for prompt in (True, False):
                for variables in VARIABLES:
                    case = {"conversation": conversation, "prompt": prompt, "variables": variables}
                    try:
                        case["text"] = tokenizer.apply_chat_template(
                            messages, chat_template=template, add_generation_prompt=prompt, tokenize=False, **variables
                        )
                    except Exception as error:  # whatever a stranger's template runs into
                        case["error"] = f"{type(error).__name__}: {error}"[:200]
                    cases.append(case)
        if any("text" in case for case in cases):
            templates.append({"name": name, "template": template, "cases": cases})
    with open(out, "w", encoding="utf-8") as file:
        json.dump(
            {"now": NOW.isoformat(), "tokens": TOKENS, "conversations": conversations, "templates": templates}, file
        )
    print(len(templates), "templates of", len(names), "texts that look like one")


if __name__ == "__main__":
    main(*sys.argv[1:])
