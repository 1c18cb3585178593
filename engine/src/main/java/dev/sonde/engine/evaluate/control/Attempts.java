package dev.sonde.engine.evaluate.control;

import dev.sonde.engine.evaluate.fit.DecoderFailure;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Calls decoders, and keeps the failure of each that breaks its contract: it is not called again,
 * and the others go on.
 */
public final class Attempts {
  private final Set<String> working;
  private final Map<String, FailedDecoder> failed = new LinkedHashMap<>();

  /** Of some decoders, by name. */
  public Attempts(Collection<String> decoders) {
    this.working = new LinkedHashSet<>(decoders);
  }

  /**
   * Does work with a decoder, unless it failed before.
   *
   * @param stage what the work belongs to, in a few words
   * @return what the work gave; empty where the decoder failed
   * @throws DecoderFailure if it was the last that worked
   */
  public <T> Optional<T> attempt(String decoder, String stage, Supplier<T> work) {
    if (!working.contains(decoder)) {
      return Optional.empty();
    }
    try {
      return Optional.of(work.get());
    } catch (DecoderFailure e) {
      working.remove(decoder);
      failed.put(decoder, new FailedDecoder(decoder, stage, String.valueOf(e.getMessage())));
      if (working.isEmpty()) {
        throw new DecoderFailure(
            failed.values().stream().map(FailedDecoder::message).collect(Collectors.joining("; ")),
            e);
      }
      return Optional.empty();
    }
  }

  /** The decoders that did not fail, in their order. */
  public Set<String> working() {
    return Collections.unmodifiableSet(new LinkedHashSet<>(working));
  }

  /** Those that failed, in the order in which they did. */
  public List<FailedDecoder> failed() {
    return List.copyOf(failed.values());
  }
}
