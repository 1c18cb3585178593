package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionStatementTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** Authors read the testkit's failures without its sources at hand. */
class TestkitMessagesTest {
  @Test
  void everyAssertionSaysInWordsWhatItIsAbout() throws IOException {
    List<String> assertions = new ArrayList<>();
    for (CompilationUnitTree unit : parsed()) {
      unit.accept(new Assertions(assertions), unit.getSourceFile().getName());
    }
    assertThat(assertions).hasSizeGreaterThan(100);
    assertThat(assertions).allMatch(assertion -> assertion.contains(".as("));
  }

  private static List<CompilationUnitTree> parsed() throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    List<CompilationUnitTree> units = new ArrayList<>();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> sources =
            Files.walk(Path.of("..", "plugins", "testkit", "src", "main", "java"))) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  files,
                  null,
                  List.of(),
                  null,
                  files.getJavaFileObjectsFromPaths(
                      sources.filter(file -> file.toString().endsWith(".java")).toList()));
      task.parse().forEach(units::add);
    }
    return units;
  }

  /** Collects statements and bodies of lambdas that begin with an assertion. */
  private static final class Assertions extends TreeScanner<Void, String> {
    private final List<String> found;

    Assertions(List<String> found) {
      this.found = found;
    }

    @Override
    public Void visitExpressionStatement(ExpressionStatementTree statement, String file) {
      collect(statement.getExpression().toString(), file);
      return super.visitExpressionStatement(statement, file);
    }

    @Override
    public Void visitLambdaExpression(LambdaExpressionTree lambda, String file) {
      collect(lambda.getBody().toString(), file);
      return super.visitLambdaExpression(lambda, file);
    }

    private void collect(String text, String file) {
      if (text.startsWith("assertThat")) {
        found.add(file + ": " + text);
      }
    }
  }
}
