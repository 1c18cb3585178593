package dev.sonde.engine.cli;

import dev.sonde.engine.InstalledPlugins;
import dev.sonde.engine.Sonde;
import dev.sonde.formats.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code sonde doctor}. */
@Command(
    name = "doctor",
    description = {
      "Check the installation: Java, memory, folders, plugins.",
      "With a model, also measure how accurate and how fast bfloat16 is here.",
      "With a device, do so for the device in place of bfloat16."
    },
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  private static final long MEBIBYTE = 1 << 20;

  @ParentCommand private @Nullable RootCommand root;

  @Parameters(arity = "0..1", paramLabel = "REF", description = "A model to run both ways.")
  private @Nullable String model;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      description = {
        "A device to run the model on, such as cuda:0, and compare with the processor.",
        "Without REF it runs the model that comes with Sonde."
      })
  private @Nullable String device;

  @Mixin private BackendOption backend = new BackendOption();

  @Mixin private JsonOutput json = new JsonOutput();
  @Mixin private PluginFolders plugins = new PluginFolders();

  DoctorCommand() {}

  @Override
  public Integer call() throws IOException {
    RootCommand parent = Commands.required(root);
    List<Map.Entry<String, String>> facts = new ArrayList<>();
    Sonde sonde = parent.open(plugins.folders());
    Runtime runtime = Runtime.getRuntime();
    line(facts, "java", Runtime.version() + ", " + System.getProperty("java.home"));
    line(facts, "processors", String.valueOf(runtime.availableProcessors()));
    line(facts, "heap", "at most %d MiB".formatted(runtime.maxMemory() / MEBIBYTE));
    line(facts, "home", sonde.home().toString());
    line(facts, "user plugins", sonde.userPlugins().toString());
    boolean writable = isWritable(sonde.cache());
    line(
        facts,
        "cache",
        writable
            ? "%s, %d MiB free"
                .formatted(sonde.cache(), sonde.cache().toFile().getUsableSpace() / MEBIBYTE)
            : sonde.cache() + " cannot be written: name another folder with SONDE_CACHE");
    boolean fine = writable;
    for (InstalledPlugins.PluginStatus plugin : sonde.plugins().list()) {
      boolean failed = plugin.status().equals("failed");
      line(
          facts,
          "plugin",
          failed ? plugin.problem() : "%s: %s".formatted(plugin.id(), plugin.status()));
      fine &= !failed;
    }
    if (device != null) {
      String ref = model != null ? model : sonde.home().resolve("models/microworld").toString();
      sonde
          .tools()
          .compareDevice(device, ref, backend.name())
          .forEach(line -> line(facts, line.getFirst(), line.getLast()));
    } else if (model != null) {
      sonde
          .tools()
          .comparePrecision(model, backend.name())
          .forEach(line -> line(facts, line.getFirst(), line.getLast()));
    }
    Terminal terminal = parent.terminal();
    if (json.asked()) {
      JsonOutput.print(
          JsonText.object(
              "sound", fine, "facts", facts.stream().map(DoctorCommand::plain).toList()),
          terminal);
    } else {
      facts.forEach(fact -> terminal.out().printf("%-11s %s%n", fact.getKey(), fact.getValue()));
    }
    return fine ? ExitCode.FINE : writable ? ExitCode.PLUGIN : ExitCode.INPUT;
  }

  private static boolean isWritable(Path folder) {
    try {
      Files.createDirectories(folder);
      return Files.isWritable(folder);
    } catch (IOException e) {
      return false;
    }
  }

  private static void line(List<Map.Entry<String, String>> facts, String what, String value) {
    facts.add(Map.entry(what, value));
  }

  private static Map<String, Object> plain(Map.Entry<String, String> fact) {
    return JsonText.object("what", fact.getKey(), "value", fact.getValue());
  }
}
