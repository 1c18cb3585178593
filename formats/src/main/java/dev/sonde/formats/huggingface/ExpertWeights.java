package dev.sonde.formats.huggingface;

import dev.sonde.formats.Weight;
import dev.sonde.formats.huggingface.ExpertsSpec.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The experts of a block, together in some tensors or one after the other. */
public final class ExpertWeights {
  private final ExpertsSpec experts;
  private final StoredWeights stored;
  private final ModuleNames gateUp;
  private final ModuleNames down;
  private final DecoderSpec spec;
  private final int layer;
  private final long width;

  ExpertWeights(DecoderSpec spec, StoredWeights stored, int layer) {
    this.spec = spec;
    this.layer = layer;
    this.experts = spec.block(layer).experts().orElseThrow();
    this.stored = stored;
    this.gateUp = spec.name(Part.EXPERTS_GATE_UP, layer);
    this.down = spec.name(Part.EXPERTS_DOWN, layer);
    this.width = spec.width();
  }

  private boolean isApart() {
    return spec.has(Part.EXPERT_UP, layer) && stored.has(one(Part.EXPERT_UP, 0), ".weight");
  }

  /** Where gate and up of an expert stand, and which sizes are inputs. */
  public Layout layout() {
    if (isApart()) {
      return Layout.OUT_IN;
    }
    if (experts.layout() == Layout.OUT_IN && isTurned()) {
      return Layout.IN_OUT;
    }
    return experts.layout();
  }

  /** Some files of a family with {@code [out, in]} have {@code [in, out]}. */
  private boolean isTurned() {
    return stored.has(down, "")
        && experts.width() != width
        && stored
            .find(down, "")
            .shape()
            .equals(List.of((long) experts.experts(), (long) experts.width(), width));
  }

  private ModuleNames one(Part part, int expert) {
    ModuleNames all = spec.name(part, layer);
    String number = Integer.toString(expert);
    return new ModuleNames(
        all.path().replace("{expert}", number),
        all.stored().stream().map(name -> name.replace("{expert}", number)).toList());
  }

  /** Gate and up of all, three sizes in the order of the layout. */
  public Weight gateAndUp() {
    long count = experts.experts();
    long inner = experts.width();
    if (isApart()) {
      List<Weight> parts = new ArrayList<>();
      for (int expert = 0; expert < count; expert++) {
        parts.add(stored.weight(one(Part.EXPERT_GATE, expert), ".weight", inner, width));
        parts.add(stored.weight(one(Part.EXPERT_UP, expert), ".weight", inner, width));
      }
      return new StackedWeight(gateUp.path(), List.of(count, 2 * inner, width), parts);
    }
    return layout() == Layout.OUT_IN
        ? stored.weight(gateUp, "", count, 2 * inner, width)
        : plainOrPacked(gateUp, count, width, 2 * inner);
  }

  /** Down of all, likewise. */
  public Weight down() {
    long count = experts.experts();
    long inner = experts.width();
    if (isApart()) {
      List<Weight> parts = new ArrayList<>();
      for (int expert = 0; expert < count; expert++) {
        parts.add(stored.weight(one(Part.EXPERT_DOWN, expert), ".weight", width, inner));
      }
      return new StackedWeight(down.path(), List.of(count, width, inner), parts);
    }
    return layout() == Layout.OUT_IN
        ? stored.weight(down, "", count, width, inner)
        : plainOrPacked(down, count, inner, width);
  }

  /** The bias of gate and up, {@code [experts, 2 · width]}, where there is one. */
  public Optional<Weight> gateAndUpBias() {
    return stored.optional(gateUp, "_bias", experts.experts(), 2L * experts.width());
  }

  /** The bias of down, {@code [experts, d_model]}, where there is one. */
  public Optional<Weight> downBias() {
    return stored.optional(down, "_bias", experts.experts(), width);
  }

  /** Stored plainly, or as MXFP4 blocks and scales of the transposed matrix. */
  private Weight plainOrPacked(ModuleNames name, long count, long in, long out) {
    if (stored.has(name, "")) {
      return stored.weight(name, "", count, in, out);
    }
    long blocks = in / Mxfp4Weight.BLOCK;
    return new Mxfp4Weight(
        stored.bytes(name, "_blocks", count, out, blocks, Mxfp4Weight.BLOCK / 2),
        stored.bytes(name, "_scales", count, out, blocks));
  }
}
