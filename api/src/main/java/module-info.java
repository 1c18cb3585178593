import org.jspecify.annotations.NullMarked;

/**
 * The complete interface between Sonde's engine and its plugins. It depends only on the JDK.
 *
 * <ul>
 *   <li>{@link dev.sonde.api}: {@code Plugin}, the one service type, and the exceptions.
 *   <li>{@code config}: settings a factory publishes, and the read-only tree it gets.
 *   <li>{@code data}: studies, that is, examples with labels and groups.
 *   <li>{@code text}: tokenizers.
 *   <li>{@code model}: hook points, reads, requests and streams of a model backend.
 *   <li>{@code linalg}: matrices over memory segments and the operations on them.
 *   <li>{@code evaluate}: decoders, and what the engine measures about them.
 *   <li>{@code probe}: what a probe asks for, and what it works on.
 *   <li>{@code report}: metrics, tables, figures, notes, as pure data.
 * </ul>
 *
 * Only types of this module and of the JDK cross between engine and plugins.
 */
@NullMarked
module dev.sonde.api {
  requires static transitive org.jspecify;

  exports dev.sonde.api;
  exports dev.sonde.api.config;
  exports dev.sonde.api.data;
  exports dev.sonde.api.evaluate;
  exports dev.sonde.api.linalg;
  exports dev.sonde.api.model;
  exports dev.sonde.api.probe;
  exports dev.sonde.api.report;
  exports dev.sonde.api.text;
}
