import { Duplex } from "node:stream";
import type { Engine } from "./engine.ts";

const TERMINATE = 0x58;

type Done = (error?: Error | null) => void;

/**
 * A socket as `pg` knows it, with the engine at the other end. It passes on whole messages only, since the engine
 * answers each write at once, and never the client's goodbye, which would end the engine's one session.
 */
class WireStream extends Duplex {
  #engine: Engine;
  #greeted = false;
  #rest: Buffer = Buffer.alloc(0);

  constructor(engine: Engine) {
    super();
    this.#engine = engine;
  }

  connect(): this {
    queueMicrotask(() => this.emit("connect"));
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.#pass([chunk], done);
  }

  override _writev(chunks: readonly { readonly chunk: Buffer }[], done: Done): void {
    this.#pass(
      chunks.map(({ chunk }) => chunk),
      done,
    );
  }

  /** The client has said goodbye: the session must not live on in the next one. */
  override _final(done: Done): void {
    this.#engine.reset().then(() => {
      this.push(null);
      done();
    }, done);
  }

  #pass(chunks: readonly Buffer[], done: Done): void {
    const messages = this.#messages(Buffer.concat([this.#rest, ...chunks]));
    const bytes = new Uint8Array(messages.reduce((length, message) => length + message.length, 0));
    let at = 0;
    for (const message of messages) {
      bytes.set(message, at);
      at += message.length;
    }
    const answer = (data: Uint8Array) => {
      if (!this.destroyed) this.push(data);
    };
    const answered = at > 0 ? this.#engine.send(bytes, answer) : Promise.resolve();
    answered.then(() => done(), done);
  }

  /** Cuts off the whole messages: the first has no type byte, every later one has (PostgreSQL protocol 3.0, "Message Formats"). */
  #messages(bytes: Buffer): Buffer[] {
    const whole: Buffer[] = [];
    let rest = bytes;
    while (rest.length >= 5) {
      const length = this.#greeted ? 1 + rest.readInt32BE(1) : rest.readInt32BE(0);
      if (rest.length < length) break;
      if (!this.#greeted || rest[0] !== TERMINATE) whole.push(rest.subarray(0, length));
      this.#greeted = true;
      rest = rest.subarray(length);
    }
    this.#rest = rest;
    return whole;
  }
}

export const wireTo = (engine: Engine): Duplex => new WireStream(engine);
