/** Standard input as bytes. Rule: no more than a patch can be is held; who writes more is told by the answer. */

/** A patch of this size is refused for it. Bytes. */
const ENOUGH = 9 * 1024 * 1024;

export async function readInput(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > ENOUGH) break;
  }
  return Buffer.concat(chunks);
}
