package dev.sonde.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How firmly a type or package stands. A type without its own mark has that of its package.
 *
 * <p>Before 1.0 a breaking change raises the minor version; afterwards it raises the major version
 * for stable types.
 */
@Documented
@ApiStatus(ApiStatus.Level.STABLE)
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.PACKAGE})
public @interface ApiStatus {
  /** The promise that is made. */
  Level value();

  /** How much may change under a plugin. */
  enum Level {
    /** Kept compatible within a major version. */
    STABLE,
    /** May change in any minor version. */
    EXPERIMENTAL
  }
}
