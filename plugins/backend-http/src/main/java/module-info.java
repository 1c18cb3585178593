import org.jspecify.annotations.NullMarked;

/** A backend that talks to a server in the written form of the library {@code wire}. */
@NullMarked
module dev.sonde.backend.http {
  requires static org.jspecify;
  requires dev.sonde.api;
  requires dev.sonde.packing;
  requires dev.sonde.wire;
  requires java.net.http;

  provides dev.sonde.api.Plugin with
      dev.sonde.backend.http.HttpPlugin;
}
