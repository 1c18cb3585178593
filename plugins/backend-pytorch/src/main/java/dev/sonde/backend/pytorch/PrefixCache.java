package dev.sonde.backend.pytorch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Keys and values of token prefixes, and what is known of their tokens' log-probabilities, kept
 * across requests as a tree whose branches share what they have in common. It holds no more than a
 * number of bytes; what was not used for longest goes first.
 */
final class PrefixCache implements AutoCloseable {
  private final Layout layout;
  private final long mostBytes;
  private final Node root;
  private long bytes;
  private long clock;

  /** What is kept of a token. */
  record Layout(Torch torch, List<MemoryShape> shapes) {
    long bytesPerToken() {
      return shapes.stream().mapToLong(MemoryShape::numbersPerToken).sum() * Float.BYTES;
    }

    KeyValues room(int tokens) {
      return new KeyValues(torch.scope(), shapes, tokens);
    }
  }

  /** A run of tokens behind those of its parents. */
  static final class Node {
    private Optional<Node> parent;
    private final int[] tokens;
    private final Optional<KeyValues> own;
    private final int blocks;
    private final float[] logProbabilities;
    private final List<Node> children = new ArrayList<>();
    private int users;
    private long lastUse;

    private Node(Optional<Node> parent, int[] tokens, Optional<KeyValues> own, int blocks) {
      this.parent = parent;
      this.tokens = tokens;
      this.own = own;
      this.blocks = blocks;
      this.logProbabilities = new float[tokens.length];
      Arrays.fill(logProbabilities, Float.NaN);
    }

    /** The log-probabilities of all tokens to the end of this run, NaN where one is not known. */
    private void copyLogProbabilities(float[] all) {
      parent.ifPresent(before -> before.copyLogProbabilities(all));
      System.arraycopy(logProbabilities, 0, all, end() - tokens.length, tokens.length);
    }

    /** Says the log-probability of a token at a place before the end of this run. */
    void know(int position, float logProbability) {
      int begin = end() - tokens.length;
      if (position >= begin) {
        logProbabilities[position - begin] = logProbability;
      } else {
        parent.ifPresent(before -> before.know(position, logProbability));
      }
    }

    /** How many tokens of the run stand at a place of others. */
    private int common(int[] ids, int from, int limit) {
      int most = Math.min(tokens.length, limit - from);
      int different = Arrays.mismatch(tokens, 0, most, ids, from, from + most);
      return different < 0 ? most : different;
    }

    /** Tokens from the beginning to the end of this run. */
    int end() {
      return tokens.length + parent.map(Node::end).orElse(0);
    }

    /** Keys and values from the beginning to the end of this run. */
    List<KeyValues> keyValues() {
      List<KeyValues> all = new ArrayList<>(parent.map(Node::keyValues).orElse(List.of()));
      own.ifPresent(all::add);
      return all;
    }
  }

  PrefixCache(Layout layout, long mostBytes) {
    this.layout = layout;
    this.mostBytes = mostBytes;
    this.root = new Node(Optional.empty(), new int[0], Optional.empty(), Integer.MAX_VALUE);
  }

  /** Where every prefix begins. */
  Node root() {
    return root;
  }

  /**
   * What is known of the log-probabilities of some tokens, each behind all before it.
   *
   * @param blocks how many blocks must have been run
   * @return one per token, NaN where it is not known
   */
  float[] logProbabilities(int[] ids, int blocks) {
    float[] all = new float[ids.length];
    Arrays.fill(all, Float.NaN);
    longest(ids, ids.length, blocks).copyLogProbabilities(all);
    return all;
  }

  Layout layout() {
    return layout;
  }

  long mostBytes() {
    return mostBytes;
  }

