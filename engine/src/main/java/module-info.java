import org.jspecify.annotations.NullMarked;

/**
 * The engine: runs experiments with the plugins it finds. Data flows one way through its packages:
 *
 * <pre>
 * plugin      finds plugins, loads each into a layer of its own
 * experiment  the experiment file, checked
 * data        rows become studies
 * model       a backend and its tokenizer, opened
 * store       activations on disk; captures what is missing
 * plan        what all probes need, in the fewest passes
 * evaluate    cross-validation, one class per control, and what they found as values
 * report      report.json, .md, .html
 * run         one run: plan, capture, probes, report, journal
 * cli         the command line
 * </pre>
 *
 * Programs that embed Sonde use the exported facade package only.
 */
@NullMarked
module dev.sonde.engine {
  requires static transitive org.jspecify;
  requires transitive dev.sonde.api;
  requires com.samskivert.jmustache;
  requires de.siegmar.fastcsv;
  requires dev.sonde.formats;
  requires dev.sonde.packing;
  requires dev.sonde.statistics;
  requires ejml.core;
  requires ejml.ddense;
  requires info.picocli;
  requires java.compiler;
  requires java.logging;
  requires java.management;
  requires jdk.management;
  requires org.snakeyaml.engine;
  requires tools.jackson.core;
  requires tools.jackson.databind;

  exports dev.sonde.engine;

  opens dev.sonde.engine.cli to
      info.picocli;

  uses dev.sonde.api.Plugin;

  provides java.util.spi.ToolProvider with
      dev.sonde.engine.cli.SondeTool;
}
