"""Writes a tiny random checkpoint of each model family and what transformers computes on it.

    python make.py [CASE ...]        all cases, or those named

Each case becomes a folder: config.json and model.safetensors as they would stand on the hub, and expected.safetensors,
the recording README.md describes. float32, eager attention, no cache, CPU, one thread. Needs requirements.txt.
"""

import functools
import inspect
import itertools
import json
import sys
import tempfile
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

import torch
import transformers
from cases import CASES, VOCABULARY
from lean_cases import LEAN_CASES
from safetensors.torch import load_file, save_file
from torch import nn
from torch.overrides import TorchFunctionMode
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForImageTextToText, Mxfp4Config
from transformers.pytorch_utils import Conv1D

FOLDER = Path(__file__).parent
PROMPT_LENGTHS = {"p0": 3, "p1": 9, "p2": 20}
# Of lean cases, so that they stay small.
LEAN_LENGTHS = {"p0": 3, "p1": 6, "p2": 20}
DETAILED = "p1"
GREEDY_TOKENS = 8

# Sites that every prompt keeps, of lean cases fewer; the detailed one keeps all.
LEAN = ("hook_resid_post",)
COARSE = ("hook_embed", "hook_pos_embed", "hook_resid_mid", "hook_resid_post", "hook_attn_out", "hook_mlp_out",
          "hook_pattern")

# A choice (next token, expert) must win by this much, so that rounding elsewhere cannot turn it.
CLEAR_MARGIN = 5e-3
# Mean distance (total variation) of attention rows from uniform ones, from the fourth token on.
UNEVEN = 0.15
# Least norm of a row of scores: below it rounding is large beside the row.
SCORES = 0.25
# Relative, per row: float32 against the same in another order or in float64.
ROUNDING = 2e-6


# ---------------------------------------------------------------------------------------------- checkpoints


def randomise(model, parts, random):
    """Weights far from their initial values: gains around their neutral value, everything else around 0."""
    width = getattr(model.config, "text_config", model.config).hidden_size
    # Gemma multiplies its embedding by the root of the width.
    embedding = 0.5 / width**0.5 if parts.grown_embedding else 0.5
    for name, buffer in model.named_buffers():
        if name.endswith(("e_score_correction_bias", "expert_bias")):
            buffer.data = 0.2 * torch.randn(buffer.shape, generator=random)
        if name.endswith("layer_scalar"):
            buffer.data = 1.0 + 0.3 * torch.randn(buffer.shape, generator=random)
    for name, weight in model.named_parameters():
        noise = torch.randn(weight.shape, generator=random)
        if "norm" in name or ".ln_" in name:
            offset = 0.0 if "linear_attn" in name else parts.gain_offset
            neutral = 0.0 if name.endswith("bias") else 1.0 - offset
            weight.data = neutral + 0.3 * noise
        elif name.endswith("bias"):
            weight.data = 0.3 * noise
        elif name.endswith("sinks"):
            weight.data = noise
        elif name.startswith((parts.embed, parts.positions or parts.embed)):
            weight.data = embedding * noise
        else:
            weight.data = 1.4 / width**0.5 * noise


def write_checkpoint(case, seed, folder):
    folder.mkdir(exist_ok=True)
    write_config(folder, case.config)
    random = torch.Generator().manual_seed(seed)
    model = opener(case).from_config(AutoConfig.from_pretrained(folder), dtype=torch.float32)
    randomise(model, case.parts, random)
    with tempfile.TemporaryDirectory() as saved:
        model.to(case.stored).save_pretrained(saved)
        tensors = case.layout(load_file(Path(saved) / "model.safetensors"), random)
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    stored = str(case.stored).removeprefix("torch.")
    write_config(folder, {"architectures": [type(model).__name__], "torch_dtype": stored} | case.config)


def write_config(folder, config):
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


def opener(case):
    return AutoModelForImageTextToText if case.wrapped else AutoModelForCausalLM


