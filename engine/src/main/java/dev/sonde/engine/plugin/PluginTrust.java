package dev.sonde.engine.plugin;

import dev.sonde.api.InvalidInputException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether a plugin may be loaded. The distribution trusts its own plugins. Those in the user's
 * folder are pinned when they are first seen, those of other folders once they were accepted.
 *
 * @param id its folder's name
 * @param folder where it is
 * @param origin see {@link LoadedPlugin#origin()}
 */
record PluginTrust(String id, Path folder, String origin) {
  /** Refuses what was not accepted, and native libraries that were not allowed. */
  void require(Optional<String> natives) throws PluginFailure {
    if (origin.equals(PluginLoader.BUNDLED)) {
      return;
    }
    PluginLock lock;
    try {
      lock = PluginLock.beside(folder);
      requireJars(lock);
    } catch (InvalidInputException e) {
      throw new PluginFailure(
          Stage.TRUST, String.valueOf(e.getMessage()), "check " + folder.resolveSibling(""));
    }
    if (natives.isPresent() && !lock.allowsNatives(id)) {
      throw new PluginFailure(
          Stage.TRUST,
          "it wants to load native libraries ('%s'), which can do anything"
              .formatted(natives.get()),
          "if you trust it: sonde plugins --allow-native " + id + named());
    }
  }

  private void requireJars(PluginLock lock) throws PluginFailure {
    Map<String, String> accepted = lock.jars(id);
    if (!accepted.isEmpty()) {
      requireSame(id + named(), accepted, PluginLock.hashes(folder), lock);
    } else if (origin.equals(PluginLoader.USER) && lock.isWritable()) {
      lock.accept(id, PluginLock.hashes(folder));
    }
  }

  /** How a command names the folder of a plugin that it would not find by itself. */
  private String named() {
    return origin.equals(PluginLoader.GIVEN) ? " --plugin-dir " + folder.resolveSibling("") : "";
  }

  private static void requireSame(
      String id, Map<String, String> accepted, Map<String, String> found, PluginLock lock)
      throws PluginFailure {
    Set<String> all = new TreeSet<>(accepted.keySet());
    all.addAll(found.keySet());
    for (String jar : all) {
      String before = accepted.getOrDefault(jar, "");
      String now = found.getOrDefault(jar, "");
      if (!before.equals(now)) {
        String what = before.isEmpty() ? "is new" : now.isEmpty() ? "is gone" : "has changed";
        throw new PluginFailure(
            Stage.TRUST,
            "%s %s since it was accepted in %s".formatted(jar, what, lock.file()),
            "if that is as it should be: sonde plugins --accept " + id);
      }
    }
  }
}
