import org.jspecify.annotations.NullMarked;

/**
 * Directions in the residual stream as files of other tools. Translates between the names of hook
 * points and what each file calls them; {@code dev.sonde.formats} reads and writes the bytes.
 */
@NullMarked
module dev.sonde.vectors {
  requires static org.jspecify;
  requires dev.sonde.api;
  requires dev.sonde.formats;

  provides dev.sonde.api.Plugin with
      dev.sonde.vectors.VectorFilesPlugin;
}