def load(case, folder):
    """A fresh model: dynamic rope remembers the longest sequence it has seen."""
    quantised = hasattr(AutoConfig.from_pretrained(folder), "quantization_config")
    unpack = {"quantization_config": Mxfp4Config(dequantize=True)} if quantised else {}
    return opener(case).from_pretrained(folder, dtype=torch.float32, attn_implementation=case.attention,
                                        experts_implementation="eager", **unpack).eval()


# ---------------------------------------------------------------------------------------------- listening


@dataclass
class Attention:
    """What a layer's attention function got and gave; `unrotated` is empty where there is no rope."""

    query: torch.Tensor
    key: torch.Tensor
    value: torch.Tensor
    scores: torch.Tensor
    pattern: torch.Tensor
    z: torch.Tensor
    unrotated: tuple[torch.Tensor, ...]


@dataclass
class Tape:
    """One forward pass: [tokens, width] into and out of each module, and each layer's attention."""

    inputs: dict[str, torch.Tensor] = field(default_factory=dict)
    outputs: dict[str, torch.Tensor] = field(default_factory=dict)
    attention: dict[int, Attention] = field(default_factory=dict)
    unrotated: tuple[torch.Tensor, ...] = ()
    logits: torch.Tensor | None = None


class MaskedScores(TorchFunctionMode):
    """Sees the masked scores inside an attention function: what it gives to softmax or joins with its sinks."""

    scores = None

    def __torch_function__(self, function, types, args=(), kwargs=None):
        if self.scores is None and function is torch.nn.functional.softmax:
            self.scores = args[0]
        if self.scores is None and function is torch.cat:
            self.scores = args[0][0]
        return function(*args, **(kwargs or {}))


def listen_to_modules(parts, model, tape):
    def note(name, _, args, kwargs, output):
        is_block = name.rpartition(".")[0] == parts.blocks
        tape.inputs[name] = first_rows((*args, *kwargs.values()), is_block)
        tape.outputs[name] = first_rows(output if isinstance(output, tuple) else (output,), is_block)

    for name, module in model.named_modules():
        if name.startswith(f"{parts.blocks.partition('.')[0]}.") and "rotary_emb" not in name:
            module.register_forward_hook(functools.partial(note, name), with_kwargs=True)


def first_rows(values, several=False):
    """The first tensor, [1, tokens, width] or [tokens, width], as [tokens, width]; None where there is none. Of
    [streams, 1, tokens, width] the first stream."""
    tensor = next((value for value in values if isinstance(value, torch.Tensor) and value.dim() > 1), None)
    if tensor is not None and tensor.dim() == 4 and several:
        tensor = tensor[0]
    return None if tensor is None else tensor.flatten(0, -2).clone()


def listening_attention(tape, attend):
    def attention(module, query, key, value, mask, **kwargs):
        with MaskedScores() as seen:
            z, pattern = attend(module, query, key, value, mask, **kwargs)
        tape.attention[module.layer_idx] = Attention(query, key, value, seen.scores[0], pattern[0], z[0],
                                                     tape.unrotated)
        tape.unrotated = ()
        return z, pattern

    return attention


def listening_rotation(tape, rotate):
    def one(x, *args, **kwargs):  # queries, then keys where the layer has its own: [1, tokens, heads, d]
        tape.unrotated = (*tape.unrotated, x.transpose(1, 2))
        return rotate(x, *args, **kwargs)

    if next(iter(inspect.signature(rotate).parameters)) == "x":
        return one

    def rotation(query, key, *args, **kwargs):
        tape.unrotated = (query, key)
        return rotate(query, key, *args, **kwargs)

    return rotation


def text_model(model):
    """The text part of a model of texts and images, or the model itself."""
    for path in ("model.language_model", "model.text_model"):
        try:
            return model.get_submodule(path)
        except AttributeError:
            pass
    return model


