import org.jspecify.annotations.NullMarked;

/**
 * The engine: runs experiments with the plugins it finds. Data flows one way through its packages:
 *
 * <pre>
 * plugin      finds plugins, loads each into its own layer
 * host        the engine's folders and the machine's memory
 * experiment  the experiment file, checked
 * linalg      dense linear algebra, for runs without a native provider
 * data        rows become studies
 * model       a backend and its tokenizer, opened
 * pass        a model on a data set, and what is read
 * shard       rows of a pass, or a part of a probe's work, as data
 * worker      shards computed by other processes
 * store       activations on disk; captures what is missing
 * plan        what a run would take, and whether this machine has it
 * evaluate    cross-validation and controls
 * fitted      decoders, and saved probes as files
 * report      report.json, .md, .html
 * score       saved probes on texts
 * tools       what is done with a model outside runs
 * run         one run: set up, capture, probes, report, journal
 * cli         the command line
 * </pre>
 *
 * Programs that embed Sonde use only the exported facade package.
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
  requires dev.sonde.trials;
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
