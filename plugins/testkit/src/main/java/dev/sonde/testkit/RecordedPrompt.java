package dev.sonde.testkit;

import dev.sonde.api.model.HookPoint;
import dev.sonde.formats.safetensors.SafetensorsFile;
import dev.sonde.formats.safetensors.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What transformers computed on one prompt.
 *
 * @param prompt its name
 * @param tokens its token ids
 * @param greedy the tokens that follow; empty where tokens see later ones
 * @param points by hook point; logits of the last token only
 */
record RecordedPrompt(String prompt, int[] tokens, int[] greedy, Map<HookPoint, Tensor> points) {
  private static final String TOKENS = "tokens";
  private static final String GREEDY = "greedy";

  /** All prompts of a model's folder. */
  static List<RecordedPrompt> of(Path model) {
    Map<String, Map<String, Tensor>> prompts = new TreeMap<>();
    SafetensorsFile.open(model.resolve("expected.safetensors"), Arena.ofAuto())
        .tensors()
        .forEach(
            (name, tensor) -> {
              String[] parts = name.split("/", 2);
              prompts.computeIfAbsent(parts[0], p -> new TreeMap<>()).put(parts[1], tensor);
            });
    return prompts.entrySet().stream().map(e -> of(e.getKey(), e.getValue())).toList();
  }

  private static RecordedPrompt of(String prompt, Map<String, Tensor> tensors) {
    Map<HookPoint, Tensor> points = new HashMap<>();
    tensors.forEach((name, tensor) -> points.put(HookPoint.parse(name), tensor));
    points.remove(HookPoint.parse(TOKENS));
    points.remove(HookPoint.parse(GREEDY));
    int[] greedy = tensors.containsKey(GREEDY) ? ids(tensors, GREEDY) : new int[0];
    return new RecordedPrompt(prompt, ids(tensors, TOKENS), greedy, points);
  }

  /**
   * Its first half. Of long prompts nothing is kept: frequencies that follow the length would be
   * others.
   */
  RecordedPrompt halved() {
    Map<HookPoint, Tensor> some = new HashMap<>(points);
    some.remove(HookPoint.LOGITS);
    boolean isLong = tokens.length > LONGEST_CUT;
    return new RecordedPrompt(
        prompt,
        Arrays.copyOf(tokens, (tokens.length + 1) / 2),
        new int[0],
        isLong ? Map.of() : some);
  }

  /** Most tokens of a prompt that is within every model's trained context. */
  private static final int LONGEST_CUT = 16;

  private static int[] ids(Map<String, Tensor> tensors, String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new AssertionError(name + " was not recorded");
    }
    int[] ids = new int[Math.toIntExact(tensor.count())];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = tensor.data().get(ValueLayout.JAVA_INT_UNALIGNED, 4L * i);
    }
    return ids;
  }
}
