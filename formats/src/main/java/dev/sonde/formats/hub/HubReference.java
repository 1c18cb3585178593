package dev.sonde.formats.hub;

import dev.sonde.formats.hub.HubException.Reason;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A model on the hub, {@code hf:org/name@revision}, or one file of it, {@code
 * hf:org/name/folder/file.gguf@revision}; a data set, {@code hf:datasets/org/name@revision}, or one
 * table of it, {@code hf:datasets/org/name/data/train@revision}.
 *
 * @param kind model or data set
 * @param repository {@code org/name}, or the bare {@code name} of the oldest models
 * @param file a file in it, of a data set also what the names of a table's files begin with; empty
 *     for what a model folder needs, or the only table
 * @param revision a branch, a tag or a commit
 */
public record HubReference(Kind kind, String repository, Optional<String> file, String revision) {
  /** What references begin with. */
  public static final String PREFIX = "hf:";

  private static final String DEFAULT_REVISION = "main";
  private static final String FORM =
      "write hf:org/name, hf:org/name@revision or hf:org/name/file.gguf@revision";
  // The hub's own rules for names: at most 96 characters, none of them odd at either end.
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?");
  private static final Pattern PART = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+=-]*");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
  private static final Set<String> PICKLED = Set.of("bin", "pt", "pth", "pkl", "pickle", "ckpt");

  /** Kinds of repositories. */
  public enum Kind {
    /** A model. */
    MODEL("models", ""),
    /** A data set. */
    DATASET("datasets", "datasets/");

    private final String plural;
    private final String prefix;

    Kind(String plural, String prefix) {
      this.plural = plural;
      this.prefix = prefix;
    }
  }

  /**
   * A reference of checked parts.
   *
   * @throws HubException ({@link Reason#INPUT}) if a part is not well formed, or is a pickle
   */
  public HubReference {
    List<String> names = List.of(repository.split("/", -1));
    check(repository, "repository", names.size() <= 2 && names.stream().allMatch(n -> name(n)));
    file.ifPresent(f -> check(f, "file", parts(f)));
    check(revision, "revision", parts(revision) && !revision.endsWith(".lock"));
    if (file.isPresent() && pickled(file.get())) {
      throw new HubException(
          Reason.INPUT,
          PREFIX + kind.prefix + repository + "/" + file.get(),
          "is a pickle, which can run code and is never read; name a .safetensors or .gguf file");
    }
  }

  /**
   * Reads a reference; the revision is {@code main} where none is given.
   *
   * @throws HubException ({@link Reason#INPUT}) saying which part is not well formed
   */
  public static HubReference parse(String text) {
    if (!text.startsWith(PREFIX)) {
      throw new HubException(Reason.INPUT, quoted(text), "does not begin with hf:; " + FORM);
    }
    String rest = text.substring(PREFIX.length());
    int at = rest.indexOf('@');
    String revision = at < 0 ? DEFAULT_REVISION : rest.substring(at + 1);
    String path = at < 0 ? rest : rest.substring(0, at);
    Kind kind = path.startsWith(Kind.DATASET.prefix) ? Kind.DATASET : Kind.MODEL;
    String[] parts = path.substring(kind.prefix.length()).split("/", -1);
    int names = Math.min(parts.length, 2);
    String repository = String.join("/", Arrays.copyOf(parts, names));
    Optional<String> file =
        parts.length == names
            ? Optional.empty()
            : Optional.of(String.join("/", Arrays.copyOfRange(parts, names, parts.length)));
    return new HubReference(kind, repository, file, revision);
  }

  /** The same repository and file at another revision. */
  public HubReference at(String otherRevision) {
    return new HubReference(kind, repository, file, otherRevision);
  }

  /** The same repository and revision with another file. */
  HubReference file(String otherFile) {
    return new HubReference(kind, repository, Optional.of(otherFile), revision);
  }

  /** Whether the revision is a whole commit, which never changes. */
  public boolean isCommit() {
    return isCommit(revision);
  }

  static boolean isCommit(String text) {
    return COMMIT.matcher(text).matches();
  }

  /** Whether a file of that name is one that Python unpickles. */
  static boolean pickled(String file) {
    int dot = file.lastIndexOf('.');
    return dot >= 0 && PICKLED.contains(file.substring(dot + 1).toLowerCase(Locale.ROOT));
  }

  /** Where the hub's web pages and files of the repository are, without a leading slash. */
  String webPath() {
    return kind.prefix + repository;
  }

  /** Where the hub's API has the repository, without a leading slash. */
  String apiPath() {
    return "api/" + kind.plural + "/" + repository;
  }

  /** The repository's folder in a cache. */
  String folderName() {
    return kind.plural + "--" + repository.replace("/", "--");
  }

  /** The reference as it is written, always with its revision. */
  @Override
  public String toString() {
    return file.map(this::naming).orElseGet(() -> PREFIX + webPath() + "@" + revision);
  }

  /**
   * How a reference to a file of this revision is written, whether or not the file is well named.
   */
  String naming(String someFile) {
    return PREFIX + webPath() + "/" + someFile + "@" + revision;
  }

  private static boolean name(String text) {
    return NAME.matcher(text).matches()
        && !text.contains("--")
        && !text.contains("..")
        && !text.endsWith(".git");
  }

  private static boolean parts(String text) {
    return !text.contains("..")
        && Arrays.stream(text.split("/", -1)).allMatch(part -> PART.matcher(part).matches());
  }

  private static void check(String text, String part, boolean fine) {
    if (!fine) {
      throw new HubException(
          Reason.INPUT, quoted(text), "is not the %s of a hub reference; %s".formatted(part, FORM));
    }
  }

  private static String quoted(String text) {
    return "'" + text + "'";
  }
}
