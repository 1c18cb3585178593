package dev.sonde.formats.hub;

import dev.sonde.formats.hub.HubException.Reason;
import java.net.URI;

/** What a final answer of the hub means for the user. */
final class Refusal {
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;

  private Refusal() {}

  /**
   * The exception for an answer.
   *
   * @param code the hub's {@code X-Error-Code}, or empty
   */
  static HubException of(
      HubReference reference, URI endpoint, boolean withToken, int status, String code) {
    return switch (status) {
      case UNAUTHORIZED, FORBIDDEN ->
          new HubException(
              Reason.ACCESS, reference, access(reference, endpoint, withToken, status));
      case NOT_FOUND ->
          new HubException(Reason.MISSING, reference, missing(reference, endpoint, code));
      default ->
          new HubException(
              Reason.UNREACHABLE,
              reference,
              "the hub at %s answered %d; see whether HF_ENDPOINT is right"
                  .formatted(endpoint, status));
    };
  }

  private static String access(
      HubReference reference, URI endpoint, boolean withToken, int status) {
    String page = endpoint + "/" + reference.webPath();
    return withToken
        ? """
        the hub answered %d to the given token; accept the terms at %s with its account, or \
        set HF_TOKEN to one that may read it\
        """
            .formatted(status, page)
        : """
        the hub answered %d without a token: the repository is gated or private, or there is \
        none of that name; accept its terms at %s and set HF_TOKEN\
        """
            .formatted(status, page);
  }

  private static String missing(HubReference reference, URI endpoint, String code) {
    String revision = "revision '" + reference.revision() + "'";
    String what =
        switch (code) {
          case "RepoNotFound" -> "repository '" + reference.webPath() + "'";
          case "RevisionNotFound" -> revision + " of '" + reference.webPath() + "'";
          case "EntryNotFound" -> "file '" + reference.file().orElse("") + "' at " + revision;
          default -> "'" + reference.webPath() + "', or not its " + revision;
        };
    return "the hub at %s has no %s; see whether it is spelled as on its page"
        .formatted(endpoint, what);
  }
}
