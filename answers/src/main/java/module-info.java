import org.jspecify.annotations.NullMarked;

/**
 * What a generated text answers, and whether two answers are equal. A library without dependencies;
 * who uses it carries a copy.
 */
@NullMarked
module dev.sonde.answers {
  requires static org.jspecify;

  exports dev.sonde.answers;
}
