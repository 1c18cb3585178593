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

  /** Neighbouring queries of one kind, group by group. */
  public static List<List<Integer>> groups(List<TokenizedText> queries, Removals removals) {
    List<Integer> own =
        IntStream.range(0, queries.size())
            .filter(q -> queries.get(q).kind().equals(removals.kind()))
            .boxed()
            .toList();
    List<List<Integer>> groups = new ArrayList<>();
    int size = removals.queries();
    for (int from = 0; from + size <= own.size() && groups.size() < removals.groups(); ) {
      groups.add(own.subList(from, from + size));
      from += size;
    }
    return groups;
  }

  /**
   * Whether retrainings were done without the documents that these rankings put highest for these
   * groups. Else their effects are those of other scores.
   *
   * @param choice of the retrainings
   */
  public static boolean isOf(
      Retrainings retrainings,
      DocumentChoice choice,
      Rankings rankings,
      List<List<Integer>> groups,
      Removals removals) {
    return retrainings.of(choice).stream()
        .allMatch(
            each ->
                each.number() < groups.size()
                    && each.documents()
                        .equals(kept(rankings, groups.get(each.number()), removals)));
  }

  /** What is trained on without a group's highest documents. */
  static BitSet kept(Rankings rankings, List<Integer> group, Removals removals) {
    return withoutTop(rankings, group, removals.documents() * group.size());
  }

  /** All documents but those at the top: the first of each query, then the second, and so on. */
  static BitSet withoutTop(Rankings rankings, List<Integer> group, int count) {
    int documents = rankings.orders().getFirst().length;
    BitSet removed = new BitSet();
    for (int rank = 0; rank < documents && removed.cardinality() < count; rank++) {
      for (int query : group) {
        if (removed.cardinality() < count) {
          removed.set(rankings.orders().get(query)[rank]);
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
