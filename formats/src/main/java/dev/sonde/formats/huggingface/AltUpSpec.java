package dev.sonde.formats.huggingface;

/**
 * Alternating updates (Baykal et al. 2023): a decoder carries several streams. Each block predicts
 * all of them, runs on the first, the residual stream, and corrects the others by what became of
 * it. Beside attention stands a low-rank map (Laurel; Menghani, Kumar, Kumar 2024).
 *
 * @param streams how many, the residual stream included
 * @param scaled whether the corrected stream is scaled before it gates a block's own input
 * @param laurelRank inner width of the low-rank map
 */
public record AltUpSpec(int streams, boolean scaled, int laurelRank) {}
