import { defaultHeadStart_ms } from "./failover.ts";

/** How long the parts of one request wait for the primary altogether. Waiting for the database does not count. */
export class HeadStart {
  private used_ms = 0;
  private waiting = 0;
  private since_ms = 0;

  left_ms(): number {
    const current_ms = this.waiting > 0 ? performance.now() - this.since_ms : 0;
    return Math.max(0, defaultHeadStart_ms - this.used_ms - current_ms);
  }

  /** Parts that wait at the same time count once. */
  async during<T>(part: Promise<T>): Promise<T> {
    if (this.waiting++ === 0) this.since_ms = performance.now();
    try {
      return await part;
    } finally {
      if (--this.waiting === 0) this.used_ms += performance.now() - this.since_ms;
    }
  }
}
