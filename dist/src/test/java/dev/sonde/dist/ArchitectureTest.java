package dev.sonde.dist;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules of ARCHITECTURE.md that a compiler does not hold. */
class ArchitectureTest {
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
                      "launcher",
                      "engine",
                      "probe-linear",
                      "probe-influence",
                      "probe-position",
                      "probe-step-importance",
                      "plugins/testkit",
                      "plugins/decoder-smile",
                      "plugins/backend-reference",
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
  void theEnginesPackagesFollowTheRoadOfTheData() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("plugin")
        .definedBy("dev.sonde.engine.plugin")
        .layer("experiment")
        .definedBy("dev.sonde.engine.experiment")
        .layer("data")
        .definedBy("dev.sonde.engine.data")
        .layer("model")
        .definedBy("dev.sonde.engine.model")
        .layer("store")
        .definedBy("dev.sonde.engine.store")
        .layer("plan")
        .definedBy("dev.sonde.engine.plan")
        .layer("evaluate")
        .definedBy("dev.sonde.engine.evaluate..")
        .layer("report")
        .definedBy("dev.sonde.engine.report")
        .layer("run")
        .definedBy("dev.sonde.engine.run")
        .layer("facade")
        .definedBy("dev.sonde.engine")
        .layer("cli")
        .definedBy("dev.sonde.engine.cli")
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("facade")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("run")
        .mayOnlyBeAccessedByLayers("facade", "cli")
        .whereLayer("report")
        .mayOnlyBeAccessedByLayers("run", "facade", "cli")
        .whereLayer("evaluate")
        .mayOnlyBeAccessedByLayers("report", "run")
        .whereLayer("plan")
        .mayOnlyBeAccessedByLayers("run")
        .whereLayer("store")
        .mayOnlyBeAccessedByLayers("plan", "run", "facade")
        .whereLayer("model")
        .mayOnlyBeAccessedByLayers("store", "plan", "run")
        .whereLayer("data")
        .mayOnlyBeAccessedByLayers("evaluate", "run")
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
