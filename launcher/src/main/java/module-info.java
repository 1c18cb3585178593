import org.jspecify.annotations.NullMarked;

/**
 * The entry from the command line. It stands in the boot layer beside the api, builds the engine's
 * layer from {@code lib/engine} and runs the tool it finds there; help and version are answered
 * from text made at build time, so that they need no engine.
 */
@NullMarked
module dev.sonde.launcher {
  requires dev.sonde.api;

  uses java.util.spi.ToolProvider;
}