  /**
   * The longest kept prefix of some tokens.
   *
   * @param limit most tokens of it
   * @param blocks how many blocks must have been run
   * @return a node that ends with it; the root where there is none
   */
  Node longest(int[] ids, int limit, int blocks) {
    Node node = root;
    int matched = 0;
    while (matched < limit) {
      int from = matched;
      Optional<Node> best =
          node.children.stream()
              .filter(child -> child.blocks >= blocks)
              .max(Comparator.comparingInt(child -> child.common(ids, from, limit)));
      int common = best.map(child -> child.common(ids, from, limit)).orElse(0);
      if (common == 0) {
        break;
      }
      matched += common;
      if (common < best.get().tokens.length) {
        return touched(split(best.get(), common));
      }
      node = best.get();
    }
    return touched(node);
  }

  private Node touched(Node node) {
    node.lastUse = ++clock;
    node.parent.ifPresent(this::touched);
    return node;
  }

  /** Cuts a run in two; gives the first part. A run in use stays as it is, unshared. */
  private Node split(Node node, int at) {
    Node parent = node.parent.orElseThrow();
    if (node.users > 0) {
      return parent;
    }
    KeyValues whole = node.own.orElseThrow();
    Node head = part(node, Optional.of(parent), 0, at, whole);
    Node tail = part(node, Optional.of(head), at, node.tokens.length, whole);
    parent.children.remove(node);
    parent.children.add(head);
    head.children.add(tail);
    tail.children.addAll(node.children);
    tail.children.forEach(child -> child.parent = Optional.of(tail));
    whole.close();
    return head;
  }

  private Node part(Node node, Optional<Node> parent, int from, int to, KeyValues whole) {
    KeyValues part = layout.room(to - from);
    part.copyFrom(whole, from, to);
    int[] run = Arrays.copyOfRange(node.tokens, from, to);
    Node made = new Node(parent, run, Optional.of(part), node.blocks);
    System.arraycopy(node.logProbabilities, from, made.logProbabilities, 0, to - from);
    made.lastUse = node.lastUse;
    return made;
  }

  /**
   * Keeps a run behind a node; keys and values belong to the cache from then on.
   *
   * @return its node; the parent if there is no room for it
   */
  Node add(Node parent, int[] run, KeyValues keyValues, int blocks) {
    for (Node child : List.copyOf(parent.children)) {
      if (Arrays.equals(child.tokens, run)) {
        if (child.blocks >= blocks) {
          keyValues.close();
          return touched(child);
        }
        if (child.users == 0 && child.children.isEmpty()) {
          remove(child);
        }
      }
    }
    long more = run.length * layout.bytesPerToken();
    evict(mostBytes - more);
    if (bytes + more > mostBytes) {
      keyValues.close();
      return parent;
    }
    Node node = new Node(Optional.of(parent), run, Optional.of(keyValues), blocks);
    parent.children.add(node);
    bytes += more;
    return touched(node);
  }

  /** A node and its parents are in use and stay. */
  void hold(Node node) {
    node.users++;
    node.parent.ifPresent(this::hold);
  }

  /** They are no longer in use. */
  void release(Node node) {
    node.users--;
    node.parent.ifPresent(this::release);
  }

  private void evict(long wanted) {
    while (bytes > wanted) {
      Optional<Node> oldest =
          leaves(root).stream()
              .filter(leaf -> leaf.users == 0)
              .min(Comparator.comparingLong(leaf -> leaf.lastUse));
      if (oldest.isEmpty()) {
        return;
      }
      remove(oldest.get());
    }
  }

  private void remove(Node leaf) {
    leaf.parent.orElseThrow().children.remove(leaf);
    leaf.own.ifPresent(KeyValues::close);
    bytes -= leaf.tokens.length * layout.bytesPerToken();
  }

  private static List<Node> leaves(Node node) {
    List<Node> leaves = new ArrayList<>();
    for (Node child : node.children) {
      leaves.addAll(child.children.isEmpty() ? List.of(child) : leaves(child));
    }
    return leaves;
  }

  /** Forgets everything. */
  void clear() {
    evict(0);
  }

  @Override
  public void close() {
    clear();
  }
}
