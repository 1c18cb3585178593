package dev.sonde.formats.hub;

import dev.sonde.formats.hub.HubException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The one file that a reference names. */
record OneFile(String file) implements WantedFiles {
  @Override
  public List<String> choose(HubReference reference, Listing listing) {
    if (!listing.files().contains(file)) {
      throw new HubException(
          Reason.MISSING,
          reference,
          "the repository has no such file; it has "
              + Listing.some(
                  listing.files().stream().filter(f -> !HubReference.pickled(f)).toList()));
    }
    return List.of(file);
  }

  @Override
  public List<String> namedBy(Path snapshot) {
    return List.of();
  }

  @Override
  public List<String> lacking(Path snapshot) {
    return Files.exists(snapshot.resolve(file)) ? List.of() : List.of(file);
  }

  @Override
  public List<String> optional() {
    return List.of();
  }
}
