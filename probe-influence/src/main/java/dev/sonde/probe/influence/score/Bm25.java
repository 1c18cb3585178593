package dev.sonde.probe.influence.score;

import dev.sonde.probe.influence.read.TokenizedText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.List;
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
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
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

  Bm25(List<String> documents) {
    ADVICE.setLevel(Level.SEVERE);
    IndexWriterConfig config = new IndexWriterConfig(analyzer);
    config.setMergePolicy(NoMergePolicy.INSTANCE); // documents keep their order
    try {
      try (IndexWriter writer = new IndexWriter(directory, config)) {
        for (String text : documents) {
          Document document = new Document();
          document.add(new TextField(TEXT, text, Field.Store.NO));
          writer.addDocument(document);
        }
      }
      reader = DirectoryReader.open(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Some documents, ranked by the words that they share with each query. */
  public static Rankings rankings(List<TokenizedText> documents, List<TokenizedText> queries) {
    try (Bm25 bm25 = new Bm25(documents.stream().map(TokenizedText::text).toList())) {
      return Rankings.of(queries.stream().map(query -> bm25.scores(query.text())).toList());
    }
  }

  /** The score of every document; 0 for those that share no word. */
  double[] scores(String query) {
    double[] scores = new double[reader.maxDoc()];
    BooleanQuery.Builder words = new BooleanQuery.Builder();
    Set<String> terms = terms(query);
    IndexSearcher.setMaxClauseCount(Math.max(IndexSearcher.getMaxClauseCount(), terms.size()));
    terms.forEach(
        term -> words.add(new TermQuery(new Term(TEXT, term)), BooleanClause.Occur.SHOULD));
    try {
      IndexSearcher searcher = new IndexSearcher(reader);
      for (ScoreDoc found : searcher.search(words.build(), scores.length).scoreDocs) {
        scores[found.doc] = found.score;
      }
      return scores;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
