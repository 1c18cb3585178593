package dev.sonde.engine.score;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.Example;
import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Rows;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.text.Encoding;
import dev.sonde.engine.data.DataSource;
import dev.sonde.engine.data.LabelledStudy;
import dev.sonde.engine.data.RowStream;
import dev.sonde.engine.data.RowStream.Streamed;
import dev.sonde.engine.experiment.ConfigView;
import dev.sonde.engine.fitted.Decoders;
import dev.sonde.engine.fitted.ProbeFile;
import dev.sonde.engine.fitted.SavedProbe;
import dev.sonde.engine.host.Folders;
import dev.sonde.engine.host.Progress;
import dev.sonde.engine.linalg.LazyLinearAlgebra;
import dev.sonde.engine.model.Fetching;
import dev.sonde.engine.model.OpenModel;
import dev.sonde.engine.pass.TokenRows;
import dev.sonde.engine.pass.Truncation;
import dev.sonde.engine.plugin.PluginRegistry;
import dev.sonde.formats.ContentHash;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Applies saved probes to texts. Rows come and go some hundred at a time, and all probes share one
 * pass, which ends behind the deepest hook point that one of them reads.
 */
public final class ProbeScoring {
  private final PluginRegistry plugins;
  private final Folders folders;
  private final Progress progress;
  private final ContentHash hashes;

  /** Scoring with the models and decoders of some plugins. */
  public ProbeScoring(PluginRegistry plugins, Folders folders, Progress progress) {
    this.plugins = plugins;
    this.folders = folders;
    this.progress = progress;
    this.hashes = new ContentHash(folders.cache().resolve("hashes"));
  }

  /**
   * How a probe's own prompts are made, for data that says nothing of it.
   *
   * @throws InvalidInputException if the probe cannot be read
   */
  public static Map<String, Object> promptOf(Path probe) {
    return ProbeFile.read(probe).prompt();
  }

  /**
   * Scores.
   *
   * @return what the labels say of each probe; none where the request names no labels
   * @throws InvalidInputException if a probe does not fit the model, or a row is malformed
   */
  List<LabelledScores> score(ScoreRequest request, ScoreSink sink) throws IOException {
    List<SavedProbe> saved = request.probes().stream().map(ProbeFile::read).toList();
    requireNames(saved);
    ConfigView data = request.experiment().data().config();
    RowStream.Wanted wanted = new RowStream.Wanted(data, request.answer(), request.assistant());
    try (OpenModel model =
            Fetching.models(plugins, folders, progress).open(request.experiment().model());
        RowStream rows = RowStream.open(path(request), request.format(), wanted, plugins)) {
      model.info().notes().forEach(progress::warning);
      model.tokenizerNotes().forEach(progress::warning);
      List<ProbeUse> uses = new ArrayList<>();
      for (SavedProbe probe : saved) {
        MadeWith.check(probe, model, hashes, Optional.of(data), request.anyway())
            .forEach(progress::warning);
        uses.add(use(probe, model, request));
      }
      Set<Read> reads = new LinkedHashSet<>();
      for (ProbeUse use : uses) {
        use.scoredBy().ownRead().ifPresent(reads::add);
        use.scoredBy().tokenRead().ifPresent(reads::add);
      }
      long done = 0;
      boolean first = true;
      for (List<Streamed> part = rows.next(model::render);
          !part.isEmpty();
          part = rows.next(model::render)) {
        TokenRows tokens = tokens(model, part, Truncation.of(data));
        if (first) {
          tokens.twice().ifPresent(progress::warning);
          first = false;
        }
        score(model, part, tokens.ids(), List.copyOf(reads), uses, sink);
        done += part.size();
        progress.at("scoring", done, 0);
      }
      if (done == 0) {
        throw new InvalidInputException(path(request) + ": holds no rows");
      }
      sink.end();
      return uses.stream().flatMap(use -> use.labelled().stream()).toList();
    }
  }

  private static String path(ScoreRequest request) {
    String written = request.experiment().data().path();
    return written.equals("-") ? written : request.experiment().data().file().toString();
  }

  private static void requireNames(List<SavedProbe> probes) {
    Set<String> names = new LinkedHashSet<>();
    for (SavedProbe probe : probes) {
      if (!names.add(probe.name())) {
        throw new InvalidInputException(
            "two probes are called '%s': their scores could not be told apart"
                .formatted(probe.name()));
      }
    }
  }

  private ProbeUse use(SavedProbe probe, OpenModel model, ScoreRequest request) {
    return ProbeUse.of(
        probe,
        request,
        new Decoders(plugins, Map.of()),
        new LazyLinearAlgebra(plugins, model.plugin(), folders.resources()),
        progress);
  }

  private static TokenRows tokens(OpenModel model, List<Streamed> part, Truncation truncation) {
    List<Example> examples = part.stream().map(Streamed::example).toList();
    LabelledStudy study =
        new LabelledStudy(
            "data",
            DataSource.of(Path.of("data")),
            examples,
            Optional.empty(),
            Collections.nCopies(examples.size(), ""),
            Optional.empty(),
            List.of());
    return TokenRows.of(model, study, truncation);
  }

  private void score(
      OpenModel model,
      List<Streamed> part,
      List<int[]> ids,
      List<Read> reads,
      List<ProbeUse> uses,
      ScoreSink sink)
      throws IOException {
    for (ProbeUse use : uses) {
      use.begin(ids);
    }
    ForwardRequest request =
        ForwardRequest.of(ids.stream().map(Sequence::of).toList()).readEach(reads);
    try (ActivationStream stream = model.forward(request)) {
      while (stream.next()) {
        for (Rows rows : stream.batch().rows()) {
          uses.forEach(use -> use.take(rows));
        }
      }
    }
    boolean places = uses.stream().anyMatch(use -> use.scoredBy().tokenRead().isPresent());
    for (int row = 0; row < part.size(); row++) {
      Streamed streamed = part.get(row);
      Optional<TokenPlaces> tokens =
          places ? Optional.of(places(model, streamed, ids.get(row))) : Optional.empty();
      for (ProbeUse use : uses) {
        sink.accept(use.finished(row, streamed, tokens), streamed.example().text());
      }
    }
  }

  private static TokenPlaces places(OpenModel model, Streamed row, int[] ids) {
    Example example = row.example();
    Encoding encoding = model.tokenizer().encode(example.text(), example.specialTokens());
    if (encoding.size() != ids.length) {
      throw new InvalidInputException(
          "row '%s' was cut to the model's context, and its tokens have no places in the text then; leave such rows out"
              .formatted(example.id()));
    }
    return TokenPlaces.of(row, encoding, model.tokenizer());
  }
}
