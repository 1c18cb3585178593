/** The plugin my-name. */
module example.myname {
  requires dev.sonde.api;
  requires dev.sonde.statistics;

  provides dev.sonde.api.Plugin with
      example.myname.MyNamePlugin;
}
