// The sections of a frame: typed arrays on the received buffer, each from a multiple of 8 bytes on. app/wire/sections.py
// writes them.

export class SectionReader {
  /** @param {ArrayBuffer} buffer @param {number} header its bytes, a multiple of 8 */
  constructor(buffer, header) {
    this.buffer = buffer;
    this.offset = header;
  }

  /**
   * @template {Float64Array | Float32Array | Uint32Array | Uint8Array} T
   * @param {{ new (buffer: ArrayBuffer, offset: number, length: number): T, BYTES_PER_ELEMENT: number }} type
   * @param {number} length
   */
  read(type, length) {
    const array = new type(this.buffer, this.offset, length);
    this.offset = (this.offset + length * type.BYTES_PER_ELEMENT + 7) & ~7;
    return array;
  }

  /** All bytes behind the sections that were read. */
  rest() {
    return new Uint8Array(this.buffer, this.offset);
  }
}
