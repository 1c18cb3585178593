import org.jspecify.annotations.NullMarked;

/** A backend that asks a server; an example that uses the api and the JDK alone. */
@NullMarked
module dev.sonde.backend.http {
  requires static org.jspecify;
  requires dev.sonde.api;
  requires java.net.http;

  provides dev.sonde.api.Plugin with
      dev.sonde.backend.http.HttpPlugin;
}
