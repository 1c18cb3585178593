package dev.sonde.probe.influence;

import dev.sonde.api.probe.Inputs;
import dev.sonde.api.probe.Needs;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is to be done: texts as tokens, linears, and what that takes.
 *
 * @param queries whose completions are explained
 * @param documents that are scored
 * @param fitted the documents that curvature is fitted on
 * @param linears whose weights gradients are taken of
 * @param demand what it takes
 * @param remarks what was left out or cut
 */
record Work(
    List<Item> queries,
    List<Item> documents,
    List<Item> fitted,
    List<Linear> linears,
    Demand demand,
    List<String> remarks) {

  static Work of(Inputs inputs, InfluenceSettings settings) {
    InfluenceSettings.Parameters of = settings.parameters();
    List<Linear> linears = Linear.of(inputs.model().info(), of.blocks(), of.linears(), of.layers());
    Reading reading = new Reading(inputs.model(), settings.sources());
    List<Item> queries = reading.queries(inputs.study(settings.sources().queries()));
    List<Item> documents = reading.documents(inputs.study(settings.sources().documents()));
    List<Item> fitted = evenly(documents, settings.fit());
    boolean scoredTogether =
        fitted.size() == documents.size() && documents.size() <= settings.shard();
    Demand demand =
        Demand.of(
            inputs.model().info(),
            linears,
            settings,
            queries.size(),
            documents.size(),
            tokens(fitted),
            scoredTogether);
    return new Work(queries, documents, fitted, linears, demand, reading.remarks());
  }

  /** So many items at even distances. */
  private static List<Item> evenly(List<Item> items, int most) {
    if (items.size() <= most) {
      return items;
    }
    List<Item> chosen = new ArrayList<>();
    for (long i = 0; i < most; i++) {
      chosen.add(items.get((int) (i * items.size() / most)));
    }
    return chosen;
  }

  Needs needs(InfluenceSettings settings) {
    return demand.needs(settings, tokens(fitted), tokens(documents), tokens(queries));
  }

  /** Whose rows on the fitted documents are computed together and kept. */
  List<Labels> kept(Labels labels) {
    return Stream.of(labels, Labels.DATA).distinct().limit(demand.kept()).toList();
  }

  private static long tokens(List<Item> items) {
    return items.stream().mapToLong(item -> item.tokens().length).sum();
  }

  /** The documents that curvature is fitted on, in so many parts. */
  List<List<Item>> partitions(int most) {
    int count = Math.min(most, fitted.size());
    List<List<Item>> partitions = new ArrayList<>();
    for (long part = 0; part < count; part++) {
      partitions.add(
          fitted.subList(
              (int) (part * fitted.size() / count), (int) ((part + 1) * fitted.size() / count)));
    }
    return partitions;
  }
}