def listen(parts, model, tokens):
    """One forward pass on tape: module hooks, and the family's own attention and rotation functions wrapped."""
    tape = Tape()
    listen_to_modules(parts, model, tape)
    family = sys.modules[type(text_model(model)).__module__]
    wrapped = {}
    if hasattr(family, "eager_attention_forward"):
        wrapped["eager_attention_forward"] = listening_attention(tape, family.eager_attention_forward)
    if hasattr(family, "apply_rotary_pos_emb"):
        wrapped["apply_rotary_pos_emb"] = listening_rotation(tape, family.apply_rotary_pos_emb)
    with patch.multiple(family, **wrapped) if wrapped else nullcontext():
        tape.logits = model(tokens, use_cache=False).logits[0]
    return tape


# ---------------------------------------------------------------------------------------------- naming


def all_points(case, model, tape):
    """Every hook point of a pass by its canonical name."""
    parts = case.parts
    points = {"hook_embed": tape.outputs[parts.embed] * case.embedding}
    if parts.positions:
        points["hook_pos_embed"] = tape.outputs[parts.positions]
    for layer in case.layers():
        block = f"{parts.blocks}.{layer}"
        parts = case.parts.within(lambda path: f"{block}.{path}" in tape.outputs)
        here = stream_points(case, parts, tape, block) | attention_points(case, parts, tape, block, layer)
        here |= mlp_points(parts, tape, block)
        for name, norm in (("ln1", parts.ln1), ("ln2", parts.ln2)):
            if norm:
                here |= norm_points(model, parts, tape, f"{block}.{norm}", name)
        if case.head_results:
            here |= head_results(model, parts, tape, block, layer)
        points |= {f"blocks.{layer}.{name}": values for name, values in here.items()}
    points["blocks.0.hook_resid_pre"] = tape.inputs[f"{parts.blocks}.0"]
    if case.lean:
        points["ln_final.hook_out"] = tape.outputs[parts.final_norm]
    return points | norm_points(model, parts, tape, parts.final_norm, "ln_final") | linear_points(case, model, tape)


def stream_points(case, parts, tape, block):
    """The residual stream, what each sub-layer (or its norm) sees of it and what it adds."""
    seen_by_attention = tape.inputs[f"{block}.{parts.ln1 or parts.attention}"]
    seen_by_mlp = tape.inputs[f"{block}.{parts.ln2 or (parts.ln1 if case.parallel else parts.mlp)}"]
    attended = tape.outputs[f"{block}.{parts.added_attention}"] * case.residual
    # Behind the same numbers that the block adds, which may be the sum of two modules.
    mlp = (tape.outputs[f"{block}.{parts.added_mlp}"] if parts.added_mlp
           else tape.outputs[block] - seen_by_mlp) * (case.residual if parts.added_mlp else 1.0)
    points = {"hook_attn_in": seen_by_attention, "hook_attn_out": attended,
              "hook_mlp_in": seen_by_mlp, "hook_mlp_out": mlp,
              "hook_resid_post": tape.outputs[block]}
    return points if case.parallel else points | {"hook_resid_mid": seen_by_mlp}


