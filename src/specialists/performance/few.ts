/** How much PerformanceOptimizer says of one file. */

/** Reports of one rule in a file; the rest say nothing new. */
export const FEW = 5;
