package dev.sonde.engine.run;

import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Read;
import dev.sonde.engine.model.OpenModel;
import dev.sonde.engine.plan.Cost;
import dev.sonde.engine.plan.Memory;
import dev.sonde.engine.plan.Plan;
import dev.sonde.engine.plan.Quantity;
import dev.sonde.engine.store.ActivationStore;
import dev.sonde.engine.store.Capture;
import dev.sonde.engine.store.RowLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;

/**
 * What a run will take, before it takes it.
 *
 * @param plan the passes of a model over a data set
 * @param cost of those that are not stored yet
 * @param memory per probe
 * @param own what probes do themselves, beside the passes
 * @param store the store's folder
 * @param out the run folder
 */
record Forecast(Plan plan, Cost cost, List<Memory> memory, Own own, Path store, Path out) {
  /** report.json, .md and .html, the manifest and the journal of one probe. */
  private static final long REPORT_BYTES = 4L << 20;

  private static final double GIGA = 1e9;

  /**
   * What probes do themselves.
   *
   * @param tokens that they run through the model, at most
   * @param backward tokens that they run backward, at most
   * @param disk bytes that they write into the run's folder
   * @param remarks sentences about their work
   */
  record Own(long tokens, long backward, long disk, List<String> remarks) {
    static final Own NONE = new Own(0, 0, 0, List.of());

    static Own of(List<Preparation.ReadyProbe> probes) {
      return new Own(
          probes.stream().mapToLong(probe -> probe.needs().tokens()).sum(),
          probes.stream().mapToLong(probe -> probe.needs().backward()).sum(),
          probes.stream().mapToLong(probe -> probe.needs().disk()).sum(),
          probes.stream()
              .flatMap(p -> p.needs().remarks().stream().map(r -> p.name() + ": " + r))
              .toList());
    }

    /** What is run through another model beside it. */
    Own beside() {
      return new Own(tokens, backward, 0, List.of());
    }

    /** Two for each parameter and token in either direction; an estimate. */
    double operations(ModelInfo info) {
      return 2.0 * info.parameters() * (tokens + backward);
    }
  }

  static Forecast of(
      Plan plan, List<Preparation.ReadyProbe> probes, Own own, Path store, Path out) {
    try (ActivationStore open = ActivationStore.open(store)) {
      Capture capture = new Capture(open, plan.model(), plan.rows().ids());
      return new Forecast(
          plan,
          Cost.of(plan, capture),
          probes.stream()
              .map(probe -> Memory.of(probe.name(), probe.needs(), plan, capture))
              .toList(),
          own,
          store,
          out);
    }
  }

  Room.Demand demand() {
    return new Room.Demand(
        cost.requests() > 0 || own.tokens() > 0 ? List.of(plan.model().info()) : List.of(),
        memory,
        store,
        cost.storeBytes(),
        out,
        own.disk() + memory.stream().mapToLong(this::artifactBytes).sum());
  }

  /** Of each hook point a direction and a number per prompt, and the report. */
  private long artifactBytes(Memory probe) {
    long rows = plan.rows().ids().size();
    return REPORT_BYTES
        + (long) probe.points() * Float.BYTES * (rows + plan.model().info().width());
  }

  /**
   * The forecast, line by line.
   *
   * @param pace multiplications and additions a second, asked for only where a pass is to be run
   */
  List<String> lines(Room room, DoubleSupplier pace) {
    OpenModel model = plan.model();
    ModelInfo info = model.info();
    List<String> lines = new ArrayList<>();
    lines.add(
        "model    %s: %s, %d blocks of width %d, %s parameters, %s, backend %s"
            .formatted(
                model.reference().name(),
                info.architecture(),
                info.layers(),
                info.width(),
                Quantity.count(info.parameters()),
                info.dtype(),
                model.backendName()));
    lines.add(
        "data     %s: %s prompts, %s tokens, the longest %s of at most %s"
            .formatted(
                plan.rows().study().name(),
                Quantity.count(plan.rows().ids().size()),
                Quantity.count(plan.rows().tokens()),
                Quantity.count(plan.rows().longest()),
                Quantity.count(model.capabilities().longestContext())));
    plan.rows().remark().ifPresent(remark -> lines.add("         " + remark));
    lines.add("to run   " + passes(info));
    if (own.tokens() > 0) {
      lines.add(
          "         probes run at most %s tokens themselves, beside the passes%s"
              .formatted(
                  Quantity.count(own.tokens()),
                  own.backward() > 0
                      ? "; and %s backward".formatted(Quantity.count(own.backward()))
                      : ""));
    }
    own.remarks().forEach(remark -> lines.add("         " + remark));
    lines.add("stored   %s tokens need no pass".formatted(Quantity.count(cost.storedTokens())));
    lines.add(
        "disk     the store grows by %s; %s are free in %s"
            .formatted(
                Quantity.bytes(cost.storeBytes()),
                Quantity.bytes(room.disks().free(store)),
                store));
    if (own.disk() > 0) {
      lines.add(
          "         probes write %s into the run's folder, where %s are free"
              .formatted(Quantity.bytes(own.disk()), Quantity.bytes(room.disks().free(out))));
    }
    lines.add("time     " + time(pace));
    for (Memory probe : memory) {
      lines.add(
          "probe    %s: %d hook points, %s of activations%s, %s to evaluate them%s; the JVM allows %s"
              .formatted(
                  probe.probe(),
                  probe.points(),
                  Quantity.bytes(probe.matrices()),
                  probe.mapped() ? " (mapped from the store)" : " in memory",
                  Quantity.bytes(probe.evaluation()),
                  probe.own() > 0 ? ", %s of its own".formatted(Quantity.bytes(probe.own())) : "",
                  Quantity.bytes(room.direct())));
    }
    lines.addAll(reads(info));
    return lines;
  }

