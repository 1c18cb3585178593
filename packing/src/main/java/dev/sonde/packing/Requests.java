package dev.sonde.packing;

import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.Frequencies;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Objective;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.model.StartingPoint;
import dev.sonde.api.model.TrainingPlan;
import java.util.List;
import java.util.Set;

/**
 * Whether a model can do what is asked of it, by what it says of itself. Backends check every
 * request so before they run it: kinds that they do not know are refused by name.
 */
public final class Requests {
  private final ModelInfo info;
  private final Capabilities capabilities;

  private Requests(ModelInfo info, Capabilities capabilities) {
    this.info = info;
    this.capabilities = capabilities;
  }

  /**
   * Checks the reads and sequences of a pass.
   *
   * @throws UnsupportedCapabilityException naming what the model lacks: a hook point, a kind, a
   *     feature, a token that a selector names, or room for a sequence; or naming a token that
   *     stands for an image or what else is not computed
   * @throws ModelUnavailableException naming a token id that the model does not have
   */
  public static void check(ModelInfo info, Capabilities capabilities, ForwardRequest request) {
    Requests model = new Requests(info, capabilities);
    List<Read> reads = request.groups().stream().flatMap(List::stream).distinct().toList();
    reads.forEach(model::check);
    boolean gradients = reads.stream().anyMatch(Read::isGradient);
    for (int i = 0; i < request.sequences().size(); i++) {
      Sequence sequence = request.sequences().get(i);
      model.check(sequence, sequence.length());
      for (Read read : reads) {
        model.checkTokens(read.toString(), read.selector(), sequence);
        requireAhead(read.point(), sequence);
      }
      if (gradients) {
        sequence.objectives().forEach(model::check);
      }
    }
  }

  /**
   * Checks a generation as {@link #check(ModelInfo, Capabilities, ForwardRequest)} checks a pass.
   */
  public static void check(ModelInfo info, Capabilities capabilities, GenerateRequest request) {
    Requests model = new Requests(info, capabilities);
    if (!capabilities.generates()) {
      throw new UnsupportedCapabilityException("the model does not generate");
    }
    request.sequences().forEach(s -> model.check(s, s.length() + s.maxNewTokens()));
    request.sequences().forEach(s -> refuseStart(s, "a generation"));
    if (!request.points().isEmpty()) {
      model.require(Capabilities.STEPS);
      request.points().forEach(model::check);
    }
  }

  /** Checks the sequences of a training; whether the model trains is the backend's to say. */
  public static void check(ModelInfo info, Capabilities capabilities, TrainingPlan plan) {
    Requests model = new Requests(info, capabilities);
    plan.steps().stream()
        .flatMap(step -> step.batch().stream())
        .distinct()
        .forEach(
            sequence -> {
              model.check(sequence, sequence.length());
              refuseStart(sequence, "training");
            });
  }

  private static void refuseStart(Sequence sequence, String what) {
    if (sequence.start().isPresent()) {
      throw new UnsupportedCapabilityException(
          "%s begins at the embedding, not at %s".formatted(what, sequence.start().get()));
    }
  }

  /** Whether a pass over a sequence comes by a point. */
  private static void requireAhead(HookPoint point, Sequence sequence) {
    if (sequence.start().filter(start -> start.isBehind(point)).isPresent()) {
      throw new UnsupportedCapabilityException(
          "%s is passed before %s, where the pass over a sequence begins"
              .formatted(point, sequence.start().get()));
    }
  }

  private void check(StartingPoint start, Sequence sequence) {
    if (start.block() > info.layers()) {
      throw new UnsupportedCapabilityException(
          "a pass cannot begin at %s: the model has the blocks 0 to %d"
              .formatted(start, info.layers() - 1));
    }
    long wanted = (long) sequence.length() * info.width();
    int given = start.residual().length;
    if (given != wanted) {
      throw new UnsupportedCapabilityException(
          "a pass that begins at %s is given %d numbers for %d tokens of width %d"
              .formatted(start, given, sequence.length(), info.width()));
    }
  }

