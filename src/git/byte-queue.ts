/** A queue of bytes that arrive in chunks and leave as lines and blocks. Each byte is copied at most once. */
export class ByteQueue {
  #chunks: Buffer[] = [];
  #length = 0;

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  /** The bytes before the next newline, which is dropped; null when there is none yet. */
  line(): Buffer | null {
    let before = 0;
    for (const chunk of this.#chunks) {
      const at = chunk.indexOf(10);
      if (at >= 0) return this.block(before + at + 1)?.subarray(0, -1) ?? null;
      before += chunk.length;
    }
    return null;
  }

  /** The next `size` bytes; null when they are not all there. */
  block(size: number): Buffer | null {
    if (this.#length < size) return null;
    const taken: Buffer[] = [];
    let missing = size;
    let used = 0;
    while (missing > 0) {
      const chunk = this.#chunks[used] as Buffer;
      taken.push(chunk.length > missing ? chunk.subarray(0, missing) : chunk);
      if (chunk.length > missing) this.#chunks[used] = chunk.subarray(missing);
      else used += 1;
      missing -= Math.min(chunk.length, missing);
    }
    this.#chunks.splice(0, used);
    this.#length -= size;
    return taken.length === 1 ? (taken[0] as Buffer) : Buffer.concat(taken, size);
  }
}
