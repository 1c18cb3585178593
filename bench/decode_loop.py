"""Greedy decoding by Hugging Face's generate: python decode_loop.py MODEL_FOLDER TOKENS THREADS; prints tokens a second, and a processor second."""

import sys
import time

import torch
from transformers import AutoModelForCausalLM

folder, count, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(threads)
model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
ids = torch.tensor([[100 + 37 * i for i in range(16)]])
best = (0.0, 0.0)
for _ in range(2):
    wall, processor = time.perf_counter(), time.process_time()
    out = model.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=count, min_new_tokens=count,
                         do_sample=False, pad_token_id=0)
    assert out.shape[1] == 16 + count
    best = max(best, (count / (time.perf_counter() - wall), count / (time.process_time() - processor)))
print(f"{best[0]:.2f} {best[1]:.2f}")
