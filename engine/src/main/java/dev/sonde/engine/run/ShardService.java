package dev.sonde.engine.run;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.engine.experiment.ExperimentFile;
import dev.sonde.engine.host.Folders;
import dev.sonde.engine.host.Processor;
import dev.sonde.engine.host.Progress;
import dev.sonde.engine.model.OpenModel;
import dev.sonde.engine.pass.OpenInputs;
import dev.sonde.engine.pass.Role;
import dev.sonde.engine.plugin.PluginRegistry;
import dev.sonde.engine.shard.ShardExecutor;
import dev.sonde.engine.shard.ShardTask;
import dev.sonde.engine.store.ActivationStore;
import dev.sonde.engine.store.ShardCapture;
import dev.sonde.engine.worker.Assignment;
import dev.sonde.engine.worker.Frame;
import dev.sonde.engine.worker.Replies;
import dev.sonde.engine.worker.ShardAnswer;
import dev.sonde.engine.worker.TaskForm;
import dev.sonde.formats.ContentHash;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Computes shards of a run that another process conducts: rows of a pass into the store, parts of a
 * probe's stage into the run's folder. A model is opened once; data sets are read when the first
 * shard of a probe comes.
 */
public final class ShardService implements AutoCloseable {
  private final Assignment assignment;
  private final Folders folders;
  private final PluginRegistry plugins;
  private final Progress progress;
  private final ContentHash hashes;
  private final OpenInputs inputs;
  private final ActivationStore store;
  private final Map<String, Context> contexts = new HashMap<>();
  private Optional<ProbeWorkplace> workplace = Optional.empty();

  /**
   * A service.
   *
   * @throws dev.sonde.api.SondeException if this process has not what the run is made of
   */
  public ShardService(
      Assignment assignment, Folders folders, PluginRegistry plugins, Progress progress) {
    this.assignment = assignment;
    this.folders = folders;
    this.plugins = plugins;
    this.progress = progress;
    this.hashes = new ContentHash(folders.cache().resolve("hashes"));
    assignment.requireProcessor(Processor.kind());
    assignment.requirePlugins(plugins.loaded(), hashes);
    this.inputs =
        OpenInputs.modelsWhenAsked(
            ExperimentFile.parse(assignment.experiment()), plugins, folders, progress);
    this.store = ActivationStore.open(assignment.store());
  }

  /** What shards of probes are computed with. */
  private record ProbeWorkplace(
      RunSetup setup, Workplace workplace, Activations activations, LinearAlgebra algebra) {}

  /**
   * Answers tasks until there are no more.
   *
   * @param gone called, on a thread of its own, when the input ends, whatever is being computed
   */
  public void serve(InputStream tasks, Replies replies, Runnable gone) {
    BlockingQueue<Optional<Frame>> waiting = new LinkedBlockingQueue<>();
    Thread.ofPlatform()
        .daemon()
        .name("sonde-tasks")
        .start(
            () -> {
              take(tasks, waiting);
              gone.run();
            });
    String processor = Processor.kind();
    replies.send(ShardAnswer.ready(processor));
    try {
      for (Optional<Frame> next = waiting.take(); next.isPresent(); next = waiting.take()) {
        Frame answer;
        try {
          compute(TaskForm.task(next.get()));
          answer = ShardAnswer.done(processor);
        } catch (Throwable e) { // a plugin may throw anything, and the run is to hear of it
          answer = ShardAnswer.failed(e);
        }
        replies.send(answer);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void take(InputStream tasks, BlockingQueue<Optional<Frame>> waiting) {
    try {
      Optional<Frame> next;
      do {
        next = Frame.read(tasks);
        waiting.add(next);
      } while (next.isPresent());
    } catch (IOException broken) {
      waiting.add(Optional.empty());
    }
  }

  /**
   * Computes a shard and puts its result where it belongs.
   *
   * @throws RuntimeException what a plugin threw
   */
  public void compute(ShardTask task) {
    switch (task) {
      case ShardTask.Capture capture ->
          ShardCapture.into(store, model(capture.shard().role()), capture);
      case ShardTask.OfProbe part -> {
        Context context = context(part.probe());
        context.plugin().run(() -> context.compute(part));
      }
      case ShardTask.WholeProbe whole -> {
        ProbeWorkplace here = workplace();
        SetUpProbe probe = probe(whole.probe());
        Context own = context(probe, remark(here.workplace().journal()));
        ProbeRun.section(probe, false, own, here.workplace());
      }
    }
  }

  private OpenModel model(Role role) {
    OpenModel model = inputs.model(role);
    if (!role.model().equals(Role.FRESH_WEIGHTS)) {
      assignment.requireModel(role.model(), model.info().contentHash());
    }
    return model;
  }

  private Context context(String probe) {
    return contexts.computeIfAbsent(probe, name -> context(probe(name), Optional.empty()));
  }

  private Context context(SetUpProbe probe, Optional<String> earlier) {
    ProbeWorkplace here = workplace();
    here.setup()
        .experiment()
        .probe(probe.name())
        .maker()
        .ifPresent(
            maker -> MadeColumns.take(here.workplace().folder(), maker, here.setup().inputs()));
    return new Context(
        probe,
        here.setup(),
        here.activations(),
        here.algebra(),
        here.workplace(),
        earlier,
        assignment.facts());
  }

  /** The conductor noted the earlier runs when the run began. */
  private static Optional<String> remark(Journal journal) {
    return EarlierRuns.remark(journal.earlier(List::of));
  }

  private SetUpProbe probe(String name) {
    return workplace().setup().probes().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("there is no probe " + name));
  }

  private ProbeWorkplace workplace() {
    ProbeWorkplace here = workplace.orElseGet(this::openWorkplace);
    workplace = Optional.of(here);
    return here;
  }

  private ProbeWorkplace openWorkplace() {
    inputs.openAll();
    model(Role.MAIN_PASS);
    RunSetup setup = RunSetup.over(inputs, plugins, folders, progress);
    assignment.requireFacts(Manifest.inputs(setup, hashes));
    RunFolder folder = RunFolder.open(assignment.run().orElseThrow());
    Workplace place =
        new Workplace(
            folder,
            Journal.ofAnother(folder, assignment.inputs()),
            ShardExecutor.local(),
            new Timing(),
            progress);
    Activations activations =
        new Activations(setup.passes(), store, ShardExecutor.local(), progress);
    return new ProbeWorkplace(setup, place, activations, setup.linearAlgebra());
  }

  @Override
  public void close() {
    workplace.ifPresentOrElse(here -> here.setup().close(), inputs::close);
    store.close();
  }
}
