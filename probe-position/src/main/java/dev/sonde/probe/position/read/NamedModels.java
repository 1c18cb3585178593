package dev.sonde.probe.position.read;

import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.ShardContext;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** The models that are measured, by their names in metrics. */
public final class NamedModels {
  private static final String TRAINED = "trained";
  private static final String RANDOM_INIT = "random_init";

  private NamedModels() {}

  /**
   * The main model, then its control; a model that has fresh weights itself is measured alone,
   * under the control's name.
   */
  public static SequencedMap<String, Model> of(ShardContext context) {
    SequencedMap<String, Model> models = new LinkedHashMap<>();
    models.put(context.control().isPresent() ? TRAINED : RANDOM_INIT, context.model());
    context.control().ifPresent(control -> models.put(RANDOM_INIT, control));
    return Collections.unmodifiableSequencedMap(models);
  }

  /**
   * A model by its name.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public static Model named(String name, ShardContext context) {
    Model model = of(context).get(name);
    if (model == null) {
      throw new IllegalArgumentException("no model '%s'".formatted(name));
    }
    return model;
  }
}