def attention_points(case, parts, tape, block, layer):
    if layer not in tape.attention or not parts.attention_seen:
        return {}
    seen = tape.attention[layer]
    query, *keys = seen.unrotated or (seen.query, seen.key)
    own_keys = bool(keys)
    key = keys[0] if own_keys else seen.key
    # Masked means: the lowest float32 was added.
    masked = seen.scores < torch.finfo(torch.float32).min / 2
    points = {"hook_z": tape.inputs[f"{block}.{parts.output}"]} | ({"hook_v": head_rows(seen.value)} if own_keys else {})
    if case.causal:
        points |= {"hook_attn_scores": seen.scores.masked_fill(masked, -torch.inf), "hook_pattern": seen.pattern}
    if parts.heads_seen:
        projected = tape.outputs[f"{block}.{parts.query}"] if parts.query else head_rows(query)
        if projected.shape[1] > head_rows(query).shape[1]:  # a gate stands beside each query
            width = query.shape[-1]
            projected = projected.unflatten(1, (-1, 2 * width))[..., :width].flatten(1)
        projected_key = f"{block}.{parts.key}"
        points |= {"hook_q": projected,
                   "hook_k": tape.outputs[projected_key] if projected_key in tape.outputs else head_rows(key)}
        if seen.unrotated:
            points |= {"hook_q_pre_rot": head_rows(query), "hook_k_pre_rot": head_rows(key),
                       "hook_rot_q": head_rows(seen.query), "hook_rot_k": head_rows(seen.key)}
    if not own_keys:
        points = {name: values for name, values in points.items() if not name.endswith(("_k", "_k_pre_rot"))}
    return {f"attn.{name}": values for name, values in points.items()}


def head_rows(tensor):
    """[1, heads, tokens, d] as [tokens, heads * d]."""
    return tensor[0].transpose(0, 1).flatten(1)


def head_results(model, parts, tape, block, layer):
    """What each head adds: its z times its slice of the output projection; derived, in float64."""
    z = tape.attention[layer].z.double()
    linear = model.get_submodule(f"{block}.{parts.output}")
    inputs_first = (linear.weight if isinstance(linear, Conv1D) else linear.weight.T).double()
    results = torch.einsum("thd,hdm->thm", z, inputs_first.unflatten(0, z.shape[1:]))
    bias = 0.0 if linear.bias is None else linear.bias
    need_close(results.sum(1) + bias, tape.outputs[f"{block}.{parts.output}"], "the sum of head results")
    return {"attn.hook_result": results.flatten(1).float()}


def mlp_points(parts, tape, block):
    def out_of(path):
        return tape.outputs[f"{block}.{path}"]

    points = {"mlp.hook_router": out_of(parts.router)} if parts.router and parts.router_seen else {}
    if parts.router and not parts.beside:
        return points
    points |= {"mlp.hook_post": tape.inputs[f"{block}.{parts.down}"]}
    if parts.gate_up:
        gate, up = out_of(parts.gate_up).chunk(2, -1)
        return points | {"mlp.hook_pre": gate, "mlp.hook_pre_linear": up}
    if parts.gate:
        return points | {"mlp.hook_pre": out_of(parts.gate), "mlp.hook_pre_linear": out_of(parts.up)}
    return points | {"mlp.hook_pre": out_of(parts.up)}


def norm_points(model, parts, tape, path, name):
    """Scale and normalised values of a norm; derived from its recorded input, in float64."""
    norm = model.get_submodule(path)
    values = tape.inputs[path].double()
    if parts.centred:
        values = values - values.mean(-1, keepdim=True)
    epsilon = norm.eps if hasattr(norm, "eps") else getattr(norm, "variance_epsilon", 1e-5)
    scale = (values.pow(2).mean(-1, keepdim=True) + epsilon).sqrt()
    normalised = values / scale
    bias = norm.bias if isinstance(norm, nn.LayerNorm) and norm.bias is not None else 0.0
    gain = norm.weight + parts.gain_offset if getattr(norm, "weight", None) is not None else 1.0
    need_close(normalised * gain + bias, tape.outputs[path], f"{path} from derived values")
    return {f"{name}.hook_scale": scale.float(), f"{name}.hook_normalized": normalised.float()}


def linear_points(case, model, tape):
    paths = [path for path, module in model.named_modules()
             if path.startswith(case.parts.blocks) and isinstance(module, (nn.Linear, Conv1D))
             and path in tape.outputs and ".altup." not in path and not path.endswith(("router", ".gate"))]
    outs = {f"linear:{path}.out": tape.outputs[path] for path in paths}
    return outs if case.lean else outs | {f"linear:{path}.in": tape.inputs[path] for path in paths}


