package dev.sonde.engine.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code sonde capture}. */
@Command(
    name = "capture",
    description = "Write activations to a safetensors file.",
    mixinStandardHelpOptions = true)
final class CaptureCommand implements Callable<Integer> {
  @ParentCommand private @Nullable RootCommand root;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "REF",
      description = "The model: a folder, a .gguf file, or hf:org/name[@revision].")
  private String model = "";

  @Mixin private BackendOption backend = new BackendOption();

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE",
      description = "A JSONL or CSV file.")
  private String data = "";

  @Option(
      names = "--text",
      paramLabel = "FIELD",
      description =
          "The column that is fed verbatim. Instead, --set data.messages=FIELD or"
              + " data.template=TEXT.")
  private String text = "";

  @Option(
      names = "--read",
      required = true,
      paramLabel = "HOOK",
      description =
          "A hook point, or a pattern such as 'blocks.*.hook_resid_post'. May be repeated.")
  private List<String> reads = new ArrayList<>();

  @Option(
      names = "--tokens",
      required = true,
      paramLabel = "WHICH",
      description = "last, first, index:N, all, mean or max.")
  private String tokens = "";

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set a key, for example model.dtype=float32. May be repeated.")
  private List<String> settings = new ArrayList<>();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "The file to write; over 2 GiB it is sharded.")
  private @Nullable Path out;

  @Option(names = "--overwrite", description = "Replace the file.")
  private boolean overwrite;

  @Mixin private PluginFolders plugins = new PluginFolders();
  @Mixin private WorkerOption workers = new WorkerOption();

  CaptureCommand() {}

  @Override
  public Integer call() {
    RootCommand parent = Commands.required(root);
    Map<String, Object> modelPart = new LinkedHashMap<>();
    modelPart.put("ref", model);
    modelPart.put("backend", backend.name());
    Map<String, Object> dataPart = new LinkedHashMap<>();
    dataPart.put("path", data);
    if (!text.isEmpty()) {
      dataPart.put("text", text);
    }
    Path file = Commands.required(out);
    workers
        .of(parent.open(plugins.folders()))
        .tools()
        .capture(modelPart, dataPart, settings, reads, tokens, file, overwrite);
    parent.terminal().clearLine();
    parent.terminal().out().println(file);
    return ExitCode.FINE;
  }
}
