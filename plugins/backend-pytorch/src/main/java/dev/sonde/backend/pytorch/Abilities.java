package dev.sonde.backend.pytorch;

import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.Distances;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
import dev.sonde.formats.huggingface.AttentionSpec;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.HookSites;
import dev.sonde.formats.huggingface.ModelFolder;
import dev.sonde.formats.huggingface.Part;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** What this backend can do with a model. */
final class Abilities {
  private final ModelFolder folder;
  private final DecoderSpec spec;
  private final HookSites sites;
  private final boolean usual;
  private final Precision precision;

  /**
   * Of a model.
   *
   * @param usual whether its scores are made as the api has words for
   */
  Abilities(ModelFolder folder, HookSites sites, boolean usual, Precision precision) {
    this.folder = folder;
    this.spec = folder.spec();
    this.sites = sites;
    this.usual = usual;
    this.precision = precision;
  }

  Capabilities capabilities() {
    Capabilities can =
        Capabilities.none()
            .sites(sites.sites())
            .absent(sites.absent())
            .longestContext(spec.longestContext())
            .interventions(
                Set.of(
                    Intervention.ADD,
                    Intervention.SCALE_ALONG,
                    Intervention.ERASE,
                    Intervention.REPLACE,
                    Intervention.PATCH))
            .distances(Set.of(Distances.CONSTANT, Distances.AT_MOST, Distances.GROUPED))
            .features(features());
    return generates() ? can.generating() : can;
  }

  private Set<String> features() {
    Set<String> features = new TreeSet<>(Set.of(Capabilities.GRADIENTS));
    if (spec.isOneStream()) {
      features.add(Capabilities.START);
    }
    boolean attends = spec.blocks().stream().allMatch(b -> b.mixer() instanceof AttentionSpec);
    if (attends && spec.isCausal()) {
      features.add(Capabilities.ATTENTION_MASK);
      features.add(Capabilities.SCORES);
    }
    if (generates()) {
      features.add(Capabilities.STEPS);
    }
    if (usual) {
      features.add(Capabilities.POSITIONS);
    }
    if (usual && rotates()) {
      features.add(Capabilities.DISTANCES);
      features.add(Capabilities.FREQUENCIES);
    }
    if (untrainable().isEmpty()) {
      features.add(Capabilities.TRAINING);
    }
    if (unlimited()) {
      features.add(Capabilities.BEYOND_CONTEXT);
    }
    return features;
  }

  /** Text grows token by token where no token sees a later one and there is an unembedding. */
  boolean generates() {
    return spec.isCausal() && sites.sites().contains(HookPoint.LOGITS.site());
  }

  /** Why it cannot be trained; empty where it can. */
  Optional<String> untrainable() {
    if (precision.bfloat16()) {
      return Optional.of("its linears run in bfloat16; open it with --dtype float32");
    }
    if (folder.isGguf()) {
      return Optional.of("it is a GGUF file; 'sonde convert' makes a folder of it");
    }
    if (spec.has(Part.ROUTER)) {
      return Optional.of("it sends tokens to experts, which are not trained");
    }
    if (spec.perLayer().isPresent() || spec.altUp().isPresent() || spec.sharesKeys()) {
      return Optional.of("its blocks have inputs of their own, or take keys of others");
    }
    boolean plain =
        spec.blocks().stream()
            .allMatch(b -> b.mixer() instanceof AttentionSpec a && a.latent().isEmpty());
    if (!plain) {
      return Optional.of("it has blocks without attention, or with latent attention");
    }
    return generates()
        ? Optional.empty()
        : Optional.of("it has no unembedding, or its tokens see later ones");
  }

  private boolean rotates() {
    return spec.anyAttention().isPresent()
        && IntStream.range(0, spec.layers())
            .mapToObj(spec::attention)
            .anyMatch(a -> a.flatMap(AttentionSpec::rotary).isPresent());
  }

  /** Learned positions end where the model's context does. */
  boolean unlimited() {
    return !spec.has(Part.POSITIONS);
  }
}