# ---------------------------------------------------------------------------------------------- recording


def record(case, folder, name, tokens):
    """All tensors of one prompt."""
    model = load(case, folder)
    tape = listen(case.parts, model, tokens)
    points = all_points(case, model, tape)
    check(case, folder, tokens, tape, points)
    if name != DETAILED:
        points = {point: values for point, values in points.items() if point.endswith(LEAN if case.lean else COARSE)}
    following = tape.logits[:-1].double().log_softmax(-1)
    further = {"greedy": greedy(case, folder, tokens)} if case.causal else {}
    return points | further | {"tokens": tokens[0].int(), "logits": tape.logits[-1],
                               "log_prob": following.gather(1, tokens[0, 1:, None])[:, 0].float()}


def prompts(case, seed):
    """Random tokens, none of which stands for an image or a sound."""
    random = torch.Generator().manual_seed(seed)
    drawn = {name: torch.randint(0, VOCABULARY, (1, length), generator=random)
             for name, length in (LEAN_LENGTHS if case.lean else PROMPT_LENGTHS).items()}
    need_clear(not any(stands_for_media(case, tokens) for tokens in drawn.values()))
    return drawn


def stands_for_media(case, tokens):
    """Whether any of the tokens stands for an image, a video or a sound."""
    media = ("image_token_", "video_token_", "audio_token_")
    ids = [value for name, value in case.config.items() if name.startswith(media) and value]
    return bool(torch.isin(tokens, torch.tensor(ids)).any())


def greedy(case, folder, tokens):
    """The greedy continuation, the same with and without a key cache."""
    continuation, cached = (continued(case, folder, tokens, use_cache) for use_cache in (False, True))
    need_clear(continuation.equal(cached) and not stands_for_media(case, continuation))
    return continuation


def continued(case, folder, tokens, use_cache):
    out = load(case, folder).generate(tokens, attention_mask=torch.ones_like(tokens), do_sample=False, use_cache=use_cache,
                                max_new_tokens=GREEDY_TOKENS, output_logits=True, return_dict_in_generate=True)
    best, second = torch.cat(out.logits).topk(2).values.T
    need_clear((best - second).min() > CLEAR_MARGIN)
    return out.sequences[0, tokens.shape[1]:].int()


# ---------------------------------------------------------------------------------------------- self-checks


def need(condition, message):
    if not condition:
        raise AssertionError(message)


class Unclear(Exception):
    """These random weights make a choice too close to call; others will do."""


def need_clear(condition):
    if not condition:
        raise Unclear()


def need_close(actual, expected, what):
    error = ((actual - expected).norm(dim=-1) / expected.norm(dim=-1)).max().item()
    need(error < ROUNDING, f"{what}: relative error {error:.1e}")


def check(case, folder, tokens, tape, points):
    """The recording is what the model computes by itself, and its parts add up."""
    alone = load(case, folder)(tokens, use_cache=False, output_hidden_states=True)
    need(alone.logits[0].equal(tape.logits), "listening changes the logits")
    stream = points["blocks.0.hook_resid_pre"]
    for layer in case.layers():
        here = {name.removeprefix(f"blocks.{layer}."): values for name, values in points.items()}
        need(first_rows((alone.hidden_states[layer],), True).equal(stream),
             f"hidden_states[{layer}] is the stream before block {layer}")
        check_sums(case, layer, stream, here)
        if "attn.hook_pattern" in here:
            check_attention(case, layer, here["attn.hook_attn_scores"], here["attn.hook_pattern"])
        if "mlp.hook_router" in here:
            check_router(case, folder, layer, here["mlp.hook_router"])
        stream = here["hook_resid_post"]
    normed = tape.outputs[case.parts.final_norm]
    streams = alone.hidden_states[-1].dim() == 4
    need(streams or alone.hidden_states[-1][0].equal(normed), "the last hidden state is the stream after the final norm")


