import org.jspecify.annotations.NullMarked;

/**
 * Extracts the answer from a generated text and decides whether two answers are equal. A library
 * without dependencies; each user carries its own copy.
 */
@NullMarked
module dev.sonde.answers {
  requires static org.jspecify;

  exports dev.sonde.answers;
}
