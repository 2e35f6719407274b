/** The first and the last half of a stream, whatever its length. */
export class Capture {
  readonly #half: number;
  readonly #head: Buffer[] = [];
  #headBytes = 0;
  #tail: Buffer[] = [];
  #tailBytes = 0;
  dropped = false;

  constructor(maxBytes: number) {
    this.#half = Math.ceil(maxBytes / 2);
  }

  add(chunk: Buffer): void {
    const room = this.#half - this.#headBytes;
    if (room > 0) {
      const first = chunk.subarray(0, room);
      this.#head.push(first);
      this.#headBytes += first.length;
      if (first.length === chunk.length) return;
    }
    const rest = room > 0 ? chunk.subarray(room) : chunk;
    this.#tail.push(rest);
    this.#tailBytes += rest.length;
    if (this.#tailBytes > 2 * this.#half) this.#cut();
  }

  #cut(): void {
    const joined = Buffer.concat(this.#tail);
    if (joined.length <= this.#half) return;
    this.dropped = true;
    this.#tail = [Buffer.from(joined.subarray(joined.length - this.#half))];
    this.#tailBytes = this.#half;
  }

  bytes(): Buffer {
    this.#cut();
    return Buffer.concat([...this.#head, ...this.#tail]);
  }
}
