package dev.sonde.backend.pytorch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keys and values of token prefixes, kept across requests as a tree whose branches share what they
 * have in common. It holds no more than a number of bytes; what was not used for longest goes
 * first.
 */
final class PrefixCache implements AutoCloseable {
  private final Layout layout;
  private final long mostBytes;
  private final Node root;
  private long bytes;
  private long clock;

  /** What keys and values of a token look like. */
  record Layout(Torch torch, int layers, int keyValueHeads, int headWidth) {
    long bytesPerToken() {
      return 2L * layers * keyValueHeads * headWidth * Float.BYTES;
    }

    KeyValues room(int tokens) {
      return new KeyValues(torch.scope(), layers, tokens, keyValueHeads, headWidth);
    }
  }

  /** A run of tokens behind those of its parents. */
  static final class Node {
    private Optional<Node> parent;
    private final int[] tokens;
    private final Optional<KeyValues> own;
    private final int blocks;
    private final Map<Integer, Node> children = new HashMap<>();
    private int users;
    private long lastUse;

    private Node(Optional<Node> parent, int[] tokens, Optional<KeyValues> own, int blocks) {
      this.parent = parent;
      this.tokens = tokens;
      this.own = own;
      this.blocks = blocks;
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
      Node child = node.children.get(ids[matched]);
      if (child == null || child.blocks < blocks) {
        break;
      }
      int most = Math.min(child.tokens.length, limit - matched);
      int common = 0;
      while (common < most && child.tokens[common] == ids[matched + common]) {
        common++;
      }
      matched += common;
      if (common < child.tokens.length) {
        return touched(common == 0 ? node : split(child, common));
      }
      node = child;
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
    parent.children.put(head.tokens[0], head);
    head.children.put(tail.tokens[0], tail);
    tail.children.putAll(node.children);
    tail.children.values().forEach(child -> child.parent = Optional.of(tail));
    whole.close();
    return head;
  }

  private Node part(Node node, Optional<Node> parent, int from, int to, KeyValues whole) {
    KeyValues part = layout.room(to - from);
    part.copyFrom(whole, from, to);
    int[] run = Arrays.copyOfRange(node.tokens, from, to);
    Node made = new Node(parent, run, Optional.of(part), node.blocks);
    made.lastUse = node.lastUse;
    return made;
  }

  /**
   * Keeps a run behind a node; keys and values belong to the cache from then on.
   *
   * @return its node, or the parent if there is something under those tokens or no room for it
   */
  Node add(Node parent, int[] run, KeyValues keyValues, int blocks) {
    long more = run.length * layout.bytesPerToken();
    Node before = parent.children.get(run[0]);
    if (before != null
        && before.users == 0
        && before.children.isEmpty()
        && before.blocks < blocks) {
      remove(before);
    }
    evict(mostBytes - more);
    if (parent.children.containsKey(run[0]) || bytes + more > mostBytes) {
      keyValues.close();
      return parent;
    }
    Node node = new Node(Optional.of(parent), run, Optional.of(keyValues), blocks);
    parent.children.put(run[0], node);
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
    leaf.parent.orElseThrow().children.remove(leaf.tokens[0]);
    leaf.own.ifPresent(KeyValues::close);
    bytes -= leaf.tokens.length * layout.bytesPerToken();
  }

  private static List<Node> leaves(Node node) {
    List<Node> leaves = new ArrayList<>();
    for (Node child : node.children.values()) {
      leaves.addAll(child.children.isEmpty() ? List.of(child) : leaves(child));
    }
    return leaves;
  }

  /** Bytes that are held. */
  long bytes() {
    return bytes;
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
