package example.myname;

import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.ActivationStream;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.ForwardRequest;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.GenerationStream;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.text.TokenizerSource;
import dev.sonde.packing.BatchStream;
import dev.sonde.packing.DenseRows;
import dev.sonde.packing.PackedBatch;
import dev.sonde.packing.Readout;
import dev.sonde.packing.Requests;
import dev.sonde.packing.SingleStep;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;

/** A model of one block whose output at a token is the mean of all embeddings up to it. */
final class MyNameModel implements LanguageModel {
  private static final int VOCABULARY = 1_000;
  private static final int CONTEXT = 512;
  private static final int TOKENS_AT_ONCE = 4_096;
  private static final HookPoint BLOCK = HookPoint.of(0, HookPoint.RESID_POST);

  private final Path tokenizer;
  private final int width;
  private final long seed;

  MyNameModel(Path tokenizer, int width, OptionalLong freshSeed) {
    this.tokenizer = tokenizer;
    this.width = width;
    this.seed = freshSeed.orElse(0);
  }

  @Override
  public ModelInfo info() {
    return ModelInfo.of("running-mean", "%064x".formatted(31L * width + seed))
        .shape(1, width)
        .vocabulary(VOCABULARY)
        .widths(Map.of(HookPoint.EMBED.site(), width, BLOCK.site(), width))
        .tokenizer(TokenizerSource.of(tokenizer));
  }

  @Override
  public Capabilities capabilities() {
    return Capabilities.none()
        .sites(info().widths().keySet())
        .longestContext(CONTEXT);
  }

  @Override
  public ActivationStream forward(ForwardRequest request) {
    Requests.check(info(), capabilities(), request);
    int budget = request.tokenBudget() > 0 ? request.tokenBudget() : TOKENS_AT_ONCE;
    return new BatchStream(
        PackedBatch.pack(request.sequences(), budget).iterator(),
        batch -> new SingleStep(new Readout(request, batch), this::compute));
  }

  private void compute(Readout readout) {
    PackedBatch batch = readout.batch();
    float[] embedded = new float[batch.tokens() * width];
    float[] means = new float[embedded.length];
    for (int s = 0; s < batch.size(); s++) {
      double[] sum = new double[width];
      for (int t = 0; t < batch.length(s); t++) {
        Random embedding = new Random(seed + batch.sequence(s).token(t));
        for (int c = 0; c < width; c++) {
          int cell = (batch.start(s) + t) * width + c;
          embedded[cell] = (float) embedding.nextGaussian();
          sum[c] += embedded[cell];
          means[cell] = (float) (sum[c] / (t + 1));
        }
      }
    }
    readout.pass(HookPoint.EMBED, new DenseRows(embedded, width));
    readout.pass(BLOCK, new DenseRows(means, width));
  }

  @Override
  public GenerationStream generate(GenerateRequest request) {
    throw new UnsupportedCapabilityException("my-name does not generate");
  }

  @Override
  public void close() {}
}