def check_router(case, folder, layer, logits):
    """Experts are chosen clearly."""
    buffers = [buffer for name, buffer in load(case, folder).named_buffers()
               if f".{layer}." in name and name.endswith(("e_score_correction_bias", "expert_bias"))]
    ranked = (logits.sigmoid() + buffers[0] if buffers else logits).sort(descending=True).values
    chosen = case.text().get("num_experts_per_tok") or case.text()["top_k_experts"]
    margin = CLEAR_MARGIN / 2 if buffers else CLEAR_MARGIN
    need_clear(chosen == ranked.shape[1] or (ranked[:, chosen - 1] - ranked[:, chosen]).min() > margin)


def check_sums(case, layer, stream, here):
    if not case.sums:
        return
    with_attention = stream + here["hook_attn_out"]
    if case.parallel or case.lean:
        need_close(with_attention + here["hook_mlp_out"], here["hook_resid_post"], f"block {layer}: sum")
    else:
        need(with_attention.equal(here["hook_resid_mid"]), f"block {layer}: resid_pre + attn_out = resid_mid")
        need((here["hook_resid_mid"] + here["hook_mlp_out"]).equal(here["hook_resid_post"]),
             f"block {layer}: resid_mid + mlp_out = resid_post")


def check_attention(case, layer, scores, pattern):
    length = scores.shape[-1]
    window = case.window() if layer in case.sliding_layers else length
    place = torch.arange(length)
    distance = place[:, None] - place
    visible = (distance >= 0) & (distance < window)
    if layer in case.chunked_layers:
        visible &= (place // case.text()["attention_chunk_size"])[:, None] == place // case.text()["attention_chunk_size"]
    need((scores.isfinite() == visible).all(), f"block {layer}: visible keys")
    need((pattern[:, ~visible] == 0).all(), f"block {layer}: the pattern is 0 at masked keys")
    sums = pattern.sum(-1, keepdim=True)
    need((sums < 1).all() if case.sinks else (sums - 1).abs().max() < ROUNDING, f"block {layer}: sums of the pattern")
    if length == PROMPT_LENGTHS[DETAILED] and not case.lean:
        uniform = visible / visible.sum(-1, keepdim=True)
        uneven = (pattern / sums - uniform).abs().sum(-1)[:, 3:].mean() / 2
        need_clear(uneven > UNEVEN)
        need_clear(scores.masked_fill(~visible, 0).norm(dim=-1).min() > SCORES)


# ---------------------------------------------------------------------------------------------- main


def make(case):
    for seed in itertools.count(case.first_seed):
        try:
            write_case(case, seed, FOLDER / case.name)
            return
        except Unclear:
            pass


def write_case(case, seed, folder):
    drawn = prompts(case, seed)
    write_checkpoint(case, seed, folder)
    tensors = {f"{name}/{point}": values.clone(memory_format=torch.contiguous_format)
               for name, tokens in drawn.items()
               for point, values in record(case, folder, name, tokens).items()}
    # One entry: several are written in random order.
    torch_version = torch.__version__.partition("+")[0]
    made_with = f"seed {seed}, transformers {transformers.__version__}, torch {torch_version}"
    save_file(tensors, folder / "expected.safetensors", metadata={"made_with": made_with})
    sizes = [f"{file.name} {file.stat().st_size // 1000} kB" for file in sorted(folder.glob("*.safetensors"))]
    print(f"{case.name}: seed {seed}, {', '.join(sizes)}", flush=True)


@torch.no_grad()
def main(names):
    torch.set_num_threads(1)
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    cases = CASES + LEAN_CASES
    unknown = set(names) - {case.name for case in cases}
    need(not unknown, f"no such case: {', '.join(sorted(unknown))}")
    for case in cases:
        if not names or case.name in names:
            make(case)


if __name__ == "__main__":
    main(sys.argv[1:])
