package dev.sonde.engine.plugin;

/** The steps of loading a plugin, in order. */
public enum Stage {
  /** The folder's jars are listed and read. */
  SCAN,
  /** The entry jar is found among them. */
  DESCRIBE,
  /** The api version it was compiled against is compared with ours. */
  VERSION,
  /** Its jars, and its wish for native access, are compared with what was accepted. */
  TRUST,
  /** Its modules are resolved. */
  RESOLVE,
  /** Its layer is defined. */
  LINK,
  /** Its provider is constructed. */
  INSTANTIATE,
  /** Its id and the names it offers are checked. */
  REGISTER
}
