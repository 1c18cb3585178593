"""Writes reference.txt: what NumPy, SciPy, scikit-learn and statsmodels give for made-up rows with ties and weights.

A line is a name, a colon and numbers. Usage: python make_reference.py > ../resources/dev/sonde/statistics/reference.txt
"""
import numpy as np
import scipy.stats as stats
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import Ridge
from sklearn.metrics import roc_auc_score
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

random = np.random.default_rng(18)


def line(name, values):
    print(name + ": " + " ".join(repr(float(v)) for v in np.ravel(values)))


x = np.round(random.normal(size=40), 1)  # rounding makes ties
y = np.round(x + random.normal(size=40), 1)
weights = random.integers(0, 4, size=40)
positive = y + random.normal(size=40) > 0
line("x", x)
line("y", y)
line("weights", weights)
line("positive", positive)

shares = [0, 0.025, 0.1, 0.5, 0.77, 0.975, 1]
line("shares", shares)
line("quantiles", np.quantile(x, shares))
line("quantiles of repeated", np.quantile(np.repeat(x, weights), shares))
line("ranks", stats.rankdata(x))
line("pearson", stats.pearsonr(x, y).statistic)
line("spearman", stats.spearmanr(x, y).statistic)
line("weighted pearson", stats.pearsonr(np.repeat(x, weights), np.repeat(y, weights)).statistic)
line("weighted spearman", stats.spearmanr(np.repeat(x, weights), np.repeat(y, weights)).statistic)
line("auroc", roc_auc_score(positive, x))
line("weighted auroc", roc_auc_score(positive, x, sample_weight=weights))
line("wilson", [proportion_confint(k, n, method="wilson") for k, n in [(38, 40), (0, 7), (40, 40), (1, 3)]])

ps = [0.04, 0.01, 0.03, 0.5, 0.002, 0.03, 0.9]
line("ps", ps)
line("holm", multipletests(ps, method="holm")[1])

differences = np.array([0.5, 1.25, -0.25, 0.75, 2, -1, 0.5, 0.25, 1.5, -0.5])
line("differences", differences)
line("sign flips", stats.permutation_test(
    (differences,), np.sum, permutation_type="samples", alternative="greater", n_resamples=np.inf).pvalue)

train = random.normal(size=(12, 5)) + 3
test = random.normal(size=(4, 5)) + 3
targets = random.normal(size=12)
penalty = 0.3
centred = train - train.mean(axis=0)
alpha = penalty * np.trace(centred @ centred.T) / len(train)
line("train", train)
line("test", test)
line("targets", targets)
line("penalty", penalty)
line("ridge", Ridge(alpha=alpha).fit(train, targets).predict(test))

texts = ["the sum of two and two", "the year of the king", "two kings and the sum of all years", "a sum"]
vectoriser = TfidfVectorizer(sublinear_tf=True, token_pattern=r"\S+").fit(texts[:3])
words = sorted(vectoriser.vocabulary_)
vectors = vectoriser.transform(texts).toarray()
for row, text in enumerate(texts):
    line("tfidf " + text, [vectors[row, vectoriser.vocabulary_[word]] for word in words])
print("words: " + " ".join(words))
