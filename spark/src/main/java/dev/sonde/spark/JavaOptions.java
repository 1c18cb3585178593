package dev.sonde.spark;

import org.apache.spark.launcher.JavaModuleOptions;

/** Prints the options that Spark wants of a Java virtual machine, for the start script. */
public final class JavaOptions {
  private JavaOptions() {}

  /** Prints them on one line. */
  public static void main(String[] arguments) {
    System.out.println(JavaModuleOptions.defaultModuleOptions());
  }
}
