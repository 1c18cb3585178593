/** The plugin my-name. */
module example.myname {
  requires dev.sonde.api;

  provides dev.sonde.api.Plugin with
      example.myname.MyNamePlugin;
}