  private void check(HookPoint point) {
    if (!capabilities.supports(point)) {
      throw new UnsupportedCapabilityException(
          "the model has no hook point %s; its sites are %s"
              .formatted(point, capabilities.sites()));
    }
    if (point.layer().orElse(0) >= info.layers()) {
      throw new UnsupportedCapabilityException(
          "%s: the model has the blocks 0 to %d".formatted(point, info.layers() - 1));
    }
  }

  private void check(Read read) {
    check(read.point());
    if (read.isGradient()) {
      require(Capabilities.GRADIENTS);
    }
    known("selector", read.selector().kind(), capabilities.selectors());
    known("reduction", read.reduction(), capabilities.reductions());
    if (read.point().isEdge() && read.isReduced()) {
      throw new UnsupportedCapabilityException(
          "%s: rows of attention differ in length and cannot be reduced".formatted(read));
    }
  }

  /** Whether the tokens that a selector names are there. */
  private void checkTokens(String what, Selector selector, Sequence sequence) {
    if (selector.kind().equals(Selector.INDEX)) {
      try {
        selector.runs(sequence);
      } catch (UnsupportedCapabilityException e) {
        throw new UnsupportedCapabilityException(what + ", " + e.getMessage());
      }
    }
  }

  private void check(Objective objective) {
    known("objective", objective.kind(), capabilities.objectives());
    objective.targets().forEach(this::check);
  }

  private void check(Sequence.Target target) {
    checkToken(target.token());
  }

  private void check(Sequence sequence, int length) {
    if (length > capabilities.longestContext() && !sequence.isBeyondContext()) {
      throw new UnsupportedCapabilityException(
          "a sequence of %d tokens is longer than the model's context of %d"
              .formatted(length, capabilities.longestContext()));
    }
    sequence.features().forEach(this::require);
    sequence.distances().ifPresent(d -> known("distances", d.kind(), capabilities.distances()));
    sequence.start().ifPresent(start -> check(start, sequence));
    sequence.frequencies().ifPresent(this::check);
    sequence.interventions().forEach(each -> check(each, sequence));
    for (int i = 0; i < sequence.length(); i++) {
      checkToken(sequence.token(i));
    }
    sequence.targets().forEach(this::check);
  }

  private void check(Frequencies frequencies) {
    info.attention().stream()
        .flatMap(block -> block.rotary().stream())
        .mapToInt(rotary -> rotary.frequencies().length)
        .filter(planes -> planes != frequencies.perPlane().length)
        .findFirst()
        .ifPresent(
            planes -> {
              throw new UnsupportedCapabilityException(
                  "%s were given for blocks that rotate in %d planes"
                      .formatted(frequencies, planes));
            });
  }

  private void check(Intervention each, Sequence sequence) {
    known("intervention", each.kind(), capabilities.interventions());
    check(each.point());
    requireAhead(each.point(), sequence);
    if (each.point().isEdge()) {
      require(Capabilities.SCORES);
    }
    known("selector", each.selector().kind(), capabilities.selectors());
    checkTokens(each.toString(), each.selector(), sequence);
  }

  private void checkToken(int id) {
    if (id < 0 || id >= info.vocabularySize()) {
      throw new ModelUnavailableException(
          "token id %d does not exist in the model, which knows 0 to %d; its tokenizer belongs to another model"
              .formatted(id, info.vocabularySize() - 1));
    }
    String meaning = info.refusedTokens().get(id);
    if (meaning != null) {
      throw new UnsupportedCapabilityException(
          "token id %d stands for %s: only the text part of this model is computed"
              .formatted(id, meaning));
    }
  }

  private void require(String feature) {
    if (!capabilities.features().contains(feature)) {
      throw new UnsupportedCapabilityException(
          "the model does not offer '%s'; it offers %s"
              .formatted(feature, capabilities.features()));
    }
  }

  private static void known(String what, String kind, Set<String> kinds) {
    if (!kinds.contains(kind)) {
      throw new UnsupportedCapabilityException(
          "the model does not know the %s '%s'; it knows %s".formatted(what, kind, kinds));
    }
  }
}
