package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.Extension;
import dev.sonde.api.config.Setting;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every factory of a plugin keeps to: users meet it in listings and experiment files. */
public abstract class ExtensionContract {
  /** For sub-classes. */
  protected ExtensionContract() {}

  /** The factory under test. */
  protected abstract Extension factory();

  @Test
  void itsNameCanStandInAnExperimentFile() {
    assertThat(factory().name()).matches("[a-z0-9]+([._-][a-z0-9]+)*");
  }

  @Test
  void itsSummaryIsOneLine() {
    assertThat(factory().summary()).isNotBlank().doesNotContain("\n");
  }

  @Test
  void everySettingIsExplainedOnceAndItsDefaultIsOneOfItsChoices() {
    Set<String> names = new HashSet<>();
    for (Setting setting : factory().settings().all()) {
      assertThat(names.add(setting.name())).as("'%s' stands once", setting.name()).isTrue();
      assertThat(setting.doc()).as("the sentence about '%s'", setting.name()).isNotBlank();
      if (!setting.choices().isEmpty()) {
        setting
            .defaultValue()
            .ifPresent(value -> assertThat(setting.choices()).contains(String.valueOf(value)));
      }
    }
  }
}
