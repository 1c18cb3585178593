package dev.sonde.formats.hub;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.hub.HubException.Reason;
import dev.sonde.formats.json.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What is in a commit: the names of all its files. */
record Listing(String commit, List<String> files) {
  private static final int MOST_NAMED = 20;
  private static final long TREE_VERSION = 1;

  /** Reads the answer to {@code /api/models/org/name/revision/main}. */
  static Listing read(HubReference reference, byte[] json) {
    Map<String, Object> answer;
    try {
      answer = Json.object(Path.of(reference.apiPath()), json);
    } catch (FormatException e) {
      throw strange(reference, String.valueOf(e.getMessage()));
    }
    if (!(answer.get("sha") instanceof String commit) || !HubReference.isCommit(commit)) {
      throw strange(reference, "it names no commit (sha)");
    }
    if (!(answer.get("siblings") instanceof List<?> siblings)) {
      throw strange(reference, "it lists no files (siblings)");
    }
    List<String> files =
        siblings.stream()
            .map(file -> file instanceof Map<?, ?> fields ? fields.get("rfilename") : file)
            .map(String::valueOf)
            .toList();
    return new Listing(commit, files);
  }

  /** Reads what huggingface_hub notes of a commit; empty if it is of a form that is not known. */
  static Optional<Listing> ofTree(String commit, Map<String, Object> tree) {
    return Objects.equals(tree.get("format_version"), TREE_VERSION)
            && tree.get("files") instanceof Map<?, ?> files
        ? Optional.of(new Listing(commit, files.keySet().stream().map(String::valueOf).toList()))
        : Optional.empty();
  }

  /** Names for a message: not all of hundreds. */
  static String some(List<String> names) {
    int more = names.size() - MOST_NAMED;
    return String.join(", ", names.subList(0, Math.min(MOST_NAMED, names.size())))
        + (more > 0 ? " and %d more".formatted(more) : "");
  }

  private static HubException strange(HubReference reference, String problem) {
    return new HubException(
        Reason.UNREACHABLE,
        reference,
        """
        the answer is not one of a hub: %s; see whether HF_ENDPOINT is right and whether \
        the network wants a log-in first\
        """
            .formatted(problem));
  }
}
