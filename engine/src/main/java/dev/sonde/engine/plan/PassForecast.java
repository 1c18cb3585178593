package dev.sonde.engine.plan;

import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.model.Read;
import dev.sonde.engine.model.OpenModel;
import dev.sonde.engine.pass.Pass;
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
 * What a pass will take, before it takes it.
 *
 * @param pass the model over the data set
 * @param cost of what is not stored yet
 * @param memory per probe
 * @param work what probes do themselves, beside the pass
 * @param store the store's folder
 * @param out the run folder
 */
record PassForecast(
    Pass pass, Cost cost, List<Memory> memory, ProbeWork work, Path store, Path out) {
  /** report.json, .md and .html, the manifest and the journal of one probe. */
  private static final long REPORT_BYTES = 4L << 20;

  private static final double GIGA = 1e9;

  ResourceDemand demand() {
    return new ResourceDemand(
        cost.requests() > 0 || work.tokens() > 0 ? List.of(pass.model().info()) : List.of(),
        memory,
        store,
        cost.storeBytes(),
        out,
        work.disk() + memory.stream().mapToLong(this::artifactBytes).sum());
  }

  /** Of each hook point a direction and a number per prompt, and the report. */
  private long artifactBytes(Memory probe) {
    long rows = pass.rows().ids().size();
    return REPORT_BYTES
        + (long) probe.points() * Float.BYTES * (rows + pass.model().info().width());
  }

  /**
   * The forecast, line by line.
   *
   * @param pace multiplications and additions a second, asked for only where a pass is to be run
   */
  List<String> lines(MachineLimits limits, DoubleSupplier pace) {
    OpenModel model = pass.model();
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
                pass.rows().study().name(),
                Quantity.count(pass.rows().ids().size()),
                Quantity.count(pass.rows().tokens()),
                Quantity.count(pass.rows().longest()),
                Quantity.count(model.capabilities().longestContext())));
    pass.rows().remark().ifPresent(remark -> lines.add("         " + remark));
    lines.add("to run   " + passes(info));
    if (work.tokens() > 0) {
      lines.add(
          "         probes run at most %s tokens themselves%s, beside the passes%s"
              .formatted(
                  Quantity.count(work.tokens()),
                  work.expected() < work.tokens()
                      ? ", probably about %s".formatted(Quantity.count(work.expected()))
                      : "",
                  work.backward() > 0
                      ? "; and %s backward".formatted(Quantity.count(work.backward()))
                      : ""));
    }
    work.remarks().forEach(remark -> lines.add("         " + remark));
    lines.add("stored   %s tokens need no pass".formatted(Quantity.count(cost.storedTokens())));
    lines.add(
        "disk     the store grows by %s; %s are free in %s"
            .formatted(
                Quantity.bytes(cost.storeBytes()),
                Quantity.bytes(limits.disks().free(store)),
                store));
    if (work.disk() > 0) {
      lines.add(
          "         probes write %s into the run's folder, where %s are free"
              .formatted(Quantity.bytes(work.disk()), Quantity.bytes(limits.disks().free(out))));
    }
    lines.add("time     " + time(pace));
    for (Memory probe : memory) {
      lines.add(
          "probe    %s: %d hook points, %s of activations%s, %s to evaluate them%s, of which the JVM allows %s; and %s of its heap of %s"
              .formatted(
                  probe.probe(),
                  probe.points(),
                  Quantity.bytes(probe.matrices()),
                  probe.mapped() ? " (mapped from the store)" : " in memory",
                  Quantity.bytes(probe.evaluation()),
                  probe.own() > 0 ? ", %s of its own".formatted(Quantity.bytes(probe.own())) : "",
                  Quantity.bytes(limits.direct()),
                  Quantity.bytes(probe.heap()),
                  Quantity.bytes(limits.heap())));
    }
    lines.addAll(reads(info));
    return lines;
  }

  private String passes(ModelInfo info) {
    if (cost.requests() == 0) {
      return cost.storedTokens() > 0
          ? "0 sequences: all is stored"
          : "0 sequences beforehand: no activation is asked for before probes run";
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
    if (cost.requests() == 0 && work.tokens() == 0) {
      return "no model pass is needed; the time of probes is not estimated";
    }
    double operations = cost.operations() + work.operations(pass.model().info());
    if (operations == 0) {
      return "no estimate: the backend does not say how large a block is";
    }
    double rate = pace.getAsDouble();
    return String.format(
        Locale.ROOT,
        "%s for %s, an estimate: %.3g GFLOP at %.0f %% of the %.3g GFLOP/s that matrix products"
            + " reach here; opening the model, probes and evaluations come on top",
        Quantity.time(operations / (rate * Pace.SHARE)),
        work.tokens() == 0
            ? "the pass"
            : cost.requests() == 0 ? "what probes run" : "the pass and what probes run",
        operations / GIGA,
        Pace.SHARE * 100,
        rate / GIGA);
  }

  /** Reads of one site and selection in one line. */
  private List<String> reads(ModelInfo info) {
    Map<String, List<Read>> bySite =
        pass.reads().stream()
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
          List<int[]> tokens = pass.rows().ids();
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
