package dev.sonde.tokenizer.huggingface.template;

import java.util.List;

/**
 * What {@code items()}, {@code keys()} and {@code values()} of a mapping give: it has a length and
 * can be gone through, but has no items by number.
 *
 * @param name of Python's type
 */
record View(String name, List<Object> items) {}
