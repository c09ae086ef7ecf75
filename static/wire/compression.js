// Decompresses maps: inflated, each byte added to what its neighbours predict. app/wire/compression.py writes them.

/**
 * @param {Uint8Array<ArrayBuffer>} bytes raw deflate
 * @param {number[][]} stacks of maps, one after the other: how many, and pixels a side
 * @returns {Promise<Uint8Array[]>} the maps of each stack
 */
export async function decompress(bytes, stacks) {
  const raw = await inflated(bytes);
  const size = stacks.reduce((sum, [count, side]) => sum + count * side * side, 0);
  if (raw.length !== size) throw new Error(`expected ${size} bytes of maps, got ${raw.length}`);
  let offset = 0;
  return stacks.map(([count, side]) => {
    const maps = raw.subarray(offset, offset += count * side * side);
    unfilter(maps, side);
    return maps;
  });
}

/** Raw deflate as the bytes that it stands for. @param {Uint8Array<ArrayBuffer>} bytes */
export async function inflated(bytes) {
  const stream = new DecompressionStream('deflate-raw'), writer = stream.writable.getWriter();
  writer.write(bytes).catch(() => {}); // what is wrong with it is told by the reading
  writer.close().catch(() => {});
  return new Uint8Array(await new Response(stream.readable).arrayBuffer());
}

/** Differences become values, modulo 256, as bytes do by themselves. @param {Uint8Array} maps @param {number} side */
function unfilter(maps, side) {
  const area = side * side;
  for (let i = 0; i < maps.length; i++) if (i % area >= side) maps[i] += maps[i - side]; // down each column
  for (let i = 0; i < maps.length; i++) if (i % side) maps[i] += maps[i - 1]; // along each row
}
