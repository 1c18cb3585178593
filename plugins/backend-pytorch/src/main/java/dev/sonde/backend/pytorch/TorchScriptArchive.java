package dev.sonde.backend.pytorch;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A TorchScript module as the archive that libtorch loads: a zip of four stored entries, of which
 * one is the module's source and one a pickle that makes an instance without attributes.
 */
final class TorchScriptArchive {
  /** Version of the archive format; it decides which signatures its operators have. */
  private static final String FORMAT = "10\n";

  /** Protocol 2; an object of {@code __torch__.Kernels} with the state {training: False}. */
  private static final String INSTANCE =
      "\u0080\u0002c__torch__\nKernels\n)\u0081}X\u0008\0\0\0training\u0089sb.";

  /** Protocol 2; an empty tuple. */
  private static final String NO_CONSTANTS = "\u0080\u0002).";

  /** Ends the names of the twins that {@link #recorded} writes. */
  static final String RECORDED = "_recorded";

  private static final Pattern KERNEL =
      Pattern.compile("  def (\\w+)\\(self: __torch__\\.Kernels((?:,\\n[^)\\n]+)*)\\) -> ([^:]+):");

  private static final Pattern PARAMETER = Pattern.compile("(\\w+): ([\\w\\[\\]]+)");

  /** The first begins the class, the others go on with it. */
  private static final List<String> FILES =
      List.of(
          "kernels.torchscript",
          "mixers.torchscript",
          "experts.torchscript",
          "streams.torchscript");

  private TorchScriptArchive() {}

  /** The module of the kernels' files. */
  static InputStream kernels() {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("m/data.pkl", INSTANCE.getBytes(StandardCharsets.ISO_8859_1));
    entries.put("m/code/__torch__.py", source());
    entries.put("m/constants.pkl", NO_CONSTANTS.getBytes(StandardCharsets.ISO_8859_1));
    entries.put("m/version", FORMAT.getBytes(StandardCharsets.US_ASCII));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(stored(entry.getKey(), entry.getValue()));
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ByteArrayInputStream(bytes.toByteArray());
  }

  private static ZipEntry stored(String name, byte[] content) {
    CRC32 checksum = new CRC32();
    checksum.update(content);
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(checksum.getValue());
    return entry;
  }

  private static byte[] source() {
    String kernels =
        FILES.stream()
            .map(file -> new String(resource(file), StandardCharsets.UTF_8))
            .collect(Collectors.joining());
    StringBuilder all = new StringBuilder(kernels);
    Matcher kernel = KERNEL.matcher(kernels);
    while (kernel.find()) {
      all.append(recorded(kernel.group(1), kernel.group(2), kernel.group(3)));
    }
    return all.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The twin of a kernel that takes everything as tensors. */
  private static String recorded(String name, String parameters, String type) {
    StringBuilder taken = new StringBuilder();
    StringBuilder given = new StringBuilder();
    Matcher parameter = PARAMETER.matcher(parameters);
    while (parameter.find()) {
      String each = parameter.group(1);
      boolean tensors = parameter.group(2).equals("List[Tensor]");
      taken.append(",\n    %s: %s".formatted(each, tensors ? "List[Tensor]" : "Tensor"));
      given.append(fromTensor(parameter.group(2)).formatted(each)).append(", ");
    }
    return "  def %s(self: __torch__.Kernels%s) -> %s:\n    return (self).%s(%s)\n"
        .formatted(name + RECORDED, taken, type, name, given);
  }

  /** How a parameter is made of a tensor. */
  private static String fromTensor(String type) {
    return switch (type) {
      case "Tensor", "List[Tensor]" -> "%s";
      case "int", "float", "bool" -> type + "(%s)";
      case "List[int]" -> "(self).whole_numbers(%s, )";
      case "str" -> "(self).text(%s, )";
      default -> throw new IllegalStateException("a kernel takes a " + type);
    };
  }

  private static byte[] resource(String file) {
    try (@Nullable InputStream in = TorchScriptArchive.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + " is missing from the plugin");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