  private String passes(ModelInfo info) {
    if (cost.requests() == 0) {
      return "0 sequences: all is stored";
    }
    String depth =
        cost.blocks() == 0
            ? "the embedding only"
            : "as deep as block %d of 0 to %d".formatted(cost.blocks() - 1, info.layers() - 1);
    return "1 pass over %s sequences, %s tokens, in %d %s, %s"
        .formatted(
            Quantity.count(cost.sequences()),
            Quantity.count(cost.tokens()),
            cost.requests(),
            cost.requests() == 1 ? "request" : "requests",
            depth);
  }

  private String time(DoubleSupplier pace) {
    if (cost.requests() == 0 && own.tokens() == 0) {
      return "no pass; probes and their evaluations take what they take";
    }
    double operations = cost.operations() + own.operations(plan.model().info());
    if (operations == 0) {
      return "no estimate: the backend does not say how large a block is";
    }
    double rate = pace.getAsDouble();
    return String.format(
        Locale.ROOT,
        "%s for %s, an estimate: %.3g GFLOP at %.0f %% of the %.3g GFLOP/s that matrix products reach here; opening the model, probes and evaluations come on top",
        Quantity.time(operations / (rate * Pace.SHARE)),
        own.tokens() == 0
            ? "the pass"
            : cost.requests() == 0 ? "what probes run" : "the pass and what probes run",
        operations / GIGA,
        Pace.SHARE * 100,
        rate / GIGA);
  }

  /** Reads of one site and selection in one line. */
  private List<String> reads(ModelInfo info) {
    Map<String, List<Read>> bySite =
        plan.reads().stream()
            .collect(
                Collectors.groupingBy(
                    read -> read.toString().replace(read.point().name(), read.point().site()),
                    LinkedHashMap::new,
                    Collectors.toList()));
    int longest = bySite.keySet().stream().mapToInt(String::length).max().orElse(1);
    List<String> lines = new ArrayList<>();
    bySite.forEach(
        (site, reads) -> {
          Read any = reads.getFirst();
          List<int[]> tokens = plan.rows().ids();
          long bytes = reads.stream().mapToLong(read -> Cost.bytes(info, read, tokens)).sum();
          lines.add(
              ("read     %-" + longest + "s  %3d × [%s, %s]  %10s%s")
                  .formatted(
                      site,
                      reads.size(),
                      Quantity.count(RowLayout.of(any, tokens).rows()),
                      Quantity.count(Cost.width(info, any)),
                      Quantity.bytes(bytes),
                      blocks(reads)));
        });
    return lines;
  }

  /** The blocks of some reads, {@code 0-3} where none between is left out. */
  private static String blocks(List<Read> reads) {
    List<Integer> blocks =
        reads.stream().flatMapToInt(r -> r.point().layer().stream()).sorted().boxed().toList();
    if (blocks.isEmpty()) {
      return "";
    }
    boolean gapless = blocks.getLast() - blocks.getFirst() == blocks.size() - 1;
    String named =
        gapless && blocks.size() > 1
            ? blocks.getFirst() + "-" + blocks.getLast()
            : blocks.stream().map(String::valueOf).collect(Collectors.joining(","));
    return "  blocks " + named;
  }
}
