import org.jspecify.annotations.NullMarked;

/**
 * Contract tests for plugin authors: extend one of the abstract classes and say how your extension
 * is created, and JUnit runs the contract against it.
 */
@NullMarked
module dev.sonde.testkit {
  requires static transitive org.jspecify;
  requires transitive dev.sonde.api;
  requires transitive org.assertj.core;
  requires transitive org.junit.jupiter.api;
  requires transitive org.junit.jupiter.params;
  requires dev.sonde.formats;

  exports dev.sonde.testkit;

  opens dev.sonde.testkit;
}
