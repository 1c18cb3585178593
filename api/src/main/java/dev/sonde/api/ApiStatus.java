package dev.sonde.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How firmly a type stands, and since when. Every public type has a mark; a nested one that has none
 * has that of the type around it. What a stable type names in its signatures is stable too.
 *
 * <p>Before 1.0 a breaking change raises the minor version; afterwards it raises the major version
 * for stable types.
 */
@Documented
@ApiStatus(value = ApiStatus.Level.STABLE, since = "0.1")
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface ApiStatus {
  /** The promise that is made. */
  Level value();

  /** The version of the api, as {@code major.minor}, that had it first. */
  String since();

  /** How much may change under a plugin. */
  enum Level {
    /** Kept compatible within a major version; before 1.0, changed only with a reason. */
    STABLE,
    /** May change in any minor version. */
    EXPERIMENTAL,
    /** Public for the engine's sake; plugins do not use it. */
    INTERNAL
  }
}
