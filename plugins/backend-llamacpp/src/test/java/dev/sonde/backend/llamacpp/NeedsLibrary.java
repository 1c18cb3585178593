package dev.sonde.backend.llamacpp;

import dev.sonde.api.ModelUnavailableException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Tests that are skipped, with a word, where fetch-llamacpp.sh was not run. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsLibrary.Condition.class)
@interface NeedsLibrary {
  /** Whether the library is there. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      try {
        LibraryFolder.find(Optional.empty(), LlamaDevice.parse(TestedDevice.KIND));
        return ConditionEvaluationResult.enabled("llama.cpp is there");
      } catch (ModelUnavailableException e) {
        return ConditionEvaluationResult.disabled(e.getMessage());
      }
    }
  }
}
