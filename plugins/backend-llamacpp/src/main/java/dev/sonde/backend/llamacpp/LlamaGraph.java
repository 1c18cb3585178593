package dev.sonde.backend.llamacpp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The nodes that llama.cpp computes for a few tokens, in their order, with what each is computed
 * from. Nodes are known again in later passes by a key: their name and how often it came before, or
 * how far behind a named node they stand.
 */
final class LlamaGraph {
  /** Operations that leave the numbers and their order as they are. */
  private static final Set<String> VIEWS =
      Set.of("VIEW", "RESHAPE", "CONT", "PERMUTE", "TRANSPOSE");

  /** How ggml names what the model's author did not. */
  private static final String UNNAMED = "node_";

  /** The input that says which tokens are outputs. */
  private static final String OUTPUTS = "out_ids";

  /** How ggml names what it copies to another device: by the device, the name and a number. */
  private static final Pattern COPY = Pattern.compile("[^#]+#(.+)#\\d+");

  private final List<Entry> entries = new ArrayList<>();
  private final Map<Long, Entry> byAddress = new HashMap<>();
  private final Map<Long, List<Entry>> readers = new HashMap<>();

  /**
   * A node.
   *
   * @param key by which it is known again
   * @param operation as ggml names it
   * @param sources what it is computed from, with names of weights and inputs
   * @param elements how many numbers it has
   * @param offset of a view, in bytes
   * @param parameters the first two of its operation, as real numbers
   */
  record Entry(
      String key,
      String name,
      String operation,
      long address,
      List<Source> sources,
      long elements,
      long offset,
      List<Float> parameters) {
    boolean is(String wanted) {
      return operation.equals(wanted);
    }
  }

  /** What a node is computed from. */
  record Source(long address, String name) {
    boolean isWeight() {
      return name.endsWith(".weight") || name.endsWith(".bias") || name.endsWith(".scale");
    }
  }

  /** Gives every node of a pass its key. */
  static final class Keys {
    private final Map<String, Integer> seen = new HashMap<>();
    private String last = "";
    private int distance;

    /** The key of the next node. */
    String next(String name) {
      if (name.startsWith(UNNAMED)) {
        distance++;
        return last + "+" + distance;
      }
      int occurrence = seen.merge(name, 1, Integer::sum);
      last = occurrence == 1 ? name : name + "#" + occurrence;
      distance = 0;
      return last;
    }
  }

  /** Notes every node of one pass. */
  final class Recorder implements LlamaContext.Tap {
    private final LlamaLibrary library;
    private final Keys keys = new Keys();

    Recorder(LlamaLibrary library) {
      this.library = library;
    }

    @Override
    public boolean wants(GraphNode node) {
      List<Source> sources =
          node.sources().stream()
              .map(at -> new Source(at, original(GraphNode.at(at).name())))
              .toList();
      String name = node.name();
      add(
          new Entry(
              keys.next(name),
              name,
              library.operation(node.struct()),
              node.address(),
              sources,
              node.elements(),
              node.offset(),
              List.of(node.parameter(0), node.parameter(1))));
      return false;
    }

    @Override
    public boolean take(GraphNode node) {
      return true;
    }
  }

  /** Adds a node behind the others. */
  void add(Entry entry) {
    entries.add(entry);
    byAddress.put(entry.address(), entry);
    for (Source source : entry.sources()) {
      readers.computeIfAbsent(source.address(), a -> new ArrayList<>()).add(entry);
    }
  }

  List<Entry> entries() {
    return entries;
  }

  /** The first node of a name. */
  Optional<Entry> named(String name) {
    return entries.stream().filter(entry -> entry.name().equals(name)).findFirst();
  }

  /** The node that a source is. */
  Optional<Entry> source(Entry entry, int index) {
    return index < entry.sources().size()
        ? Optional.ofNullable(byAddress.get(entry.sources().get(index).address()))
        : Optional.empty();
  }

  /** The product with a weight. */
  Optional<Entry> product(String weight) {
    return entries.stream()
        .filter(entry -> entry.is("MUL_MAT") && entry.sources().getFirst().name().equals(weight))
        .findFirst();
  }

  /** The product with a weight, plus its bias where there is one. */
  Optional<Entry> biased(String weight) {
    return product(weight)
        .map(product -> onlyReader(product).filter(LlamaGraph::addsWeight).orElse(product));
  }

  static boolean addsWeight(Entry entry) {
    return entry.is("ADD") && entry.sources().getLast().name().endsWith(".bias");
  }

  /** Whoever reads a node, views of it looked through. */
  List<Entry> readers(Entry entry) {
    return readers.getOrDefault(entry.address(), List.of());
  }

  Optional<Entry> onlyReader(Entry entry) {
    List<Entry> all = readers(entry);
    return all.size() == 1 ? Optional.of(all.getFirst()) : Optional.empty();
  }

  static boolean isView(Entry entry) {
    return VIEWS.contains(entry.operation());
  }

  /** Whether a node makes of one activation another, with weights or numbers alone. */
  static boolean isOwn(Entry entry) {
    return switch (entry.operation()) {
      case "RMS_NORM", "NORM", "L2_NORM", "SCALE", "CLAMP" -> true;
      case "ADD", "MUL", "DIV" -> entry.sources().stream().anyMatch(Source::isWeight);
      default -> isView(entry);
    };
  }

  /**
   * The way of an activation as long as it is alone.
   *
   * @return the node and those behind it that have it as their only activation
   */
  List<Entry> way(Entry from) {
    List<Entry> way = new ArrayList<>(List.of(from));
    Optional<Entry> next = onlyReader(from);
    while (next.isPresent() && (isOwn(next.get()) || choosesOutputs(next.get()))) {
      way.add(next.get());
      next = onlyReader(next.get());
    }
    return way;
  }

  /** The name of what a copy on another device was copied from; other names as they are. */
  static String original(String name) {
    Matcher copy = COPY.matcher(name);
    return copy.matches() ? copy.group(1) : name;
  }

  /** Whether a node chooses the tokens that are outputs. */
  static boolean choosesOutputs(Entry entry) {
    return entry.is("GET_ROWS") && entry.sources().getLast().name().equals(OUTPUTS);
  }

  /** Whether something is added to a node, or its outputs are chosen: it is the stream. */
  private boolean isStream(Entry entry) {
    return readers(entry).stream().anyMatch(e -> choosesOutputs(e) || (e.is("ADD") && !isOwn(e)));
  }

  /** The stream that an activation is made of, norms and views before it looked through. */
  Entry origin(Entry entry) {
    Entry at = entry;
    Optional<Entry> before = activation(at);
    while (before.isPresent() && isOwn(at) && !isStream(at)) {
      at = before.get();
      before = activation(at);
    }
    return at;
  }

  /** The one source that is a node. */
  private Optional<Entry> activation(Entry entry) {
    List<Entry> nodes =
        entry.sources().stream()
            .map(source -> byAddress.get(source.address()))
            .filter(java.util.Objects::nonNull)
            .toList();
    return nodes.isEmpty() ? Optional.empty() : Optional.of(nodes.getFirst());
  }
}
