package dev.sonde.probe.influence.score;

import dev.sonde.probe.influence.read.TokenizedText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.CollectorManager;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Scorable;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SimpleCollector;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.ByteBuffersDirectory;

/** Ranks documents by the words they share with a query (Okapi BM25, k1 = 1.2, b = 0.75). */
public final class Bm25 implements AutoCloseable {
  private static final String TEXT = "text";

  /** Held, so that its level is not lost: Lucene advises to start the virtual machine otherwise. */
  private static final Logger ADVICE =
      Logger.getLogger("org.apache.lucene.internal.vectorization.VectorizationProvider");

  private final Analyzer analyzer = new StandardAnalyzer();
  private final ByteBuffersDirectory directory = new ByteBuffersDirectory();
  private final DirectoryReader reader;

  Bm25(List<TokenizedText> documents) {
    ADVICE.setLevel(Level.SEVERE);
    IndexWriterConfig config = new IndexWriterConfig(analyzer);
    config.setMergePolicy(NoMergePolicy.INSTANCE); // documents keep their order
    try {
      try (IndexWriter writer = new IndexWriter(directory, config)) {
        for (TokenizedText text : documents) {
          Document document = new Document();
          document.add(new TextField(TEXT, text.text(), Field.Store.NO));
          writer.addDocument(document);
        }
      }
      reader = DirectoryReader.open(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Some documents, ranked by the words that they share with each query.
   *
   * @param depth documents held of a query
   * @param subsets of the documents, over which scores are summed
   */
  public static Rankings rankings(
      List<TokenizedText> documents, List<TokenizedText> queries, int depth, List<BitSet> subsets) {
    List<Ranked> ranked = new ArrayList<>();
    double[][] sums = new double[queries.size()][subsets.size()];
    int held = Math.min(depth, documents.size());
    try (Bm25 bm25 = new Bm25(documents)) {
      for (int q = 0; q < sums.length; q++) {
        double[] own = sums[q];
        ranked.add(
            bm25.ranked(
                queries.get(q).text(),
                held,
                (document, score) -> {
                  for (int subset = 0; subset < own.length; subset++) {
                    own[subset] += subsets.get(subset).get(document) ? score : 0;
                  }
                }));
      }
    }
    return new Rankings(Method.BM25, ranked, sums);
  }

  /** Sees the score of a document. */
  interface Visitor {
    void see(int document, double score);
  }

  /**
   * The documents of the highest scores; 0 for those that share no word.
   *
   * @param visitor sees the scores that are not 0
   */
  Ranked ranked(String query, int depth, Visitor visitor) {
    BoundedRanking ranking = new BoundedRanking(depth);
    BitSet found = new BitSet();
    search(
        query,
        (document, score) -> {
          found.set(document);
          ranking.offer(document, score);
          visitor.see(document, score);
        });
    for (int d = found.nextClearBit(0), more = 0;
        d < reader.maxDoc() && more < depth;
        d = found.nextClearBit(d + 1), more++) {
      ranking.offer(d, 0);
    }
    return ranking.ranked();
  }

  private void search(String query, Visitor visitor) {
    BooleanQuery.Builder words = new BooleanQuery.Builder();
    Set<String> terms = terms(query);
    IndexSearcher.setMaxClauseCount(Math.max(IndexSearcher.getMaxClauseCount(), terms.size()));
    terms.forEach(
        term -> words.add(new TermQuery(new Term(TEXT, term)), BooleanClause.Occur.SHOULD));
    try {
      new IndexSearcher(reader)
          .search(
              words.build(),
              new CollectorManager<Matches, Boolean>() {
                @Override
                public Matches newCollector() {
                  return new Matches(visitor);
                }

                @Override
                public Boolean reduce(Collection<Matches> all) {
                  return true;
                }
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Hands on each document that shares a word, as it is found: none is held. */
  private static final class Matches extends SimpleCollector {
    private final Visitor visitor;
    private Optional<Scorable> scorer = Optional.empty();
    private int base;

    Matches(Visitor visitor) {
      this.visitor = visitor;
    }

    @Override
    public ScoreMode scoreMode() {
      return ScoreMode.COMPLETE;
    }

    @Override
    protected void doSetNextReader(LeafReaderContext segment) {
      base = segment.docBase;
    }

    @Override
    public void setScorer(Scorable own) {
      scorer = Optional.of(own);
    }

    @Override
    public void collect(int document) throws IOException {
      visitor.see(base + document, scorer.orElseThrow().score());
    }
  }

  private Set<String> terms(String text) {
    Set<String> terms = new LinkedHashSet<>();
    try (TokenStream stream = analyzer.tokenStream(TEXT, text)) {
      CharTermAttribute term = stream.addAttribute(CharTermAttribute.class);
      stream.reset();
      while (stream.incrementToken()) {
        terms.add(term.toString());
      }
      stream.end();
      return terms;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      reader.close();
      directory.close();
      analyzer.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
