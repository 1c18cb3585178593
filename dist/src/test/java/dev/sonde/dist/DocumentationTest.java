package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** Everything that a plugin author sees has a sentence, and every package says what lives in it. */
class DocumentationTest {
  private static final List<String> PUBLIC =
      List.of(
          "api",
          "formats",
          "packing",
          "wire",
          "answers",
          "statistics",
          "trials",
          "plugins/testkit",
          "engine");

  @Test
  void everyPublicDeclarationHasJavadoc() throws IOException {
    for (String module : PUBLIC) {
      assertThat(undocumented(sources(module))).as(module).isEmpty();
    }
  }

  @Test
  void everyPackageSaysWhatLivesInIt() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(".."))) {
      List<Path> folders =
          files
              .filter(f -> f.toString().contains("src/main/java/dev"))
              .filter(f -> f.toString().endsWith(".java"))
              .map(Path::getParent)
              .distinct()
              .toList();
      assertThat(folders).allSatisfy(f -> assertThat(f.resolve("package-info.java")).exists());
    }
  }

  private static List<Path> sources(String module) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("..", module, "src/main/java"))) {
      return files.filter(f -> f.toString().endsWith(".java")).toList();
    }
  }

  private static List<String> undocumented(List<Path> sources) throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    List<String> found = new ArrayList<>();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, List.of(), null, files.getJavaFileObjectsFromPaths(sources));
      DocTrees docs = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        new Visitor(docs, found).scan(new TreePath(unit), null);
      }
    }
    return found;
  }

  /** Descends into public types only. */
  private static final class Visitor extends TreePathScanner<Void, Void> {
    private final DocTrees docs;
    private final List<String> found;

    Visitor(DocTrees docs, List<String> found) {
      this.docs = docs;
      this.found = found;
    }

    @Override
    public Void visitClass(ClassTree type, Void unused) {
      if (!isPublic(type.getModifiers())) {
        return null;
      }
      check(type.getSimpleName().toString());
      return super.visitClass(type, null);
    }

    @Override
    public Void visitMethod(MethodTree method, Void unused) {
      boolean overrides =
          method.getModifiers().getAnnotations().stream()
              .anyMatch(a -> a.getAnnotationType().toString().equals("Override"));
      if (isPublic(method.getModifiers()) && !overrides) {
        check(method.getName().toString());
      }
      return null;
    }

    @Override
    public Void visitVariable(VariableTree field, Void unused) {
      boolean member = getCurrentPath().getParentPath().getLeaf() instanceof ClassTree;
      if (member && field.getModifiers().getFlags().contains(Modifier.PUBLIC)) {
        check(field.getName().toString());
      }
      return null;
    }

    /** Members of public interfaces are public without saying so. */
    private boolean isPublic(ModifiersTree modifiers) {
      Tree parent = getCurrentPath().getParentPath().getLeaf();
      boolean inInterface =
          parent.getKind() == Tree.Kind.INTERFACE
              && !modifiers.getFlags().contains(Modifier.PRIVATE);
      return inInterface || modifiers.getFlags().contains(Modifier.PUBLIC);
    }

    private void check(String name) {
      String comment = docs.getDocComment(getCurrentPath());
      if (comment == null || comment.isBlank()) {
        found.add(getCurrentPath().getCompilationUnit().getSourceFile().getName() + ": " + name);
      }
    }
  }
}
