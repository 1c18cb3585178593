package dev.sonde.dist;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of ARCHITECTURE.md that a compiler does not hold. */
class ArchitectureTest {
  /** The engine's packages in the order of the data: each knows only those before it. */
  private static final List<String> ROAD =
      List.of(
          "plugin",
          "host",
          "experiment",
          "linalg",
          "data",
          "model",
          "pass",
          "shard",
          "worker",
          "store",
          "plan",
          "evaluate",
          "fitted",
          "report",
          "score",
          "tools",
          "run",
          "cli");

  private static final JavaClasses ALL =
      new ClassFileImporter()
          .importPaths(
              List.of(
                      "api",
                      "formats",
                      "packing",
                      "wire",
                      "answers",
                      "statistics",
                      "trials",
                      "launcher",
                      "engine",
                      "probe-linear",
                      "probe-influence",
                      "probe-position",
                      "probe-step-importance",
                      "plugins/testkit",
                      "plugins/decoder-smile",
                      "plugins/backend-reference",
                      "plugins/backend-llamacpp",
                      "plugins/backend-pytorch",
                      "plugins/backend-replay",
                      "plugins/backend-http",
                      "plugins/tokenizer-huggingface",
                      "plugins/vector-files",
                      "plugins/dataset-parquet")
                  .stream()
                  .map(module -> Path.of("..").resolve(module).resolve("target/classes"))
                  .toList());

  @Test
  void theApiDependsOnTheJdkOnly() {
    classes()
        .that()
        .resideInAPackage("dev.sonde.api..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("dev.sonde.api..", "java..", "org.jspecify..")
        .check(ALL);
  }

  @Test
  void theStatisticsStandOnPlainArrays() {
    classes()
        .that()
        .resideInAPackage("dev.sonde.statistics..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "dev.sonde.statistics..",
            "java..",
            "org.jspecify..",
            "org.apache.commons.statistics.descriptive")
        .check(ALL);
  }

  @Test
  void theEngineKnowsNoPlugin() {
    noClasses()
        .that()
        .resideInAPackage("dev.sonde.engine..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.sonde.backend..",
            "dev.sonde.probe..",
            "dev.sonde.decoder..",
            "dev.sonde.tokenizer..",
            "dev.sonde.vectors..")
        .check(ALL);
  }

  @Test
  void pluginsKnowNeitherTheEngineNorEachOther() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.sonde.backend..",
            "dev.sonde.probe..",
            "dev.sonde.decoder..",
            "dev.sonde.tokenizer..",
            "dev.sonde.vectors..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.sonde.engine..", "dev.sonde.launcher..")
        .check(ALL);
    slices()
        .matching("dev.sonde.(backend.*|probe.*|decoder.*|tokenizer.*|vectors)..")
        .should()
        .notDependOnEachOther()
        .check(ALL);
  }

  @Test
  void packagesFormNoCycle() {
    slices().matching("dev.sonde.engine.(*)..").should().beFreeOfCycles().check(ALL);
    slices().matching("dev.sonde.engine.evaluate.(*)..").should().beFreeOfCycles().check(ALL);
    slices().matching("dev.sonde.formats.(*)..").should().beFreeOfCycles().check(ALL);
    slices().matching("dev.sonde.probe.stepimportance.(*)..").should().beFreeOfCycles().check(ALL);
    slices().matching("dev.sonde.probe.position.(*)..").should().beFreeOfCycles().check(ALL);
    slices().matching("dev.sonde.probe.influence.(*)..").should().beFreeOfCycles().check(ALL);
  }

  @Test
  void theRoomsOfInfluenceFollowTheRoadOfTheData() {
    String probe = "dev.sonde.probe.influence";
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("read")
        .definedBy(probe + ".read")
        .layer("curvature")
        .definedBy(probe + ".curvature")
        .layer("score")
        .definedBy(probe + ".score")
        .layer("check")
        .definedBy(probe + ".check")
        .layer("report")
        .definedBy(probe + ".report")
        .layer("probe")
        .definedBy(probe)
        .whereLayer("curvature")
        .mayOnlyBeAccessedByLayers("score", "check", "report", "probe")
        .whereLayer("score")
        .mayOnlyBeAccessedByLayers("check", "report", "probe")
        .whereLayer("check")
        .mayOnlyBeAccessedByLayers("report", "probe")
        .whereLayer("report")
        .mayOnlyBeAccessedByLayers("probe")
        .whereLayer("probe")
        .mayNotBeAccessedByAnyLayer()
        .check(ALL);
  }

  @Test
  void theEnginesPackagesFollowTheRoadOfTheData() throws IOException {
    Path engine = Path.of("..", "engine", "src", "main", "java", "dev", "sonde", "engine");
    try (Stream<Path> folders = Files.list(engine).filter(Files::isDirectory)) {
      assertThat(folders.map(folder -> String.valueOf(folder.getFileName())))
          .as("every package of the engine has its place on the road")
          .containsExactlyInAnyOrderElementsOf(ROAD);
    }
    for (int i = 0; i < ROAD.size(); i++) {
      String[] later =
          ROAD.subList(i + 1, ROAD.size()).stream()
              .map(name -> "dev.sonde.engine." + name + "..")
              .toArray(String[]::new);
      if (later.length > 0) {
        noClasses()
            .that()
            .resideInAPackage("dev.sonde.engine." + ROAD.get(i) + "..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(later)
            .check(ALL);
      }
    }
    noClasses()
        .that()
        .resideInAPackage("dev.sonde.engine.*..")
        .and()
        .resideOutsideOfPackage("dev.sonde.engine.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.sonde.engine")
        .check(ALL);
  }

  @Test
  void nothingPrintsOutsideTheCommandLine() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.sonde.engine.cli..", "dev.sonde.launcher..")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(ALL);
  }

  @Test
  void nothingKeepsMutableStateInStaticFields() {
    fields().that().areStatic().should().beFinal().check(ALL);
  }
}
