import org.jspecify.annotations.NullMarked;

/** Decoders from Smile. This plugin is GPL-3.0-or-later, because Smile is. */
@NullMarked
module dev.sonde.decoder.smile {
  requires static org.jspecify;
  requires dev.sonde.api;
  requires smile.core;

  provides dev.sonde.api.Plugin with
      dev.sonde.decoder.smile.SmilePlugin;
}
