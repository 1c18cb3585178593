package dev.sonde.launcher;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolutionException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.spi.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Starts Sonde from the command line. */
public final class Main {
  private static final String ENGINE = "dev.sonde.engine";
  private static final String TOOL = "sonde";
  private static final int BUG = 1;
  private static final int UNUSABLE_INSTALLATION = 2;

  /** How long shutdown hooks of plugins may take. */
  private static final Duration HOOKS_LIMIT = Duration.ofSeconds(10);

  private Main() {}

  /** Runs the command given by the arguments and exits with its code. */
  public static void main(String[] args) {
    Optional<String> text = preparedAnswer(args);
    if (text.isPresent()) {
      System.out.print(text.get());
      return;
    }
    exit(run(args));
  }

  /** Ends the process, whatever shutdown hooks of others do. */
  private static void exit(int code) {
    Thread end =
        new Thread(
            () -> {
              try {
                Thread.sleep(HOOKS_LIMIT);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              Runtime.getRuntime().halt(code);
            },
            "sonde-end");
    end.setDaemon(true);
    end.start();
    System.exit(code);
  }

  private static Optional<String> preparedAnswer(String[] args) {
    String only = args.length == 0 ? "--help" : args.length == 1 ? args[0] : "";
    return switch (only) {
      case "--help", "-h", "help" -> Optional.of(resource("help.txt"));
      case "--version", "-V" -> Optional.of(resource("version.txt"));
      default -> Optional.empty();
    };
  }

  private static String resource(String name) {
    try (@Nullable InputStream in = Main.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the launcher");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(name + " cannot be read", e);
    }
  }

  private static int run(String[] args) {
    Optional<ToolProvider> tool;
    try {
      tool = engine(Path.of(System.getProperty("sonde.home", "."), "lib", "engine"));
    } catch (FindException | ResolutionException | IllegalStateException e) {
      System.err.println("sonde: the installation is damaged: " + e.getMessage());
      return UNUSABLE_INSTALLATION;
    }
    if (tool.isEmpty()) {
      System.err.println("sonde: the installation is damaged: the engine offers no tool");
      return BUG;
    }
    Thread.currentThread().setContextClassLoader(tool.get().getClass().getClassLoader());
    PrintStream out = System.out;
    PrintStream err = System.err;
    System.setOut(shared(err)); // what plugins print is no result
    System.setErr(shared(err));
    return tool.get().run(out, err, args);
  }

  /** A stream that everybody may write to and nobody can close. */
  private static PrintStream shared(PrintStream stream) {
    OutputStream open =
        new FilterOutputStream(stream) {
          @Override
          public void write(byte[] bytes, int from, int count) {
            stream.write(bytes, from, count);
          }

          @Override
          public void close() {
            stream.flush();
          }
        };
    return new PrintStream(open, true, stream.charset());
  }

  /** The engine in a layer of its own: plugins, whose parent is the api's layer, cannot see it. */
  @SuppressWarnings("restricted") // the engine hands native access on to plugins that declare it
  private static Optional<ToolProvider> engine(Path jars) {
    ModuleLayer boot = ModuleLayer.boot();
    Configuration configuration =
        boot.configuration()
            .resolveAndBind(ModuleFinder.of(jars), ModuleFinder.of(), Set.of(ENGINE));
    ModuleLayer.Controller controller =
        ModuleLayer.defineModulesWithOneLoader(
            configuration, List.of(boot), ClassLoader.getPlatformClassLoader());
    controller.layer().findModule(ENGINE).ifPresent(controller::enableNativeAccess);
    return ServiceLoader.load(controller.layer(), ToolProvider.class).stream()
        .filter(provider -> provider.type().getModule().getLayer() == controller.layer())
        .map(ServiceLoader.Provider::get)
        .filter(tool -> tool.name().equals(TOOL))
        .findFirst();
  }
}
