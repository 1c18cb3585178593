import org.jspecify.annotations.NullMarked;

/**
 * The entry point of the command line. It is in the boot layer, beside the api. It builds the
 * engine's layer from {@code lib/engine} and runs the tool it finds there. Help and version come
 * from text written at build time, so they need no engine.
 */
@NullMarked
module dev.sonde.launcher {
  requires dev.sonde.api;

  uses java.util.spi.ToolProvider;
}
