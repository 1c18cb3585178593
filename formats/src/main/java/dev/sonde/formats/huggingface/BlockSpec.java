package dev.sonde.formats.huggingface;

import java.util.Map;
import java.util.Optional;

/**
 * A block: a mixer, which alone lets tokens see others, and an MLP. Both add to the residual
 * stream.
 *
 * @param mixer attention, or what stands in its place
 * @param mlp what follows
 * @param norm kind of its norms over the residual stream
 * @param parallel whether the MLP reads the residual stream before the mixer has added to it
 * @param residualScale factor on what mixer and MLP add
 * @param transposed whether its linears are stored {@code [in, out]}
 * @param names modules of its parts; a part without a name does not exist
 */
public record BlockSpec(
    MixerSpec mixer,
    MlpSpec mlp,
    NormSpec norm,
    boolean parallel,
    double residualScale,
    boolean transposed,
    Map<Part, ModuleNames> names) {
  /** A block with its names copied. */
  public BlockSpec {
    names = Map.copyOf(names);
  }

  /** Its experts, where it has any. */
  public Optional<ExpertsSpec> experts() {
    return switch (mlp) {
      case DenseSpec dense -> Optional.empty();
      case ExpertsSpec experts -> Optional.of(experts);
      case PairedSpec paired -> Optional.of(paired.experts());
    };
  }

  /** Whether it has that part. */
  public boolean has(Part part) {
    return names.containsKey(part);
  }
}
