package dev.sonde.probe.position;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.Model;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.Metric;
import dev.sonde.probe.position.atlas.Makeup;
import dev.sonde.probe.position.estimate.AttentionBlock;
import dev.sonde.probe.position.estimate.HeadFit;
import dev.sonde.probe.position.estimate.Survey;
import dev.sonde.probe.position.estimate.TextMaps;
import dev.sonde.probe.position.perturb.Head;
import dev.sonde.probe.position.perturb.Recovery;
import dev.sonde.probe.position.perturb.Substituted;
import dev.sonde.probe.position.read.Text;
import dev.sonde.probe.position.report.MapFigures;
import dev.sonde.statistics.Means;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Some heads of the model on one text, cell by cell. */
final class ShownHeads {
  private final ProbeContext context;
  private final PositionSettings settings;
  private final int[] ids;

  ShownHeads(ProbeContext context, PositionSettings settings, Text first) {
    this.context = context;
    this.settings = settings;
    MapSettings wanted = settings.maps();
    int[] all =
        wanted.text().isEmpty()
            ? first.ids()
            : context.model().tokenizer().encode(wanted.text(), true).ids();
    this.ids = Arrays.copyOf(all, Math.min(all.length, settings.window()));
    if (ids.length < settings.first() + 2) {
      throw new InvalidInputException(
          "map_text has %d tokens; give a longer text (probes.NAME.with.map_text)"
              .formatted(ids.length));
    }
  }

  /** Reports them; none where heads have no w(d, q, k). */
  void report(Survey survey, Substituted substituted) {
    Model model = context.model();
    List<AttentionBlock> blocks =
        AttentionBlock.all(model.info(), ids.length, settings.first(), settings.slowAngle());
    List<Head> heads = heads(model.info(), survey, substituted, blocks);
    if (heads.isEmpty()) {
      return;
    }
    List<int[]> pairs = heads.stream().map(h -> new int[] {h.layer(), h.head()}).toList();
    Artifact maps =
        context.stage(
            "maps",
            TextMaps.VERSION,
            () ->
                TextMaps.of(model, context.linearAlgebra(), blocks, ids, settings.first(), pairs));
    List<String> tokens = IntStream.of(ids).skip(settings.first()).mapToObj(this::shown).toList();
    Map<String, Matrix> grids = new LinkedHashMap<>();
    for (Head head : heads) {
      TextMaps.Head map = TextMaps.Head.of(maps, head.toString());
      String called = Makeup.of(survey, head).map(Makeup::words).orElse("");
      MapFigures figures =
          new MapFigures(
              head, called, blocks.get(head.layer()), map, tokens, settings.maps().tokens());
      context.report().figure(figures.maps());
      context.report().passage(figures.example());
      context
          .report()
          .metric(
              Metric.of("r.e3.grid", map.ofGrid())
                  .where("layer", head.layer())
                  .where("head", head.head()));
      grids.put("grid." + head, Matrix.of(Matrix.Type.FLOAT64, map.grid()));
    }
    if (settings.maps().grids()) {
      context.saveTensors("grids", grids, Map.of("format", "sonde-grids-1"));
    }
  }

  private String shown(int id) {
    String token = context.model().tokenizer().token(id);
    return token.replace('\u0120', ' ').replace('\u2581', ' ').replace('\u010a', '\u21b5').strip();
  }

  /** Those that are asked for; else those in which f + g costs most, or explains least. */
  private List<Head> heads(
      ModelInfo info, Survey survey, Substituted substituted, List<AttentionBlock> blocks) {
    if (blocks.stream().noneMatch(AttentionBlock::turning)) {
      return List.of();
    }
    List<Head> asked = settings.maps().heads();
    for (Head head : asked) {
      if (head.layer() >= info.layers() || head.head() >= info.heads()) {
        throw new InvalidInputException(
            "map_heads: %s is not one of %d blocks of %d heads, counted from 0 (probes.NAME.with.map_heads)"
                .formatted(head, info.layers(), info.heads()));
      }
    }
    if (!asked.isEmpty()) {
      return asked;
    }
    List<Head> all = new ArrayList<>();
    for (int layer = 0; layer < info.layers(); layer++) {
      for (int head = 0; head < info.heads() && blocks.get(layer).turning(); head++) {
        all.add(new Head(layer, head));
      }
    }
    return all.stream()
        .filter(head -> Double.isFinite(rest(survey, head)))
        .sorted(
            Comparator.comparingDouble((Head head) -> -cost(substituted, head))
                .thenComparingDouble(head -> -rest(survey, head)))
        .limit(MapSettings.SHOWN)
        .toList();
  }

  private static double rest(Survey survey, Head head) {
    return Means.of(survey.ofHead(head.layer(), head.head(), HeadFit::rest));
  }

  private static double cost(Substituted substituted, Head head) {
    Recovery run = substituted.exact().get(head);
    return run == null ? 0 : Math.max(0, run.nats("e3"));
  }
}
