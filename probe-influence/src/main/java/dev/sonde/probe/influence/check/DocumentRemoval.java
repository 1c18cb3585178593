package dev.sonde.probe.influence.check;

import dev.sonde.probe.influence.check.RetrainingSettings.Removals;
import dev.sonde.probe.influence.read.TokenizedText;
import dev.sonde.probe.influence.score.Rankings;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Which documents are removed for a group of queries: as many whatever they are chosen by. */
public final class DocumentRemoval {
  private DocumentRemoval() {}

  /**
   * Neighbouring queries of one kind.
   *
   * @param kind of the queries
   * @param queries their indices
   */
  public record Group(String kind, List<Integer> queries) {}

  /** The groups of each kind, kind by kind. */
  public static List<Group> groups(List<TokenizedText> queries, Removals removals) {
    List<Group> groups = new ArrayList<>();
    int size = removals.queries();
    for (String kind : removals.kinds()) {
      List<Integer> own =
          IntStream.range(0, queries.size())
              .filter(q -> queries.get(q).kind().equals(kind))
              .boxed()
              .toList();
      for (int group = 0; group < removals.groups() && (group + 1) * size <= own.size(); group++) {
        groups.add(new Group(kind, own.subList(group * size, (group + 1) * size)));
      }
    }
    return groups;
  }

  /**
   * What is trained on without the first documents of a group's rankings.
   *
   * @param documents how many there are
   */
  public static BitSet kept(Rankings rankings, Group group, int documents, Removals removals) {
    return withoutTop(
        rankings, group.queries(), documents, removals.documents() * group.queries().size());
  }

  /** All documents but those at the top: the first of each query, then the second, and so on. */
  static BitSet withoutTop(Rankings rankings, List<Integer> group, int documents, int count) {
    BitSet removed = new BitSet();
    int held = rankings.of(group.getFirst()).size();
    for (int rank = 0; rank < held && removed.cardinality() < count; rank++) {
      for (int query : group) {
        if (removed.cardinality() < count) {
          removed.set(rankings.of(query).documents()[rank]);
        }
      }
    }
    return others(removed, documents);
  }

  /** All documents but some at random. */
  static BitSet withoutRandom(int documents, int count, RandomGenerator random) {
    BitSet removed = new BitSet();
    while (removed.cardinality() < Math.min(count, documents)) {
      removed.set(random.nextInt(documents));
    }
    return others(removed, documents);
  }

  private static BitSet others(BitSet removed, int documents) {
    BitSet kept = new BitSet();
    kept.set(0, documents);
    kept.andNot(removed);
    return kept;
  }
}
