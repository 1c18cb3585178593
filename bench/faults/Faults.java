import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tries faults, each kind COUNT times, and prints what held; see ../README.md. A try that is in the table is not tried again, so
 * that a long night can be interrupted.
 */
public final class Faults {
  private Faults() {}

  /** One try of a kind. */
  interface Kind {
    /**
     * Tries once.
     *
     * @param number of the try; all chance follows from it
     * @return nothing if it held, else what was lost
     */
    String attempt(int number) throws Exception;
  }

  public static void main(String[] args) throws Exception {
    Path home = Path.of(args[0]).toAbsolutePath();
    Path folder = Files.createDirectories(Path.of(args[1]).toAbsolutePath());
    int count = Integer.parseInt(args[2]);
    List<String> asked = List.of(args).subList(3, args.length);
    Runs runs = new Runs(home, folder);
    Map<String, Kind> kinds = new LinkedHashMap<>();
    for (String experiment : Runs.SHORT.keySet()) {
      kinds.put("kill." + experiment, number -> Interruptions.killed(runs, experiment, number));
      kinds.put("signal." + experiment, number -> Interruptions.signalled(runs, experiment, number));
    }
    kinds.put("flip.finished", number -> Flips.finished(runs, number));
    kinds.put("flip.store", number -> Flips.store(runs, number));
    kinds.put("flip.resumed", number -> Flips.resumed(runs, number));
    kinds.put("flip.stored", number -> Flips.stored(runs, number));
    kinds.put("limit.file-size", number -> Limits.fileSize(runs, number));
    kinds.put("limit.read-only", number -> Limits.readOnly(runs, number));
    kinds.put("limit.vanishing", number -> Limits.vanishing(runs, number));
    Path table = folder.resolve("faults.tsv");
    Map<String, List<String>> found = read(table);
    for (Map.Entry<String, Kind> kind : kinds.entrySet()) {
      if (!asked.isEmpty() && asked.stream().noneMatch(name -> kind.getKey().startsWith(name))) {
        continue;
      }
      List<String> results = found.computeIfAbsent(kind.getKey(), key -> new ArrayList<>());
      while (results.size() < count) {
        int number = results.size();
        String lost = kind.getValue().attempt(number);
        results.add(lost);
        Files.writeString(
            table,
            "%s\t%d\t%s%n".formatted(kind.getKey(), number, lost.isEmpty() ? "held" : lost.replaceAll("\\s+", " ")),
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
        if (!lost.isEmpty()) {
          System.err.printf("%s %d: %s%n", kind.getKey(), number, lost);
        }
      }
    }
    System.out.println("| kind | tried | held | lost |");
    System.out.println("|---|---|---|---|");
    boolean sound = true;
    for (Map.Entry<String, List<String>> kind : found.entrySet()) {
      long held = kind.getValue().stream().filter(String::isEmpty).count();
      long lost = kind.getValue().size() - held;
      sound &= lost == 0;
      System.out.printf("| %s | %d | %d | %d |%n", kind.getKey(), kind.getValue().size(), held, lost);
    }
    System.exit(sound ? 0 : 1);
  }

  private static Map<String, List<String>> read(Path table) throws IOException {
    Map<String, List<String>> found = new LinkedHashMap<>();
    if (Files.exists(table)) {
      for (String line : Files.readAllLines(table)) {
        String[] cells = line.split("\t", 3);
        if (cells.length == 3) { // the last line may be torn
          found.computeIfAbsent(cells[0], key -> new ArrayList<>()).add(cells[2].equals("held") ? "" : cells[2]);
        }
      }
    }
    return found;
  }
}
