package dev.sonde.backend.replay;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.text.TokenizerSource;
import dev.sonde.packing.BatchStream;
import dev.sonde.packing.PackedBatch;
import dev.sonde.packing.Readout;
import dev.sonde.packing.Requests;
import dev.sonde.packing.SingleStep;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** A model that knows the answers of one data set and nothing else. */
final class ReplayBackend implements LanguageModel {
  private static final String NO_EMBEDDINGS =
      "The replayed file has no hook_embed: the baselines of embeddings are of constant rows and"
          + " say nothing.";

  private static final int TOKENS_AT_ONCE = 16_384;

  private final Recording recording;
  private final ModelInfo info;

  /**
   * A replayed model.
   *
   * @param texts number of prompts, where rows stand for whole texts
   */
  ReplayBackend(
      Recording recording, TokenizerSource tokenizer, String hash, Optional<Integer> texts) {
    this.recording = recording;
    texts.ifPresent(this::requireRows);
    Map<String, Integer> widths = new TreeMap<>();
    recording.points().keySet().forEach(p -> widths.put(p.site(), recording.width(p)));
    int width = widths.getOrDefault(HookPoint.RESID_POST, widths.values().iterator().next());
    widths.putIfAbsent(HookPoint.EMBED.site(), width);
    ModelInfo recorded =
        ModelInfo.of("replay", hash)
            .shape(layers(), width)
            .vocabulary(recording.vocabulary())
            .widths(widths)
            .tokenizer(tokenizer);
    this.info =
        recording.points().containsKey(HookPoint.EMBED) ? recorded : recorded.note(NO_EMBEDDINGS);
  }

  private void requireRows(int texts) {
    int rows = recording.sequences().size();
    if (rows != texts) {
      throw new ModelUnavailableException(
          "the file has %d rows of activations, with.texts has %d prompts".formatted(rows, texts));
    }
  }

  private int layers() {
    return recording.points().keySet().stream()
        .flatMapToInt(point -> point.layer().stream())
        .map(layer -> layer + 1)
        .max()
        .orElse(1);
  }

  @Override
  public ModelInfo info() {
    return info;
  }

  @Override
  public Capabilities capabilities() {
    return Capabilities.none().sites(info.widths().keySet()).longestContext(recording.longest());
  }

  @Override
  public ActivationStream forward(ForwardRequest request) {
    Requests.check(info, capabilities(), request);
    Set<HookPoint> points = new LinkedHashSet<>();
    for (Read read : request.groups().stream().flatMap(List::stream).toList()) {
      check(read);
      points.add(read.point());
    }
    request.sequences().forEach(this::check);
    int budget = request.tokenBudget() > 0 ? request.tokenBudget() : TOKENS_AT_ONCE;
    return new BatchStream(
        PackedBatch.pack(request.sequences(), budget).iterator(),
        batch ->
            new SingleStep(
                new Readout(request, batch),
                readout -> points.forEach(p -> readout.pass(p, rows(p, batch)))));
  }

  private Readout.Taker rows(HookPoint point, PackedBatch batch) {
    return new StoredRows(recording, point, info.width(point), batch);
  }

  private void check(Read read) {
    HookPoint point = read.point();
    boolean stored =
        recording.points().containsKey(point)
            || (point.equals(HookPoint.EMBED) && info.widths().containsKey(point.site()));
    if (!stored) {
      throw new UnsupportedCapabilityException(
          "the replayed file has no %s; it has %s".formatted(read, recording.points().keySet()));
    }
  }

  private void check(Sequence sequence) {
    if (!recording.sequences().containsKey(ids(sequence))) {
      throw new InvalidInputException(
          "a prompt of %d tokens is not in the replayed file; replay the data that was captured"
              .formatted(sequence.length()));
    }
  }

  static List<Integer> ids(Sequence sequence) {
    return IntStream.of(sequence.tokens()).boxed().toList();
  }

  @Override
  public GenerationStream generate(GenerateRequest request) {
    throw new UnsupportedCapabilityException("a replayed model does not generate");
  }

  @Override
  public void close() {}
}
